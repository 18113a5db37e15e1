import type { Field } from "./types.js";
import type { Relation, Through } from "./relation.js";
import type { Rules } from "./run.js";

// The types that follow from the fields of a schema. Nothing here exists when the program runs.

/** Any schema's fields: for rules read from a document, whose fields no type knows. */
// biome-ignore lint/suspicious/noExplicitAny: it stands for what is not known when the program is compiled
export type AnyFields = any;

/**
 * What a schema is made of: names of fields, each with a field or a relation. Which of them it is is looked at when the program
 * runs: a relation that is a getter may be to a schema that is declared later, whose type is not known yet.
 */
export interface Fields {
  // biome-ignore lint/suspicious/noExplicitAny: asking for more here would go round in circles
  readonly [name: string]: any;
}

type Flat<T> = { [K in keyof T]: T[K] } & {};

/** Names of fields with a type, not of relations. */
export type ValueName<F> = { [K in keyof F]: F[K] extends Field ? K : never }[keyof F] & string;

/** Names of fields whose type is one of these words. */
export type NameOfKind<F, Kinds extends string> = {
  [K in keyof F]: F[K] extends Field<infer _T, infer Kind> ? (Kind extends Kinds ? K : never) : never;
}[keyof F] &
  string;

/** Names of relations. */
export type RelationName<F> = { [K in keyof F]: F[K] extends Relation<AnyFields> ? K : never }[keyof F] & string;

/** Names of embeds. */
export type EmbedName<F> = {
  [K in keyof F]: F[K] extends Relation<infer _F, infer Kind> ? (Kind extends EmbedKind ? K : never) : never;
}[keyof F] &
  string;

/** Names of associations that hold rows of their own, and may be written. */
export type OwnAssocName<F> = {
  [K in keyof F]: F[K] extends Relation<infer _F, infer Kind> ? (Kind extends EmbedKind ? never : K) : never;
}[keyof F] &
  string;

/** Names of associations, those that go through others too. */
export type AssocName<F> =
  | OwnAssocName<F>
  | ({ [K in keyof F]: F[K] extends Through ? K : never }[keyof F] & string);

type EmbedKind = "embeds_one" | "embeds_many";
type ManyKind = "embeds_many" | "has_many" | "many_to_many";

/** The fields of the schema that a relation holds. */
export type ChildFields<F, K extends keyof F> =
  F[K] extends Relation<infer C, infer _Kind> ? C
  : F[K] extends Through<infer Path> ? EndOf<F, Path>
  : AnyFields;

/** The fields of the schema that a path of associations ends at. */
export type EndOf<F, Path extends readonly string[]> =
  Path extends readonly [infer First extends keyof F, ...infer Rest extends readonly string[]] ? EndOf<ChildFields<F, First>, Rest>
  : Path extends readonly [] ? F
  : AnyFields;

/** The value of a field that is not null. */
export type Present<F, K extends keyof F> = F[K] extends Field<infer T> ? T : unknown;

/** The value of a field in a record. */
export type ValueOf<F, K extends keyof F> =
  F[K] extends Field<infer T> ? T | null
  : F[K] extends Relation<infer C, infer Kind> ?
    Kind extends ManyKind ? readonly RecordOf<C>[] : RecordOf<C> | null
  : F[K] extends Through<infer Path, infer Many> ?
    Many extends true ? readonly RecordOf<EndOf<F, Path>>[] : RecordOf<EndOf<F, Path>> | null
  : unknown;

/** A record: a value for each field; of an association, only when it was loaded. */
export type RecordOf<F> = Flat<
  { [K in Exclude<keyof F, AssocName<F>>]: ValueOf<F, K> } & { [K in AssocName<F> & keyof F]?: ValueOf<F, K> }
>;

/** The fields of a schema, of rules or of a changeset; fields as they are. */
export type FieldsOf<S> = 0 extends 1 & S ? AnyFields : S extends { readonly "~fields": infer F } ? F : S extends Rules<infer F, infer _V> ? F : S;

/** What rules require of these fields: a value. */
export type Requiring<K extends string> = { readonly [P in K]: true };

/** What the rules of the children in a relation let through, and whether the relation must be there. */
export type OfChildren<K extends string, V, IsRequired> = { readonly [P in K]: { readonly child: V; readonly required: IsRequired } };

/** A record that rules let through, which require `R` of what is otherwise `V`. */
export type Kept<F, R, V = RecordOf<F>> = keyof R extends never ? V
  : Flat<{ [K in keyof V]: K extends keyof R & keyof F ? KeptValue<F, K, R[K]> : V[K] }>;

type KeptValue<F, K extends keyof F, R> =
  F[K] extends Field<infer T> ? T
  : F[K] extends Relation<infer C, infer Kind> ?
    Kind extends ManyKind ? readonly KeptChild<C, R>[]
    : R extends true | { readonly required: true } ? KeptChild<C, R>
    : KeptChild<C, R> | null
  : ValueOf<F, K>;

type KeptChild<C, R> = R extends { readonly child: infer V } ? V : RecordOf<C>;

/** The change of a field: a value, or changesets of a relation. */
export type ChangeOf<F, K extends keyof F> =
  F[K] extends Field<infer T> ? T | null
  : F[K] extends Relation<infer C, infer Kind> ?
    Kind extends ManyKind ? readonly import("./changeset.js").Changeset<C>[] : import("./changeset.js").Changeset<C> | null
  : unknown;

/** The changes of a changeset. */
export type Changes<F> = { readonly [K in keyof F]?: ChangeOf<F, K> };

/** What may be put into a field: its value; of a relation records, attributes or changesets. */
export type PutOf<F, K extends keyof F> =
  F[K] extends Field<infer T> ? T | null
  : F[K] extends Relation<infer C, infer Kind> ?
    Kind extends ManyKind ? readonly PutChild<C>[] : PutChild<C> | null
  : unknown;

type PutChild<C> = Partial<RecordOf<C>> | import("./changeset.js").Changeset<C>;

/** Data that rules are applied to: a record, or part of one. */
export type Data<F> = Partial<RecordOf<F>>;
