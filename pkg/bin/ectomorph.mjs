#!/usr/bin/env node
// `npx ectomorph`: generators, and migrations of the package's own databases in Node. The program of Cargo is for servers.
import { parseArgs } from "node:util";
import { Failure } from "./failure.mjs";
import { generate } from "./generate.mjs";
import { migrate, migrations } from "./migrate.mjs";

const HELP = `Generators and migrations, as Ecto has them

Usage: ectomorph <COMMAND> [OPTIONS]

Commands:
  migrate                Run the migrations that have not run
  rollback               Undo migrations that have run, latest first; one, if nothing is said
  migrations             Show which migrations have run
  gen migration NAME     Write a migration that does nothing yet
  gen schema NAME TABLE  Write a schema with its changeset, and the migration that creates its table
  gen types DOCUMENT..   Write types of TypeScript for rules documents

Options of migrate, rollback and migrations:
      --database <FOLDER>         The folder of the database [default: that of "ectomorph" in package.json]
      --migrations-path <FOLDER>  The folder of migrations [default: priv/repo/migrations]
  -n, --step <COUNT>              How many migrations
      --to <VERSION>              Up, or down, to this version and with it
  -v, --to-exclusive <VERSION>    Up, or down, to this version and without it
      --all                       All of them
      --quiet                     Say nothing but errors

Options of gen:
  -l, --lang <LANG>               rust, ts or json [default: ts]
      --migrations-path <FOLDER>  The folder the migration goes to [default: priv/repo/migrations]
      --migration-lang <LANG>     What the migration is written in, if it is another
      --schemas-path <FOLDER>     The folder the schema goes to [default: src]
      --prefix <PREFIX>           The prefix of the table
      --binary-id                 Keys are UUIDs in the place of numbers
      --no-migration              Write no migration
      --no-timestamps             Without inserted_at and updated_at
  -o, --out <FILE>                The file of types [default: the standard output]

Examples:
  npx ectomorph gen schema User users name:string email:string:unique
  npx ectomorph gen migration add_comments_table --lang json
  npx ectomorph migrate --database data/hello

Servers of PostgreSQL, MySQL and SQLite are for the program of the same name: cargo install ectomorph-cli
`;

const text = { type: "string" };
const flag = { type: "boolean" };
const HELPED = { help: { ...flag, short: "h" }, version: { ...flag, short: "V" } };
const RUN = {
  ...HELPED, database: text, "migrations-path": text, step: { ...text, short: "n" }, to: text,
  "to-exclusive": { ...text, short: "v" }, all: flag, quiet: flag,
};
const GEN = {
  ...HELPED, lang: { ...text, short: "l" }, "migrations-path": text, "migration-lang": text, "schemas-path": text, prefix: text,
  "binary-id": flag, "no-migration": flag, "no-timestamps": flag, out: { ...text, short: "o" },
};

/** The commands: their options, and what they do. */
const COMMANDS = {
  migrate: [RUN, (options) => migrate(options, true)],
  rollback: [RUN, (options) => migrate(options, false)],
  migrations: [RUN, migrations],
  gen: [GEN, generate],
};

async function main([name, ...rest]) {
  if (name === "--version" || name === "-V") return console.log(`ectomorph ${(await import("./project.mjs")).VERSION}`);
  if (name === undefined || name === "--help" || name === "-h") {
    if (name === undefined) throw new Failure(HELP.trimEnd(), { plain: true });
    return process.stdout.write(HELP);
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    const known = ["create", "drop", "dump", "load"].includes(name);
    throw new Failure(
      known ? `${name} is for servers: the program of Cargo has it (cargo install ectomorph-cli)`
      : `there is no command ${JSON.stringify(name)}; there are ${Object.keys(COMMANDS).join(", ")}`,
    );
  }
  const [options, run] = command;
  let parsed;
  try {
    parsed = parseArgs({ args: rest, options, allowPositionals: name === "gen", strict: true });
  } catch (error) {
    throw new Failure(error.message);
  }
  if (parsed.values.help) return process.stdout.write(HELP);
  await run(parsed.values, parsed.positionals);
}

main(process.argv.slice(2)).catch((error) => {
  if (!(error instanceof Failure)) {
    // A mistake of the program has a place; what a database or a migration says is enough by itself.
    console.error(`error: ${error?.name === "RepoError" || error?.name === "EctomorphError" ? error.message : (error?.stack ?? error)}`);
  } else {
    console.error(error.plain ? error.message : `error: ${error.message}`);
  }
  process.exitCode = 1;
});
