import { EctomorphError } from "../errors.js";
import type { Written } from "./column.js";
import { Migrator } from "./recorder.js";

/** A migration as documents write it: the same in Rust, TypeScript and JSON. */
export interface MigrationDocument {
  /** The version of the form. */
  readonly version: 1;
  /** The version of the migration, such as 20170523151118. */
  readonly migration: number;
  readonly name: string;
  readonly change?: readonly Written[];
  readonly up?: readonly Written[];
  readonly down?: readonly Written[];
  readonly disable_ddl_transaction?: true;
  readonly disable_migration_lock?: true;
}

/** Records commands. */
export type Recording = (m: Migrator) => unknown;

/** What a migration does: a change, which can be undone by itself, or both ways one by one. */
export type MigrationBody = Recording | { readonly up: Recording; readonly down?: Recording };

/** The options of a migration. */
export interface MigrationOptions {
  /** Not in one transaction: for what a database refuses inside of one. */
  readonly disableDdlTransaction?: boolean;
  /** Without the lock that keeps two runs apart. */
  readonly disableMigrationLock?: boolean;
}

/** A migration: a version, a name, and the commands that were recorded. Made by [`migration`]. */
export class Migration {
  constructor(readonly document: MigrationDocument) {
    Object.freeze(this);
  }

  get version(): number {
    return this.document.migration;
  }

  get name(): string {
    return this.document.name;
  }

  /** The document, so that `JSON.stringify` writes it. */
  toJSON(): MigrationDocument {
    return this.document;
  }
}

/**
 * A migration. Its functions run once, now, and their commands are recorded; a repo runs them in the order of versions.
 *
 * @param version A number that grows with time: `20170523151118`.
 *
 * @example
 * export default migration(20170523151118, "create_users", (m) =>
 *   m.create("users", (t) => t.add("name", "string").add("email", "string").timestamps())
 *     .createIndex("users", ["email"], { unique: true }));
 *
 * @example
 * migration(20170601080000, "shout", { up: (m) => m.execute("UPDATE users SET name = upper(name)"), down: () => {} });
 */
export function migration(version: number, name: string, body: MigrationBody, options?: MigrationOptions): Migration;
/**
 * A migration out of a document, as JSON or Rust have it. What is wrong with it is said when a repo is to run it.
 *
 * @example
 * migration(await (await fetch("/migrations/20170523151118.json")).json());
 */
export function migration(document: MigrationDocument): Migration;
export function migration(
  version: number | MigrationDocument, name = "", body: MigrationBody | undefined = undefined, options: MigrationOptions = {},
): Migration {
  if (typeof version === "object") return new Migration(version);
  if (!Number.isSafeInteger(version) || version < 0) {
    throw new EctomorphError(`${version} is no version of a migration; use the time it was written at: 20170523151118`);
  }
  if (name === "") throw new EctomorphError(`the migration ${version} needs a name`);
  return new Migration({
    version: 1,
    migration: version,
    name,
    ...bodyDocument(name, body),
    ...(options.disableDdlTransaction === true ? { disable_ddl_transaction: true } : {}),
    ...(options.disableMigrationLock === true ? { disable_migration_lock: true } : {}),
  });
}

function bodyDocument(name: string, body: MigrationBody | undefined): Pick<MigrationDocument, "change" | "up" | "down"> {
  if (typeof body === "function") return { change: Migrator.commands(body) };
  if (typeof body !== "object" || body === null || typeof body.up !== "function") {
    throw new EctomorphError(`the migration \`${name}\` needs what it does: (m) => m.create("users")`);
  }
  const { up, down } = body;
  return { up: Migrator.commands(up), ...(down === undefined ? {} : { down: Migrator.commands(down) }) };
}
