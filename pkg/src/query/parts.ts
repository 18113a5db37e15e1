import type { State } from "./queryable.js";

/** The parts that `exclude` drops. */
export type Part =
  | "where" | "select" | "orderBy" | "groupBy" | "having" | "limit" | "offset" | "lock" | "preload" | "distinct" | "update"
  | "windows" | "combinations" | "withCtes" | "join" | "innerJoin" | "leftJoin" | "rightJoin" | "fullJoin" | "crossJoin"
  | "innerLateralJoin" | "leftLateralJoin" | "crossLateralJoin";

/** A query of which nothing was said but where its rows come from. */
export const EMPTY: Omit<State, "from"> = /* @__PURE__ */ Object.freeze({
  joins: [], recursive: false, ctes: [], select: undefined, distinct: undefined, updates: [], wheres: [], groupBys: [],
  havings: [], windows: [], combinations: [], orderBys: [], limit: undefined, withTies: false, offset: undefined,
  lock: undefined, preloads: [], assocs: [], prefix: undefined,
});

const PARTS: { readonly [part: string]: readonly (keyof State)[] } = {
  where: ["wheres"], select: ["select"], orderBy: ["orderBys"], groupBy: ["groupBys"], having: ["havings"],
  limit: ["limit", "withTies"], offset: ["offset"], lock: ["lock"], preload: ["preloads", "assocs"], distinct: ["distinct"],
  update: ["updates"], windows: ["windows"], combinations: ["combinations"], withCtes: ["ctes", "recursive"], join: ["joins"],
};

/** What is left of a state without a part. */
export function excluded(state: State, part: Part): Partial<State> {
  const keys = PARTS[part];
  if (keys !== undefined) return Object.fromEntries(keys.map((key) => [key, EMPTY[key as keyof typeof EMPTY]]));
  const qual = part.replace(/Join$/, "").replace(/L/, "_l");
  return { joins: state.joins.filter((join) => join.qual !== qual) };
}
