import type { Changeset } from "./changeset.js";
import type { FieldsOf, RecordOf } from "./fields.js";
import type { Relation } from "./relation.js";
import type { Field } from "./types.js";
import type { Rules } from "./run.js";
import type { Schema } from "./schema.js";

/**
 * The type of the records of a schema, where every field may be null; or of those that rules let through, where what they
 * require is there.
 *
 * @example
 * type User = Infer<typeof User>;
 */
export type Infer<S> = S extends Schema<infer F> ? RecordOf<F>
  : S extends Changeset<infer _F, infer V> ? V
  : S extends Rules<infer _F, infer V> ? V
  : never;

/**
 * The type of params, as a form or a client written in TypeScript sends them: texts, or values of the field's type, all of
 * them optional; children by their position or by index.
 *
 * @example
 * const params: InferParams<typeof placeOrder> = { number: "A-1", lines: [{ sku: "PEN", qty: "2" }] };
 */
export type InferParams<S> = ParamsOf<FieldsOf<S>>;

type ParamsOf<F> = { readonly [K in keyof F]?: ParamOf<F, K> };

type ParamOf<F, K extends keyof F> =
  F[K] extends Field<infer T, infer Kind> ? Text<T, Kind> | null
  : F[K] extends Relation<infer C, infer Kind> ?
    Kind extends "embeds_many" | "has_many" | "many_to_many" ?
      readonly ParamsOf<C>[] | { readonly [index: string]: ParamsOf<C> }
    : ParamsOf<C> | null
  : unknown;

/** What is cast to a type: a value of it, or what an input of a page has. Words that are none stay errors of the compiler. */
type Text<T, Kind extends string> =
  Kind extends "enum" ? T | ""
  : Kind extends "array" ? T | readonly string[]
  : Kind extends "decimal" ? string | number | bigint
  : Kind extends "boolean" ? boolean | "true" | "false" | "1" | "0" | ""
  : Kind extends "map" | "any" ? T
  : T | string;
