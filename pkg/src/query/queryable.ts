import type { Binding, Call, Clause, Node } from "./node.js";
import type { AnyRow, Shape } from "./row.js";
import type { Source } from "./source.js";

/** How rows of a join meet those before it. */
export type Qualifier =
  | "inner" | "left" | "right" | "full" | "cross" | "inner_lateral" | "left_lateral" | "cross_lateral";

/** A source in its place: with its binding, and what was said of it. */
export interface Placed {
  readonly source: Source;
  /** The name of its binding, if it has one. */
  readonly as?: string | undefined;
  readonly prefix?: string | undefined;
}

/** A join. */
export interface Joined extends Placed {
  readonly qual: Qualifier;
  /** The run of the callback that gave the source, which may refer to earlier ones. */
  readonly call: Call;
  readonly on: Clause | undefined;
}

/** A condition, joined to all before it with AND, or with OR. */
export interface Conditional extends Clause {
  readonly or: boolean;
}

/** A direction and an expression. */
export type Order = readonly [direction: string, node: Node];

/** A common table expression. */
export interface CteState {
  readonly name: string;
  readonly query: Queryable | Node;
  readonly materialized?: boolean | undefined;
  readonly operation: string;
}

/** An association that a join loads. */
export interface AssocPreload {
  readonly assoc: string;
  readonly binding: Binding;
  readonly nested: readonly AssocPreload[];
}

/** What a query is made of: Ecto's `%Ecto.Query{}`. Never changed, only copied. */
export interface State {
  readonly from: Placed;
  readonly joins: readonly Joined[];
  readonly recursive: boolean;
  readonly ctes: readonly CteState[];
  readonly select: (Clause & { readonly shape: Shape }) | undefined;
  readonly distinct: true | Clause<readonly Order[]> | undefined;
  readonly updates: readonly Clause[];
  readonly wheres: readonly Conditional[];
  readonly groupBys: readonly Clause<readonly Node[]>[];
  readonly havings: readonly Conditional[];
  readonly windows: readonly Clause<readonly (readonly [string, Node])[]>[];
  readonly combinations: readonly { readonly op: string; readonly query: Queryable }[];
  readonly orderBys: readonly Clause<readonly Order[]>[];
  readonly limit: Clause | undefined;
  readonly withTies: boolean;
  readonly offset: Clause | undefined;
  readonly lock: Clause | undefined;
  readonly preloads: readonly Node[];
  readonly assocs: readonly Clause<AssocPreload>[];
  readonly prefix: string | undefined;
}

/**
 * What can be asked of a database: the part of a query that does not depend on how it is built.
 *
 * @typeParam X Its row, where it is the source of another query.
 * @typeParam T What each result is.
 */
export abstract class Queryable<out X extends AnyRow = AnyRow, out T = unknown> {
  declare readonly "~row": X;
  declare readonly "~result": T;

  constructor(readonly state: State) {}
}

/** What is known of the rows of a query, where it is the source of another. */
export function shapeOfQuery({ state }: Queryable): Shape {
  return state.select?.shape ?? state.from.source.shape;
}
