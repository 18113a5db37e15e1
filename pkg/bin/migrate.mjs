// `migrate`, `rollback` and `migrations`, on a database of the package in a folder of files.
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ask } from "./engine.mjs";
import { Failure } from "./failure.mjs";
import { filesOf, folderOf, settings } from "./project.mjs";
import { readTypeScript } from "./typescript.mjs";

/** Runs migrations, or with `up` false rolls them back. */
export async function migrate(options, up) {
  const within = targetOf(options, up);
  const all = await read(folderOf(options));
  const say = options.quiet ? () => {} : (line) => console.log(`[info] ${line}`);
  await opened(options, all, async (repo) => {
    const pending = within(await repo.migrations());
    refuseDuplicates(pending);
    if (pending.length === 0) say(`Migrations already ${up ? "up" : "down"}`);
    for (const { version, name } of pending) {
      const migration = all.find((known) => known.version === version && known.name === name);
      const run = ask({ what: "run", document: JSON.stringify(migration.document), up });
      say(run.running);
      for (const command of run.commands) say(command);
      const start = performance.now();
      await (up ? repo.migrate({ step: 1 }) : repo.rollbackMigrations({ step: 1 }));
      say(`== Migrated ${version} in ${((performance.now() - start) / 1000).toFixed(1)}s`);
    }
  });
}

/** Shows which migrations have run. */
export async function migrations(options) {
  const all = await read(folderOf(options));
  await opened(options, all, async (repo) => {
    console.log(`\nRepo: ${databaseOf(options)}\n\n  Status    Migration ID    Migration Name\n${"-".repeat(50)}`);
    for (const { version, name, up } of await repo.migrations()) {
      console.log(`  ${(up ? "up" : "down").padEnd(10)}${String(version).padEnd(16)}${name ?? "** FILE NOT FOUND **"}`);
    }
    console.log("");
  });
}

/** Which migrations of a database run, in the order they run in. */
function targetOf(options, up) {
  const given = ["step", "to", "to-exclusive", "all"].filter((name) => options[name] !== undefined);
  if (given.length > 1) throw new Failure(`--${given[0]} can't be used with --${given[1]}`);
  const number = (name) => {
    if (!/^\d+$/.test(options[name])) throw new Failure(`--${name} is a number, not ${JSON.stringify(options[name])}`);
    return Number(options[name]);
  };
  const [word] = given;
  const value = word === undefined || word === "all" ? 0 : number(word);
  return (statuses) => {
    // One that has run and is not there any more is skipped.
    const pending = statuses.filter((status) => status.up !== up && status.name !== null);
    if (!up) pending.reverse();
    const ordered = (version, bound) => (up ? version <= bound : version >= bound);
    if (word === "step" || (word === undefined && !up)) return pending.slice(0, word === undefined ? 1 : value);
    if (word === "to") return pending.filter(({ version }) => ordered(version, value));
    if (word === "to-exclusive") return pending.filter(({ version }) => version !== value && ordered(version, value));
    return pending;
  };
}

function refuseDuplicates(pending) {
  for (const what of ["version", "name"]) {
    const seen = new Set();
    for (const migration of pending) {
      if (seen.has(migration[what])) throw new Failure(`migrations can't be run: migration ${what} ${migration[what]} is duplicated`);
      seen.add(migration[what]);
    }
  }
}

/** The migrations of a folder. */
async function read(folder) {
  const files = filesOf(folder);
  if (files === undefined) throw new Failure(`could not find migrations directory ${JSON.stringify(folder)}\n\nIn a new project it is made by \`ectomorph gen migration\`.`);
  const { migration } = await import("../dist/node/repo/index.js");
  const all = [];
  for (const { version, name, path, kind } of files) {
    if (kind === "rs") throw new Failure(`file ${path} is in Rust: run the program of Cargo (cargo install ectomorph-cli), or write it as a document, which both understand`);
    const document = kind === "json" ? JSON.parse(readFileSync(path, "utf8")) : (await imported(path, kind))?.document;
    if (typeof document !== "object" || document === null || document.migration === undefined) {
      throw new Failure(`file ${path} does not define a migration: export default migration(${version}, ${JSON.stringify(name)}, (m) => ..)`);
    }
    if (document.migration !== version || document.name !== name) {
      throw new Failure(`file ${path} does not define a migration: inside it is ${document.migration}_${document.name}; its name must be the same`);
    }
    all.push(migration(document));
  }
  return all;
}

async function imported(path, kind) {
  if (kind.endsWith("ts")) await readTypeScript(path);
  return (await import(pathToFileURL(resolve(path)).href)).default;
}

/** The folder of the database. */
function databaseOf(options) {
  const database = options.database ?? settings().database;
  if (database === undefined) throw new Failure('say which database: --database data/hello, or in package.json "ectomorph": { "database": "data/hello" }');
  return database;
}

async function opened(options, migrations, work) {
  const name = databaseOf(options);
  if (existsSync(name) && existsSync(join(name, "package.json"))) throw new Failure(`${name} is the folder of a project, not of a database`);
  const { openRepo } = await import("../dist/node/repo/index.js");
  const repo = await openRepo({ name, storage: "file", migrations, migrate: false });
  try {
    await work(repo);
  } finally {
    await repo.close();
  }
}
