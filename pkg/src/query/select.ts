import { EctomorphError } from "../errors.js";
import { toNotation } from "../notation.js";
import type { Schema } from "../schema.js";
import type { Json } from "../types.js";
import { BindingNode, type Node, Param, type ParamType, TypeNode } from "./node.js";
import type { ResultOf } from "./result.js";
import {
  type AnyRow, type Bound, type ColumnName, fieldOf, infoOf, isRow, type Known, type Row, type ROW, type Shape, unknownShape,
} from "./row.js";
import { Selection } from "./selection.js";
import { param, Term } from "./term.js";

/** What a select gave: its node, and what is known of the rows it makes. */
export interface Selected {
  readonly node: Node;
  readonly shape: Shape;
}

const noFields: Shape = /* @__PURE__ */ unknownShape("a subquery");

/** Reads what the callback of a select gave: a term, a row, a list or an object of them. */
export function selected(value: unknown): Selected {
  if (isRow(value)) return { node: wholeRow(value), shape: infoOf(value).shape };
  if (value instanceof Selection) return { node: value.node, shape: value.shape ?? noFields };
  if (Array.isArray(value)) return { node: ["tuple", ...value.map(selectedNode)], shape: noFields };
  if (value instanceof Map) {
    const entries = [...value].map(([key, item]) => [selectedNode(key), selectedNode(item)] as const);
    return { node: ["map", ...entries], shape: noFields };
  }
  if (isPlain(value)) {
    const entries = Object.entries(value);
    return { node: ["map", ...pairs(value)], shape: shapeOfEntries(entries) };
  }
  if (typeof value === "function" || typeof value === "symbol") {
    throw new EctomorphError("a select gives fields, rows, or lists and objects of them: (u) => ({ id: u.id })");
  }
  const written = toNotation(value, undefined);
  return { node: written === null ? null : new Param(() => written, undefined), shape: noFields };
}

function selectedNode(value: unknown): Node {
  return selected(value).node;
}

function shapeOfEntries(entries: readonly (readonly [string, unknown])[], name = "a subquery"): Shape {
  const known = ([key, item]: readonly [string, unknown]): [string, Known] =>
    [key, { type: item instanceof Term ? item.type : undefined }];
  return { name, fields: new Map(entries.map(known)), schema: undefined };
}

/** The whole row. */
export function wholeRow(row: AnyRow): Node {
  return ["binding", bindingOf(row)];
}

function bindingOf(row: AnyRow): BindingNode {
  const { binding } = infoOf(row);
  if (typeof binding === "string") {
    throw new EctomorphError("the row of an outer query can't be selected; select its fields");
  }
  return new BindingNode(binding);
}

/** Names of fields, and of associations with names of theirs. */
export type Names<X> = readonly (ColumnName<X> | { readonly [association: string]: readonly string[] })[];

/** The named fields of a record. */
export type Some<R, N extends readonly unknown[]> = { [K in N[number] & keyof R]: R[K] } & {};

/** A row of which only some fields are selected. It is the same row still: what is preloaded comes with it. */
export type TakenRow<X, N extends readonly unknown[]> =
  X extends { readonly [ROW]: Bound<infer F, infer R, infer Null, infer Root> } ?
    { readonly [ROW]: Bound<F, Some<R, N>, Null, Root> }
  : never;

type Taken<X, N extends readonly unknown[]> =
  X extends { readonly [ROW]: { readonly record: infer R; readonly nullable: infer Null } } ? Some<R, N> | Null : never;

/**
 * Some fields of a row, as an object: Ecto's `map(u, [:id, :name])`.
 *
 * @example
 * from(Post).join("user", "u").select((p, { u }) => [p.title, map(u, ["id", "name"])]);
 */
export function map<X extends AnyRow, const N extends Names<X>>(row: X, names: N): Selection<Taken<X, N>> {
  return take(row, "map", names);
}

/**
 * A record with some of its fields, or made of terms.
 *
 * @example
 * from(User).select((u) => struct(u, ["id", "email"]));
 * from(table("posts")).select((p) => struct(Post, { id: p["id"], title: p["title"] }));
 */
export function struct<X extends AnyRow, const N extends Names<X>>(row: X, names: N): Selection<Taken<X, N>>;
export function struct<F, const V extends { readonly [K in ColumnName<Row<F>>]?: unknown }>(
  schema: Schema<F>,
  values: V,
): Selection<import("../fields.js").RecordOf<F>>;
export function struct(of: AnyRow | Schema, fields: readonly unknown[] | object): Selection<never> {
  if (isRow(of)) return take(of, "struct", fields as readonly unknown[]);
  return new Selection(["struct", of.name, ...pairs(fields)], shapeOfEntries(Object.entries(fields), of.name));
}

/** `take`: what selecting names of fields means. */
export function take(row: AnyRow, into: "struct" | "map" | "any", names: readonly unknown[]): Selection<never> {
  const info = infoOf(row);
  const { shape } = info;
  const plain = names.filter((name) => typeof name === "string");
  const taken = plain.map((name): [string, Known] => [name, { type: fieldOf(info, name).type }]);
  return new Selection(["take", bindingOf(row), into, names.map(takenName)], { ...shape, fields: new Map(taken) });
}

function takenName(name: unknown): Node {
  if (typeof name === "string") return name;
  const [[association, inside] = []] = Object.entries(name as { [association: string]: readonly unknown[] });
  return [association as string, (inside ?? []).map(takenName)];
}

/** A list, where an array would be a tuple. They differ only for readers in Elixir. */
export function list<const S extends readonly unknown[]>(items: S): Selection<ResultOf<S>> {
  return new Selection(["list", ...items.map(selectedNode)]);
}

/** The keys of the second over those of the first. */
export type Merged<A, B> = { [K in keyof A | keyof B]: K extends keyof B ? B[K] : K extends keyof A ? A[K] : never };

/**
 * Two objects as one; the second wins.
 *
 * @example
 * from(Tag).select((t) => merge(t, { name: fragment<string>`upper(${t.name})` }));
 */
export function merge<const A, const B>(base: A, changes: B): Selection<Merged<NonNullable<ResultOf<A>>, ResultOf<B>>> {
  const [a, b] = [selected(base), selected(changes)];
  return new Selection(["merge", a.node, b.node], mergedShape(a.shape, b.shape));
}

/**
 * A row with other values for some of its fields: Ecto's `%{p | views: p.views + 1}`.
 *
 * @example
 * from(Post).select((p) => mapUpdate(p, { views: p.views.add(1) }));
 */
export function mapUpdate<X extends AnyRow, const V extends { readonly [K in ColumnName<X>]?: Json | Term }>(
  row: X,
  values: V,
): Selection<Merged<NonNullable<ResultOf<X>>, ResultOf<V>>> {
  const info = infoOf(row);
  const entries = Object.entries(values).map(([name, value]): Node => {
    const { type, quoted } = fieldOf(info, name);
    if (value === null || value instanceof Term) return [name, selectedNode(value)];
    return [name, ["type", param(value, type, quoted), new TypeNode(quoted as ParamType)]];
  });
  return new Selection(["map_update", wholeRow(row), ...entries], info.shape);
}

/** `select_merge`: objects are put together where they are written, all else when rows are read. */
export function mergedSelect(base: Selected, changes: Selected): Selected {
  const [a, b] = [base.node, changes.node];
  const shape = mergedShape(base.shape, changes.shape);
  if (!isMap(a) || !isMap(b)) return { node: ["merge", a, b], shape };
  const names = new Set(b.slice(1).map(([name]) => name));
  return { node: ["map", ...a.slice(1).filter(([name]) => !names.has(name as string)), ...b.slice(1)], shape };
}

function mergedShape(a: Shape, b: Shape): Shape {
  if (a.fields === undefined || b.fields === undefined) return { ...a, fields: undefined };
  return { ...a, fields: new Map([...a.fields, ...b.fields]) };
}

type Entry = readonly [Node, Node];

/** Whether a node is an object whose keys are names. */
function isMap(node: Node): node is readonly ["map", ...Entry[]] & { slice(from: 1): Entry[] } {
  if (!Array.isArray(node) || node[0] !== "map") return false;
  return node.slice(1).every((entry) => typeof (entry as Entry)[0] === "string");
}

function pairs(fields: object): Node[] {
  return Object.entries(fields).map(([name, value]) => [name, selectedNode(value)]);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
