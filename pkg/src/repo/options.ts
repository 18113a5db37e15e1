import type { Description } from "../describe.js";
import { EctomorphError } from "../errors.js";
import { fieldsToNotation, toNotation } from "../notation.js";
import { from } from "../query/from.js";
import type { Query } from "../query/query.js";
import { Queryable } from "../query/queryable.js";
import { documentOf, type QueryDocument } from "../query/write.js";
import { Schema } from "../schema.js";
import type { TypeNotation } from "../types.js";
import { isMap } from "../values.js";

/** The options of everything that takes its time. */
export interface Cancellable {
  /** Drops a request whose turn has not come; of one that is under way, the answer. A transaction is rolled back. */
  readonly signal?: AbortSignal;
}

/** The options of reads. */
export interface ReadOptions extends Cancellable {
  /** The database schema (or prefix) of tables that name none. */
  readonly prefix?: string;
}

/** The options of `stream`. */
export interface StreamOptions extends ReadOptions {
  /** How many results are made at once: 500, if nothing is said. */
  readonly maxRows?: number;
}

/** The options of `unsafeValidateUnique`. */
export interface UniqueOptions extends ReadOptions {
  readonly message?: string;
  /** The field that gets the error, instead of the first. */
  readonly errorKey?: string;
  /** Whether two nulls differ, as they do if nothing is said. */
  readonly nullsDistinct?: boolean;
  /** The rows to look among, instead of all of the schema. */
  readonly query?: Queryable;
}

/** The options of writes of one record. */
export interface WriteOptions extends ReadOptions {
  /** Fields to read back from the written row; true for all. */
  readonly returning?: boolean | readonly string[];
  /** Writes an update even if nothing changed. */
  readonly force?: boolean;
  /** A row that is gone is no error. */
  readonly allowStale?: boolean;
  /** A row that is gone is an error of the changeset, on this field. */
  readonly staleErrorField?: string;
  readonly staleErrorMessage?: string;
  /** Runs in a savepoint: if it fails, the transaction around it goes on. Ecto's `mode: :savepoint`. */
  readonly savepoint?: boolean;
}

/** The options of inserts. */
export interface InsertOptions extends WriteOptions {
  /** What happens where a row with the same key is there; an error, if nothing is said. */
  readonly onConflict?: OnConflict;
  /** Which keys that is about: fields, a constraint, or SQL. */
  readonly conflictTarget?: string | readonly string[] | { readonly constraint: string } | { readonly fragment: string };
  /** Whether `"replaceAll"` replaces the fields of the conflict target too. */
  readonly replaceTarget?: boolean;
}

/** What happens where a row with the same key is there. */
export type OnConflict =
  | "raise" | "nothing" | "replaceAll"
  | { readonly replaceAllExcept: readonly string[] }
  | { readonly replace: readonly string[] }
  | { readonly set?: object; readonly inc?: object; readonly push?: object; readonly pull?: object }
  | Queryable;

/** The options of `insertAll`. */
export interface InsertAllOptions extends InsertOptions {
  /** Values that rows share: `placeholder(key)` in a row. */
  readonly placeholders?: { readonly [key: string]: unknown };
}

/** Options as the engine reads them; `types` are those of the fields that placeholders stand in. */
export function optionsToNotation(
  options: (InsertAllOptions & StreamOptions) | undefined, schema: Schema | undefined, types: ReadonlyMap<string, TypeNotation> = new Map(),
): object | null {
  if (options === undefined) return null;
  const { onConflict, conflictTarget, placeholders } = options;
  return {
    prefix: options.prefix ?? null,
    returning: options.returning ?? null,
    on_conflict: onConflict === undefined ? null : conflictToNotation(onConflict, schema),
    conflict_target: typeof conflictTarget === "string" ? [conflictTarget] : (conflictTarget ?? null),
    replace_target: options.replaceTarget ?? null,
    force: options.force ?? null,
    allow_stale: options.allowStale ?? null,
    stale_error_field: options.staleErrorField ?? null,
    stale_error_message: options.staleErrorMessage ?? null,
    savepoint: options.savepoint ?? null,
    max_rows: options.maxRows ?? null,
    placeholders:
      placeholders === undefined ? null
      : Object.fromEntries(Object.entries(placeholders).map(([key, value]) => [key, toNotation(value, types.get(key))])),
  };
}

const CONFLICTS = { raise: "raise", nothing: "nothing", replaceAll: "replace_all" } as const;

function conflictToNotation(conflict: OnConflict, schema: Schema | undefined): unknown {
  if (typeof conflict === "string") return CONFLICTS[conflict];
  if (conflict instanceof Queryable) return ["query", documentOf(conflict)];
  if ("replaceAllExcept" in conflict) return ["replace_all_except", conflict.replaceAllExcept];
  if ("replace" in conflict) return ["replace", conflict.replace];
  const source = schema === undefined ? from("conflict") : from(schema);
  return ["update", documentOf((source as Query).update(conflict as never))];
}

/** A query, or what stands for all rows of it. */
export function queryOf(given: unknown): Queryable {
  if (given instanceof Queryable) return given;
  if (typeof given === "string") return from(given) as unknown as Queryable;
  if (given instanceof Schema || Array.isArray(given)) return from(given as Schema) as unknown as Queryable;
  throw new EctomorphError("a repo reads queries, schemas and tables: repo.all(from(User))");
}

/** What is read, as it is handed over: its document, what it is of, and the schema of that if it is known. */
export interface ReadableDocument {
  readonly document: QueryDocument;
  readonly source: string | undefined;
  readonly schema: Description | undefined;
}

/** The document of what can be read, of tables in a prefix if that is said; one that was written elsewhere is taken as it is. */
export function readableOf(given: unknown, { prefix }: ReadOptions = {}): ReadableDocument {
  const readable = plainReadableOf(given);
  const { document } = readable;
  if (prefix === undefined || (document.query as { prefix?: string }).prefix !== undefined) return readable;
  return { ...readable, document: { ...document, query: { ...(document.query as object), prefix } } };
}

function plainReadableOf(given: unknown): ReadableDocument {
  if (isMap(given) && !(given instanceof Queryable) && !(given instanceof Schema) && "query" in given) {
    return { document: given as unknown as QueryDocument, source: undefined, schema: undefined };
  }
  const query = queryOf(given);
  const { name, schema } = query.state.from.source.shape;
  return { document: documentOf(query), source: name, schema };
}

/** Values that fields must have, as documents write them. */
export function clausesToNotation(clauses: object, { schema }: ReadableDocument): object {
  return schema === undefined ? (toNotation(clauses, undefined) as object) : fieldsToNotation(clauses, schema);
}
