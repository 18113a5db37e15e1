import { EctomorphError } from "./errors.js";

/** A type as documents write it: `"string"`, `{"array": T}`, `{"map": T}`, `{"enum": [...]}`. */
export type TypeNotation =
  | string
  | { readonly array: TypeNotation }
  | { readonly map: TypeNotation }
  | { readonly enum: readonly (string | readonly [string, string | number])[] };

/** When a repo writes a field. */
export type Writable = "always" | "insert" | "never";

/** What is said of a field beside its type. */
export interface FieldOptions {
  readonly default?: unknown;
  readonly virtual?: boolean;
  readonly redact?: boolean;
  readonly source?: string;
  readonly primaryKey?: boolean;
  readonly autogenerate?: "id" | "uuid" | "inserted_at" | "updated_at";
  readonly writable?: Writable;
  readonly loadInQuery?: boolean;
  readonly readAfterWrites?: boolean;
}

/**
 * A field: its type and its options. Each method gives a new field.
 *
 * @typeParam T What its values are in JavaScript.
 * @typeParam Kind The word of its type, which says which rules fit.
 * @typeParam Key Whether it is (part of) the primary key.
 */
export class Field<T = unknown, Kind extends string = string, Key extends boolean = boolean> {
  declare readonly "~type": T;
  declare readonly "~kind": Kind;
  declare readonly "~key": Key;

  constructor(
    readonly type: TypeNotation,
    readonly options: FieldOptions = {},
  ) {
    Object.freeze(this);
  }

  /** The value of a new record; otherwise null. */
  default(value: T): Field<T, Kind, Key> {
    return this.#with({ default: value });
  }

  /** No column: only for forms and rules, such as a password that is stored as a hash. */
  virtual(): Field<T, Kind, Key> {
    return this.#with({ virtual: true });
  }

  /** Not shown when a changeset is printed. */
  redact(): Field<T, Kind, Key> {
    return this.#with({ redact: true });
  }

  /** The name of the column, where it is not that of the field. */
  source(column: string): Field<T, Kind, Key> {
    return this.#with({ source: column });
  }

  /** Part of the primary key, in place of the `id` that a schema has otherwise. */
  primaryKey(): Field<T, Kind, true> {
    return this.#with({ primaryKey: true }) as unknown as Field<T, Kind, true>;
  }

  /** A value is made on insert (or update) where none is given. */
  autogenerate(how: NonNullable<FieldOptions["autogenerate"]>): Field<T, Kind, Key> {
    return this.#with({ autogenerate: how });
  }

  /** When a repo writes the field; always, if nothing is said. */
  writable(when: Writable): Field<T, Kind, Key> {
    return this.#with({ writable: when });
  }

  /** Whether queries for the whole record load the field; they do, if nothing is said. */
  loadInQuery(load: boolean): Field<T, Kind, Key> {
    return this.#with({ loadInQuery: load });
  }

  /** The database changes the value when it writes, so that it is read back. */
  readAfterWrites(): Field<T, Kind, Key> {
    return this.#with({ readAfterWrites: true });
  }

  #with(options: FieldOptions): Field<T, Kind, Key> {
    return new Field(this.type, { ...this.options, ...options });
  }
}

/** A value of a `map` field: what JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

type Plain<T, Kind extends string> = Field<T, Kind, false>;

const plain = <T, Kind extends string>(type: Kind): Plain<T, Kind> => new Field(type);

function enumOf<const Names extends readonly [string, ...string[]]>(...names: Names): Plain<Names[number], "enum">;
function enumOf<const Stored extends { readonly [name: string]: string | number }>(
  stored: Stored,
): Plain<keyof Stored & string, "enum">;
function enumOf(...names: readonly unknown[]): Plain<string, "enum"> {
  const [first] = names;
  const members = typeof first === "object" && first !== null ? Object.entries(first) : names;
  if (members.length === 0) throw new EctomorphError("an enum needs at least one name: t.enum(\"draft\", \"paid\")");
  return new Field({ enum: members as readonly string[] });
}

/**
 * The types of fields, all of Ecto's.
 *
 * Decimals, dates and times are text in JavaScript (`"1.50"`, `"2024-01-31"`), so that no digit is lost.
 *
 * @example
 * const Post = schema("posts", { title: t.string(), likes: t.integer().default(0), tags: t.array(t.string()) });
 */
export const t = {
  /** An integer key made by the database. */
  id: () => plain<number, "id">("id"),
  /** A UUID key. */
  binaryId: () => plain<string, "binary_id">("binary_id"),
  /** An integer of 64 bits. Beyond 2^53 values are bigints: say `t.integer<number | bigint>()` where that may be. */
  integer: <T extends number | bigint = number>() => plain<NoInfer<T>, "integer">("integer"),
  /** A float of 64 bits. */
  float: () => plain<number, "float">("float"),
  /** `true` or `false`; `"true"`, `"1"`, `"false"`, `"0"` are cast. */
  boolean: () => plain<boolean, "boolean">("boolean"),
  /** Text. */
  string: () => plain<string, "string">("string"),
  /** Bytes; text that is cast to it stays text. */
  binary: () => plain<Uint8Array | string, "binary">("binary"),
  /** A map with text keys; with values of one type, if one is given. */
  map: mapOf,
  /** A list of values of one type. */
  array: <T, Kind extends string>(element: Field<T, Kind>): Plain<readonly T[], "array"> =>
    new Field({ array: element.type }),
  /** A decimal, as text. */
  decimal: () => plain<string, "decimal">("decimal"),
  /** A date: `"2024-01-31"`. */
  date: () => plain<string, "date">("date"),
  /** A time of day: `"10:20:30"`. */
  time: () => plain<string, "time">("time"),
  /** A time of day with microseconds: `"10:20:30.123456"`. */
  timeUsec: () => plain<string, "time_usec">("time_usec"),
  /** A date and time without zone: `"2024-01-31T10:20:30"`. */
  naiveDatetime: () => plain<string, "naive_datetime">("naive_datetime"),
  /** The same with microseconds. */
  naiveDatetimeUsec: () => plain<string, "naive_datetime_usec">("naive_datetime_usec"),
  /** An instant: `"2024-01-31T10:20:30Z"`. */
  utcDatetime: () => plain<string, "utc_datetime">("utc_datetime"),
  /** The same with microseconds. */
  utcDatetimeUsec: () => plain<string, "utc_datetime_usec">("utc_datetime_usec"),
  /** A UUID. */
  uuid: () => plain<string, "uuid">("uuid"),
  /** One of these names; given as an object, each with the value that is stored for it. */
  enum: enumOf,
  /** Anything, as it is; files of forms, too. Never a column. */
  any: <T = unknown>() => plain<NoInfer<T>, "any">("any"),
} as const;

function mapOf(): Plain<{ readonly [key: string]: Json }, "map">;
function mapOf<T, Kind extends string>(value: Field<T, Kind>): Plain<{ readonly [key: string]: T }, "map">;
function mapOf(value?: Field): Plain<unknown, "map"> {
  return new Field(value === undefined ? "map" : { map: value.type });
}
