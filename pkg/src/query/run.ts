import { Call } from "./node.js";
import type { State } from "./queryable.js";
import { type AnyRow, makeRow } from "./row.js";

/** What a callback gave, with the run that its rows belong to. */
export interface Ran {
  readonly call: Call;
  readonly value: unknown;
  /** The row of the first source. */
  readonly root: AnyRow;
}

/** Runs a callback with rows of its own. What is no callback is its own answer. */
export function run({ from, joins }: State, given: unknown, call = new Call()): Ran {
  const root = makeRow({ call, index: 0 }, from.source.shape);
  if (typeof given !== "function") return { call, value: given, root };
  const named: Record<string, AnyRow> = Object.create(null);
  if (from.as !== undefined) named[from.as] = root;
  joins.forEach(({ as, source }, index) => {
    if (as !== undefined) named[as] = makeRow({ call, index: index + 1 }, source.shape);
  });
  return { call, value: from.as === undefined ? given(root, named) : given(named), root };
}
