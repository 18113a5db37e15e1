import { Changeset, type Source } from "../changeset.js";
import type { Core } from "../core.js";
import { addError, type Applied } from "../accessors.js";
import { EctomorphError } from "../errors.js";
import type { RecordOf } from "../fields.js";
import type { Migration } from "../migration/migration.js";
import { toNotation } from "../notation.js";
import { from } from "../query/from.js";
import type { Query } from "../query/query.js";
import type { Queryable } from "../query/queryable.js";
import type { Preload } from "../query/result.js";
import { documentOf, type QueryDocument } from "../query/write.js";
import { type Preparation, snakeCase } from "../rules.js";
import { Schema, schemaOf } from "../schema.js";
import type { Writer } from "../whole/pack.js";
import { type Connection, Invalid, Streaming, type Transaction, unlessAborted } from "./connection.js";
import type { CompiledRules, Validators } from "./database.js";
import { interrupted, repoError } from "./errors.js";
import { Multi, type MultiResult, runMulti } from "./multi.js";
import {
  type Cancellable, clausesToNotation, type InsertAllOptions, type InsertOptions, optionsToNotation, queryOf, type ReadableDocument, readableOf,
  type ReadOptions, type StreamOptions, type UniqueOptions, type WriteOptions,
} from "./options.js";
import { changesetOf, coreOf, failedChangeset, placeholderTypes, writeChangeset, writeRows } from "./write.js";

/** What rows are read from: a query, its document, a schema, the name of a table. */
// biome-ignore lint/suspicious/noExplicitAny: queries of any row
export type Readable = Queryable<any, unknown> | Schema<any> | QueryDocument | string;

/** What each result of something readable is. */
// biome-ignore lint/suspicious/noExplicitAny: nothing is known of a table without schema
export type ResultOfReadable<Q> = Q extends Queryable<any, infer T> ? T : Q extends Schema<infer F> ? RecordOf<F> : any;

/** What a write of one record gives: the record as it is stored, or the changeset with its errors. */
export type WriteResult<F> = Applied<F>;

/** How many rows were written, and what was asked for of them. */
export interface Counted<T> {
  readonly count: number;
  readonly rows: T[] | null;
}

/** How a transaction ended. */
export type TransactionResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: unknown };

/** A query in words. */
export interface Explanation {
  /** The query as Ecto prints it, a clause a line. */
  readonly query: string;
  /** What is done for it: a step a line, below it and indented those that give it its rows. */
  readonly plan: string;
}

/** A migration as the database has it. */
export interface MigrationStatus {
  readonly version: number;
  /** Its name; null for one that has run, but is not among the migrations any more. */
  readonly name: string | null;
  /** Whether it has run. */
  readonly up: boolean;
}

/** Which migrations run: all, so many, or those up or down to a version. */
export interface MigrationTarget {
  readonly step?: number;
  readonly to?: number;
  readonly toExclusive?: number;
}

/** Thrown by `rollback`. */
class Rollback {
  constructor(readonly reason: unknown) {}
}

/** An id: what `get` takes. */
export type Id = number | bigint | string;

/**
 * A database: Ecto's Repo. Opened with `openRepo`.
 *
 * Invalid changesets are data; all else that goes wrong is thrown as a `RepoError`.
 */
export class Repo {
  readonly #connection: Connection;
  readonly #transaction: Transaction | undefined;
  readonly #migrations: readonly Migration[];

  /** @internal */
  constructor(connection: Connection, migrations: readonly Migration[], transaction?: Transaction) {
    this.#connection = connection;
    this.#migrations = migrations;
    this.#transaction = transaction;
  }

  /** All results of a query. */
  async all<Q extends Readable>(query: Q, options?: ReadOptions): Promise<ResultOfReadable<Q>[]> {
    return (await this.#read("all", query, null, options)) as ResultOfReadable<Q>[];
  }

  /** The results whose fields have these values. */
  async allBy<Q extends Readable>(query: Q, clauses: object, options?: ReadOptions): Promise<ResultOfReadable<Q>[]> {
    return (await this.#by("all_by", query, clauses, options)) as ResultOfReadable<Q>[];
  }

  /** The only result of a query; null if it has none. */
  async one<Q extends Readable>(query: Q, options?: ReadOptions): Promise<ResultOfReadable<Q> | null> {
    return (await this.#read("one", query, null, options)) as ResultOfReadable<Q> | null;
  }

  /** The only result of a query; Ecto's `one!`. */
  async oneOrThrow<Q extends Readable>(query: Q, options?: ReadOptions): Promise<ResultOfReadable<Q>> {
    return (await this.#read("one_required", query, null, options)) as ResultOfReadable<Q>;
  }

  /**
   * The record with that primary key; null if there is none.
   *
   * @example
   * const user = await repo.get(User, 42);
   */
  get<Q extends Readable>(query: Q, id: Id, options?: ReadOptions): Promise<ResultOfReadable<Q> | null> {
    if (options === undefined && this.#transaction === undefined && query instanceof Schema) {
      const connection = this.#connection;
      try {
        const record = connection.direct?.get(query as Schema, id, connection.schemas);
        if (record !== undefined) return Promise.resolve(record as ResultOfReadable<Q> | null);
      } catch (error) {
        return Promise.reject(error);
      }
    }
    return this.#get(query, id, options);
  }

  async #get<Q extends Readable>(query: Q, id: Id, options: ReadOptions | undefined): Promise<ResultOfReadable<Q> | null> {
    if (options?.prefix !== undefined || !(query instanceof Schema) || this.#connection.schema(query.name) !== (query as Schema)) {
      return (await this.#read("get_in", query, id, options)) as ResultOfReadable<Q> | null;
    }
    const { name } = query;
    return this.#connection.perform(this.#transaction, "get", name, (writer) => {
      writer.string(name).value(id);
    }, options?.signal) as ResultOfReadable<Q> | null;
  }

  /** The record with that primary key; Ecto's `get!`. */
  async getOrThrow<Q extends Readable>(query: Q, id: Id, options?: ReadOptions): Promise<ResultOfReadable<Q>> {
    return (await this.#read("get_required", query, id, options)) as ResultOfReadable<Q>;
  }

  /** The only record whose fields have these values; null if there is none. */
  async getBy<Q extends Readable>(query: Q, clauses: object, options?: ReadOptions): Promise<ResultOfReadable<Q> | null> {
    return (await this.#by("get_by", query, clauses, options)) as ResultOfReadable<Q> | null;
  }

  /** The only record whose fields have these values; Ecto's `get_by!`. */
  async getByOrThrow<Q extends Readable>(query: Q, clauses: object, options?: ReadOptions): Promise<ResultOfReadable<Q>> {
    return (await this.#by("get_by_required", query, clauses, options)) as ResultOfReadable<Q>;
  }

  /** Whether the query has a result. */
  async exists(query: Readable, options?: ReadOptions): Promise<boolean> {
    return (await this.#read("exists", query, null, options)) as boolean;
  }

  /**
   * How many results there are, or the aggregate of a field over them.
   *
   * @example
   * await repo.aggregate(Post, "count");
   * await repo.aggregate(from(Post).limit(10), "avg", "views");
   */
  async aggregate(query: Readable, aggregate: "count", options?: ReadOptions): Promise<number>;
  async aggregate<T = number | string | null>(
    query: Readable, aggregate: "count" | "sum" | "avg" | "min" | "max", field: string, options?: ReadOptions,
  ): Promise<T>;
  async aggregate(query: Readable, aggregate: string, given?: string | ReadOptions, options?: ReadOptions): Promise<unknown> {
    const field = typeof given === "string" ? given : null;
    return this.#read("aggregate", query, [aggregate, field], typeof given === "object" ? given : options);
  }

  /**
   * The results of a query one by one, as they are now: what is written meanwhile does not show. They are made in portions of
   * `maxRows`, so there are never more of them than that.
   *
   * @example
   * for await (const post of repo.stream(from(Post).orderBy("id"), { maxRows: 100 })) print(post);
   */
  stream<Q extends Readable>(query: Q, options?: StreamOptions): AsyncGenerator<ResultOfReadable<Q>, void, undefined> {
    const stream = new Streaming(this.#connection.epoch);
    const results = this.#portions(query, options, stream);
    this.#connection.watch(results, stream);
    return results;
  }

  async *#portions<Q extends Readable>(
    query: Q, options: StreamOptions | undefined, stream: Streaming,
  ): AsyncGenerator<ResultOfReadable<Q>, void, undefined> {
    stream.number = await this.#read("stream", query, optionsToNotation(options, undefined), options);
    stream.epoch = this.#connection.epoch;
    try {
      while (!stream.isOver) {
        const portion = (await this.#ask("stream_next", (writer) => {
          if (this.#connection.epoch !== stream.epoch) throw interrupted("it knew where the stream was");
          writer.value(stream.number);
        })) as ResultOfReadable<Q>[];
        stream.isOver = portion.length === 0;
        yield* portion;
      }
    } finally {
      await this.#connection.endStream(this.#transaction, stream);
    }
  }

  /** The record as it is stored now; null if it is gone. */
  async reload<T extends object>(record: T, options?: ReadOptions): Promise<T | null> {
    const { query, id } = this.#sole(record, "reload");
    return (await this.#read("get_in", query, id, options)) as T | null;
  }

  /** The record as it is stored now; Ecto's `reload!`. */
  async reloadOrThrow<T extends object>(record: T, options?: ReadOptions): Promise<T> {
    const { query, id } = this.#sole(record, "reload");
    return (await this.#read("get_required", query, id, options)) as T;
  }

  /**
   * The records with associations read: by names, nested, or by queries. What is loaded stays, unless `force` is set.
   *
   * @example
   * const [post] = await repo.preload(posts, "comments", { user: "profile" });
   */
  async preload<T extends object>(records: readonly T[], ...wanted: readonly Preload<unknown>[]): Promise<T[]>;
  async preload<T extends object>(record: T, ...wanted: readonly Preload<unknown>[]): Promise<T>;
  async preload(given: object | readonly object[], ...wanted: readonly unknown[]): Promise<unknown> {
    const options = wanted.at(-1);
    const force = options instanceof PreloadOptions;
    const records = Array.isArray(given) ? (given as readonly object[]) : [given];
    if (records.length === 0) return [];
    const schema = this.#schemaOf(records[0] as object, "preload");
    const query = (from(schema) as unknown as Query).preload(...((force ? wanted.slice(0, -1) : wanted) as never[]));
    const loaded = (await this.#connection.perform(this.#transaction, "preload", schema.name, (writer) => {
      writer.value(documentOf(query as unknown as Queryable));
      writer.list(2).list(records.length);
      writer.notation = true;
      for (const record of records) writer.value(record);
      writer.notation = false;
      writer.value(force);
    })) as unknown[];
    return Array.isArray(given) ? loaded : loaded[0];
  }

  /**
   * Inserts a record, with what its associations hold.
   *
   * @example
   * const inserted = await repo.insert(registration(User.build(), formData));
   * if (!inserted.ok) show(traverseErrors(inserted.changeset));
   */
  insert<F>(changeset: Changeset<F>, options?: InsertOptions): Promise<WriteResult<F>> {
    return this.#directly("insert", changeset, options) ?? this.#write("insert", changeset, options);
  }

  /** Updates the record of a changeset by its primary key: what changed, and nothing else. */
  update<F>(changeset: Changeset<F>, options?: WriteOptions): Promise<WriteResult<F>> {
    return this.#directly("update", changeset, options) ?? this.#write("update", changeset, options);
  }

  /**
   * The changeset with an error if a row with the same values of these fields is there already. It is for early feedback: only a
   * unique index, with `uniqueConstraint`, is safe. Nothing is asked if none of the fields changes, one has an error, or one is null.
   *
   * @example
   * const checked = await repo.unsafeValidateUnique(changeset, "email");
   */
  async unsafeValidateUnique<F>(
    changeset: Changeset<F>, fields: string | readonly string[], options: UniqueOptions = {},
  ): Promise<Changeset<F>> {
    const source = Changeset.source(changeset as Changeset);
    const core = coreOf(source);
    const rules = await this.#connection.rules(core);
    const validators = await this.#connection.validators(source);
    const { message = null, errorKey = null, nullsDistinct = true, prefix = null, query } = options;
    const answer = await this.#connection.perform(this.#transaction, "unsafe_validate_unique", core.name, (writer) => {
      writer.value(rules.handle).value({
        fields: typeof fields === "string" ? [fields] : fields, message, error_key: errorKey, nulls_distinct: nullsDistinct, prefix,
        query: query === undefined ? null : readableOf(query).document,
      });
      return { validators, files: writeChangeset(writer, source, rules) };
    }, options.signal);
    const found = answer as [field: string, message: string, metadata: { [key: string]: unknown }] | null;
    return found === null ? changeset : addError(changeset, ...found);
  }

  /** Inserts the record if it is new, updates it if it came from the database. */
  insertOrUpdate<F>(changeset: Changeset<F>, options?: InsertOptions): Promise<WriteResult<F>> {
    return this.#write("insert_or_update", changeset, options);
  }

  /** Deletes a record by its primary key, after what `onDelete` of its associations says. */
  delete<F>(changeset: Changeset<F>, options?: WriteOptions): Promise<WriteResult<F>>;
  delete<T extends object>(record: T, options?: WriteOptions): Promise<{ readonly ok: true; readonly value: T } | { readonly ok: false; readonly changeset: Changeset }>;
  delete(given: object, options?: WriteOptions): Promise<WriteResult<unknown>> {
    return this.#write("delete", given as Changeset<unknown>, options);
  }

  /**
   * Inserts rows as they are, without changesets: what a row leaves out has the default of its column.
   *
   * @example
   * const { count } = await repo.insertAll(Post, [{ title: "one" }, { title: "two" }]);
   */
  async insertAll<S extends Schema | string>(
    target: S, rows: readonly object[] | Queryable, options?: InsertAllOptions,
  ): Promise<Counted<ResultOfReadable<S>>> {
    const schema = typeof target === "string" ? undefined : (target as Schema);
    const name = schema?.name ?? String(target);
    const answer = await this.#connection.perform(this.#transaction, "insert_all", name, (writer) => {
      const types = options?.placeholders === undefined ? undefined : placeholderTypes(rows, schema);
      writer.value(schema === undefined ? { source: name } : { schema: name }).value(optionsToNotation(options, schema, types));
      writeRows(writer, rows, schema);
    }, options?.signal);
    return this.#counted(answer) as Counted<ResultOfReadable<S>>;
  }

  /**
   * Updates all rows of a query.
   *
   * @example
   * await repo.updateAll(from(Post).where((p) => p.views.gt(10)), { set: { title: "popular" } });
   */
  async updateAll<Q extends Readable>(
    given: Q, updates?: { readonly set?: object; readonly inc?: object; readonly push?: object; readonly pull?: object },
    options?: ReadOptions,
  ): Promise<Counted<ResultOfReadable<Q>>> {
    const updated = updates === undefined ? given : (queryOf(given) as unknown as Query).update(updates as never);
    return this.#bulk("update_all", readableOf(updated), options) as Promise<Counted<ResultOfReadable<Q>>>;
  }

  /** Deletes all rows of a query. */
  deleteAll<Q extends Readable>(query: Q, options?: ReadOptions): Promise<Counted<ResultOfReadable<Q>>> {
    return this.#bulk("delete_all", readableOf(query), options) as Promise<Counted<ResultOfReadable<Q>>>;
  }

  /**
   * Does all of something or nothing: it is committed when the function returns, and rolled back when it throws, or calls
   * `rollback` of the repo it is given. Within a transaction it is part of that one.
   *
   * A `Multi` is run likewise: its first step that fails rolls all of them back.
   *
   * @example
   * await repo.transaction(async (repo) => {
   *   const { count } = await repo.deleteAll(Comment);
   *   if (count > 100) repo.rollback("too many");
   * });
   */
  async transaction<T>(work: (repo: Repo) => T | Promise<T>, options?: Cancellable): Promise<TransactionResult<T>>;
  async transaction<C extends object>(multi: Multi<C>, options?: Cancellable): Promise<MultiResult<C>>;
  async transaction(work: ((repo: Repo) => unknown) | Multi<object>, { signal }: Cancellable = {}): Promise<unknown> {
    if (work instanceof Multi) return runMulti(this, work, signal === undefined ? {} : { signal });
    const outer = this.#transaction;
    if (outer !== undefined) {
      try {
        return { ok: true, value: await work(this) };
      } catch (error) {
        outer.isDoomed = true;
        if (error instanceof Rollback) return { ok: false, reason: error.reason };
        throw error;
      }
    }
    const transaction = await this.#connection.begin(signal);
    let value: unknown;
    try {
      const done = (async () => work(new Repo(this.#connection, this.#migrations, transaction)))();
      value = await (signal === undefined ? done : unlessAborted(done, signal));
    } catch (error) {
      await this.#connection.end(transaction, false);
      if (error instanceof Rollback) return { ok: false, reason: error.reason };
      throw error;
    }
    await this.#connection.end(transaction, true);
    return { ok: true, value };
  }

  /** Ends the transaction, undoes it, and makes it give `{ ok: false, reason }`. */
  rollback(reason?: unknown): never {
    if (this.#transaction === undefined) {
      throw repoError("mistake", "RuntimeError", "rollback is for the repo that the function of a transaction is given");
    }
    throw new Rollback(reason);
  }

  /** Whether this is the repo of a transaction. */
  get inTransaction(): boolean {
    return this.#transaction !== undefined;
  }

  /**
   * Runs one statement of SQL in GlueSQL's dialect, with `$1`, `$2` .. for the params. It obeys constraints and
   * transactions as all else does; but what it gives is GlueSQL's: `null or true` is null, `like` fails on null, window
   * functions mean nothing. Queries have none of this. Tables are changed by migrations alone.
   *
   * @example
   * const { rows } = await repo.query("SELECT name FROM users WHERE id = $1", [1]);
   */
  async query(
    sql: string, params: readonly unknown[] = [], options?: Cancellable,
  ): Promise<{ readonly count: number; readonly rows: unknown[][] }> {
    const answer = await this.#connection.perform(this.#transaction, "query", undefined, (writer) => {
      writer.string(sql).value(toNotation(params, undefined));
    }, options?.signal);
    return this.#counted(answer) as { count: number; rows: unknown[][] };
  }

  /**
   * How a query is run: which index finds the rows of a table, what is joined how, grouped and sorted.
   *
   * @example
   * console.log((await repo.explain(from(User).where((u) => u.email.eq("ada@example.com")))).plan);
   */
  async explain(query: Readable, operation: "all" | "updateAll" | "deleteAll" = "all"): Promise<Explanation> {
    const { document, source } = readableOf(query);
    const answer = await this.#connection.perform(this.#transaction, "explain", source, (writer) => {
      writer.value(document).string(snakeCase(operation));
    });
    return answer as Explanation;
  }

  /** Runs pending migrations; gives their versions. */
  async migrate(target: MigrationTarget = {}): Promise<number[]> {
    return (await this.#migrate("migrate", target, true)) as number[];
  }

  /** Rolls migrations back, the latest first; one, unless the target says more. Gives their versions. */
  async rollbackMigrations(target: MigrationTarget | "all" = { step: 1 }): Promise<number[]> {
    return (await this.#migrate("migrate", target === "all" ? {} : target, false)) as number[];
  }

  /** Every migration, and whether it has run. */
  async migrations(): Promise<MigrationStatus[]> {
    return (await this.#migrate("migrations", {}, true)) as MigrationStatus[];
  }

  /** The whole database as one file. */
  async export(): Promise<Uint8Array> {
    return (await this.#ask("export")) as Uint8Array;
  }

  /** Puts what is in a file of `export` in the place of everything. */
  async import(file: Uint8Array): Promise<void> {
    await this.#ask("import", (writer) => void writer.value(file));
  }

  /** Makes durable what is written: where `durability` is `"relaxed"`. */
  async flush(): Promise<void> {
    await this.#ask("flush");
  }

  /** Closes the database, when open transactions are over. */
  close(): Promise<void> {
    return this.#connection.close();
  }

  #by(op: string, given: unknown, clauses: object, options: ReadOptions | undefined): Promise<unknown> {
    const readable = readableOf(given, options);
    return this.#readDocument(op, readable, clausesToNotation(clauses, readable), options);
  }

  #read(op: string, given: unknown, argument: unknown, options?: ReadOptions): Promise<unknown> {
    const written = typeof argument === "bigint" ? toNotation(argument, undefined) : argument;
    return this.#readDocument(op, readableOf(given, options), written, options);
  }

  async #readDocument(
    op: string, { document, source }: ReadableDocument, argument: unknown, options: Cancellable | undefined,
  ): Promise<unknown> {
    return this.#connection.perform(this.#transaction, op, source, (writer) => {
      writer.value(document).value(argument);
    }, options?.signal);
  }

  async #bulk(op: string, { document, source }: ReadableDocument, options: ReadOptions | undefined): Promise<Counted<unknown>> {
    const answer = await this.#connection.perform(this.#transaction, op, source, (writer) => {
      writer.value(document).value(optionsToNotation(options, undefined));
    }, options?.signal);
    return this.#counted(answer);
  }

  #counted(answer: unknown): Counted<unknown> {
    const [count, rows] = answer as [number, unknown[] | null];
    return { count, rows };
  }

  /** Writes a row the short way; undefined if that is not possible, and then nothing was done. */
  #directly<F>(op: "insert" | "update", changeset: Changeset<F>, options: InsertOptions | undefined): Promise<WriteResult<F>> | undefined {
    if (options !== undefined || this.#transaction !== undefined) return undefined;
    const connection = this.#connection;
    const { direct } = connection;
    if (direct === undefined) return undefined;
    try {
      const record = op === "insert" ? direct.insert(changeset, connection.schemas) : direct.update(changeset, connection.schemas);
      return record === undefined ? undefined : Promise.resolve({ ok: true, value: record as RecordOf<F> });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  // No function that waits: what it gives is handed on as it is.
  #write<F>(op: string, given: Changeset<F>, options: InsertOptions | undefined): Promise<WriteResult<F>> {
    try {
      const changeset = changesetOf(given, op === "insert_or_update" ? "insertOrUpdate" : op);
      const source = Changeset.source(changeset);
      const core = coreOf(source);
      const { prepared = [] } = core.recording;
      if (prepared.length > 0 && changeset.valid) return this.#writePrepared(op, changeset as Changeset<F>, prepared, options);
      return this.#writeSource(op, source, core, options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Writes what the functions of `prepareChanges` make of a changeset, in one transaction with what they do. */
  async #writePrepared<F>(
    op: string, changeset: Changeset<F>, prepared: readonly Preparation[], options: InsertOptions | undefined,
  ): Promise<WriteResult<F>> {
    const write = async (repo: Repo): Promise<WriteResult<F>> => {
      let ready: Changeset = changeset as Changeset;
      for (const prepare of prepared) ready = await prepare(ready, repo);
      const source = Changeset.source(ready);
      return repo.#writeSource<F>(op, source, coreOf(source), options);
    };
    if (this.#transaction !== undefined) return write(this);
    const done = await this.transaction(async (repo) => {
      const written = await write(repo);
      return written.ok ? written : repo.rollback(written);
    });
    return done.ok ? done.value : (done.reason as WriteResult<F>);
  }

  async #writeSource<F>(op: string, source: Source, core: Core, options: InsertOptions | undefined): Promise<WriteResult<F>> {
    // Where the engine is in this thread both are at hand, and nothing is waited for.
    let rules = this.#connection.rules(core);
    let validators = this.#connection.validators(source);
    const prepared = rules instanceof Promise || validators instanceof Promise
      ? Promise.all([rules, validators]).then((both) => void ([rules, validators] = both))
      : undefined;
    const performed = this.#connection.perform(this.#transaction, op, core.name, (writer) => {
      const schema = options === undefined ? undefined : this.#connection.schema(core.name);
      const compiled = rules as CompiledRules;
      writer.value(compiled.handle).value(optionsToNotation(options, schema));
      return { validators: validators as Validators, files: writeChangeset(writer, source, compiled) };
    }, options?.signal, prepared);
    const answer = performed instanceof Promise ? await performed : performed;
    if (answer instanceof Invalid) return { ok: false, changeset: (await failedChangeset(source, answer.result)) as Changeset<F> };
    return { ok: true, value: answer as RecordOf<F> };
  }

  async #migrate(op: string, { step, to, toExclusive }: MigrationTarget, up: boolean): Promise<unknown> {
    if (this.#transaction !== undefined) throw new EctomorphError("migrations run outside of transactions");
    const [word, number] =
      step !== undefined ? ["step", step] : to !== undefined ? ["to", to] : toExclusive !== undefined ? ["to_exclusive", toExclusive] : ["all", 0];
    return this.#ask(op, (writer) => {
      writer.value(this.#migrations.map((migration) => migration.document)).value(up).value(word).value(number);
    });
  }

  async #ask(op: string, write: (writer: Writer) => void = () => {}): Promise<unknown> {
    return this.#connection.perform(this.#transaction, op, undefined, write);
  }

  #schemaOf(record: object, op: string): Schema {
    const schema = schemaOf(record);
    if (schema === undefined) throw new EctomorphError(`${op} takes records that came from a repo`);
    return schema;
  }

  #sole(record: object, op: string): { readonly query: Schema; readonly id: Id } {
    const query = this.#schemaOf(record, op);
    const key = query.description.fields.find((field) => field.primary_key === true)?.name ?? "id";
    return { query, id: (record as { readonly [key: string]: Id })[key] as Id };
  }
}

/** Says that `preload` reads what is loaded already. */
class PreloadOptions {}

/**
 * The last argument of `preload`: what is loaded is read again.
 *
 * @example
 * await repo.preload(post, "comments", force);
 */
export const force: Preload<unknown> = /* @__PURE__ */ new PreloadOptions() as never;
