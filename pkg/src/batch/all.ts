import { EctomorphError } from "../errors.js";
import type { AnyFields } from "../fields.js";
import type { Rules } from "../run.js";
import type { Batch } from "./batch.js";
import { BLOCK } from "./block.js";
import { type Columns, columnsOf } from "./columns.js";
import { Gathering } from "./gather.js";
import { type BatchOptions, CHUNK_ROWS } from "./options.js";
import { Sight } from "./sight.js";
import { Turns } from "./turns.js";

/**
 * Applies rules to each of many rows, as to a new record: `rules(schema.build(), row)`, in less time.
 *
 * A row that is no object is an error of that row. Rows are read as they are iterated, and in between `onProgress` is told.
 *
 * @example
 * const { valid, values, errors } = castAll(importing, await request.json());
 * for (const { row, field, message } of errors) console.log(`row ${row}, ${field}: ${message}`);
 *
 * @throws EctomorphError for rows that are no list, and what applying the rules throws.
 */
export function castAll<F = AnyFields>(rules: Rules<F>, rows: Iterable<unknown>, options: BatchOptions = {}): Batch<F> {
  const { gathering, take, size } = start(rules, rows, options);
  if (Array.isArray(rows)) {
    for (let at = 0; at < rows.length; ) {
      const count = gathering.room(Math.min(size, rows.length - at));
      if (count === 0) break;
      take(rows, at, count);
      at += count;
      gathering.pause();
    }
    return gathering.take();
  }
  let left = size;
  for (const row of iterable(rows)) {
    if (gathering.room(1) === 0) break;
    take([row], 0, 1);
    if (--left === 0) {
      gathering.pause();
      left = size;
    }
  }
  if (left < size) gathering.pause();
  return gathering.take();
}

/**
 * The same, batch after batch of `chunkRows` rows, for rows that come one by one or are too many to be held at once.
 * Between batches others have their turn.
 *
 * @example
 * for await (const batch of castAllStream(importing, rows, { onProgress: ({ rows }) => show(rows) })) {
 *   await save(batch.values);
 * }
 */
export async function* castAllStream<F = AnyFields>(
  rules: Rules<F>,
  rows: Iterable<unknown> | AsyncIterable<unknown>,
  options: BatchOptions = {},
): AsyncGenerator<Batch<F>, void, undefined> {
  const { gathering, take, size } = start(rules, rows, options);
  const isAsync = Symbol.asyncIterator in Object(rows);
  const turns = new Turns(options.signal);
  let left = size;
  const full = (row: unknown): boolean => {
    take([row], 0, 1);
    if (--left > 0) return false;
    left = size;
    gathering.pause();
    return true;
  };
  if (isAsync) {
    for await (const row of rows as AsyncIterable<unknown>) {
      if (gathering.room(1) === 0) break;
      if (!full(row)) continue;
      yield gathering.take();
      await turns.pass();
    }
  } else {
    for (const row of iterable(rows as Iterable<unknown>)) {
      if (gathering.room(1) === 0) break;
      if (!full(row)) continue;
      yield gathering.take();
      await turns.pass();
    }
  }
  if (left < size || gathering.stopped || gathering.rows === 0) {
    if (left < size) gathering.pause();
    yield gathering.take();
  }
}

interface Started<F> {
  readonly gathering: Gathering<F>;
  /** Takes so many rows from a place on. Those of an iterator come one by one: it may use an object again. */
  readonly take: (rows: readonly unknown[], from: number, count: number) => void;
  /** How many rows a chunk has. */
  readonly size: number;
}

function start<F>(rules: Rules<F>, rows: unknown, options: BatchOptions): Started<F> {
  const gathering = new Gathering(rules, options);
  const size = chunkOf(options);
  gathering.total = Array.isArray(rows) ? rows.length : undefined;
  options.signal?.throwIfAborted();
  const columns = columnsOf(rules as Rules);
  const sight = columns && new Sight(columns, Math.max(1, Math.min(BLOCK, size, gathering.total ?? 1)));
  keep(rules as Rules, columns);
  if (sight === undefined || !sight.isClear) {
    const take = (rows: readonly unknown[], from: number, count: number): void => {
      for (let at = from; at < from + count; at++) gathering.apply(rows[at]);
    };
    return { gathering, take, size };
  }
  const take = (rows: readonly unknown[], from: number, count: number): void => {
    for (let at = from; at < from + count; at += sight.size) {
      const looked = Math.min(sight.size, from + count - at);
      sight.look(rows, at, looked);
      for (let row = 0; row < looked; row++) {
        const record = sight.record(row);
        if (record === undefined) gathering.apply(rows[at + row]);
        else gathering.add(record);
      }
    }
  };
  return { gathering, take, size };
}

const kept = /* @__PURE__ */ new WeakMap<Rules, unknown>();

/** Keeps one object of each shape: shapes that no object has are collected between batches, and with them the code that was compiled for them. */
function keep(rules: Rules, columns: Columns | undefined): void {
  if (kept.has(rules)) return;
  const gathering = new Gathering(rules, {});
  kept.set(rules, [gathering, gathering.take(), columns && new Sight(columns, 1)]);
}

/** How many rows a chunk has. */
export function chunkOf({ chunkRows = CHUNK_ROWS }: BatchOptions): number {
  if (!Number.isSafeInteger(chunkRows) || chunkRows < 1) throw new EctomorphError(`chunkRows must be a whole number above 0, not ${chunkRows}`);
  return chunkRows;
}

function iterable(rows: Iterable<unknown>): Iterable<unknown> {
  if (typeof rows !== "object" || rows === null || !(Symbol.iterator in rows)) {
    throw new EctomorphError("the rows of a batch must be a list, or what can be iterated");
  }
  return rows;
}
