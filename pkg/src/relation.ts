import type { RelationKind } from "./describe.js";
import { bring } from "./bring.js";
import type { AnyFields } from "./fields.js";
import type { Schema } from "./schema.js";

/** What becomes of a child that is left out or replaced; `raise`, if nothing is said. */
export type OnReplace = "raise" | "mark_as_invalid" | "delete" | "delete_if_exists" | "nilify" | "update";

/** The options of an embed. */
export interface EmbedOptions {
  readonly onReplace?: OnReplace;
  /** Values set on children that are built. */
  readonly defaults?: object;
  /** Of `embedsOne`: an empty record instead of null where there is none. */
  readonly defaultsToStruct?: boolean;
}

/** The options of an association. */
export interface AssocOptions {
  readonly onReplace?: OnReplace;
  readonly onDelete?: "nothing" | "nilify_all" | "delete_all";
  /** The column that refers to the other record. */
  readonly foreignKey?: string;
  /** The field it refers to; `id`, if nothing is said. */
  readonly references?: string;
  readonly defaults?: object;
  readonly where?: object;
  readonly preloadOrder?: readonly (string | readonly ["asc" | "desc", string])[];
}

/** The options of `manyToMany`. */
export interface JoinOptions extends Omit<AssocOptions, "foreignKey" | "references"> {
  /** The table between the two. */
  readonly joinThrough: string;
  /** `[[its column, our key], [its column, their key]]` */
  readonly joinKeys: readonly [readonly [string, string], readonly [string, string]];
  /** Values of new rows of the join table. */
  readonly joinDefaults?: { readonly [column: string]: unknown };
  readonly unique?: boolean;
}

/** A relation: an embed or an association, with the schema it holds. */
export class Relation<F = AnyFields, Kind extends RelationKind = RelationKind, Key extends string = string> {
  declare readonly "~fields": F;
  declare readonly "~key": Key;

  constructor(
    readonly kind: Kind,
    readonly schema: Schema<F>,
    readonly options: EmbedOptions & AssocOptions & Partial<JoinOptions>,
  ) {
    Object.freeze(this);
  }
}

/** Records that are reached through other associations. They are read only. */
export class Through<Path extends readonly string[] = readonly string[], Many extends boolean = boolean> {
  constructor(
    readonly path: Path,
    readonly cardinality: Many extends true ? "many" : "one",
  ) {
    Object.freeze(this);
  }
}

/** The path of associations that go through others. */
export interface ThroughOptions<Path extends readonly string[]> {
  readonly through: Path;
}

function relation<F, Kind extends RelationKind>(kind: Kind, schema: Schema<F>, options: Relation["options"]): Relation<F, Kind, never> {
  return bring(new Relation<F, Kind, never>(kind, schema, options));
}

/** One child inside the parent's row. */
export function embedsOne<F>(schema: Schema<F>, options: EmbedOptions = {}): Relation<F, "embeds_one", never> {
  return relation("embeds_one", schema, options);
}

/**
 * Children inside the parent's row.
 *
 * @example
 * const Order = schema("orders", { lines: embedsMany(LineItem, { onReplace: "delete" }) });
 */
export function embedsMany<F>(
  schema: Schema<F>,
  options: Omit<EmbedOptions, "defaultsToStruct"> = {},
): Relation<F, "embeds_many", never> {
  return relation("embeds_many", schema, options);
}

/** One row of another table that refers to this one, or that is reached through other associations. */
export function hasOne<const Path extends readonly string[]>(options: ThroughOptions<Path>): Through<Path, false>;
export function hasOne<F>(schema: Schema<F>, options: AssocOptions & { readonly foreignKey: string }): Relation<F, "has_one", never>;
export function hasOne(given: Schema | ThroughOptions<readonly string[]>, options?: AssocOptions): unknown {
  return "through" in given ? bring(new Through(given.through, "one")) : relation("has_one", given, options ?? {});
}

/**
 * Rows of another table that refer to this one, or that are reached through other associations.
 *
 * A schema that is declared further down is the business of a getter: so schemas may refer to each other.
 *
 * @example
 * const User = schema("users", {
 *   name: t.string(),
 *   get posts() { return hasMany(Post, { foreignKey: "user_id" }); },
 *   comments: hasMany({ through: ["posts", "comments"] }),
 * });
 * const Post = schema("posts", {
 *   user: belongsTo(User),
 *   get comments() { return hasMany(Comment, { foreignKey: "post_id" }); },
 * });
 */
export function hasMany<const Path extends readonly string[]>(options: ThroughOptions<Path>): Through<Path, true>;
export function hasMany<F>(schema: Schema<F>, options: AssocOptions & { readonly foreignKey: string }): Relation<F, "has_many", never>;
export function hasMany(given: Schema | ThroughOptions<readonly string[]>, options?: AssocOptions): unknown {
  return "through" in given ? bring(new Through(given.through, "many")) : relation("has_many", given, options ?? {});
}

/** The row that this one refers to. It brings the field of its key: `<name>_id`, if nothing is said. */
export function belongsTo<F, const Key extends string = "">(
  schema: Schema<F>,
  options: Omit<AssocOptions, "foreignKey"> & { readonly foreignKey?: Key } = {},
): Relation<F, "belongs_to", NoInfer<Key>> {
  return relation("belongs_to", schema, options);
}

/** Rows of another table, by way of a table between. */
export function manyToMany<F>(schema: Schema<F>, options: JoinOptions): Relation<F, "many_to_many", never> {
  return relation("many_to_many", schema, options);
}
