import { type Description, type FieldDescription, blank } from "./describe.js";
import { EctomorphError } from "./errors.js";
import type { AnyFields, Data, Fields, PutOf, RecordOf } from "./fields.js";
import { fieldsToNotation, toNotation } from "./notation.js";
import { Relation } from "./relation.js";
import { type Recorder, record } from "./rules.js";
import { Changeset } from "./changeset.js";
import { Core } from "./core.js";
import { changesToNotation } from "./put.js";
import { Recipe } from "./recipe.js";
import { type Rules, makeRules } from "./run.js";
import { Field, type TypeNotation, t } from "./types.js";

/** A schema in a rules document. */
export interface SchemaDocument {
  readonly [key: string]: unknown;
}

/** The options of a schema. */
export interface SchemaOptions {
  /** The name in printed changesets; the source, if nothing is said. */
  readonly name?: string;
  /** The database schema or prefix of the table. */
  readonly prefix?: string;
  /** `false`: no key. An object: a key in place of the `id` that is made by the database. */
  readonly primaryKey?: false | { readonly name?: string; readonly type?: Field; readonly autogenerate?: boolean };
  /** `inserted_at` and `updated_at`, kept by the repo. */
  readonly timestamps?: boolean | TimestampOptions;
}

/** Names and type of the timestamps. `false`: not that one. */
export interface TimestampOptions {
  readonly insertedAt?: string | false;
  readonly updatedAt?: string | false;
  readonly type?: Field<string>;
}

/** The fields of a schema with those that its options and relations bring. */
export type WithImplied<F, O, Id> = F & Key<F, O, Id> & ForeignKeys<F> & Timestamps<O>;

type Key<F, O, Id> = O extends { primaryKey: false } ? unknown
  : true extends { [K in keyof F]: F[K] extends Field<infer _T, infer _K, infer P> ? P : false }[keyof F] ? unknown
  : O extends { primaryKey: { name: infer Name extends string } } ? { [K in Name]: KeyType<O, Id> }
  : { id: KeyType<O, Id> };

type KeyType<O, Id> = O extends { primaryKey: { type: infer T extends Field } } ? T : Id;

type ForeignKeys<F> = {
  [K in keyof F as F[K] extends Relation<infer _F, "belongs_to", infer Name> ?
    Name extends "" ? `${K & string}_id` : Name
  : never]: Field<number, "id", false>;
};

type Timestamps<O> = O extends { timestamps: true } ? {
    inserted_at: Field<string, "naive_datetime", false>;
    updated_at: Field<string, "naive_datetime", false>;
  }
  : O extends { timestamps: infer T extends TimestampOptions } ?
    & TimestampOf<T extends { insertedAt: infer N } ? N : "inserted_at", T>
    & TimestampOf<T extends { updatedAt: infer N } ? N : "updated_at", T>
  : unknown;

type TimestampOf<N, T> = N extends string ? {
    [K in N]: T extends { type: infer F extends Field } ? F : Field<string, "naive_datetime", false>;
  }
  : unknown;

const states = /* @__PURE__ */ new WeakMap<object, "loaded" | "deleted">();

/** The state of a record: null for one that no database has. */
export function stateOf(record: object): "loaded" | "deleted" | null {
  return states.get(record) ?? null;
}

/** Marks a record as one that the database has, or had. */
export function setState(record: object, state: "loaded" | "deleted"): void {
  states.set(record, state);
}

/**
 * A schema: fields with types, and relations. Made by [`schema`]; records of it are plain objects.
 *
 * @typeParam F Its fields.
 */
export class Schema<F = AnyFields> {
  declare readonly "~fields": F;
  readonly document: SchemaDocument;
  readonly #describe: () => Description;
  #description: Description | undefined;
  #blank: RecordOf<F> | undefined;
  #bare: Core | undefined;

  constructor(document: SchemaDocument, describe: () => Description) {
    this.document = document;
    this.#describe = describe;
    Object.freeze(this);
  }

  /** The name in messages. */
  get name(): string {
    return String(this.document["name"] ?? this.document["source"] ?? "schema");
  }

  /** The table; null for an embedded or schemaless one. */
  get source(): string | null {
    return (this.document["source"] as string | undefined) ?? null;
  }

  get description(): Description {
    return (this.#description ??= this.#describe());
  }

  /**
   * Rules for records of this schema. The callback runs once, now, and its calls are recorded; the result is applied
   * to data and params as often as you like.
   *
   * @example
   * const registration = User.changeset((c) => c.cast("name", "email").validateRequired("name"));
   * const changeset = registration(User.build(), { name: "Ada" });
   */
  changeset(rules: (c: Recorder<F>) => unknown): Rules<F> {
    return makeRules(this, record(this, rules));
  }

  /** A new record: these values, and the defaults of all other fields. */
  build(values?: Data<F>): RecordOf<F> {
    this.#blank ??= Object.freeze(blank(this.description)) as RecordOf<F>;
    return values === undefined ? this.#blank : { ...this.#blank, ...values };
  }

  /** A record as the database has it: changesets of it are updates. */
  loaded(values: Data<F>): RecordOf<F> {
    const loaded = this.build(values);
    setState(loaded as object, "loaded");
    return loaded;
  }

  /** A changeset without params: the record, with these changes. */
  change(data: Data<F>, changes: { readonly [K in keyof F]?: PutOf<F, K> } = {}): Changeset<F> {
    this.#bare ??= new Core(this.document, { steps: [], validators: [] });
    const written = changesToNotation(changes, { name: "", schema: this.description }, data);
    const recipe = Recipe.make(this.#bare, data, this.isBlank(data), null);
    return new Changeset(Object.keys(written).length === 0 ? recipe : recipe.with([["change", Object.entries(written)]]));
  }

  /** Whether a record is the blank one, which needs not be handed over. */
  isBlank(record: unknown): boolean {
    return record === this.#blank && record !== undefined;
  }
}

type Id = Field<number, "id", true>;
type BinaryId = Field<string, "binary_id", true>;

/**
 * A schema over a table.
 *
 * @param source The table.
 * @param fields Its fields and relations, under your names. A key `id` is added unless one is declared.
 *
 * @example
 * const User = schema("users", { name: t.string(), email: t.string() }, { timestamps: true });
 * type User = Infer<typeof User>;
 */
function ofTable<const F extends Fields, const O extends SchemaOptions = Record<never, never>>(
  source: string,
  fields: F,
  options?: O,
): Schema<WithImplied<F, O, Id>> {
  return build({ source }, fields, options ?? {}, t.id());
}

/** A schema that lives inside the records of others. Its key is a UUID. */
function embedded<const F extends Fields, const O extends Omit<SchemaOptions, "prefix"> = Record<never, never>>(
  fields: F,
  options?: O,
): Schema<WithImplied<F, O, BinaryId>> {
  return build({ embedded: true, name: "embedded" }, fields, options ?? {}, t.binaryId());
}

export const schema: typeof ofTable & {
  readonly embedded: typeof embedded;
} = /* @__PURE__ */ Object.assign(ofTable, { embedded });

/**
 * Types without a record, for a form that is no row: data are plain objects, and nothing has a default.
 *
 * @example
 * const search = schemaless({ q: t.string(), page: t.integer() }).changeset((c) => c.cast("q", "page"));
 */
export function schemaless<const F extends Fields>(types: F): Schema<F> {
  return build({ schemaless: true }, types, { primaryKey: false }, t.id()) as Schema<F>;
}

/** Writes the document and the description, which must agree with what the engine makes of the document. */
function build<S>(
  head: Record<string, unknown>,
  fields: Fields,
  { name, prefix, primaryKey, timestamps }: SchemaOptions,
  id: Field,
): S {
  const where = name ?? String(head["source"] ?? "schema");
  const document: Record<string, unknown> = { ...head };
  if (name !== undefined) document["name"] = name;
  if (prefix !== undefined) document["prefix"] = prefix;
  const described: FieldDescription[] = [];
  const keys = Object.keys(fields).filter((key) => (fields[key] as Field).options?.primaryKey === true);
  if (keys.length > 0) {
    document["primary_key"] = keys;
  } else if (primaryKey === false) {
    if (head["schemaless"] !== true) document["primary_key"] = false;
  } else {
    const key = { name: primaryKey?.name ?? "id", type: (primaryKey?.type ?? id).type };
    if (primaryKey !== undefined) document["primary_key"] = { ...key, autogenerate: primaryKey.autogenerate ?? true };
    described.push({ ...key, primary_key: true });
  }
  const written: Record<string, TypeNotation> = {};
  document["fields"] = written;
  for (const [field, declared] of Object.entries(fields)) {
    if (declared instanceof Field) {
      written[field] = declared.type;
      described.push(fieldToDocument(document, field, declared));
    } else if (declared instanceof Relation) {
      described.push(...relationToDocument(document, field, declared));
    } else {
      throw new EctomorphError(`\`${field}\` is no field; write t.string() or embedsMany(..)`, { schema: where, field });
    }
  }
  if (timestamps !== undefined && timestamps !== false) described.push(...timestampsToDocument(document, timestamps));
  const description: Description = {
    name: String(document["name"] ?? document["source"] ?? "map"),
    source: (head["source"] as string | undefined) ?? null,
    embedded: head["embedded"] === true,
    schemaless: head["schemaless"] === true,
    fields: described,
  };
  return new Schema(document, () => description) as S;
}

function fieldToDocument(document: Record<string, unknown>, name: string, field: Field): FieldDescription {
  const { options, type } = field;
  const set = (setting: string, value: unknown) => {
    if (value !== undefined) ((document[setting] ??= {}) as Record<string, unknown>)[name] = value;
  };
  const list = (setting: string, listed: boolean | undefined) => {
    if (listed === true) ((document[setting] ??= []) as string[]).push(name);
  };
  set("defaults", options.default === undefined ? undefined : toNotation(options.default, type));
  set("field_sources", options.source);
  set("autogenerate", options.autogenerate);
  set("writable", options.writable);
  set("load_in_query", options.loadInQuery);
  list("virtual", options.virtual);
  list("redact", options.redact);
  list("read_after_writes", options.readAfterWrites);
  return {
    name,
    type,
    default: options.default ?? null,
    virtual: options.virtual ?? false,
    redact: options.redact ?? false,
    primary_key: options.primaryKey ?? false,
  };
}

function relationToDocument(document: Record<string, unknown>, name: string, relation: Relation): FieldDescription[] {
  const { kind, options, schema } = relation;
  const words = {
    on_replace: options.onReplace,
    on_delete: options.onDelete,
    foreign_key: options.foreignKey,
    references: options.references,
    defaults: options.defaults && fieldsToNotation(options.defaults, schema.description),
    where: options.where && fieldsToNotation(options.where, schema.description),
    preload_order: options.preloadOrder,
    defaults_to_struct: options.defaultsToStruct,
    join_through: options.joinThrough,
    join_keys: options.joinKeys,
    join_defaults: options.joinDefaults,
    unique: options.unique,
  };
  const given = Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined));
  ((document[kind] ??= {}) as Record<string, unknown>)[name] = { schema: schema.document, ...given };
  const many = kind === "embeds_many" || kind === "has_many" || kind === "many_to_many";
  const described: FieldDescription = {
    name,
    relation: kind,
    cardinality: many ? "many" : "one",
    schema: schema.description,
  };
  if (kind !== "belongs_to") return [described];
  return [{ name: options.foreignKey ?? `${name}_id`, type: "id" }, described];
}

function timestampsToDocument(document: Record<string, unknown>, given: true | TimestampOptions): FieldDescription[] {
  const options = given === true ? {} : given;
  const type = options.type?.type ?? "naive_datetime";
  const names = [options.insertedAt ?? "inserted_at", options.updatedAt ?? "updated_at"];
  document["timestamps"] =
    given === true ? true : { inserted_at: names[0] || null, updated_at: names[1] || null, type };
  return names.filter((name) => name !== false).map((name) => ({ name, type }));
}
