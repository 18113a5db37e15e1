// Runs the vectors of migrations through the package in Node: `migration-dump.mjs FILE`, after `npm run build`. Into FILE goes how
// each direction went and the exported database behind it, for the runner in Rust, which reads catalogues:
// `cargo test --test conformance -- --dumped FILE`.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { migration, openRepo, references, RepoError } from "../dist/node/repo/index.js";
import written from "./migration/written.mjs";

const home = new URL("../../tests/conformance/migration/", import.meta.url);

/** The statements of PostgreSQL that set vectors up. */
const SET_UP = {
  "CREATE TABLE users (id bigserial PRIMARY KEY, name varchar(255), email varchar(255), age integer, org_id bigint)": (m) =>
    m.create("users", (t) => t.add("name", "varchar(255)").add("email", "varchar(255)").add("age", "integer").add("org_id", "bigint")),
  "CREATE TABLE orgs (id bigserial PRIMARY KEY, code varchar(255) UNIQUE)": (m) =>
    m.create("orgs", (t) => t.add("code", "varchar(255)")).createIndex("orgs", ["code"], { unique: true, name: "orgs_code_key" }),
  "CREATE TABLE p (id bigserial PRIMARY KEY, tenant bigint, UNIQUE (id, tenant))": (m) =>
    m.create("p", (t) => t.add("tenant", "bigint")).createIndex("p", ["id", "tenant"], { unique: true, name: "p_id_tenant_key" }),
  "CREATE TABLE app.t (a int)": (m) => m.create("t", (t) => t.add("a", "int"), { prefix: "app", primaryKey: false }),
  "CREATE INDEX users_name_index ON users (name)": (m) => m.createIndex("users", ["name"]),
  "CREATE INDEX old_i ON users (name)": (m) => m.createIndex("users", ["name"], { name: "old_i" }),
  "ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0)": (m) => m.createConstraint("users", "c", { check: "age > 0" }),
  "ALTER TABLE users ADD CONSTRAINT users_org_id_fkey FOREIGN KEY (org_id) REFERENCES orgs(id)": (m) =>
    m.alter("users", (t) => t.modify("org_id", references("orgs"))),
  // Prefixes are there when something is in them.
  "DROP SCHEMA IF EXISTS app CASCADE": () => {},
  "CREATE SCHEMA app": () => {},
};

/** What is kept when a repo that could not be opened is gone. */
function storage() {
  const areas = new Map();
  const area = (number) => areas.get(number) ?? new Uint8Array(0);
  return {
    name: "vectors",
    read: area,
    write(number, at, bytes) {
      const grown = new Uint8Array(Math.max(area(number).length, at + bytes.length));
      grown.set(area(number));
      grown.set(bytes, at);
      areas.set(number, grown);
    },
    truncate: (number, length) => void areas.set(number, area(number).slice(0, length)),
    flush() {},
    close() {},
  };
}

/** Vectors whose commands are not all that they say: one that Ecto refuses to record, and one that asks for the direction. */
const OTHERS = {
  "constraint/without_check_or_exclude": (m) => m.createConstraint("users", "nothing"),
  "execute/table_exists_helper": { up: (m) => m.execute("SELECT 'has repo'"), down: () => {} },
};

/** The migration of a vector: written in TypeScript, or the commands that Ecto recorded. */
function migrationOf({ id, ecto, attributes = [], up, down }) {
  const given = { ...written, ...OTHERS }[id.replace("migration/", "")];
  if (given !== undefined) return migration(20240101000000, "vector", ...[given].flat());
  if (Object.keys(ecto).length === 0) return migration(20240101000000, "vector", {});
  const flags = Object.fromEntries(attributes.map((attribute) => [attribute, true]));
  // SQL stands where the commands of documents have it.
  const plain = ({ commands = [] }) => commands.map(({ sql, ...command }) => (command.command === "execute" ? { ...command, up: sql.postgres[0] } : command));
  const body = "change" in ecto ? { change: plain(up) } : { up: plain(up), down: plain(down ?? {}) };
  return migration({ version: 1, migration: 20240101000000, name: "vector", ...body, ...flags });
}

async function attempt(work) {
  try {
    await work();
    return { outcome: "ok", shown: "ok" };
  } catch (error) {
    const { kind, details } = error instanceof RepoError ? error : {};
    return { outcome: details?.code ?? (kind === "unsupported" ? kind : "mistake"), shown: String(error) };
  }
}

async function run(vector) {
  const kept = storage();
  const setup = migration(1, "setup", (m) => {
    for (const sql of vector.setup_sql ?? []) {
      if (SET_UP[sql] === undefined) throw new Error(`${sql} is no set-up that is known`);
      SET_UP[sql](m);
    }
  });
  const options = { name: "vectors", storage: kept };
  const file = async (repo) => Buffer.from(await repo.export()).toString("hex");
  let repo = await openRepo({ ...options, migrations: [setup] });
  const before = { file: await file(repo) };
  await repo.close();

  let opened;
  const up = await attempt(async () => (opened = await openRepo({ ...options, migrations: [setup, migrationOf(vector)] })));
  repo = opened ?? (await openRepo({ ...options, migrations: [setup] }));
  up.file = await file(repo);
  let down = null;
  if (vector.down !== undefined && vector.down !== null && opened !== undefined) {
    down = await attempt(() => repo.rollbackMigrations());
    down.file = await file(repo);
  }
  await repo.close();
  return { before, up, down };
}

const dump = {};
for (const name of readdirSync(home).filter((name) => name.endsWith(".json"))) {
  const { vectors } = JSON.parse(readFileSync(new URL(name, home), "utf8"));
  for (const vector of vectors ?? []) dump[vector.id] = await run(vector);
}
writeFileSync(process.argv[2], JSON.stringify(dump));
console.log(`${Object.keys(dump).length} vectors of migrations were run`);
