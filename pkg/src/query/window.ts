import type { NumberOperand, Operand } from "./kinds.js";
import type { Node } from "./node.js";
import { nodeOf, type Orders, ordersOf } from "./order.js";
import { operand, param, Term, typed } from "./term.js";

/** A window: which rows belong together, in which order, and how many of them are looked at. */
export interface Window {
  readonly partitionBy?: Term | readonly Term[];
  readonly orderBy?: Orders<never>;
  /** SQL: `` fragment`ROWS 3 PRECEDING` ``. */
  readonly frame?: Term;
}

/**
 * An aggregate or a function of windows, over the rows of a window: one that `windows` named, one that is given here,
 * or all rows.
 *
 * @example
 * from(Post).select((p) => [p.id, over(rowNumber(), { partitionBy: p.user_id, orderBy: desc(p.views) })]);
 */
export function over<T, Kind extends string>(term: Term<T, Kind>, window: string | Window = {}): Term<T, Kind> {
  return new Term(["over", term.node, typeof window === "string" ? window : windowNode(window)], term.type, term.quoted);
}

/** The document of a window. */
export function windowNode({ partitionBy, orderBy, frame }: Window): Node {
  const node: Record<string, Node> = {};
  if (partitionBy !== undefined) {
    node["partition_by"] = (Array.isArray(partitionBy) ? partitionBy : [partitionBy]).map((by) => nodeOf(by, undefined));
  }
  if (orderBy !== undefined) node["order_by"] = ordersOf(orderBy, undefined);
  if (frame !== undefined) node["frame"] = frame.node;
  return node;
}

/** The number of a row in its window, from 1. */
export function rowNumber(): Term<number, "integer"> {
  return new Term(["row_number"], "integer", "integer");
}

/** The rank, with gaps after peers. */
export function rank(): Term<number, "integer"> {
  return new Term(["rank"], "integer", "integer");
}

/** The rank, without gaps. */
export function denseRank(): Term<number, "integer"> {
  return new Term(["dense_rank"], "integer", "integer");
}

/** The rank from 0 to 1. */
export function percentRank(): Term<number, "float"> {
  return new Term(["percent_rank"], "float");
}

/** The share of rows up to this one. */
export function cumeDist(): Term<number, "float"> {
  return new Term(["cume_dist"], "float");
}

/** The number of one of `buckets` parts of the same size. */
export function ntile(buckets: NumberOperand): Term<number, "integer"> {
  return new Term(["ntile", integer(buckets)], "integer", "integer");
}

/** The first of the window. */
export function firstValue<T, Kind extends string>(term: Term<T, Kind>): Term<T, Kind> {
  return new Term(["first_value", term.node], term.type, term.quoted);
}

/** The last of the window. */
export function lastValue<T, Kind extends string>(term: Term<T, Kind>): Term<T, Kind> {
  return new Term(["last_value", term.node], term.type, term.quoted);
}

/** The one in that place, from 1. */
export function nthValue<T, Kind extends string>(term: Term<T, Kind>, nth: NumberOperand): Term<T | null, Kind> {
  return new Term(["nth_value", term.node, integer(nth)], term.type, term.quoted);
}

/** That of an earlier row: of the one before, if no offset is given. */
export function lag<T, Kind extends string>(
  term: Term<T, Kind>,
  offset?: NumberOperand,
  otherwise?: Operand<T, Kind>,
): Term<T | null, Kind> {
  return shifted("lag", term, offset, otherwise);
}

/** That of a later row: of the next, if no offset is given. */
export function lead<T, Kind extends string>(
  term: Term<T, Kind>,
  offset?: NumberOperand,
  otherwise?: Operand<T, Kind>,
): Term<T | null, Kind> {
  return shifted("lead", term, offset, otherwise);
}

function shifted<T, Kind extends string>(
  op: string,
  term: Term<T, Kind>,
  offset: NumberOperand | undefined,
  otherwise: unknown,
): Term<T, Kind> {
  const given: Node[] = offset === undefined ? [] : [integer(offset)];
  if (otherwise !== undefined) given.push(operand(otherwise, term));
  return new Term([op, term.node, ...given], term.type, term.quoted);
}

function integer(value: NumberOperand): Node {
  return value instanceof Term ? typed(value, "integer") : param(value, "integer", "integer");
}
