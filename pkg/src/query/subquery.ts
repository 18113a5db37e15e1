import { QueryNode } from "./node.js";
import type { Queryable } from "./queryable.js";
import type { AnyRow } from "./row.js";
import { Term } from "./term.js";

type KindOf<T> =
  NonNullable<T> extends number ? "integer" | "float" | "id"
  : NonNullable<T> extends boolean ? "boolean"
  : string;

/**
 * A query inside another: as a source, and as the one value that it selects.
 *
 * @typeParam X Its row as a source.
 * @typeParam T What it selects.
 */
export class Subquery<out X extends AnyRow = AnyRow, out T = unknown> extends Term<T | null, KindOf<T>> {
  declare readonly "~row": X;
  declare readonly "~rows": T;

  constructor(readonly query: Queryable<X, T>) {
    super(["subquery", new QueryNode(query)]);
  }
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
  return new Subquery(query);
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
  return new Term([op, ["subquery", new QueryNode(query)]]) as Subquery<AnyRow, T>;
}
