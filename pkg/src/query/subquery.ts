import { QueryNode } from "./node.js";
import type { Queryable } from "./queryable.js";
import type { AnyRow } from "./row.js";
import { Term } from "./term.js";

/** The kinds that a value may be of: several, for that of its column is not known any more. */
type KindOf<T> =
  [NonNullable<T>] extends [number] ? "integer"
  : [NonNullable<T>] extends [boolean] ? "boolean"
  // biome-ignore lint/suspicious/noExplicitAny: text may be a decimal, a date, or a name
  : any;

/** The class of subqueries. To the outside they are terms that are sources, too: [`Subquery`]. */
export class SubqueryTerm extends Term {
  constructor(readonly query: Queryable) {
    super(["subquery", new QueryNode(query)]);
  }
}

/**
 * A query inside another: as a source, and as the one value that it selects.
 *
 * @typeParam X Its row as a source.
 * @typeParam T What it selects.
 */
export type Subquery<X extends AnyRow = AnyRow, T = unknown> = Term<T | null, KindOf<T>> & Rows<X, T>;

/** What makes a term a subquery. */
export interface Rows<X, T> {
  readonly "~row": X;
  readonly "~rows": T;
}

/**
 * A query as the source of another, or as a value in it.
 *
 * Bindings of the query around it are in scope, so that it may refer to them.
 *
 * @example
 * from(User).select((u) => [u.id, subquery(from(Post).where((p) => p.user_id.eq(u.id)).select((p) => count(p.id)))]);
 */
export function subquery<X extends AnyRow, T>(query: Queryable<X, T>): Subquery<X, T> {
  return new SubqueryTerm(query) as never;
}

/** Whether a query finds anything. */
export function exists(query: Queryable): Term<boolean, "boolean"> {
  return new Term(["exists", ["subquery", new QueryNode(query)]], "boolean", "boolean");
}

/** Compares with all that a query selects: `p.price.gte(all(prices))`. */
export function all<T>(query: Queryable<AnyRow, T>): Subquery<AnyRow, T> {
  return quantified("all", query);
}

/** Compares with any that a query selects: `p.price.eq(any(prices))`. */
export function any<T>(query: Queryable<AnyRow, T>): Subquery<AnyRow, T> {
  return quantified("any", query);
}

function quantified<T>(op: string, query: Queryable<AnyRow, T>): Subquery<AnyRow, T> {
  return new Term([op, ["subquery", new QueryNode(query)]]) as never;
}
