import { type Description, blank } from "./describe.js";
import { EctomorphError } from "./errors.js";
import type { AnyFields, Data, Fields, Kept, PutOf, RecordOf } from "./fields.js";
import { toNotation } from "./notation.js";
import { Relation, Through } from "./relation.js";
import { type Related, related } from "./related.js";
import { record, type RequiredIn, type RulesCallback } from "./rules.js";
import { Changeset } from "./changeset.js";
import { Core } from "./core.js";
import { changesToNotation } from "./put.js";
import { type Rules, makeRules } from "./run.js";
import { describeSchema } from "./described.js";
import { Field, type TypeNotation } from "./types.js";
import { binaryId, id } from "./t.js";
import { setOwn } from "./values.js";
import { theWhole } from "./whole.js";

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

/** The key that is added; in a mapped type, which looks at the fields no sooner than somebody asks. */
type Key<F, O, Id> = { [K in KeyName<O> as true extends IsKey<F>[keyof F] ? never : K]: KeyType<O, Id> };

type KeyName<O> = O extends { primaryKey: false } ? never : O extends { primaryKey: { name: infer Name extends string } } ? Name : "id";

type IsKey<F> = { [K in keyof F]: F[K] extends Field<infer _T, infer _K, infer P> ? P : false };

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

/** What is known of a record that a database has, or had. */
export interface Origin {
  readonly state: "loaded" | "deleted";
  /** Its schema, where the repo knew it. */
  readonly schema: Schema | undefined;
}

/** Origins of records that nothing can be put into. */
const sealed = /* @__PURE__ */ new WeakMap<object, Origin>();

/** Gives classes below it fields of objects that are there already. */
class Given {
  constructor(record: object) {
    return record;
  }
}

/** The origin of a record is kept in it, where nobody sees it: one map of all would be work whenever garbage is collected. */
class Placed extends Given {
  #origin: Origin;

  private constructor(record: object, origin: Origin) {
    super(record);
    this.#origin = origin;
  }

  static of(record: object): Origin | undefined {
    return #origin in record ? record.#origin : sealed.get(record);
  }

  static at(record: object, origin: Origin): void {
    if (#origin in record) record.#origin = origin;
    else if (Object.isExtensible(record)) new Placed(record, origin);
    else sealed.set(record, origin);
  }
}

const UNKNOWN = /* @__PURE__ */ (() => ({
  loaded: { state: "loaded", schema: undefined },
  deleted: { state: "deleted", schema: undefined },
} as const))();

/** The state of a record: null for one that no database has. */
export function stateOf(record: object): "loaded" | "deleted" | null {
  return Placed.of(record)?.state ?? null;
}

/** The schema of a record that came from a repo. */
export function schemaOf(record: object): Schema | undefined {
  return Placed.of(record)?.schema;
}

/** Says where a record comes from. */
export function setOrigin(record: object, origin: Origin): void {
  Placed.at(record, origin);
}

/** Marks a record as one that the database has, or had. */
export function setState(record: object, state: "loaded" | "deleted"): void {
  Placed.at(record, UNKNOWN[state]);
}

/**
 * A schema: fields with types, and relations. Made by [`schema`]; records of it are plain objects.
 *
 * @typeParam F Its fields.
 */
export class Schema<F = AnyFields> {
  declare readonly "~fields": F;
  /** The document without what getters give. */
  readonly #head: SchemaDocument;
  /** The fields, where relations are to schemas that may be declared later. */
  readonly #open: Fields | undefined;
  #document: SchemaDocument | undefined;
  readonly #given: Description | undefined;
  #description: Description | undefined;
  #blank: RecordOf<F> | undefined;
  #bare: Core | undefined;

  /**
   * @param description What the whole engine said of a document that nobody else can tell what it is.
   * @param open The fields, if the document lacks relations that lead to schemas declared later.
   */
  constructor(document: SchemaDocument, description?: Description, open?: Fields) {
    this.#head = document;
    this.#open = open;
    if (open === undefined) this.#document = document;
    this.#given = this.#description = description;
    Object.freeze(this);
  }

  /** The portable form of the schema, with the schemas of relations inside. */
  get document(): SchemaDocument {
    return (this.#document ??= this.#written());
  }

  #written(): SchemaDocument {
    const open = this.#open as Fields;
    // A getter of a relation brings what that needs.
    for (const field of Object.keys(open)) if (!(open[field] instanceof Relation) && isGetter(open, field)) throw noField(this.name, field, "belongsTo(User)");
    return (related() as Related).open(this, new Map());
  }

  /** The name in messages. */
  get name(): string {
    return String(this.#head["name"] ?? this.#head["source"] ?? "schema");
  }

  /** The table; null for an embedded or schemaless one. */
  get source(): string | null {
    return (this.#head["source"] as string | undefined) ?? null;
  }

  /**
   * What it was made of: the document without what getters give, and the fields, if some of them are such.
   *
   * @internal
   */
  static parts(schema: Schema): { readonly head: SchemaDocument; readonly open: Fields | undefined } {
    return { head: schema.#head, open: schema.#open };
  }

  /**
   * The description as far as it is known without getters, which may lead back here.
   *
   * @internal
   */
  get own(): Description {
    return this.isOpen ? (describeSchema(this.#head) as Description) : this.description;
  }

  /** Whether relations, of its own or of schemas that it relates to, are to schemas that may be declared later. */
  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  get description(): Description {
    return (this.#description ??= describeSchema(this.document) ?? theWhole(`the schema \`${this.name}\``).compile(this.#core));
  }

  /**
   * Rules for records of this schema. The callback runs once, now, and its calls are recorded; the result is applied
   * to data and params as often as you like.
   *
   * @example
   * const registration = User.changeset((c) => c.cast("name", "email").validateRequired("name"));
   * const changeset = registration(User.build(), { name: "Ada" });
   */
  changeset<C>(rules: RulesCallback<F, C>): Rules<F, Kept<F, RequiredIn<C>>> {
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
    setOrigin(loaded as object, { state: "loaded", schema: this as Schema });
    return loaded;
  }

  /** A changeset without params: the record, with these changes. */
  change(data: Data<F>, changes: { readonly [K in keyof F]?: PutOf<F, K> } = {}): Changeset<F> {
    const written = changesToNotation(changes, { name: "", schema: this.description }, data);
    const source = this.#core.apply(data, this.isBlank(data), null);
    const pairs = Object.entries(written);
    return new Changeset(pairs.length === 0 ? source : source.recipe("change").with([["change", pairs]]));
  }

  /** Rules without steps. */
  get #core(): Core {
    return (this.#bare ??= new Core(this.document, { steps: [], validators: [] }, this.#given === undefined));
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
  return build({ source }, fields, options ?? {}, id());
}

/** A schema that lives inside the records of others. Its key is a UUID. */
function embedded<const F extends Fields, const O extends Omit<SchemaOptions, "prefix"> = Record<never, never>>(
  fields: F,
  options?: O,
): Schema<WithImplied<F, O, BinaryId>> {
  return build({ embedded: true, name: "embedded" }, fields, options ?? {}, binaryId());
}

/**
 * A schema over a table; `schema.embedded` makes one that lives inside the records of others, whose key is a UUID.
 *
 * @example
 * const LineItem = schema.embedded({ sku: t.string(), qty: t.integer() });
 * const Order = schema("orders", { number: t.string(), lines: embedsMany(LineItem) }, { timestamps: true });
 * type Order = Infer<typeof Order>;
 */
export const schema: typeof ofTable & {
  /** A schema that lives inside the records of others. Its key is a UUID. */
  readonly embedded: typeof embedded;
} = /* @__PURE__ */ Object.assign(ofTable, { embedded });

/**
 * Types without a record, for a form that is no row: data are plain objects, and nothing has a default.
 *
 * @example
 * const search = schemaless({ q: t.string(), page: t.integer() }).changeset((c) => c.cast("q", "page"));
 */
export function schemaless<const F extends Fields>(types: F): Schema<F> {
  return build({ schemaless: true }, types, { primaryKey: false }, id()) as Schema<F>;
}

/** Writes the document. */
function build<S>(
  head: Record<string, unknown>,
  fields: Fields,
  { name, prefix, primaryKey, timestamps }: SchemaOptions,
  id: Field,
): S {
  const document: Record<string, unknown> = { ...head };
  if (name !== undefined) document["name"] = name;
  if (prefix !== undefined) document["prefix"] = prefix;
  const keys = Object.keys(fields).filter((key) => !isGetter(fields, key) && (fields[key] as Field)?.options?.primaryKey === true);
  if (keys.length > 0) {
    document["primary_key"] = keys;
  } else if (primaryKey === false) {
    if (head["schemaless"] !== true) document["primary_key"] = false;
  } else if (primaryKey !== undefined) {
    const { name = "id", type = id, autogenerate = true } = primaryKey;
    document["primary_key"] = { name, type: type.type, autogenerate };
  }
  const written: Record<string, TypeNotation> = {};
  document["fields"] = written;
  const relations: [string, Relation][] = [];
  let isOpen = false;
  for (const field of Object.keys(fields)) {
    if (isGetter(fields, field)) {
      isOpen = true;
      continue;
    }
    const declared: unknown = fields[field];
    if (declared instanceof Field) {
      setOwn(written, field, declared.type);
      fieldToDocument(document, field, declared);
    } else if (declared instanceof Relation) {
      relations.push([field, declared]);
      isOpen ||= declared.schema.isOpen;
    } else if (declared instanceof Through) {
      setOwn((document["through"] ??= {}) as object, field, declared);
    } else {
      throw noField(name ?? String(head["source"] ?? "schema"), field, "embedsMany(..)");
    }
  }
  if (timestamps !== undefined && timestamps !== false) document["timestamps"] = timestampsToDocument(timestamps);
  if (!isOpen) for (const [field, relation] of relations) related()?.relation(document, field, relation, relation.schema.document);
  return new Schema(document, undefined, isOpen ? fields : undefined) as S;
}

function isGetter(fields: Fields, field: string): boolean {
  return Object.getOwnPropertyDescriptor(fields, field)?.get !== undefined;
}

function noField(schema: string, field: string, relation: string): EctomorphError {
  return new EctomorphError(`\`${field}\` is no field; write t.string() or ${relation}`, { schema, field });
}

function fieldToDocument(document: Record<string, unknown>, name: string, { options, type }: Field): void {
  const set = (setting: string, value: unknown) => {
    if (value !== undefined) setOwn((document[setting] ??= {}) as object, name, value);
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
}

function timestampsToDocument(given: true | TimestampOptions): unknown {
  if (given === true) return true;
  const { insertedAt = "inserted_at", updatedAt = "updated_at", type } = given;
  return { inserted_at: insertedAt || null, updated_at: updatedAt || null, type: type?.type ?? "naive_datetime" };
}
