import { EctomorphError } from "../errors.js";
import {
  type Binding, BindingNode, type Call, type Clause, FieldNode, type Node, Param, type ParamType, QueryNode, TypeNode,
} from "./node.js";
import { type AssocPreload, type Conditional, type Placed, Queryable, type State } from "./queryable.js";
import { Assoc } from "./source.js";

/** A query as documents write it: its syntax tree, and the values it refers to by number. */
export interface QueryDocument {
  readonly query: { readonly [key: string]: unknown };
  readonly params: readonly QueryParam[];
}

/** A value of the user, with the type it is cast to. */
export interface QueryParam {
  readonly value: unknown;
  readonly type?: unknown;
}

type Written = Record<string, unknown>;

/** A query that is being written: the names of its bindings, and the run of the callback whose terms are. */
interface Frame {
  readonly number: number;
  readonly names: readonly string[];
  call: Call | undefined;
}

/** Writes the document of a query. Values that are taken when it runs, such as that of `ago`, are taken now. */
export function documentOf(query: Queryable): QueryDocument {
  const outer = new Set<number>();
  const write = (): QueryDocument => {
    const writer = new Writer(outer);
    return { query: writer.query(query), params: writer.params };
  };
  const written = write();
  // Inner queries refer to outer rows by name: where one has none, all is written again with a name for it.
  return outer.size === 0 ? written : write();
}

class Writer {
  readonly params: QueryParam[] = [];
  readonly #frames: Frame[] = [];
  readonly #outer: Set<number>;
  #written = 0;

  /** @param outer The queries, by their number, whose first row needs a name. Those that are found are added. */
  constructor(outer: Set<number>) {
    this.#outer = outer;
  }

  /** Parts are written in the order in which Ecto's planner numbers params. */
  query({ state }: Queryable): Written {
    const number = this.#written++;
    const root = state.from.as ?? (this.#outer.has(number) ? `outer${number}` : undefined);
    const given = [root, ...state.joins.map(({ as }) => as)];
    const names = given.map((as, index) => as ?? `b${index}`);
    const sources = given.map((as, index): Written => (as === undefined ? { as: names[index] } : { as, named: true }));
    this.#frames.push({ number, names, call: undefined });
    const query = this.#parts(state, sources);
    this.#frames.pop();
    return query;
  }

  #parts(state: State, sources: readonly Written[]): Written {
    const query: Written = {};
    const put = (key: string, value: unknown) => {
      if (value !== undefined && !(Array.isArray(value) && value.length === 0)) query[key] = value;
    };
    put("with", this.#with(state));
    put("distinct", state.distinct === true ? true : state.distinct && this.#clause(state.distinct));
    put("select", state.select && this.#clause(state.select));
    query["from"] = this.#source(state.from, sources[0] as Written);
    put("update", state.updates.map((clause) => this.#clause(clause)));
    put("join", state.joins.map((join, index) => {
      const written = sources[index + 1] as Written;
      written["qual"] = join.qual;
      this.#within(join.call, () => this.#source(join, written));
      if (join.on !== undefined && join.on.node !== true) written["on"] = this.#clause(join.on);
      return written;
    }));
    put("where", this.#conditions(state.wheres));
    put("group_by", state.groupBys.flatMap((clause) => this.#clause(clause)));
    put("having", this.#conditions(state.havings));
    put("windows", state.windows.flatMap((clause) => this.#clause(clause)));
    put("combinations", state.combinations.map(({ op, query }) => ({ op, query: this.query(query) })));
    put("order_by", state.orderBys.flatMap((clause) => this.#clause(clause)));
    put("limit", state.limit && this.#clause(state.limit));
    put("with_ties", state.withTies || undefined);
    put("offset", state.offset && this.#clause(state.offset));
    put("lock", state.lock && this.#clause(state.lock));
    put("preload", this.#node(state.preloads));
    put("preload_assocs", state.assocs.map(({ call, node }) => this.#within(call, () => this.#assoc(node))));
    put("prefix", state.prefix);
    return query;
  }

  #with({ ctes, recursive }: State): unknown {
    if (ctes.length === 0) return undefined;
    const written = ctes.map(({ name, query, materialized, operation }) => ({
      name,
      ...(query instanceof Queryable ? { query: this.query(query) } : { fragment: this.#node(query) }),
      ...(materialized === undefined ? {} : { materialized }),
      operation,
    }));
    return { recursive, ctes: written };
  }

  #source({ source, prefix }: Placed, written: Written): Written {
    if (source instanceof Assoc) written["assoc"] = [this.#own(source.owner), source.name];
    for (const [key, node] of Object.entries(source.node)) written[key] = this.#node(node);
    if (prefix !== undefined) written["prefix"] = prefix;
    return written;
  }

  #conditions(conditions: readonly Conditional[]): unknown[] {
    return conditions.map((clause) => (clause.or ? { or: this.#clause(clause) } : this.#clause(clause)));
  }

  #assoc({ assoc, binding, nested }: AssocPreload): unknown {
    const written = { assoc, binding: this.#own(binding) };
    return nested.length === 0 ? written : { ...written, nested: nested.map((each) => this.#assoc(each)) };
  }

  #clause({ call, node }: Clause): unknown {
    return this.#within(call, () => this.#node(node));
  }

  #within<T>(call: Call, write: () => T): T {
    const frame = this.#frames.at(-1) as Frame;
    const before = frame.call;
    frame.call = call;
    const written = write();
    frame.call = before;
    return written;
  }

  #node(node: Node): unknown {
    if (typeof node !== "object" || node === null) return node;
    if (Array.isArray(node)) return (isChain(node) ? balanced(node) : node).map((each: Node) => this.#node(each));
    if (node instanceof FieldNode) return this.#field(node);
    if (node instanceof BindingNode) return this.#own(node.binding);
    if (node instanceof Param) return this.#param(node);
    if (node instanceof TypeNode) return this.#type(node.type);
    if (node instanceof QueryNode) return this.query(node.query);
    const entries = Object.entries(node as { [key: string]: Node });
    return Object.fromEntries(entries.map(([key, each]) => [key, this.#node(each)]));
  }

  #param({ value, type }: Param): unknown {
    const written = type === undefined ? { value: value() } : { value: value(), type: this.#type(type) };
    return { param: this.params.push(written) - 1 };
  }

  /** A type; that of a field of an outer query by itself, for documents name fields of the same query alone. */
  #type(type: ParamType): unknown {
    if (type instanceof FieldNode) {
      const [op, ...of] = this.#field(type);
      return op === "field" ? { field: of } : (type.type ?? "any");
    }
    if (typeof type !== "object") return type;
    const inside = (key: string, of: unknown) => (key === "enum" ? of : this.#type(of as ParamType));
    return Object.fromEntries(Object.entries(type).map(([key, of]) => [key, inside(key, of)]));
  }

  #field({ binding, name }: FieldNode): readonly string[] {
    if (typeof binding === "string") return ["parent_field", binding, name];
    const level = this.#frames.findLastIndex(({ call }) => call?.includes(binding.call));
    if (level === -1) throw foreign(name);
    const frame = this.#frames[level] as Frame;
    const alias = frame.names[binding.index] as string;
    if (level === this.#frames.length - 1) return ["field", alias, name];
    if (alias === `b${binding.index}`) this.#outer.add(frame.number);
    // The name must lead back to the row it was taken from: inner queries are looked at first.
    else if (this.#frames.slice(level + 1, -1).some(({ names }) => names.includes(alias))) {
      throw new EctomorphError(`\`${alias}\` names rows of two queries around \`${name}\`; rename one of them`);
    }
    return ["parent_field", alias, name];
  }

  /** The name of a binding of this very query. */
  #own({ call, index }: Binding): string {
    const frame = this.#frames.at(-1) as Frame;
    if (frame.call?.includes(call) !== true) throw foreign("row");
    return frame.names[index] as string;
  }
}

/** How many conditions are written one in the other before they are halved. */
const MANY = 16;

/** Whether conditions are chained by `and` or `or` deeper than documents may be nested. */
function isChain(node: readonly Node[]): boolean {
  const [op] = node;
  if (op !== "and" && op !== "or") return false;
  let left: Node | undefined = node;
  let depth = 0;
  while (Array.isArray(left) && left[0] === op && depth <= MANY) {
    left = left[1] as Node;
    depth += 1;
  }
  return depth > MANY;
}

/** The same conditions as a tree of little depth: both operators are associative. */
function balanced(node: readonly Node[]): readonly Node[] {
  const op = node[0] as string;
  const operands: Node[] = [];
  let left: Node = node;
  while (Array.isArray(left) && left[0] === op) {
    operands.push(left[2] as Node);
    left = left[1] as Node;
  }
  operands.push(left);
  operands.reverse();
  const half = (from: number, to: number): Node => {
    if (to - from === 1) return operands[from] as Node;
    const middle = (from + to) >> 1;
    return [op, half(from, middle), half(middle, to)];
  };
  return half(0, operands.length) as readonly Node[];
}

function foreign(name: string): EctomorphError {
  return new EctomorphError(`\`${name}\` belongs to another query: use rows inside the callback that gave them`);
}
