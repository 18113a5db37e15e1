import type { Description } from "../describe.js";
import { EctomorphError } from "../errors.js";
import type { AssocName, RecordOf } from "../fields.js";
import type { Relation } from "../relation.js";
import type { Field, TypeNotation } from "../types.js";
import { type Binding, FieldNode } from "./node.js";
import { Term } from "./term.js";

/** Under this symbol a row says what it is. */
export const ROW: unique symbol = Symbol("row");

/**
 * What is known of a row when the program is compiled.
 *
 * @typeParam F Its fields.
 * @typeParam R The record that selecting it gives.
 * @typeParam N `null`, where a join may find none.
 * @typeParam Root Whether it is the query's first source, whose associations `preload` loads.
 */
export interface Bound<out F, out R, out N, out Root> {
  readonly fields: F;
  readonly record: R;
  readonly nullable: N;
  readonly root: Root;
}

/** A row of a source, as callbacks get it: a term for each field. */
export type Row<F, R = RecordOf<F>, N = never, Root = false> = Columns<F, N> & { readonly [ROW]: Bound<F, R, N, Root> };

/** Any row. */
export interface AnyRow {
  readonly [ROW]: Bound<unknown, unknown, unknown, unknown>;
}

type IsAny<T> = 0 extends 1 & T ? true : false;

/** The terms of fields. The primary key is never null but where the row is. */
export type Columns<F, N> =
  // biome-ignore lint/suspicious/noExplicitAny: a table without a schema may have every field
  IsAny<F> extends true ? { readonly [field: string]: Term<any, any> }
  : { readonly [K in Exclude<keyof F, AssocName<F>>]: Column<F[K], N> };

type Column<C, N> =
  C extends Field<infer T, infer Kind, infer Key> ? Term<T | (Key extends true ? never : null) | N, Kind>
  : C extends Relation<infer F, infer Kind> ?
    Kind extends "embeds_many" ? Term<readonly RecordOf<F>[] | N, "array"> : Term<RecordOf<F> | null | N, "map">
  : never;

/** The fields of a row. */
export type FieldsOf<R> = R extends { readonly [ROW]: Bound<infer F, infer _R, infer _N, infer _Root> } ? F : never;

/** Names of the columns of a row. */
export type ColumnName<R> =
  IsAny<FieldsOf<R>> extends true ? string : Exclude<keyof FieldsOf<R>, AssocName<FieldsOf<R>>> & string;

/** The row where a join may find none. */
export type NullRow<X> =
  X extends { readonly [ROW]: Bound<infer F, infer R, infer _N, infer Root> } ? Row<F, R, null, Root> : never;

/** The row as the first source of a query. */
export type RootRow<X> =
  X extends { readonly [ROW]: Bound<infer F, infer R, infer N, infer _Root> } ? Row<F, R, N, true> : never;

/** A field of a source, as far as it is known when the program runs. */
export interface Known {
  readonly type?: TypeNotation | undefined;
}

/** What is known of a source when the program runs. */
export interface Shape {
  /** For messages. */
  readonly name: string;
  /** The fields, if they are known: others are mistakes. */
  readonly fields: ReadonlyMap<string, Known> | undefined;
  /** The schema, which knows keys and associations. */
  readonly schema: Description | undefined;
}

interface RowInfo {
  readonly binding: Binding | string;
  readonly shape: Shape;
}

/** The row of a source. Fields are made when they are asked for. */
export function makeRow(binding: Binding | string, shape: Shape): AnyRow {
  const info: RowInfo = { binding, shape };
  return new Proxy(info, handler) as unknown as AnyRow;
}

const handler: ProxyHandler<RowInfo> = {
  get(info, field) {
    if (field === ROW) return info;
    return typeof field === "string" ? fieldOf(info, field) : undefined;
  },
  has: (info, field) => field === ROW || (typeof field === "string" && (info.shape.fields?.has(field) ?? true)),
  ownKeys({ shape }) {
    throw new EctomorphError(`a row of ${shape.name} has no keys to copy; use map(row, ["id"]) or merge(row, { .. })`);
  },
  set: () => false,
};

/** A field that the source has. */
export function fieldOf(info: RowInfo, name: string): Term {
  const { fields, name: source } = info.shape;
  if (fields !== undefined && !fields.has(name)) {
    throw new EctomorphError(`\`${name}\` is no field of ${source}; it has ${[...fields.keys()].join(", ")}`, {
      schema: source,
      field: name,
    });
  }
  return fieldTerm(info, name);
}

/** A field by its name, whether the source is known to have it or not. */
export function fieldTerm({ binding, shape }: RowInfo, name: string): Term {
  const type = shape.fields?.get(name)?.type;
  const node = new FieldNode(binding, name, type);
  return new Term(node, type, node);
}

/** Whether a value is a row. */
export function isRow(value: unknown): value is AnyRow {
  return typeof value === "object" && value !== null && (value as Partial<AnyRow>)[ROW] !== undefined;
}

/** What a row is. */
export function infoOf(row: AnyRow): RowInfo {
  return row[ROW] as unknown as RowInfo;
}

/** The shape of what nothing is known of. */
export function unknownShape(name: string): Shape {
  return { name, fields: undefined, schema: undefined };
}

/** The shape of a schema: its fields and embeds. */
export function shapeOf(schema: Description): Shape {
  const fields = new Map<string, Known>();
  for (const { name, type, relation } of schema.fields) {
    if (relation === undefined) fields.set(name, { type });
    else if (relation.startsWith("embeds")) fields.set(name, { type: "map" });
  }
  return { name: schema.name, fields, schema };
}
