/**
 * Ecto's queries: values that say what to ask of a database.
 *
 * @module
 */
export {
  ago, and, avg, coalesce, constant, count, dateAdd, datetimeAdd, dynamic, field, filter, fragment, fromNow, identifier, ilike,
  isNil, jsonExtractPath, like, max, min, not, or, parentAs, pin, selectedAs, splice, sum, type, type Unit,
} from "./functions.js";
export { from } from "./from.js";
export type { Bindings, Join, Matches, NoBindings, SourceOptions } from "./join.js";
export { asc, ascNullsFirst, ascNullsLast, desc, descNullsFirst, descNullsLast, type Ordered, type Orders } from "./order.js";
export type { Part } from "./parts.js";
export type { Query } from "./query.js";
export type { Queryable } from "./queryable.js";
export type { Preload, PreloadOf, Result, ResultOf } from "./result.js";
export type { AnyRow, Row } from "./row.js";
export { list, map, mapUpdate, merge, struct } from "./select.js";
export type { Selection } from "./selection.js";
export { type Assoc, assoc, type Cte, cte, type CteOptions, type Source, type SourceLike, table, values } from "./source.js";
export { all, any, exists, type Subquery, subquery } from "./subquery.js";
export type { Condition, Term } from "./term.js";
export type { Updates } from "./update.js";
export {
  cumeDist, denseRank, firstValue, lag, lastValue, lead, nthValue, ntile, over, percentRank, rank, rowNumber, type Window,
} from "./window.js";
export type { QueryDocument, QueryParam } from "./write.js";
