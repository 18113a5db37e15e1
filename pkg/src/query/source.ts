import { relatedOf } from "../describe.js";
import { EctomorphError } from "../errors.js";
import type { AnyFields, AssocName, ChildFields } from "../fields.js";
import { toNotation } from "../notation.js";
import { Schema } from "../schema.js";
import type { Field } from "../types.js";
import { type Binding, type Node, QueryNode } from "./node.js";
import { type AnyRow, type FieldsOf, infoOf, type Row, type Shape, shapeOf, unknownShape } from "./row.js";
import { type Rows, SubqueryTerm } from "./subquery.js";
import { type CteState, Queryable, shapeOfQuery } from "./queryable.js";
import type { AnyQuery } from "./result.js";
import { Term } from "./term.js";

/** What rows come from: a table, a subquery, a fragment, values, or an association. */
export class Source<X extends AnyRow = AnyRow> {
  declare readonly "~row": X;

  constructor(
    /** The document, without its binding. */
    readonly node: { readonly [key: string]: Node },
    readonly shape: Shape,
  ) {}
}

/** An association of a row that is there already: what a join follows. */
export class Assoc<X extends AnyRow = AnyRow> extends Source<X> {
  constructor(
    readonly owner: Binding,
    readonly name: string,
    shape: Shape,
  ) {
    super({}, shape);
  }
}

/**
 * What `from` and joins take: a schema, a schema on another table (`["tree", Category]`), a table without a schema, a
 * query, a subquery, a fragment, values.
 */
export type SourceLike =
  | Schema
  | readonly [string, Schema]
  | Source
  | Rows<AnyRow, unknown>
  | AnyQuery
  | Term<unknown, "any">;

/** The row of a source. */
export type RowOf<S> =
  S extends Source<infer X> ? X
  : S extends Schema<infer F> ? Row<F>
  : S extends readonly [string, Schema<infer F>] ? Row<F>
  : S extends Rows<infer X, unknown> ? X
  : S extends Queryable<infer X, unknown> ? X
  // biome-ignore lint/suspicious/noExplicitAny: nothing is known of it
  : Row<AnyFields, any>;

/**
 * A table without a schema; a common table expression, too. Name its fields, and they are checked.
 *
 * @example
 * from(table("tags")).select((t) => t["name"]);
 * from(table("tree", { id: t.id(), depth: t.integer() })).orderBy((x) => x.depth);
 */
// biome-ignore lint/suspicious/noExplicitAny: without fields, nothing is known of its rows
export function table(name: string): Source<Row<any, any>>;
export function table<const F extends { readonly [field: string]: Field }>(name: string, fields: F): Source<Row<F>>;
export function table(name: string, fields?: { readonly [field: string]: Field }): Source {
  return new Source({ source: name }, fields === undefined ? unknownShape(name) : typedShape(name, fields));
}

/** Fields whose types are given. */
function typedShape(name: string, fields: { readonly [name: string]: Field }): Shape {
  return { name, fields: new Map(Object.entries(fields)), schema: undefined };
}

/**
 * Rows that are given with the query, as a source.
 *
 * @example
 * const weights = values([{ id: 1, weight: 10 }], { id: t.id(), weight: t.integer() });
 * from(User).join(weights, "w", (u, { w }) => w.id.eq(u.id)).orderBy((_, { w }) => w.weight);
 */
export function values<const F extends { readonly [name: string]: Field }>(
  rows: readonly { readonly [K in keyof F]: F[K] extends Field<infer T> ? T | null : never }[],
  types: F,
): Source<Row<F>> {
  const names = Object.keys(types);
  if (rows.length === 0 || names.length === 0) {
    throw new EctomorphError("values(..) needs at least one row and one field");
  }
  const cells = rows.flatMap((row) => {
    const extra = Object.keys(row).find((name) => !Object.hasOwn(types, name));
    if (extra !== undefined) throw new EctomorphError(`values(..) was given \`${extra}\`, which has no type`);
    return names.map((name) => toNotation(row[name], types[name]?.type));
  });
  const node = { types: names.map((name) => [name, types[name]?.type]), rows: rows.length, cells };
  return new Source({ values: node as unknown as Node }, typedShape("values", types));
}

/**
 * An association of a row, to join: Ecto's `assoc(p, :comments)`.
 *
 * @example
 * from(User).join("posts", "p").join((u, { p }) => assoc(p, "comments"), "c");
 */
export function assoc<X extends AnyRow, K extends string & AssocOf<X>>(
  row: X,
  name: K,
): Assoc<Row<ChildFields<FieldsOf<X>, K & keyof FieldsOf<X>>>> {
  const { binding, shape } = infoOf(row);
  if (typeof binding === "string") throw new EctomorphError("associations of an outer query can't be joined");
  return new Assoc(binding, name, assocShape(shape, name));
}

/** A query under a name, as a source of others. Made by [`cte`]. */
export class Cte<X extends AnyRow = AnyRow> extends Source<X> {
  constructor(
    readonly state: CteState,
    shape: Shape,
  ) {
    super({ source: state.name }, shape);
  }
}

/**
 * A query under a name: a common table expression whose fields are known. `withCte` puts it into a query.
 *
 * @example
 * const counts = cte("counts", from(Post).groupBy("user_id").select((p) => ({ user_id: p.user_id, n: count() })));
 * from(counts).withCte(counts).select((c) => max(c.n));
 */
export function cte<X extends AnyRow>(name: string, query: Queryable<X>, options: CteOptions = {}): Cte<X> {
  const { operation = "all", materialized } = options;
  return new Cte({ name, query, materialized, operation }, { ...shapeOfQuery(query), name });
}

/** The options of a common table expression. */
export interface CteOptions {
  /** Whether it is computed once; the database decides, if nothing is said. */
  readonly materialized?: boolean;
  readonly operation?: "all" | "update_all" | "delete_all";
}

/** Names of the associations of a row. */
export type AssocOf<X> = AssocName<FieldsOf<X>>;

/** The shape of an association; that of one that is not there is left to the planner, which names the query. */
export function assocShape(shape: Shape, name: string): Shape {
  const related = relatedOf(shape.schema, name);
  return related === undefined ? unknownShape(name) : shapeOf(related);
}

/** The source that something stands for. */
export function sourceOf(given: SourceLike | string): Source {
  if (typeof given === "string") return table(given);
  if (given instanceof Source) return given;
  if (given instanceof Schema) return ofSchema(given, given.source);
  if (Array.isArray(given)) return ofSchema(given[1], given[0]);
  if (given instanceof SubqueryTerm) {
    return new Source({ subquery: new QueryNode(given.query) }, shapeOfQuery(given.query));
  }
  if (given instanceof Term) return new Source({ fragment: given.node }, unknownShape("fragment"));
  if (given instanceof Queryable) return new Source({ query: new QueryNode(given) }, shapeOfQuery(given));
  throw new EctomorphError("rows come from a schema, a table, a query, a subquery, values or a fragment");
}

function ofSchema(schema: Schema, source: string | null): Source {
  if (source === null) {
    throw new EctomorphError(`${schema.name} has no table: it lives inside other records`, { schema: schema.name });
  }
  return new Source({ source, schema: schema.name }, shapeOf(schema.description));
}
