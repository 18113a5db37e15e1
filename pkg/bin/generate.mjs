// `gen`: files to go on from.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { ask } from "./engine.mjs";
import { Failure } from "./failure.mjs";
import { filesOf, folderOf } from "./project.mjs";

/** Writes what is asked for. */
export function generate(options, [what, ...names]) {
  const kinds = { migration, schema, types };
  if (what === undefined || !Object.hasOwn(kinds, what)) throw new Failure("what is generated is a migration, a schema or types: ectomorph gen schema User users name:string");
  kinds[what](options, names);
}

function migration(options, names) {
  if (names.length !== 1) throw new Failure("expected the name of the migration: ectomorph gen migration add_comments_table");
  const [name] = names;
  const folder = folderOf(options);
  write(ask({ what: "migration", folder, name, version: freeVersion(folder, name), lang: options.lang ?? "ts" }).files);
}

function schema(options, [name, table, ...attributes]) {
  if (table === undefined) throw new Failure("expected a schema and its table: ectomorph gen schema User users name:string");
  const folder = folderOf(options);
  const lang = options.lang ?? "ts";
  const migrationLang = options["migration-lang"] ?? lang;
  const { files } = ask({
    what: "schema", name, table, attributes, lang, migration_lang: migrationLang,
    version: options["no-migration"] ? 0 : freeVersion(folder, `create_${table}`),
    schemas: options["schemas-path"] ?? "src", migrations: folder, prefix: options.prefix, binary_id: options["binary-id"],
    no_migration: options["no-migration"], no_timestamps: options["no-timestamps"],
  });
  write(files);
  if (options["no-migration"]) return;
  const program = migrationLang === "rust" || migrationLang === "rs" ? "ectomorph" : "npx ectomorph";
  console.log(`\nRemember to update your repository by running migrations:\n\n   $ ${program} migrate\n`);
}

function types(options, paths) {
  if (paths.length === 0) throw new Failure("expected rules documents: ectomorph gen types rules/*.json");
  const documents = paths.map((path) => {
    try {
      return readFileSync(path, "utf8");
    } catch (error) {
      throw new Failure(`${path}: ${error.message}`);
    }
  });
  const [{ path, text }] = ask({ what: "types", path: options.out ?? "-", documents }).files;
  if (options.out === undefined) return process.stdout.write(text);
  // Made anew from its documents, so it may be there.
  writeFileSync(path, text);
  console.log(`* creating ${path}`);
}

/** The version of a migration that is written now: its second, or the next one that no file has. */
function freeVersion(folder, name) {
  const files = filesOf(folder) ?? [];
  if (files.some((file) => file.name === name)) throw new Failure(`migration can't be created, there is already a migration file with name ${name}.`);
  for (let now = Date.now(); ; now += 1000) {
    const version = Number(new Date(now).toISOString().replace(/\D/g, "").slice(0, 14));
    if (files.every((file) => file.version !== version)) return version;
  }
}

/** Writes files that are not there yet, all or none. */
function write(files) {
  for (const { path } of files) if (existsSync(path)) throw new Failure(`${path} is there already: remove it, or choose another name`);
  for (const { path, text } of files) {
    const folder = dirname(path);
    if (!existsSync(folder)) {
      mkdirSync(folder, { recursive: true });
      console.log(`* creating ${folder}`);
    }
    writeFileSync(path, text, { flag: "wx" });
    console.log(`* creating ${path}`);
  }
}
