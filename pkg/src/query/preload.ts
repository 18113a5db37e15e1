import { EctomorphError } from "../errors.js";
import { type Binding, type Node, QueryNode } from "./node.js";
import { type AssocPreload, Queryable } from "./queryable.js";
import { infoOf, isRow } from "./row.js";

/** What `preload` was given: what is loaded by queries of its own, and what a join has loaded. */
export interface PreloadParts {
  readonly preloads: readonly Node[];
  readonly assocs: readonly AssocPreload[];
}

/** Reads what to preload: names, lists, and for names what to preload of them, a query, or a row of a join. */
export function preloadParts(given: unknown): PreloadParts {
  if (typeof given === "string") return { preloads: [given], assocs: [] };
  if (Array.isArray(given)) {
    const parts = given.map(preloadParts);
    return { preloads: parts.flatMap(({ preloads }) => preloads), assocs: parts.flatMap(({ assocs }) => assocs) };
  }
  if (typeof given !== "object" || given === null) {
    throw new EctomorphError('preload(..) takes names of associations: preload("posts", { comments: "user" })');
  }
  const preloads: Node[] = [];
  const assocs: AssocPreload[] = [];
  for (const [assoc, wanted] of Object.entries(given)) {
    const paired = Array.isArray(wanted) && (isRow(wanted[0]) || wanted[0] instanceof Queryable);
    const [first, nested] = paired ? wanted : [wanted, []];
    if (isRow(first)) {
      const inside = preloadParts(nested);
      assocs.push({ assoc, binding: infoOf(first).binding as Binding, nested: inside.assocs });
      if (inside.preloads.length > 0) preloads.push({ [assoc]: inside.preloads });
    } else if (first instanceof Queryable) {
      const { preloads: inside } = preloadParts(nested);
      const query = new QueryNode(first);
      preloads.push({ [assoc]: inside.length === 0 ? { query } : { query, preload: inside } });
    } else {
      preloads.push({ [assoc]: preloadParts(wanted).preloads });
    }
  }
  return { preloads, assocs };
}
