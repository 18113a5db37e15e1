import type { AssocName, ChildFields } from "../fields.js";
import type { Operand } from "./kinds.js";
import type { Query } from "./query.js";
import type { Qualifier } from "./queryable.js";
import type { AnyRow, FieldsOf, NullRow, Row } from "./row.js";
import type { RowOf, SourceLike } from "./source.js";
import type { Condition, Term } from "./term.js";

// The types of joins: one signature for all kinds. Nothing here exists when the program runs.

/** Named rows. */
export interface Bindings {
  readonly [name: string]: AnyRow;
}

/** No names. */
export type NoBindings = Record<never, never>;

/** What callbacks get: the first row and the named ones; only those, where the first has a name, too. */
export type Rows<R, B, As> = As extends true ? [bindings: B] : [row: R, bindings: B];

/** A function of the rows of a query. */
export type OfRows<R, B, As, T> = (...rows: Rows<R, B, As>) => T;

/** What is said of a source. */
export interface SourceOptions {
  /** The database schema (or prefix) of the table. */
  readonly prefix?: string;
}

/** Values that columns of a row must have. */
export type Matches<X> = { readonly [K in Exclude<keyof X, symbol>]?: Match<X[K]> };
type Match<C> = C extends Term<infer T, infer Kind> ? Operand<T, Kind> : never;

type Optional<Q extends Qualifier, X> = Q extends "left" | "left_lateral" | "full" ? NullRow<X> : X;
type Before<Q extends Qualifier, X extends AnyRow> = Q extends "right" | "full" ? NullRow<X> : X;
type AllBefore<Q extends Qualifier, B> = Q extends "right" | "full" ? { readonly [K in keyof B]: NullRow<B[K]> } : B;

/** The bindings after a join. */
type With<Q extends Qualifier, B, N extends string, X> = AllBefore<Q, B> & { readonly [K in N]: Optional<Q, X> };

/** The condition of a join: of its row and those before it, or values of its columns. */
type On<R, B, As, N extends string, X> = OfRows<R, B & { readonly [K in N]: X }, As, Condition | Matches<X>>;

/** A join of one kind. */
export interface Join<R extends AnyRow, B, As extends boolean, S, P, Q extends Qualifier> {
  /** Follows an association of the first source. Its row is named as the association, if no name is given. */
  <K extends AssocName<FieldsOf<R>>, const N extends string = K>(
    association: K,
    as?: N,
    on?: On<R, B, As, N, Row<ChildFields<FieldsOf<R>, K & keyof FieldsOf<R>>>>,
    options?: SourceOptions,
  ): Query<Before<Q, R>, With<Q, B, N, Row<ChildFields<FieldsOf<R>, K & keyof FieldsOf<R>>>>, As, S, P>;
  /** Joins a source, or what a callback makes of the rows before it: an association of theirs, a lateral subquery. */
  <Src extends SourceLike, const N extends string>(
    source: Src | OfRows<R, B, As, Src>,
    as: N,
    on?: On<R, B, As, N, RowOf<Src>>,
    options?: SourceOptions,
  ): Query<Before<Q, R>, With<Q, B, N, RowOf<Src>>, As, S, P>;
}
