// The types of results, inferred from what is selected and preloaded. Nothing here exists when the program runs.

import type { AssocName, ChildFields, EndOf, RecordOf } from "../fields.js";
import type { Relation, Through } from "../relation.js";
import type { Field } from "../types.js";
import type { Queryable } from "./queryable.js";
import type { AnyRow, Bound, ROW, Row } from "./row.js";
import type { Selection } from "./selection.js";
import type { Term } from "./term.js";

type Flat<T> = { [K in keyof T]: T[K] } & {};

/** The select of a query that has none: its first source. */
export interface Unselected {
  readonly "~unselected": true;
}

/** Whatever query. */
// biome-ignore lint/suspicious/noExplicitAny: it stands for every query
export type AnyQuery = Queryable<any, any>;

/** What each result of a query is. */
export type Result<R, S, P> = S extends Unselected ? ResultOf<R, P> : ResultOf<S, P>;

/** What something selected is in a result. */
export type ResultOf<S, P = unknown> =
  S extends { readonly [ROW]: Bound<infer F, infer R, infer N, infer Root> } ?
    (Root extends true ? Loaded<F, R, P> : R) | N
  : S extends Selection<infer T> ? T
  : S extends null | undefined | string | number | bigint | boolean | Date | Uint8Array ? S
  : S extends ReadonlyMap<infer _K, infer V> ? { readonly [key: string]: ResultOf<V, P> }
  : S extends readonly unknown[] ? { -readonly [I in keyof S]: ResultOf<S[I], P> }
  : { -readonly [K in keyof S]: ResultOf<S[K], P> } & {};

/** A record with associations that are loaded for sure. */
export type Loaded<F, R, P> =
  unknown extends P ? R
  : Flat<Omit<R, keyof P> & { -readonly [K in keyof P]: K extends keyof F ? LoadedAssoc<F, K, P[K]> : unknown }>;

type LoadedAssoc<F, K extends keyof F, P> =
  F[K] extends Relation<infer C, infer Kind> ?
    Kind extends "has_many" | "many_to_many" ? readonly Loaded<C, RecordOf<C>, P>[] : Loaded<C, RecordOf<C>, P> | null
  : F[K] extends Through<infer Path, infer Many> ?
    Many extends true ? readonly LoadedEnd<EndOf<F, Path>, P>[] : LoadedEnd<EndOf<F, Path>, P> | null
  : unknown;

type LoadedEnd<C, P> = Loaded<C, RecordOf<C>, P>;

/** What may be preloaded: names of associations, each with what to preload of it, or a query for it. */
export type Preload<F> = AssocName<F> | PreloadOf<F> | readonly (AssocName<F> | PreloadOf<F>)[];

/** For names of associations: what to preload of each, or a query for it, or the join that loaded it. */
export type PreloadOf<F> = {
  readonly [K in AssocName<F>]?:
    | Preload<ChildFields<F, K & keyof F>>
    | AnyQuery
    | RowFor<ChildFields<F, K & keyof F>>
    | readonly [AnyQuery | RowFor<ChildFields<F, K & keyof F>>, Preload<ChildFields<F, K & keyof F>>];
};

/** A row of a schema, out of a join. */
interface RowFor<F> {
  readonly [ROW]: Bound<F, unknown, unknown, unknown>;
}

/** The associations that a preload loads, each with those that are loaded of it. */
export type Preloaded<P> =
  P extends string ? { [K in P]: unknown }
  : P extends AnyRow | AnyQuery ? unknown
  : P extends readonly [AnyRow | AnyQuery, infer Nested] ? Preloaded<Nested>
  : P extends readonly (infer Each)[] ? Intersection<Each extends unknown ? [Preloaded<Each>] : never>
  // What is optional is not given, but all that might be, which goes round in circles.
  : { -readonly [K in keyof P]: Record<never, never> extends Pick<P, K> ? unknown : Preloaded<P[K]> };

type Intersection<U> =
  (U extends readonly [infer T] ? (all: T) => void : never) extends (all: infer All) => void ? All : never;

/** The row that a select gives to the query around it. */
export type RowOfSelect<R, S> =
  S extends Unselected ? Plain<R>
  : S extends AnyRow ? Plain<S>
  : S extends Selection<infer T> ? SelectionRow<T>
  : S extends readonly unknown[] ? never
  : Row<FieldsOfShape<S>, ResultOf<S>>;

type Plain<X> = X extends { readonly [ROW]: Bound<infer F, infer R, infer N, infer _Root> } ? Row<Only<F, R>, R, N> : never;
type Only<F, R> = 0 extends 1 & F ? F : Pick<F, keyof F & keyof R>;
// biome-ignore lint/suspicious/noExplicitAny: the types of its columns are not known
type SelectionRow<T> =
  [T] extends [object] ? Row<{ [K in keyof T]: Field<NonNullable<T[K]>, any, false> }, T> : Row<NoFields, T>;
type NoFields = Record<never, never>;
type FieldsOfShape<S> = { [K in keyof S]: FieldOfShape<S[K]> };
type FieldOfShape<C> =
  C extends Term<infer T, infer Kind> ? Field<NonNullable<T>, Kind, null extends T ? false : true>
  : Field<NonNullable<C>, "any", false>;
