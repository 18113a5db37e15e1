import type { SourceOptions } from "./join.js";
import { EMPTY } from "./parts.js";
import { Query } from "./query.js";
import type { AnyQuery } from "./result.js";
import type { RootRow, Row } from "./row.js";
import { type RowOf, type SourceLike, sourceOf } from "./source.js";

/**
 * A query over a source: a schema, the name of a table, a subquery, a fragment, values.
 *
 * @example
 * from(User).where({ name: "Ada" });
 * from(subquery(from(Post).select((p) => ({ views: p.views })))).select((x) => max(x.views));
 */
export function from(table: string, options?: SourceOptions): Query<Row<any, any, never, true>>;
export function from<Q extends AnyQuery>(query: Q): Q;
export function from<Src extends SourceLike>(source: Src, options?: SourceOptions): Query<RootRow<RowOf<Src>>>;
export function from(given: SourceLike | string, { prefix }: SourceOptions = {}): AnyQuery {
  if (given instanceof Query) return given;
  return new Query({ ...EMPTY, from: { source: sourceOf(given), prefix } });
}
