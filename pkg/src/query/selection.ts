import type { Node } from "./node.js";
import type { Shape } from "./row.js";

/**
 * What can be selected: a term, or a part of rows that is no value of a column.
 *
 * @typeParam T What it is in a result.
 */
export class Selection<out T = unknown> {
  declare readonly "~value": T;

  constructor(
    readonly node: Node,
    /** What is known of its fields, where it has some. */
    readonly shape?: Shape,
  ) {}
}
