import { EctomorphError } from "../errors.js";
import type { RecordOf } from "../fields.js";
import { toNotation } from "../notation.js";
import type { Schema } from "../schema.js";
import { Field, type TypeNotation } from "../types.js";
import type {
  AvgKind, Moment, NullIn, NullOf, NumberOperand, NumberOf, Numeric, Operand, SumKind, Textual, Unknown,
} from "./kinds.js";
import { type Node, Param, type ParamType, TypeNode } from "./node.js";
import { type AnyRow, type ColumnName, fieldTerm, infoOf, isRow, makeRow, type Row, shapeOf, unknownShape } from "./row.js";
import { wholeRow } from "./select.js";
import { type Condition, condition, Constant, matching, param, Term, typed } from "./term.js";

// Ecto's functions of queries, under its names. Operators are methods of terms.

type Bool<T> = Term<boolean | NullOf<T>, "boolean">;

/** How many rows; how many where a term is not null; how many different ones: `count(u.name, "distinct")`. */
export function count(term?: Term, distinct?: "distinct"): Term<number, "integer"> {
  const node: Node = term === undefined ? ["count"] : [distinct === undefined ? "count" : "count_distinct", term.node];
  return new Term(node, "integer", "integer");
}

/** The sum; null of no rows. */
export function sum<T, Kind extends Numeric | Unknown>(
  term: Term<T, Kind>,
): Term<NumberOf<Kind> | null, SumKind<Kind>> {
  return new Term(["sum", term.node], term.type === "id" ? "integer" : term.type);
}

/** The average; of integers a decimal. */
export function avg<T, Kind extends Numeric | Unknown>(
  term: Term<T, Kind>,
): Term<NumberOf<AvgKind<Kind>> | null, AvgKind<Kind>> {
  return new Term(["avg", term.node], term.type === "integer" || term.type === "id" ? "decimal" : term.type);
}

/** The least; null of no rows. */
export function min<T, Kind extends string>(term: Term<T, Kind>): Term<T | null, Kind> {
  return new Term(["min", term.node], term.type, term.quoted);
}

/** The greatest; null of no rows. */
export function max<T, Kind extends string>(term: Term<T, Kind>): Term<T | null, Kind> {
  return new Term(["max", term.node], term.type, term.quoted);
}

/**
 * An aggregate of only those rows for which a condition holds.
 *
 * @example
 * from(User).select((u) => filter(count(u.id), u.age.gt(30)));
 */
export function filter<T, Kind extends string>(aggregate: Term<T, Kind>, only: Condition): Term<T, Kind> {
  return new Term(["filter", aggregate.node, condition(only)], aggregate.type, aggregate.quoted);
}

/** The first, or the second where the first is null. */
export function coalesce<T, Kind extends string, O extends Operand<T, Kind>>(
  term: Term<T, Kind>,
  other: O,
): Term<NonNullable<T> | NullIn<O>, Kind> {
  return term.coalesce(other);
}

/** Whether text matches an SQL pattern: `like(u.name, "A%")`. */
export function like<T>(text: Term<T, Textual | Unknown>, pattern: Operand<string, "string">): Bool<T> {
  return matching("like", text, pattern) as Bool<T>;
}

/** The same, in upper or lower case: `ilike(u.email, "%1%")`. */
export function ilike<T>(text: Term<T, Textual | Unknown>, pattern: Operand<string, "string">): Bool<T> {
  return matching("ilike", text, pattern) as Bool<T>;
}

/** Whether a term is null. */
export function isNil(term: Term): Term<boolean, "boolean"> {
  return term.isNil();
}

/** True for false, false for true. */
export function not<T extends boolean | null>(term: Term<T, "boolean" | Unknown>): Term<T, "boolean"> {
  return new Term(["not", condition(term)], "boolean", "boolean");
}

/** All of these conditions; true, if there are none. */
export function and(...conditions: readonly Condition[]): Term<boolean | null, "boolean"> {
  return joined("and", conditions, true);
}

/** One or more of these conditions; false, if there are none. */
export function or(...conditions: readonly Condition[]): Term<boolean | null, "boolean"> {
  return joined("or", conditions, false);
}

function joined(op: string, conditions: readonly Condition[], none: boolean): Term<boolean | null, "boolean"> {
  const [first = none, ...rest] = conditions.map(condition);
  return new Term(rest.reduce((left, right): Node => [op, left, right], first), "boolean", "boolean");
}

/**
 * A piece of SQL. What stands in `${..}` is a term, a row, or a value, which becomes a param.
 *
 * @typeParam T What it gives.
 *
 * @example
 * from(User).where((u) => fragment<string>`lower(${u.name})`.eq("alan turing"));
 */
// biome-ignore lint/suspicious/noExplicitAny: what a fragment gives is known to its writer alone
export function fragment<T = any>(sql: TemplateStringsArray, ...parts: readonly unknown[]): Term<T, Unknown> {
  const nodes: Node[] = [];
  sql.forEach((raw, index) => {
    if (raw !== "") nodes.push({ raw });
    if (index < parts.length) nodes.push(partOf(parts[index]));
  });
  return new Term(["fragment", ...nodes]);
}

function partOf(value: unknown): Node {
  if (isRow(value)) return wholeRow(value);
  if (value instanceof Term) return value.node;
  return param(value, undefined);
}

/** Values one by one in a fragment: `` fragment`${u.id} in (${splice([1, 2])})` ``. */
export function splice(values: readonly unknown[]): Term<never, Unknown> {
  const written = values.map((value) => toNotation(value, undefined));
  return new Term(["splice", new Param(() => written, { splice: "any" })]);
}

/** A name in a fragment: of a table, a column, a collation. It is quoted. */
export function identifier(name: string): Term<never, Unknown> {
  return new Term(["identifier", name]);
}

type ConstantKind<T> = T extends number | bigint ? "integer" : T extends boolean ? "boolean" : Unknown;
type Wide<T> = T extends number ? number : T extends string ? string : T extends boolean ? boolean : T;

/**
 * A value as part of the query, where others are params: for what is the same whenever the query is used.
 *
 * @example
 * from(Post).where((p) => exists(from(Comment).where((c) => c.post_id.eq(p.id)).select(() => constant(1))));
 */
export function constant<const T>(value: T): Term<Wide<T>, ConstantKind<T>>;
export function constant(value: unknown): Term {
  if (Array.isArray(value)) return new Constant(["list", ...value.map((item) => constant(item).node)]);
  const type = typeof value === "number" ? (Number.isInteger(value) ? "integer" : "float") : TYPES[typeof value];
  return new Constant(toNotation(value, type === "float" ? undefined : type) as Node, type, type);
}

const TYPES: { readonly [typeOf: string]: string } = { bigint: "integer", string: "string", boolean: "boolean" };

/** A value on the left of an operator, where otherwise a field is: Ecto's `^value`. */
export function pin<const T>(value: T): Term<Wide<T>, ConstantKind<T>> {
  return new Term(param(value, undefined), TYPES[typeof value]);
}

/** The type of a field, that of another term, or a type by its name. */
type As = Field | Term | TypeNotation;
type TypedAs<A, N> =
  A extends Field<infer T, infer Kind> ? Term<T | N, Kind>
  : A extends Term<infer T, infer Kind> ? Term<NonNullable<T> | N, Kind>
  // biome-ignore lint/suspicious/noExplicitAny: names of types are no types of TypeScript
  : Term<any, Unknown>;

/**
 * A value or a term, cast to a type.
 *
 * @example
 * from(Post).select((p) => type(sum(p.views), t.decimal()));
 * from(User).where((u) => u.age.gt(type("18", t.integer())));
 */
export function type<V, const A extends As>(value: V, as: A): TypedAs<A, NullIn<V>> {
  const notation: TypeNotation | undefined = as instanceof Term || as instanceof Field ? as.type : (as as TypeNotation);
  const quoted: ParamType | undefined = as instanceof Term ? as.quoted : notation;
  if (quoted === undefined) throw new EctomorphError("type(..) takes a type or a field: type(value, t.integer())");
  const node = value instanceof Term ? typed(value, quoted) : rawParam(value, notation, quoted);
  return new Term(["type", node, new TypeNode(quoted)], notation as TypeNotation, quoted) as TypedAs<A, NullIn<V>>;
}

/** A value that the planner casts: text stays text, where it is not a date or a decimal. */
function rawParam(value: unknown, type: TypeNotation | undefined, quoted: ParamType): Param {
  const written = toNotation(value, typeof value === "string" ? type : undefined);
  return new Param(() => written, quoted);
}

/** The units of time. */
export type Unit = "year" | "month" | "week" | "day" | "hour" | "minute" | "second" | "millisecond" | "microsecond";

/** A date and time, and so many units more: `datetimeAdd(o.placed_at, 5, "day")`. */
export function datetimeAdd<O extends Term<unknown, Moment | Unknown> | string | Date>(
  time: O,
  amount: NumberOperand,
  unit: Unit,
): Term<string | NullIn<O>, O extends Term<infer _T, infer Kind> ? Kind : "naive_datetime"> {
  return new Term(["datetime_add", momentOf(time), amountOf(amount), unit], "naive_datetime", "naive_datetime");
}

/** A date, and so many units more. */
export function dateAdd<O extends Term<unknown, "date" | Unknown> | string | Date>(
  date: O,
  amount: NumberOperand,
  unit: Unit,
): Term<string | NullIn<O>, "date"> {
  const node = date instanceof Term ? typed(date, "date") : param(date, "date", "date");
  return new Term(["date_add", node, amountOf(amount), unit], "date", "date");
}

/** The time that it was so many units before the query runs: `p.inserted_at.gt(ago(3, "month"))`. */
export function ago(amount: number, unit: Unit): Term<string, "utc_datetime"> {
  return fromNow(-amount, unit);
}

/** The time that it will be in so many units. */
export function fromNow(amount: number, unit: Unit): Term<string, "utc_datetime"> {
  const now = new Param(() => toNotation(new Date(), "utc_datetime_usec"), "datetime");
  return new Term(["datetime_add", now, amountOf(amount), unit], "naive_datetime", "naive_datetime");
}

function momentOf(time: Term | string | Date): Node {
  if (time instanceof Term) return typed(time, "datetime");
  const zoned = time instanceof Date ? "utc_datetime_usec" : time.endsWith("Z") ? "utc_datetime" : "naive_datetime";
  return param(time, zoned, "datetime");
}

function amountOf(amount: unknown): Node {
  return amount instanceof Term ? typed(amount, "decimal") : param(amount, undefined, "decimal");
}

/** A field by a name that is known only when the program runs. */
export function field<X extends AnyRow, K extends ColumnName<X>>(row: X, name: K): X[K & keyof X] {
  return fieldTerm(infoOf(row), name) as X[K & keyof X];
}

/** What is at a path in a map: `jsonExtractPath(u.settings, ["page", "size"])`, or `u.settings.at("page", "size")`. */
export function jsonExtractPath(
  term: Term<unknown, "map" | "array" | Unknown>,
  path: readonly (string | number)[],
  // biome-ignore lint/suspicious/noExplicitAny: json holds whatever it holds
): Term<any, Unknown> {
  return term.at(...path);
}

/**
 * A name for what is selected, and what is selected under a name.
 *
 * @example
 * from(Post).select((p) => [selectedAs(p.views.divide(10), "bucket"), count()]).groupBy(() => selectedAs("bucket"));
 */
// biome-ignore lint/suspicious/noExplicitAny: names of selected terms have no type
export function selectedAs(name: string): Term<any, Unknown>;
export function selectedAs<T, Kind extends string>(term: Term<T, Kind>, name: string): Term<T, Kind>;
export function selectedAs(term: Term | string, name?: string): Term {
  if (typeof term === "string") return new Term(["selected_as", term]);
  return new Term(["select_as", term.node, name as string], term.type, term.quoted);
}

/**
 * The row of a query around this one, by its name, where the two are not written together.
 *
 * @example
 * const theirs = from(Post).where((p) => p.user_id.eq(parentAs("u", User).id));
 * from(User).as("u").where(() => exists(theirs));
 */
// biome-ignore lint/suspicious/noExplicitAny: without a schema, nothing is known of it
export function parentAs(name: string): Row<any, any>;
export function parentAs<F>(name: string, schema: Schema<F>): Row<F>;
export function parentAs(name: string, schema?: Schema): AnyRow {
  return makeRow(name, schema === undefined ? unknownShape(name) : shapeOf(schema.description));
}

/**
 * A condition that is built apart from its query, for one schema or for named bindings. It is the callback itself,
 * which takes part in others by being called.
 *
 * @example
 * const popular = dynamic(Post, (p) => p.views.gt(80));
 * from(Post).where(popular);
 * from(Post).where((p) => popular(p).or(p.published));
 */
export function dynamic<F, T>(schema: Schema<F>, expression: (row: RowAnywhere<F>) => T): (row: RowAnywhere<F>) => T;
export function dynamic<const M extends { readonly [name: string]: Schema }, T>(
  bindings: M,
  expression: (rows: RowsAnywhere<M>) => T,
): (rows: RowsAnywhere<M>) => T;
export function dynamic(_for: unknown, expression: unknown): unknown {
  return expression;
}


/** A row of a schema in whatever place of a query. */
type RowAnywhere<F> = Row<F, RecordOf<F>, null, boolean>;
type RowsAnywhere<M> = { readonly [K in keyof M]: M[K] extends Schema<infer F> ? RowAnywhere<F> : never };
