import { EctomorphError } from "../errors.js";
import { toNotation } from "../notation.js";
import { conditionNode } from "./condition.js";
import type { Bindings, Join, Matches, NoBindings, OfRows, SourceOptions } from "./join.js";
import { Call, type Clause, Param } from "./node.js";
import { keyOrders, nodeOf, type Orders, ordersOf, reversed } from "./order.js";
import { excluded, type Part } from "./parts.js";
import { preloadParts } from "./preload.js";
import {
  type Conditional, type CteState, type Joined, type Order, type Qualifier, Queryable, type State,
} from "./queryable.js";
import type { AnyQuery, Preload, Preloaded, Result, ResultOf, RowOfSelect, Unselected } from "./result.js";
import { type AnyRow, type ColumnName, type FieldsOf, makeRow } from "./row.js";
import { run } from "./run.js";
import { type Merged, mergedSelect, type Names, selected, take, type TakenRow } from "./select.js";
import type { Selection } from "./selection.js";
import { Assoc, assocShape, Cte, type CteOptions, sourceOf, type SourceLike } from "./source.js";
import { type Condition, operand, Term } from "./term.js";
import { updateNode, type Updates } from "./update.js";
import { type Window, windowNode } from "./window.js";
import { documentOf, type QueryDocument } from "./write.js";

/**
 * A query: an immutable value, made by [`from`]. Every method gives a new one.
 *
 * Callbacks get the rows: first the one of `from`, then an object of those that have names, `(u, { p }) => ..`. When
 * `as` has named the first, too, all are in that object: `({ u, p }) => ..`. They run once, at once.
 *
 * @typeParam R The row of its first source.
 * @typeParam B The named rows.
 * @typeParam As Whether the first source has a name.
 * @typeParam S What it selects.
 * @typeParam P What it preloads.
 *
 * @example
 * from(User).where((u) => ilike(u.email, "%1%")).orderBy("name").select((u) => count(u.id));
 */
export class Query<
  R extends AnyRow = AnyRow,
  B extends Bindings | NoBindings = NoBindings,
  As extends boolean = false,
  S = Unselected,
  P = unknown,
> extends Queryable<RowOfSelect<R, S>, Result<R, S, P>> {
  /** The document of the query: what is sent, stored, and read by Rust. */
  get document(): QueryDocument {
    return documentOf(this);
  }

  /** The document, so that `JSON.stringify` writes it. */
  toJSON(): QueryDocument {
    return this.document;
  }

  /** Names the first source. */
  as<const N extends string>(name: N): Query<R, B & { readonly [K in N]: R }, true, S, P> {
    this.#unnamed(name);
    return this.#with({ from: { ...this.state.from, as: name } });
  }

  /** Whether a source has this name. */
  hasNamedBinding(name: string): boolean {
    return [this.state.from, ...this.state.joins].some(({ as }) => as === name);
  }

  /** What the function makes of the query, unless it has a source of this name: for joins that are made once. */
  withNamedBinding<Q extends AnyQuery>(name: string, add: (query: this) => Q): Q {
    return this.hasNamedBinding(name) ? (this as unknown as Q) : add(this);
  }

  /**
   * Only rows for which this holds, too: a condition, or values that columns must have.
   *
   * @example
   * from(User).where((u) => u.age.gt(30)).where({ status: "active" });
   */
  where(only: OfRows<R, B, As, Condition> | Matches<R>): Query<R, B, As, S, P> {
    return this.#with({ wheres: [...this.state.wheres, this.#condition(only, false)] });
  }

  /** Also rows for which this holds, whatever the conditions before it say. */
  orWhere(also: OfRows<R, B, As, Condition> | Matches<R>): Query<R, B, As, S, P> {
    return this.#with({ wheres: [...this.state.wheres, this.#condition(also, true)] });
  }

  /** Only groups for which this holds, too. */
  having(only: OfRows<R, B, As, Condition> | Matches<R>): Query<R, B, As, S, P> {
    return this.#with({ havings: [...this.state.havings, this.#condition(only, false)] });
  }

  /** Also groups for which this holds. */
  orHaving(also: OfRows<R, B, As, Condition> | Matches<R>): Query<R, B, As, S, P> {
    return this.#with({ havings: [...this.state.havings, this.#condition(also, true)] });
  }

  /**
   * What each result is: a field, a row, or a tuple or object of them; or names of fields.
   *
   * @example
   * from(User).select((u) => ({ id: u.id, name: u.name }));
   * from(User).select(["id", "name"]);
   */
  select<const T>(shape: OfRows<R, B, As, T>): Query<R, B, As, T, P>;
  select<const N extends Names<R>>(names: N): Query<R, B, As, TakenRow<R, N>, P>;
  select(shape: unknown): Query<R, B, As, any, P> {
    return this.#with({ select: this.#selected(shape) });
  }

  /** More keys for what is selected. They win over those of the same name. */
  selectMerge<const T>(
    shape: OfRows<R, B, As, T>,
  ): Query<R, B, As, Selection<Merged<NonNullable<Result<R, S, P>>, ResultOf<T>>>, P> {
    const base = this.state.select ?? this.#whole();
    const { call, value } = run(this.state, shape, new Call(base.call));
    return this.#with({ select: { call, ...mergedSelect(base, selected(value)) } });
  }

  /** Each result once; given fields, the first row of each of their values. */
  distinct(by: true | OfRows<R, B, As, Orders<ColumnName<R>>> | readonly ColumnName<R>[] = true): Query<R, B, As, S, P> {
    return this.#with({ distinct: by === true ? true : this.#orders(by) });
  }

  /**
   * The order; after what was ordered by before.
   *
   * @example
   * from(User).orderBy("name").orderBy((u) => [desc(u.age), u.id]);
   */
  orderBy(by: OfRows<R, B, As, Orders<ColumnName<R>>> | Orders<ColumnName<R>>): Query<R, B, As, S, P> {
    return this.#with({ orderBys: [...this.state.orderBys, this.#orders(by)] });
  }

  /** The order, before what was ordered by already. */
  prependOrderBy(by: OfRows<R, B, As, Orders<ColumnName<R>>> | Orders<ColumnName<R>>): Query<R, B, As, S, P> {
    return this.#with({ orderBys: [this.#orders(by), ...this.state.orderBys] });
  }

  /** The order the other way round; that of the primary key, if there is none. */
  reverseOrder(): Query<R, B, As, S, P> {
    const { orderBys } = this.state;
    if (orderBys.length === 0) return this.#byKey("desc");
    return this.#with({ orderBys: orderBys.map(({ call, node }) => ({ call, node: node.map(reversed) })) });
  }

  /** The first one: of the order there is, or by the primary key, or by this field. */
  first(by?: Orders<ColumnName<R>>): Query<R, B, As, S, P> {
    const ordered: Query<R, B, As, S, P> = by === undefined ? this : this.orderBy(by);
    return (ordered.state.orderBys.length === 0 ? ordered.#byKey("asc") : ordered).#one();
  }

  /** The last one. */
  last(by?: Orders<ColumnName<R>>): Query<R, B, As, S, P> {
    const ordered: Query<R, B, As, S, P> = by === undefined ? this : this.orderBy(by);
    return ordered.reverseOrder().#one();
  }

  /** Rows of the same values as one group. */
  groupBy(by: OfRows<R, B, As, Term | readonly Term[]> | ColumnName<R> | readonly ColumnName<R>[]): Query<R, B, As, S, P> {
    const { call, value, root } = run(this.state, by);
    const node = (Array.isArray(value) ? value : [value]).map((each) => nodeOf(each, root));
    return this.#with({ groupBys: [...this.state.groupBys, { call, node }] });
  }

  /**
   * Windows with names, for `over`.
   *
   * @example
   * from(Post).windows((p) => ({ w: { partitionBy: p.user_id } })).select((p) => over(sum(p.views), "w"));
   */
  windows(windows: OfRows<R, B, As, { readonly [name: string]: Window }>): Query<R, B, As, S, P> {
    const { call, value } = run(this.state, windows);
    const node = Object.entries(value as object).map(([name, window]) => [name, windowNode(window as Window)] as const);
    return this.#with({ windows: [...this.state.windows, { call, node }] });
  }

  /** At most so many rows; null for all. The last limit counts. */
  limit(rows: number | null | Term | OfRows<R, B, As, Term>): Query<R, B, As, S, P> {
    return this.#with({ limit: this.#number(rows) });
  }

  /** Without the first so many rows. */
  offset(rows: number | null | Term | OfRows<R, B, As, Term>): Query<R, B, As, S, P> {
    return this.#with({ offset: this.#number(rows) });
  }

  /** With the rows that come in the same place as the last one. */
  withTies(ties = true): Query<R, B, As, S, P> {
    return this.#with({ withTies: ties });
  }

  /** A lock of the database's own, as SQL: `"FOR UPDATE"`. */
  lock(sql: string | OfRows<R, B, As, Term>): Query<R, B, As, S, P> {
    if (typeof sql === "string") return this.#with({ lock: { call: new Call(), node: sql } });
    const { call, value } = run(this.state, sql);
    return this.#with({ lock: { call, node: nodeOf(value, undefined) } });
  }

  /** The database schema (or prefix) of all tables that name none. */
  prefix(prefix: string): Query<R, B, As, S, P> {
    return this.#with({ prefix });
  }

  /**
   * Rows of both.
   *
   * @example
   * from(Post).join("comments", "c").where((p, { c }) => c.likes.gt(p.views));
   */
  get join(): Join<R, B, As, S, P, "inner"> {
    return this.#joiner("inner");
  }

  /** Rows of this, with those of the other where there are some. */
  get leftJoin(): Join<R, B, As, S, P, "left"> {
    return this.#joiner("left");
  }

  /** Rows of the other, with those of this where there are some. */
  get rightJoin(): Join<R, B, As, S, P, "right"> {
    return this.#joiner("right");
  }

  /** Rows of either, put together where they fit. */
  get fullJoin(): Join<R, B, As, S, P, "full"> {
    return this.#joiner("full");
  }

  /** Each row of this with each of the other. */
  get crossJoin(): Join<R, B, As, S, P, "cross"> {
    return this.#joiner("cross");
  }

  /** A join of a subquery that may refer to the rows before it. */
  get innerLateralJoin(): Join<R, B, As, S, P, "inner_lateral"> {
    return this.#joiner("inner_lateral");
  }

  /** The same, with rows for which it finds none. */
  get leftLateralJoin(): Join<R, B, As, S, P, "left_lateral"> {
    return this.#joiner("left_lateral");
  }

  /** The same, with each row that it finds. */
  get crossLateralJoin(): Join<R, B, As, S, P, "cross_lateral"> {
    return this.#joiner("cross_lateral");
  }

  /**
   * Loads associations of the first source with it: by their names, by queries, or out of joins.
   *
   * @example
   * from(User).preload("posts", { comments: "post" });
   * from(User).preload({ posts: from(Post).orderBy("id") });
   * from(User).join("posts", "p").preload((u, { p }) => ({ posts: p }));
   */
  preload<const W extends readonly Preload<FieldsOf<R>>[]>(...wanted: W): Query<R, B, As, S, P & Preloaded<W>>;
  preload<const W extends Preload<FieldsOf<R>>>(wanted: OfRows<R, B, As, W>): Query<R, B, As, S, P & Preloaded<W>>;
  preload(...wanted: readonly unknown[]): Query<R, B, As, S, any> {
    const { call, value } = run(this.state, typeof wanted[0] === "function" ? wanted[0] : wanted);
    const { preloads, assocs } = preloadParts(value);
    return this.#with({
      preloads: [...this.state.preloads, ...preloads],
      assocs: [...this.state.assocs, ...assocs.map((node) => ({ call, node }))],
    });
  }

  /** Rows of both queries, each once. */
  union<Q extends Queryable<AnyRow, Result<R, S, P>>>(other: Q): Query<R, B, As, S, P> {
    return this.#combined("union", other);
  }

  /** Rows of both queries. */
  unionAll<Q extends Queryable<AnyRow, Result<R, S, P>>>(other: Q): Query<R, B, As, S, P> {
    return this.#combined("union_all", other);
  }

  /** Rows that the other has not, each once. */
  except<Q extends Queryable<AnyRow, Result<R, S, P>>>(other: Q): Query<R, B, As, S, P> {
    return this.#combined("except", other);
  }

  /** Rows, less as many of each as the other has. */
  exceptAll<Q extends Queryable<AnyRow, Result<R, S, P>>>(other: Q): Query<R, B, As, S, P> {
    return this.#combined("except_all", other);
  }

  /** Rows that the other has, too, each once. */
  intersect<Q extends Queryable<AnyRow, Result<R, S, P>>>(other: Q): Query<R, B, As, S, P> {
    return this.#combined("intersect", other);
  }

  /** Rows that the other has, too, as often as both have them. */
  intersectAll<Q extends Queryable<AnyRow, Result<R, S, P>>>(other: Q): Query<R, B, As, S, P> {
    return this.#combined("intersect_all", other);
  }

  /**
   * A query under a name, to be a source of this one and of those named after it.
   *
   * @example
   * const counts = cte("counts", from(Post).groupBy("user_id").select((p) => ({ user_id: p.user_id, n: count() })));
   * from(User).withCte(counts).join(counts, "c", (u, { c }) => c.user_id.eq(u.id)).select((u, { c }) => [u.name, c.n]);
   */
  withCte(cte: Cte): Query<R, B, As, S, P>;
  withCte(name: string, query: AnyQuery | Term, options?: CteOptions): Query<R, B, As, S, P>;
  withCte(cte: Cte | string, query?: AnyQuery | Term, options: CteOptions = {}): Query<R, B, As, S, P> {
    const { materialized, operation = "all" } = options;
    const given: CteState =
      cte instanceof Cte ? cte.state
      : { name: cte, query: query instanceof Term ? query.node : (query as AnyQuery), materialized, operation };
    const { ctes } = this.state;
    const placed = ctes.map((each) => (each.name === given.name ? given : each));
    return this.#with({ ctes: placed.includes(given) ? placed : [...ctes, given] });
  }

  /** Whether named queries may refer to themselves. */
  recursiveCtes(recursive = true): Query<R, B, As, S, P> {
    return this.#with({ recursive });
  }

  /**
   * What `updateAll` changes: fields to set, numbers to add, elements to add to lists or to take out.
   *
   * @example
   * from(Post).update({ inc: { views: 1 } });
   * from(Post).update((p) => ({ set: { title: fragment`upper(${p.title})` } }));
   */
  update(changes: Updates<R> | OfRows<R, B, As, Updates<R>>): Query<R, B, As, S, P> {
    const { call, value, root } = run(this.state, changes);
    return this.#with({ updates: [...this.state.updates, { call, node: updateNode(value, root) }] });
  }

  /** Without these parts. */
  exclude(...parts: readonly Exclude<Part, "select" | "preload">[]): Query<R, B, As, S, P>;
  exclude(...parts: readonly Part[]): Query<R, B, As, Unselected, unknown>;
  exclude(...parts: readonly Part[]): Query<R, B, As, any, any> {
    return this.#with(parts.reduce<State>((state, part) => ({ ...state, ...excluded(state, part) }), this.state));
  }

  /** The same query, otherwise typed: what each method knows of its result. */
  #with<Q>(changes: Partial<State>): Q {
    return new Query({ ...this.state, ...changes }) as unknown as Q;
  }

  #condition(given: unknown, or: boolean): Conditional {
    const { call, value, root } = run(this.state, given);
    return { call, or, node: conditionNode(value, root) };
  }

  #orders(given: unknown): Clause<readonly Order[]> {
    const { call, value, root } = run(this.state, given);
    return { call, node: ordersOf(value, root) };
  }

  #selected(given: unknown): NonNullable<State["select"]> {
    const { call, value, root } = run(this.state, given);
    const named = Array.isArray(given) ? take(root, "any", given) : value;
    return { call, ...selected(named) };
  }

  /** What is selected when nothing is: the first source. */
  #whole(): NonNullable<State["select"]> {
    const { call, root } = run(this.state, undefined);
    return { call, ...selected(root) };
  }

  #number(given: unknown): Clause {
    const { call, value } = run(this.state, given);
    if (value instanceof Term) return { call, node: operand(value, undefined) };
    const number = value === null ? null : toNotation(value, "integer");
    return { call, node: new Param(() => number, "integer") };
  }

  #one(): Query<R, B, As, S, P> {
    return this.#with({ limit: { call: new Call(), node: 1 } });
  }

  #byKey(direction: string): Query<R, B, As, S, P> {
    const { call, root } = run(this.state, undefined);
    return this.#with({ orderBys: [{ call, node: keyOrders(direction, root) }] });
  }

  #combined(op: string, query: AnyQuery): Query<R, B, As, S, P> {
    return this.#with({ combinations: [...this.state.combinations, { op, query }] });
  }

  #unnamed(name: string): void {
    if (!this.hasNamedBinding(name)) return;
    throw new EctomorphError(`a source of the query is named \`${name}\` already; names are given once`);
  }

  #joiner(qual: Qualifier): never {
    const join = (given: unknown, name?: string, on?: unknown, { prefix }: SourceOptions = {}) => {
      const { call, value } = run(this.state, given);
      const shape = this.state.from.source.shape;
      const source =
        typeof value === "string" ? new Assoc({ call, index: 0 }, value, assocShape(shape, value))
        : sourceOf(value as SourceLike);
      const as = name ?? (typeof value === "string" ? value : undefined);
      if (as === undefined) throw new EctomorphError('a join needs a name: join(Post, "p", (u, { p }) => ..)');
      this.#unnamed(as);
      const joined: Joined = { source, as, prefix, qual, call, on: undefined };
      const condition = on === undefined ? undefined : this.#on(joined, on);
      return this.#with({ joins: [...this.state.joins, { ...joined, on: condition }] });
    };
    return join as never;
  }

  #on(joined: Joined, given: unknown): Clause {
    const joins = [...this.state.joins, joined];
    const { call, value } = run({ ...this.state, joins }, given);
    return { call, node: conditionNode(value, makeRow({ call, index: joins.length }, joined.source.shape)) };
  }
}
