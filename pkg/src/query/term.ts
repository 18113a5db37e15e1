import { EctomorphError } from "../errors.js";
import { toNotation } from "../notation.js";
import type { TypeNotation } from "../types.js";
import type {
  Arithmetic, Input, KindIn, NullIn, NullOf, NumberOperand, NumberOf, Numeric, Operand, Textual, Unknown,
} from "./kinds.js";
import { type Node, Param, type ParamType, TypeNode } from "./node.js";
import type { AnyRow } from "./row.js";
import { Selection } from "./selection.js";
import type { Rows } from "./subquery.js";

/** What holds or does not, in `where`, `having` and `on`. */
export type Condition = Term<boolean | null, "boolean" | Unknown> | boolean;

type Bool<T, O> = Term<boolean | NullOf<T> | NullIn<O>, "boolean">;
type Addend<T, Kind> = NumberOperand | Input<T, Kind>;
type Calc<T, Kind, O> = Term<
  NumberOf<Arithmetic<Kind, KindIn<O, Kind>>> | NullOf<T> | NullIn<O>,
  Arithmetic<Kind, KindIn<O, Kind>>
>;

/**
 * An expression of a query: a field, or what is made of fields, values and functions. Values become params.
 *
 * @typeParam T What it is in a result: with null, where it may be null.
 * @typeParam Kind The word of its type, which says what it may be compared with.
 *
 * @example
 * from(User).where((u) => u.age.gte(18).and(u.email.isNil().not()));
 */
export class Term<out T = unknown, out Kind extends string = string> extends Selection<T> {
  declare readonly "~kind": Kind;
  /** The type of params that are compared with it, as Ecto takes it; none, if only the database knows. */
  readonly quoted: ParamType | undefined;
  /** The type by which values of JavaScript are written. */
  readonly type: TypeNotation | undefined;

  constructor(node: Node, type?: TypeNotation, quoted?: ParamType) {
    super(node);
    this.type = type;
    this.quoted = quoted;
  }

  /** Whether both are equal. A comparison with null is a mistake: say `isNil()`. */
  eq<O extends Operand<T, Kind>>(other: O): Bool<T, O> {
    return this.#compare("==", other);
  }

  /** Whether they differ. */
  ne<O extends Operand<T, Kind>>(other: O): Bool<T, O> {
    return this.#compare("!=", other);
  }

  /** Whether this is less. */
  lt<O extends Operand<T, Kind>>(other: O): Bool<T, O> {
    return this.#compare("<", other);
  }

  /** Whether this is less or equal. */
  lte<O extends Operand<T, Kind>>(other: O): Bool<T, O> {
    return this.#compare("<=", other);
  }

  /** Whether this is greater. */
  gt<O extends Operand<T, Kind>>(other: O): Bool<T, O> {
    return this.#compare(">", other);
  }

  /** Whether this is greater or equal. */
  gte<O extends Operand<T, Kind>>(other: O): Bool<T, O> {
    return this.#compare(">=", other);
  }

  /**
   * Whether this is an element: of these values, of a field that is a list, or of what a query selects.
   *
   * @example
   * from(User).where((u) => u.id.in(subquery(from(Post).select((p) => p.user_id))));
   */
  in(list: readonly Operand<T, Kind>[] | ListTerm | Rows<AnyRow, T | null>): Bool<T, never> {
    return new Term(["in", ...elementOf(this, list)], "boolean", "boolean");
  }

  /** Whether text matches an SQL pattern: `u.name.like("A%")`. */
  like<O extends Operand<string, "string">>(this: Term<T, Textual | Unknown>, pattern: O): Bool<T, O> {
    return matching("like", this, pattern) as Bool<T, O>;
  }

  /** The same, in upper or lower case. */
  ilike<O extends Operand<string, "string">>(this: Term<T, Textual | Unknown>, pattern: O): Bool<T, O> {
    return matching("ilike", this, pattern) as Bool<T, O>;
  }

  /** Whether this is null. */
  isNil(): Term<boolean, "boolean"> {
    return new Term(["is_nil", this.node], "boolean", "boolean");
  }

  /** This, or the other where this is null. */
  coalesce<O extends Operand<T, Kind>>(other: O): Term<NonNullable<T> | NullIn<O>, Kind> {
    return new Term(["coalesce", this.node, operand(other, this)], this.type);
  }

  /** Both. */
  and<O extends Condition>(this: Term<boolean | null, "boolean" | Unknown>, other: O): Bool<T, O> {
    return new Term(["and", this.node, condition(other)], "boolean", "boolean");
  }

  /** One or both. */
  or<O extends Condition>(this: Term<boolean | null, "boolean" | Unknown>, other: O): Bool<T, O> {
    return new Term(["or", this.node, condition(other)], "boolean", "boolean");
  }

  /** True for false, false for true. */
  not(this: Term<T & (boolean | null), "boolean" | Unknown>): Term<T, "boolean"> {
    return new Term(["not", this.node], "boolean", "boolean");
  }

  /** The sum. */
  add<O extends Addend<T, Kind>>(this: Term<T, Kind & (Numeric | Unknown)>, other: O): Calc<T, Kind, O> {
    return calculated("+", this, other) as Calc<T, Kind, O>;
  }

  /** The difference. */
  subtract<O extends Addend<T, Kind>>(this: Term<T, Kind & (Numeric | Unknown)>, other: O): Calc<T, Kind, O> {
    return calculated("-", this, other) as Calc<T, Kind, O>;
  }

  /** The product. */
  multiply<O extends Addend<T, Kind>>(this: Term<T, Kind & (Numeric | Unknown)>, other: O): Calc<T, Kind, O> {
    return calculated("*", this, other) as Calc<T, Kind, O>;
  }

  /** The quotient; of two integers, without its fraction. */
  divide<O extends Addend<T, Kind>>(this: Term<T, Kind & (Numeric | Unknown)>, other: O): Calc<T, Kind, O> {
    return calculated("/", this, other) as Calc<T, Kind, O>;
  }

  /**
   * What is at a path in a map, a list or an embed: Ecto's `u.settings["page"]["size"]`.
   *
   * @example
   * from(User).select((u) => u.settings.at("page", "size"));
   */
  // biome-ignore lint/suspicious/noExplicitAny: json holds whatever it holds
  at(this: Term<unknown, "map" | "array" | Unknown>, ...path: readonly (string | number)[]): Term<any, Unknown> {
    return new Term(["json_path", this.node, ...path]);
  }

  /** Operators of JavaScript can't be seen: what they would make of a term is a mistake. */
  [Symbol.toPrimitive](): never {
    throw new EctomorphError("operators and templates know no terms; use methods: u.age.gt(18), u.age.add(1)");
  }

  #compare<O>(operator: string, other: O): Bool<T, O> {
    const right = operand(other, this);
    const left = other instanceof Term ? typed(this, other.quoted) : this.node;
    return new Term([operator, left, right], "boolean", "boolean");
  }
}

type ListTerm = Term<readonly unknown[] | null, "array" | Unknown>;

/** The class of constants, for lists of them. */
export class Constant extends Term {}

/** The node of an operand: a term's own, or a param with the type of the other side. */
export function operand(value: unknown, other: Term | undefined): Node {
  if (value instanceof Term) return typed(value, other?.quoted);
  if (value === null || value === undefined) {
    throw new EctomorphError(`${value} can't be compared: it would never be true; use isNil()`);
  }
  return param(value, other?.type, other?.quoted);
}

/** The node of a term; a value that has no type yet gets this one. */
export function typed({ node }: Term, type: ParamType | undefined): Node {
  return node instanceof Param ? node.typed(type) : node;
}

/** A param with a value that is written by its type. */
export function param(value: unknown, type: TypeNotation | undefined, quoted?: ParamType): Param {
  const written = toNotation(value, type);
  return new Param(() => written, quoted);
}

/** The node of a condition: a boolean is itself. */
export function condition(value: unknown): Node {
  if (typeof value === "boolean") return value;
  if (value instanceof Term) return value.node;
  throw new EctomorphError("a condition must be a comparison of fields: (u) => u.age.gte(18)");
}

/** `like` and `ilike`. */
export function matching(operator: string, text: unknown, pattern: unknown): Term<boolean | null, "boolean"> {
  const string = new Term<string, "string">(null, "string", "string");
  return new Term([operator, operand(text, string), operand(pattern, string)], "boolean", "boolean");
}

/** `+`, `-`, `*` and `/`. A value has the type that it has in JavaScript: half an integer is no integer. */
function calculated(operator: string, left: Term, right: unknown): Term {
  const wider = right instanceof Term && (left.type === undefined || right.type === "decimal" || right.type === "float");
  const type = wider ? right.type : left.type;
  const value = right instanceof Term ? right.node : numberParam(right);
  return new Term([operator, left.node, value], type === "id" ? "integer" : type);
}

function numberParam(value: unknown): Param {
  if (value === null || value === undefined) throw new EctomorphError(`${value} is no number to calculate with`);
  const whole = typeof value === "bigint" || Number.isInteger(value);
  const type = typeof value === "string" ? "decimal" : whole ? "integer" : "float";
  return param(value, type, type);
}

/** Both sides of `in`. */
function elementOf(left: Term, list: unknown): readonly Node[] {
  if (list instanceof Term) {
    const quoted = list.quoted === undefined ? undefined : { out: list.quoted };
    if (left.node instanceof Param) return [left.node.typed(quoted), list.node];
    if (left instanceof Constant && quoted !== undefined) return [["type", left.node, new TypeNode(quoted)], list.node];
    // A list that was given a type by `type(..)` is cast by it alone.
    const [op, inside] = Array.isArray(list.node) ? list.node : [];
    return [left.node, op === "type" && inside instanceof Param ? inside : list.node];
  }
  if (!Array.isArray(list)) throw new EctomorphError("in(..) takes an array, a field that is a list, or a subquery");
  const quoted = left.quoted;
  if (!list.some((item) => item instanceof Term)) {
    const written = list.map((item) => toNotation(item, left.type));
    return [left.node, new Param(() => written, quoted === undefined ? undefined : { in: quoted })];
  }
  const items: Node = ["list", ...list.map((item) => operand(item, left))];
  if (quoted === undefined || !list.every((item) => item instanceof Constant)) return [left.node, items];
  return [left.node, ["type", items, new TypeNode({ array: quoted })]];
}
