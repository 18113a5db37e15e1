import { Changeset } from "../changeset.js";
import { EctomorphError } from "../errors.js";
import type { RecordOf } from "../fields.js";
import type { Schema } from "../schema.js";
import type { Cancellable, InsertAllOptions, InsertOptions, WriteOptions } from "./options.js";
import type { Counted, Readable, Repo, ResultOfReadable } from "./repo.js";

/** Something, or what makes it of the results before it. */
export type Given<T, C> = T | ((changes: C) => T);

/** What a step of one's own gives. */
export type Ran<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: unknown };

/** How a `Multi` ended: all results by name, or the step that failed, with what it failed with and the results before it. */
export type MultiResult<C> =
  | { readonly ok: true; readonly value: C }
  | { readonly ok: false; readonly failed: string; readonly reason: unknown; readonly changes: Partial<C> };

type With<C, N extends string, T> = Multi<C & { readonly [K in N]: T }>;

interface Step {
  readonly name: string;
  readonly kind: string;
  /** A changeset that is known to be invalid before anything is written. */
  readonly changeset: Changeset | undefined;
  /** What a step fails with that is there to fail. */
  readonly reason?: unknown;
  readonly run: (repo: Repo, changes: object) => Promise<Ran<unknown>> | Ran<unknown>;
}

/** Steps under names, all of which happen or none: Ecto.Multi. Made by [`multi`]. */
export class Multi<C extends object = Record<never, never>> {
  declare readonly "~changes": C;
  readonly #steps: readonly Step[];

  constructor(steps: readonly Step[] = []) {
    this.#steps = steps;
  }

  /** @internal */
  static steps(multi: Multi<object>): readonly Step[] {
    return multi.#steps;
  }

  /** Inserts a changeset, or what a function makes of the results so far; its result is the record. */
  insert<N extends string, F>(name: N, changeset: Given<Changeset<F>, C>, options?: InsertOptions): With<C, N, RecordOf<F>> {
    return this.#write(name, "insert", changeset, (repo, changeset) => repo.insert(changeset, options));
  }

  /** Updates the record of a changeset. */
  update<N extends string, F>(name: N, changeset: Given<Changeset<F>, C>, options?: WriteOptions): With<C, N, RecordOf<F>> {
    return this.#write(name, "update", changeset, (repo, changeset) => repo.update(changeset, options));
  }

  /** Inserts a new record, updates one that was loaded. */
  insertOrUpdate<N extends string, F>(
    name: N, changeset: Given<Changeset<F>, C>, options?: InsertOptions,
  ): With<C, N, RecordOf<F>> {
    return this.#write(name, "insertOrUpdate", changeset, (repo, changeset) => repo.insertOrUpdate(changeset, options));
  }

  /** Deletes the record of a changeset. */
  delete<N extends string, F>(name: N, changeset: Given<Changeset<F>, C>, options?: WriteOptions): With<C, N, RecordOf<F>> {
    return this.#write(name, "delete", changeset, (repo, changeset) => repo.delete(changeset, options));
  }

  /** Inserts rows as they are, without changesets. */
  insertAll<N extends string, S extends Schema | string>(
    name: N, target: S, rows: Given<readonly object[], C>, options?: InsertAllOptions,
  ): With<C, N, Counted<ResultOfReadable<S>>> {
    return this.#value(name, "insertAll", (repo, changes) => repo.insertAll(target, given(rows, changes), options));
  }

  /** Updates all rows of a query. */
  updateAll<N extends string, Q extends Readable>(
    name: N, query: Given<Q, C>, updates?: Parameters<Repo["updateAll"]>[1],
  ): With<C, N, Counted<ResultOfReadable<Q>>> {
    return this.#value(name, "updateAll", (repo, changes) => repo.updateAll(given(query, changes), updates));
  }

  /** Deletes all rows of a query. */
  deleteAll<N extends string, Q extends Readable>(name: N, query: Given<Q, C>): With<C, N, Counted<ResultOfReadable<Q>>> {
    return this.#value(name, "deleteAll", (repo, changes) => repo.deleteAll(given(query, changes)));
  }

  /** Reads one result of a query, or null. */
  one<N extends string, Q extends Readable>(name: N, query: Given<Q, C>): With<C, N, ResultOfReadable<Q> | null> {
    return this.#value(name, "one", (repo, changes) => repo.one(given(query, changes)));
  }

  /** Reads all results of a query. */
  all<N extends string, Q extends Readable>(name: N, query: Given<Q, C>): With<C, N, ResultOfReadable<Q>[]> {
    return this.#value(name, "all", (repo, changes) => repo.all(given(query, changes)));
  }

  /** Whether a query has a result. */
  exists<N extends string>(name: N, query: Given<Readable, C>): With<C, N, boolean> {
    return this.#value(name, "exists", (repo, changes) => repo.exists(given(query, changes)));
  }

  /** A value as it is. */
  put<N extends string, T>(name: N, value: T): With<C, N, T> {
    return this.#value(name, "put", () => Promise.resolve(value));
  }

  /** A step that fails. */
  error<N extends string>(name: N, reason: unknown): With<C, N, never> {
    return this.#step({ name, kind: "error", changeset: undefined, reason, run: () => ({ ok: false, reason }) });
  }

  /**
   * A step of one's own.
   *
   * @example
   * multi().insert("user", cs).run("welcome", async (repo, { user }) => ({ ok: true, value: await greet(user) }));
   */
  run<N extends string, T>(name: N, work: (repo: Repo, changes: C) => Promise<Ran<T>> | Ran<T>): With<C, N, T> {
    return this.#step({ name, kind: "run", changeset: undefined, run: (repo, changes) => work(repo, changes as C) });
  }

  /** More steps, made of the results before them. */
  merge<D extends object>(make: (changes: C) => Multi<D>): Multi<C & D> {
    const run = (): never => {
      throw new EctomorphError("merged steps are run one by one");
    };
    const step: Step & { merge: (changes: object) => Multi<object> } = {
      name: "", kind: "merge", changeset: undefined, run, merge: (changes) => make(changes as C) as Multi<object>,
    };
    return new Multi([...this.#steps, step]) as unknown as Multi<C & D>;
  }

  /** The steps of another, after these. */
  append<D extends object>(other: Multi<D>): Multi<C & D> {
    return joined(this.#steps, Multi.steps(other as Multi<object>)) as unknown as Multi<C & D>;
  }

  /** The steps of another, before these. */
  prepend<D extends object>(other: Multi<D>): Multi<C & D> {
    return joined(Multi.steps(other as Multi<object>), this.#steps) as unknown as Multi<C & D>;
  }

  /** Names and kinds of the steps. */
  toList(): [name: string, kind: string][] {
    return this.#steps.filter(({ kind }) => kind !== "merge").map(({ name, kind }) => [name, kind]);
  }

  #write<N extends string, T, F>(
    name: N, kind: string, changeset: Given<Changeset<F>, C>,
    write: (repo: Repo, changeset: Changeset<F>) => Promise<{ ok: true; value: unknown } | { ok: false; changeset: Changeset<F> }>,
  ): With<C, N, T> {
    const run = async (repo: Repo, changes: object): Promise<Ran<unknown>> => {
      const written = await write(repo, given(changeset, changes));
      return written.ok ? written : { ok: false, reason: written.changeset };
    };
    return this.#step({ name, kind, changeset: changeset instanceof Changeset ? (changeset as Changeset) : undefined, run });
  }

  #value<N extends string, T>(
    name: N, kind: string, work: (repo: Repo, changes: object) => Promise<unknown>,
  ): With<C, N, T> {
    const run = async (repo: Repo, changes: object): Promise<Ran<unknown>> => ({ ok: true, value: await work(repo, changes) });
    return this.#step({ name, kind, changeset: undefined, run });
  }

  #step(step: Step): never {
    return joined(this.#steps, [step]) as never;
  }
}

/**
 * No steps yet.
 *
 * @example
 * await repo.transaction(multi().insert("user", cs).insert("post", ({ user }) => postFor(user)));
 */
export function multi(): Multi {
  return new Multi();
}

function given<T, C>(value: T | ((changes: C) => T), changes: object): T {
  return typeof value === "function" ? (value as (changes: object) => T)(changes) : value;
}

function joined(steps: readonly Step[], more: readonly Step[]): Multi {
  const names = new Set(steps.map(({ name }) => name));
  for (const { name, kind } of more) {
    if (kind !== "merge" && names.has(name)) throw new EctomorphError(`\`${name}\` is a step of the multi already`);
    names.add(name);
  }
  return new Multi([...steps, ...more]);
}

/** Ends the transaction of a multi. */
class Failure {
  constructor(
    readonly failed: string,
    readonly reason: unknown,
  ) {}
}

/** Runs the steps in a transaction. */
export async function runMulti(repo: Repo, multi: Multi<object>, options: Cancellable): Promise<MultiResult<object>> {
  const steps = Multi.steps(multi);
  // As in Ecto, what is known to be invalid starts no transaction.
  for (const { name, kind, changeset, reason } of steps) {
    if (kind === "error") return { ok: false, failed: name, reason, changes: {} };
    if (changeset !== undefined && !changeset.valid) return { ok: false, failed: name, reason: changeset, changes: {} };
  }
  const changes: { [name: string]: unknown } = {};
  const done = await repo.transaction(async (repo) => {
    const failure = await runSteps(repo, steps, changes);
    if (failure !== undefined) repo.rollback(failure);
  }, options);
  if (done.ok) return { ok: true, value: changes };
  const { failed, reason } = done.reason as Failure;
  return { ok: false, failed, reason, changes };
}

async function runSteps(repo: Repo, steps: readonly Step[], changes: { [name: string]: unknown }): Promise<Failure | undefined> {
  for (const step of steps) {
    if ("merge" in step) {
      const merged = Multi.steps((step.merge as (changes: object) => Multi<object>)({ ...changes }));
      const twice = merged.find(({ name, kind }) => kind !== "merge" && Object.hasOwn(changes, name));
      if (twice !== undefined) throw new EctomorphError(`\`${twice.name}\` is a step of the multi already`);
      const failure = await runSteps(repo, merged, changes);
      if (failure !== undefined) return failure;
      continue;
    }
    const result = await step.run(repo, { ...changes });
    if (!result.ok) return new Failure(step.name, result.reason);
    changes[step.name] = result.value;
  }
  return undefined;
}
