import type { Description } from "./describe.js";
import { EctomorphError } from "./errors.js";
import type { Present, ValueName } from "./fields.js";
import { toNotation } from "./notation.js";
import type { TypeNotation } from "./types.js";

/** What an expression is compared with: a value, or another expression of the same type. */
export type Operand<T> = T | Expr<T>;

type Numeric = number | bigint | string;

/**
 * A condition over the fields of a record, as data: the rules hold it, the engine evaluates it. A field that is null
 * makes a comparison unknown, as in SQL; rules hold what is not false, and `when` runs on what is true.
 *
 * @typeParam T What it evaluates to.
 */
export class Expr<T> {
  declare readonly "~value": T;
  readonly #document: unknown;
  readonly #type: TypeNotation | undefined;

  constructor(document: unknown, type?: TypeNotation) {
    this.#document = document;
    this.#type = type;
  }

  /** Whether both are equal. */
  eq(other: Operand<T>): Expr<boolean> {
    return this.#compare("==", other);
  }

  /** Whether they differ. */
  ne(other: Operand<T>): Expr<boolean> {
    return this.#compare("!=", other);
  }

  /** Whether this is less. */
  lt(other: Operand<T>): Expr<boolean> {
    return this.#compare("<", other);
  }

  /** Whether this is less or equal. */
  lte(other: Operand<T>): Expr<boolean> {
    return this.#compare("<=", other);
  }

  /** Whether this is greater. */
  gt(other: Operand<T>): Expr<boolean> {
    return this.#compare(">", other);
  }

  /** Whether this is greater or equal. */
  gte(other: Operand<T>): Expr<boolean> {
    return this.#compare(">=", other);
  }

  /** Whether this is an element: of these values, or of a field that is a list. */
  in(list: readonly T[] | Expr<readonly T[]>): Expr<boolean> {
    if (list instanceof Expr) return new Expr(["in", this.#document, list.#document]);
    return new Expr(["in", this.#document, literal(list, this.#type)]);
  }

  /** Whether text matches an SQL pattern: `o.title.like("Rust%")`. */
  like(this: Expr<string>, pattern: Operand<string>): Expr<boolean> {
    return this.#compare("like", pattern);
  }

  /** The same, in upper or lower case. */
  ilike(this: Expr<string>, pattern: Operand<string>): Expr<boolean> {
    return this.#compare("ilike", pattern);
  }

  /** This, or the other where this is null. */
  coalesce(other: Operand<T>): Expr<T> {
    return new Expr(["coalesce", this.#document, this.#operand(other)], this.#type);
  }

  /** The sum. Decimals are text in JavaScript, but numbers here. */
  add(this: Expr<T & Numeric>, other: Operand<T>): Expr<T> {
    return (this as Expr<T>).#arithmetic("+", other);
  }

  /** The difference. */
  subtract(this: Expr<T & Numeric>, other: Operand<T>): Expr<T> {
    return (this as Expr<T>).#arithmetic("-", other);
  }

  /** The product. */
  multiply(this: Expr<T & Numeric>, other: Operand<T>): Expr<T> {
    return (this as Expr<T>).#arithmetic("*", other);
  }

  /** The quotient. */
  divide(this: Expr<T & Numeric>, other: Operand<T>): Expr<T> {
    return (this as Expr<T>).#arithmetic("/", other);
  }

  /** Graphemes of text, bytes of a binary, elements of a list. */
  length(this: Expr<string> | Expr<readonly never[]> | Expr<T & (string | Uint8Array | readonly unknown[])>): Expr<number> {
    return new Expr(["length", documentOf(this)], "integer");
  }

  /** Whether this is null. */
  isNil(): Expr<boolean> {
    return new Expr(["is_nil", this.#document]);
  }

  /** Both. */
  and(this: Expr<boolean>, other: Operand<boolean>): Expr<boolean> {
    return this.#joined("and", other);
  }

  /** One or both. */
  or(this: Expr<boolean>, other: Operand<boolean>): Expr<boolean> {
    return this.#joined("or", other);
  }

  /** True for false, false for true. */
  not(this: Expr<boolean>): Expr<boolean> {
    return new Expr(["not", this.#document]);
  }

  /** The document of a condition. */
  static document(condition: unknown): unknown {
    if (typeof condition === "boolean") return condition;
    if (condition instanceof Expr) return condition.#document;
    throw new EctomorphError("a condition must be an expression over fields: (o) => o.ends_on.gte(o.starts_on)");
  }

  #compare(operator: string, other: unknown): Expr<boolean> {
    return new Expr([operator, this.#document, this.#operand(other)]);
  }

  #arithmetic(operator: string, other: unknown): Expr<T> {
    return new Expr([operator, this.#document, this.#operand(other)], this.#type);
  }

  /** A chain of `and` is one operator on many operands, not a deep tree. */
  #joined(operator: "and" | "or", other: unknown): Expr<boolean> {
    const first = this.#document as readonly unknown[];
    const operands = Array.isArray(first) && first[0] === operator ? first : [operator, first];
    return new Expr([...operands, this.#operand(other)]);
  }

  #operand(other: unknown): unknown {
    return other instanceof Expr ? other.#document : literal(other, this.#type);
  }
}

/** A field in a condition: an expression that also knows whether the field has a change. */
export class FieldExpr<T> extends Expr<T> {
  readonly #name: string;

  constructor(name: string, type: TypeNotation | undefined) {
    super(["field", name], type);
    this.#name = name;
  }

  /** Whether the changeset has a change of the field. */
  changed(): Expr<boolean> {
    return new Expr(["changed", this.#name]);
  }
}

/** The fields of a schema, in a condition. */
export type Conditions<F> = { readonly [K in ValueName<F>]: FieldExpr<Present<F, K & keyof F>> };

/** The fields to write conditions with. */
export function conditions<F>(schema: Description): Conditions<F> {
  const fields: Record<string, unknown> = Object.create(null);
  for (const { name, type, relation } of schema.fields) {
    if (relation === undefined) fields[name] = new FieldExpr(name, type);
  }
  return Object.freeze(fields) as Conditions<F>;
}

function documentOf(expression: unknown): unknown {
  return Expr.document(expression);
}

/** Lists are calls in the form of documents: `["list", 1, 2]`. */
function literal(value: unknown, type: TypeNotation | undefined): unknown {
  if (!Array.isArray(value)) return toNotation(value, type);
  const element = typeof type === "object" && "array" in type ? type.array : type;
  return ["list", ...value.map((item) => literal(item, element))];
}
