import type { Node } from "./node.js";
import { type AnyRow, fieldOf, infoOf } from "./row.js";
import { condition, operand, Term } from "./term.js";

/** A condition, or values that columns of a row must have. */
export function conditionNode(given: unknown, row: AnyRow): Node {
  if (given instanceof Term || typeof given !== "object" || given === null) return condition(given);
  const equal = Object.entries(given).map(([name, value]): Node => {
    const field = fieldOf(infoOf(row), name);
    return ["==", field.node, operand(value, field)];
  });
  return equal.length === 0 ? true : equal.reduce((left, right) => ["and", left, right]);
}
