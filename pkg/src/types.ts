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
