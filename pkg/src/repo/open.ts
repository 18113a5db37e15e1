import { relate } from "../bring.js";
import { openDatabase } from "#repo-source";
import { EctomorphError } from "../errors.js";
import type { Migration } from "../migration/migration.js";
import type { Schema } from "../schema.js";
import { Connection, type LogEntry } from "./connection.js";
import type { Config, Database } from "./database.js";
import { Repo } from "./repo.js";
import type { Storage } from "./storage/storage.js";
import type { Place } from "./worker/protocol.js";

/** What happens while a database is opened. */
export type RepoEvent =
  | { readonly type: "storage"; readonly storage: string; readonly reason: string }
  /** Whether the browser keeps the bytes until somebody deletes them. */
  | { readonly type: "persist"; readonly granted: boolean }
  | { readonly type: "migrated"; readonly versions: readonly number[] }
  /** With `shared`: the tab that keeps the database, and each time that it is another. */
  | { readonly type: "keeper"; readonly tab: "this" | "other" };

/** A thread that keeps databases itself: `here` of `ectomorph/repo/here`. */
export interface Here {
  /** @internal */
  open(place: Place, config: Config, onEvent: (event: RepoEvent) => void): Promise<Database>;
}

/** How a database is opened. */
export interface RepoOptions {
  /** The name of the database; in Node, of its folder. */
  readonly name: string;
  /** The schemas that queries name. */
  // biome-ignore lint/suspicious/noExplicitAny: schemas of any fields
  readonly schemas?: readonly Schema<any>[];
  /** Migrations, in any order; those that have not run yet run now. */
  readonly migrations?: readonly Migration[];
  /** `false`: they run when `repo.migrate()` says so. */
  readonly migrate?: boolean;
  /**
   * Where the bytes are. In Node: `"file"`, a folder of files, or a storage of your own. In a page: `"opfs"`, files of the
   * origin, or `"indexeddb"`. Everywhere: `"memory"`, for as long as the program lives. `"auto"` is the best there is that
   * lasts; an event says which that was.
   */
  readonly storage?: "auto" | "memory" | "file" | "opfs" | "indexeddb" | Storage;
  /** In a page: whether the browser is asked not to throw the bytes away when it needs room. An event tells its answer, maybe long after. */
  readonly persist?: boolean;
  /**
   * In a page: makes the worker that the database lives in, where a bundler has to be told of it. In a worker of your own: `here`, and
   * the database lives in that one.
   */
  readonly worker?: (() => Worker) | Here;
  /**
   * In a page: whether other tabs may use the database meanwhile. One of them keeps it, and does what the others ask; when it is
   * closed, another goes on. What was under way then is asked again if it only reads; else it is refused as `interrupted`.
   * All tabs must say so, with one version of ectomorph; else a second tab is refused as `in_use`.
   */
  readonly shared?: boolean;
  /**
   * With `shared`: for how many milliseconds a transaction may ask nothing while other tabs wait, 15,000 if nothing is said. Then it is
   * rolled back, so that no tab that stands still stops the others, and what it asks next is refused as `timeout`. The tab that keeps the
   * database says so for all; `Infinity` lets the others wait.
   */
  readonly transactionIdle?: number;
  /**
   * In a page: whether `repo.query(sql)` is there. GlueSQL is then loaded with the repo, three quarters as large again; servers have
   * it without asking.
   */
  readonly sql?: boolean;
  /** When a commit is done: when it is durable, or (`"relaxed"`) when it is written. */
  readonly durability?: "strict" | "relaxed";
  /** Told of each request. */
  readonly log?: (entry: LogEntry) => void;
  /** Told of what happens while the database is opened. */
  readonly onEvent?: (event: RepoEvent) => void;
}

/**
 * Opens a database, and runs the migrations that have not run yet.
 *
 * @example
 * const repo = await openRepo({ name: "hello", schemas: [User, Post], migrations });
 *
 * @throws RepoError What is stored is damaged or too new, or a migration failed: the database is as the one before left it.
 */
export async function openRepo(options: RepoOptions): Promise<Repo> {
  // What comes back may have changesets of children, whoever made the schemas.
  relate();
  const { name, schemas = [], migrations = [], migrate = true, durability = "strict", log, onEvent = () => {} } = options;
  if (typeof name !== "string" || name === "") throw new EctomorphError("a database needs a name: openRepo({ name: \"hello\" })");
  const byName = new Map<string, Schema>();
  for (const schema of schemas) {
    if (schema.source === null) throw new EctomorphError(`${schema.name} has no table: it lives inside other records`, { schema: schema.name });
    const known = byName.get(schema.name);
    if (known !== undefined && known !== schema) throw new EctomorphError(`two schemas are named ${schema.name}; give one another name`);
    byName.set(schema.name, schema);
  }
  const config = { schemas: schemas.map((schema) => schema.document), durability };
  const repo = new Repo(new Connection(await openDatabase(options, config, onEvent), byName, log), migrations);
  try {
    if (migrate && migrations.length > 0) onEvent({ type: "migrated", versions: await repo.migrate() });
  } catch (error) {
    await repo.close();
    throw error;
  }
  return repo;
}
