import type { AnyFields, RecordOf } from "../fields.js";

/** What is wrong with a row, and where. */
export interface RowError {
  /** The number of the row, from 0; of a CSV, without the header. Null where it is no row's: the header's, the file's. */
  readonly row: number | null;
  /** Of a CSV, the line that the record begins on, from 1. */
  readonly line?: number;
  /** Of a CSV, the name of the column, if the field is one. */
  readonly column?: string;
  /** The field, in children with the way to it: `lines.3.qty`. Null where the whole row is wrong. */
  readonly field: string | null;
  /** The message in the user's language, with its values filled in. */
  readonly message: string;
  /** What explains the error, as in a changeset: `{ validation: "required" }`. */
  readonly metadata: { readonly [key: string]: unknown };
}

/** What became of one row. */
export type RowResult<F = AnyFields> =
  | { readonly row: number; readonly ok: true; readonly value: RecordOf<F> }
  | { readonly row: number; readonly ok: false; readonly errors: readonly RowError[] };

/**
 * What became of many rows.
 *
 * @typeParam F The fields of their schema.
 *
 * @example
 * const batch = castCsv(importing, text);
 * if (batch.valid) save(batch.values);
 * else for (const { row, column, message } of batch.errors) console.log(`row ${row}: ${column} ${message}`);
 */
export class Batch<F = AnyFields> {
  declare readonly "~fields": F;
  /** The number of its first row: of a stream, how many came before. */
  readonly first: number;
  /** How many rows were read, valid or not. */
  readonly rows: number;
  /** How many of them are invalid. */
  readonly invalid: number;
  /** The records of the valid rows, in order. */
  readonly values: readonly RecordOf<F>[];
  /** What is wrong, row after row; no more than `maxErrors`. */
  readonly errors: readonly RowError[];
  /** Whether there were more errors than are kept. */
  readonly truncated: boolean;
  /** Of a CSV, the columns that the rules know nothing of, and that were not read. */
  readonly ignored: readonly string[];
  /** Of a CSV, the params that the rules read and that no column brings. */
  readonly missing: readonly string[];
  readonly #invalid: readonly number[];

  /** @internal */
  constructor(made: Made) {
    this.first = made.first;
    this.rows = made.rows;
    this.#invalid = made.invalid;
    this.invalid = made.invalid.length;
    this.values = made.values as RecordOf<F>[];
    this.errors = made.errors;
    this.truncated = made.truncated;
    this.ignored = made.ignored;
    this.missing = made.missing;
  }

  /** Whether all rows are valid, and all were read. */
  get valid(): boolean {
    return this.invalid === 0 && this.errors.length === 0 && !this.truncated;
  }

  /** The number of the row that `values[index]` is of. */
  rowOf(index: number): number {
    // With as many valid rows before it as its index says, and all invalid ones among them.
    let [low, high] = [0, this.#invalid.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#invalid[middle] as number) - this.first - middle <= index) low = middle + 1;
      else high = middle;
    }
    return this.first + index + low;
  }

  /** What became of each row, in order. */
  *[Symbol.iterator](): IterableIterator<RowResult<F>> {
    let [valid, invalid, error] = [0, 0, 0];
    const { errors } = this;
    // Errors of no row come first, and last.
    while (errors[error]?.row === null) error++;
    for (let row = this.first; row < this.first + this.rows; row++) {
      if (this.#invalid[invalid] !== row) {
        yield { row, ok: true, value: this.values[valid++] as RecordOf<F> };
        continue;
      }
      invalid++;
      const from = error;
      while (errors[error]?.row === row) error++;
      yield { row, ok: false, errors: errors.slice(from, error) };
    }
  }
}

/** What a batch is made of; the numbers of invalid rows in order. */
export interface Made {
  readonly first: number;
  readonly rows: number;
  readonly invalid: readonly number[];
  readonly values: readonly object[];
  readonly errors: readonly RowError[];
  readonly truncated: boolean;
  readonly ignored: readonly string[];
  readonly missing: readonly string[];
}
