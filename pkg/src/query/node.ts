import type { TypeNotation } from "../types.js";
import type { Queryable } from "./queryable.js";

// What expressions are made of before they are written. A node is the document's own form, but for what has no name
// yet: bindings, params and queries inside. `write.ts` gives them theirs.

/** An expression: a scalar, a call `[op, ..]`, an object of expressions, or one of the classes below. */
export type Node = null | boolean | number | string | readonly Node[] | { readonly [key: string]: Node } | Late;

/** What the writer resolves. */
export type Late = FieldNode | BindingNode | Param | TypeNode | QueryNode;

/**
 * One run of a callback. The bindings it was given belong to it, so that they mean the same when queries nest. What is
 * merged into what an earlier run gave has both.
 */
export class Call {
  constructor(readonly before?: Call) {}

  /** Whether bindings of a run belong to this one. */
  includes(other: Call): boolean {
    return this === other || this.before?.includes(other) === true;
  }
}

/** A source of the query whose callback was run: the root is 0, the joins follow. */
export interface Binding {
  readonly call: Call;
  readonly index: number;
}

/** A field of a source. */
export class FieldNode {
  constructor(
    /** A source, or the name of one of an outer query. */
    readonly binding: Binding | string,
    readonly name: string,
    /** Its type, where it is known. */
    readonly type?: TypeNotation,
  ) {}
}

/** The name of a source. */
export class BindingNode {
  constructor(readonly binding: Binding) {}
}

/** The type of a param: its own, or that of a field, as a list (`in`) or an element (`out`) of it. */
export type ParamType =
  | TypeNotation
  | FieldNode
  | { readonly in: ParamType }
  | { readonly out: ParamType }
  | { readonly array: ParamType }
  | { readonly splice: string };

/** A value of the user, in the notation of documents. It never becomes part of the query's text. */
export class Param {
  constructor(
    readonly value: () => unknown,
    readonly type: ParamType | undefined,
  ) {}

  /** The same, with a type, if it has none yet. */
  typed(type: ParamType | undefined): Param {
    return this.type === undefined && type !== undefined ? new Param(this.value, type) : this;
  }
}

/** A type as part of an expression. */
export class TypeNode {
  constructor(readonly type: ParamType) {}
}

/** A query inside of another. */
export class QueryNode {
  constructor(readonly query: Queryable) {}
}

/** Expressions that one run of a callback gave. */
export interface Clause<N = Node> {
  readonly call: Call;
  readonly node: N;
}
