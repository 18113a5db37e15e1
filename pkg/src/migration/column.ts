import { EctomorphError } from "../errors.js";
import { toNotation } from "../notation.js";
import { Term } from "../query/term.js";

/** The names of types of columns that all databases know; others are handed to the database as they are. */
export type TypeName =
  | "string" | "text" | "binary" | "integer" | "bigint" | "smallint" | "float" | "decimal" | "numeric" | "boolean" | "id"
  | "binary_id" | "uuid" | "serial" | "bigserial" | "identity" | "map" | "json" | "jsonb" | "date" | "time" | "time_usec"
  | "naive_datetime" | "naive_datetime_usec" | "utc_datetime" | "utc_datetime_usec";

/** The type of a column. */
export type ColumnType =
  | TypeName
  | (string & Record<never, never>)
  | { readonly array: ColumnType }
  | { readonly map: ColumnType }
  | Reference;

/** What happens to rows when the one they refer to is deleted. */
export type OnDelete =
  | "nothing" | "delete_all" | "nilify_all" | "default_all" | "restrict"
  | { readonly nilify: readonly string[] }
  | { readonly default: readonly string[] };

/** The options of a foreign key. */
export interface ReferenceOptions {
  /** Its name; `<table>_<column>_fkey`, if nothing is said. */
  readonly name?: string;
  /** The column it refers to; `id`, if nothing is said. */
  readonly column?: string;
  readonly type?: ColumnType;
  readonly prefix?: string;
  readonly onDelete?: OnDelete;
  readonly onUpdate?: "nothing" | "update_all" | "nilify_all" | "restrict";
  /** Whether rows that are there already are looked at. */
  readonly validate?: boolean;
  /** Further columns, each with the one it refers to. */
  readonly with?: { readonly [column: string]: string };
  readonly match?: "simple" | "partial" | "full";
}

/** A foreign key as the type of a column. Made by [`references`]. */
export class Reference {
  constructor(
    readonly table: string,
    readonly options: ReferenceOptions,
  ) {}
}

/**
 * A foreign key: the type of a column that refers to rows of another table.
 *
 * @example
 * m.create("posts", (t) => t.add("user_id", references("users", { onDelete: "delete_all" }), { null: false }));
 */
export function references(table: string, options: ReferenceOptions = {}): Reference {
  return new Reference(table, options);
}

/** A value that rows have that give none, or what the database computes: `` fragment`now()` ``. */
export type Default =
  | Term<unknown, "any">
  | null | string | number | bigint | boolean
  | readonly unknown[]
  | { readonly [key: string]: unknown };

/** The options of a column. */
export interface ColumnOptions {
  /** Part of the key; needs a table without the one that it has otherwise. */
  readonly primaryKey?: boolean;
  readonly default?: Default;
  /** Whether it may be null; it may, if nothing is said. */
  readonly null?: boolean;
  /** Of `string`: how many characters. */
  readonly size?: number | "max";
  readonly precision?: number;
  readonly scale?: number;
  readonly comment?: string;
  readonly collation?: string;
  /** MySQL: the column it comes after. */
  readonly after?: string;
  /** SQL: `"ALWAYS AS (price * quantity) STORED"`. */
  readonly generated?: string;
  /** Of `identity`: the first value. */
  readonly startValue?: number;
  readonly increment?: number;
  /** Of `duration`: which fields. */
  readonly fields?: string;
  /** A check of this column. */
  readonly check?: { readonly name: string; readonly expr: string };
}

/** The options of a column that is changed. */
export interface ModifyOptions extends Omit<ColumnOptions, "primaryKey" | "after" | "check"> {
  /** The type that it had, and perhaps the options: with them, the change can be undone. */
  readonly from?: ColumnType | readonly [type: ColumnType, options: ColumnOptions];
}

/** An object of a document. */
export interface Written {
  readonly [key: string]: unknown;
}

/** The document of a type. */
export function typeDocument(type: ColumnType): unknown {
  if (type instanceof Reference) return { references: referenceDocument(type) };
  if (typeof type === "string") return type;
  if ("array" in type) return { array: typeDocument(type.array) };
  if ("map" in type) return { map: typeDocument(type.map) };
  throw new EctomorphError('the type of a column is a name, { array: .. }, { map: .. } or references("users")');
}

function referenceDocument({ table, options }: Reference): Written {
  const { name, column = "id", type = "bigserial", prefix, match, validate = true } = options;
  const { onDelete = "nothing", onUpdate = "nothing" } = options;
  return given({
    table,
    column,
    type: typeDocument(type),
    name,
    prefix,
    on_delete: onDelete,
    on_update: onUpdate,
    validate,
    with: options.with,
    match,
  });
}

/** The document of the options of a column. */
export function optionsDocument({ from, default: value, ...options }: ColumnOptions & ModifyOptions): Written {
  const { primaryKey, null: nullable, size, precision, scale, comment, collation, after, generated } = options;
  return given({
    primary_key: primaryKey === true ? true : undefined,
    default: value === undefined ? undefined : defaultDocument(value),
    null: nullable,
    size,
    precision,
    scale,
    comment,
    collation,
    after,
    generated,
    start_value: options.startValue,
    increment: options.increment,
    fields: options.fields,
    check: options.check,
    from: from === undefined ? undefined : fromDocument(from),
  });
}

function fromDocument(from: NonNullable<ModifyOptions["from"]>): Written {
  if (!Array.isArray(from)) return { type: typeDocument(from as ColumnType) };
  const [type, options] = from as readonly [ColumnType, ColumnOptions];
  return { type: typeDocument(type), opts: optionsDocument(options) };
}

function defaultDocument(value: Default): unknown {
  if (value instanceof Term) return { fragment: sqlOf(value) };
  return toNotation(value, undefined);
}

/** The text of a fragment, which here can have no params. */
export function sqlOf(term: Term): string {
  const [op, ...parts] = Array.isArray(term.node) ? term.node : [];
  const raw = parts.map((part) => (part as { raw?: string } | null)?.raw);
  if (op !== "fragment" || raw.some((sql) => sql === undefined)) {
    throw new EctomorphError("in a migration, a fragment is plain SQL: fragment`now()`");
  }
  return raw.join("");
}

/** Without what was not given. */
export function given(object: Written): Written {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
