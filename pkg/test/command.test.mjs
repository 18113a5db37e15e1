// `npx ectomorph`, in projects of their own.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const pkg = fileURLToPath(new URL("..", import.meta.url));
const folders = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A project that has the package, and perhaps a compiler of TypeScript. */
function project({ typescript = true, settings = { database: "data/hello" } } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "ectomorph-command-"));
  folders.push(folder);
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(pkg, join(folder, "node_modules/ectomorph"));
  if (typescript) symlinkSync(join(pkg, "node_modules/typescript"), join(folder, "node_modules/typescript"));
  const write = (path, text) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write("package.json", JSON.stringify({ type: "module", ectomorph: settings }));
  const run = (...args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(pkg, "bin/ectomorph.mjs"), ...args], { cwd: folder, encoding: "utf8" });
    return { status, out: stdout, err: stderr };
  };
  return {
    folder,
    write,
    read: (path) => readFileSync(join(folder, path), "utf8"),
    says(...args) {
      const { status, out, err } = run(...args);
      assert.deepEqual([status, err], [0, ""], `${args}: ${out}${err}`);
      return out.replace(/\d{14}/g, "VERSION").replace(/\d+\.\ds/g, "T.Ts");
    },
    fails(...args) {
      const { status, out, err } = run(...args);
      assert.deepEqual([status, out], [1, ""], `${args}: ${out}${err}`);
      return err;
    },
    /** A document in the folder of migrations. */
    migration(version, name, change = []) {
      write(`priv/repo/migrations/${version}_${name}.json`, JSON.stringify({ version: 1, migration: version, name, change }));
    },
  };
}

const table = (name) => ({ command: "create", table: { name }, columns: [{ op: "add", name: "x", type: "integer" }] });
const line = (version, name, way, commands) =>
  [`== Running ${version} ${name}.change ${way}`, ...commands, `== Migrated ${version} in T.Ts`].map((text) => `[info] ${text}\n`).join("");

test("a schema that is generated migrates, and its changeset is what it says", () => {
  const hello = project();
  assert.equal(
    hello.says("gen", "schema", "User", "users", "name:string", "email:string:unique", "role:enum:admin:user"),
    "* creating src\n* creating src/user.ts\n* creating priv/repo/migrations\n* creating priv/repo/migrations/VERSION_create_users.ts\n\n" +
      "Remember to update your repository by running migrations:\n\n   $ npx ectomorph migrate\n\n",
  );
  assert.match(hello.read("src/user.ts"), /export const User = schema\(\n {2}"users",/);
  assert.equal(hello.says("migrate"), line("VERSION", "create_users", "forward", ["create table users", "create index users_email_index"]));
  assert.equal(hello.says("migrate"), "[info] Migrations already up\n");
  assert.deepEqual(readdirSync(join(hello.folder, "data/hello")).sort(), ["header", "journal-1"]);
  assert.match(hello.fails("gen", "schema", "User", "users"), /there is already a migration file with name create_users\./);
  assert.match(hello.fails("gen", "schema", "User", "people"), /src\/user\.ts is there already/);
});

test("every language is generated as by the program of Cargo", () => {
  const hello = project();
  for (const [lang, extension] of [["json", "json"], ["rust", "rs"], ["ts", "ts"]]) {
    hello.says("gen", "migration", `in_${extension}`, "--lang", lang, "--migrations-path", lang);
    const [file] = readdirSync(join(hello.folder, lang));
    assert.match(file, new RegExp(`^\\d{14}_in_${extension}\\.${extension}$`));
  }
  hello.says("gen", "schema", "User", "users", "email", "--lang", "json");
  hello.says("gen", "types", "src/user.json", "--out", "types.ts");
  assert.match(hello.read("types.ts"), /export interface UserFields \{\n {2}id/);
  assert.equal(hello.says("gen", "types", "src/user.json"), hello.read("types.ts"));
});

test("steps and versions say how far", () => {
  const hello = project();
  for (let number = 1; number <= 4; number += 1) hello.migration(number, `create_t${number}`, [table(`t${number}`)]);
  const up = (...numbers) => numbers.map((number) => line(number, `create_t${number}`, "forward", [`create table t${number}`])).join("");
  const down = (...numbers) => numbers.map((number) => line(number, `create_t${number}`, "backward", [`drop table t${number}`])).join("");
  assert.equal(hello.says("migrate", "-n", "1"), up(1));
  assert.equal(hello.says("migrate", "--to", "2"), up(2));
  assert.equal(hello.says("migrate", "-v", "3"), "[info] Migrations already up\n");
  assert.equal(hello.says("migrate", "--quiet"), "");
  assert.equal(hello.says("rollback"), down(4));
  assert.equal(hello.says("rollback", "--to-exclusive", "2"), down(3));
  assert.equal(
    hello.says("migrations"),
    "\nRepo: data/hello\n\n  Status    Migration ID    Migration Name\n--------------------------------------------------\n" +
      "  up        1               create_t1\n  up        2               create_t2\n  down      3               create_t3\n" +
      "  down      4               create_t4\n\n",
  );
  assert.equal(hello.says("rollback", "--all"), down(2, 1));
  assert.equal(hello.says("rollback"), "[info] Migrations already down\n");
});

test("what fails changes nothing, and what came before stays", () => {
  const hello = project();
  hello.migration(1, "create_t", [table("t")]);
  hello.migration(2, "again", [table("u"), table("t")]);
  hello.migration(3, "later", [table("v")]);
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(pkg, "bin/ectomorph.mjs"), "migrate"], { cwd: hello.folder, encoding: "utf8" });
  assert.equal(status, 1);
  assert.match(stderr, /^error: .*`?t`? (?:is there|already|exists)|^error: .*already/m, stderr);
  assert.match(stdout, /== Migrated 1 in [^]*== Running 2 again\.change forward/);
  assert.match(hello.says("migrations"), /up {8}1 [^]*down {6}2 [^]*down {6}3 /);
  hello.migration(2, "again", [table("u")]);
  assert.match(hello.says("migrate"), /== Running 2 [^]*== Running 3 /);
});

test("a file that is no migration is named before anything runs", () => {
  const hello = project();
  hello.migration(1, "create_t", [table("t")]);
  for (const [file, text, expected] of [
    ["2_odd.json", "{}", /2_odd\.json does not define a migration/],
    ["2_odd.json", '{"version": 1, "migration": 3, "name": "odd", "change": []}', /inside it is 3_odd; its name must be the same/],
    ["2_odd.mjs", "export const x = 1;", /2_odd\.mjs does not define a migration: export default migration\(2, "odd"/],
    ["2_odd.rs", "", /2_odd\.rs is in Rust: run the program of Cargo/],
  ]) {
    hello.write(`priv/repo/migrations/${file}`, text);
    assert.match(hello.fails("migrate"), expected);
    rmSync(join(hello.folder, "priv/repo/migrations", file));
  }
  assert.equal(existsSync(join(hello.folder, "data")), false);
  hello.migration(2, "create_t", []);
  assert.match(hello.fails("migrate"), /migration name create_t is duplicated/);
});

test("TypeScript needs a compiler where Node has none", { skip: process.features.typescript !== undefined && process.features.typescript !== false }, () => {
  const hello = project({ typescript: false });
  hello.says("gen", "migration", "one");
  assert.match(hello.fails("migrate"), /_one\.ts is in TypeScript, which Node .* does not read: install typescript in this project/);
});

test("arguments and settings that make no sense are refused in words", () => {
  const hello = project();
  const bare = project({ settings: null });
  bare.migration(1, "one");
  for (const [said, expected] of [
    [hello.fails("migrat"), /there is no command "migrat"; there are migrate, rollback, migrations, gen/],
    [hello.fails("drop"), /drop is for servers: the program of Cargo has it/],
    [hello.fails("migrate", "--bogus"), /Unknown option '--bogus'/],
    [hello.fails("migrate", "-n", "many"), /--step is a number, not "many"/],
    [hello.fails("migrate", "-n", "1", "--all"), /--step can't be used with --all/],
    [hello.fails("migrate"), /could not find migrations directory "priv\/repo\/migrations"/],
    [hello.fails("gen"), /what is generated is a migration, a schema or types/],
    [hello.fails("gen", "migration", "../../x"), /expected the migration, "\.\.\/\.\.\/x", to be a name/],
    [hello.fails("gen", "migration", "__proto__", "--lang", "constructor"), /there is no language `constructor`/],
    [hello.fails("gen", "schema", "User", "users", "a:strng"), /did you mean `string`\?/],
    [hello.fails("gen", "types", "no.json"), /no\.json: ENOENT/],
    [bare.fails("migrate"), /say which database: --database data\/hello/],
    [project({ settings: { databse: "x" } }).fails("migrate"), /"ectomorph" has no "databse"/],
    [hello.fails(), /Usage: ectomorph <COMMAND>/],
  ]) {
    assert.match(said, expected);
  }
  assert.match(hello.says("--help"), /^Generators and migrations, as Ecto has them\n\nUsage: ectomorph <COMMAND>/);
  assert.equal(hello.says("migrate", "--help"), hello.says("--help"));
  assert.match(hello.says("--version"), /^ectomorph \d+\.\d+\.\d+\n$/);
  assert.deepEqual(readdirSync(hello.folder).sort(), ["node_modules", "package.json"]);
});

test("the program's files are published, and what they read is there", () => {
  const { bin, files } = JSON.parse(readFileSync(join(pkg, "package.json"), "utf8"));
  assert.deepEqual(bin, { ectomorph: "bin/ectomorph.mjs" });
  assert.ok(files.includes("bin") && files.includes("dist"));
  assert.match(readFileSync(join(pkg, bin.ectomorph), "utf8"), /^#!\/usr\/bin\/env node\n/);
  for (const file of readdirSync(join(pkg, "bin"))) {
    for (const [, path] of readFileSync(join(pkg, "bin", file), "utf8").matchAll(/"(\.\.?\/[^"]+)"/g)) {
      assert.ok(existsSync(join(pkg, "bin", path)), `${file} reads ${path}`);
    }
  }
});
