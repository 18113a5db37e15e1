import { applyChanges } from "../accessors.js";
import { Changeset } from "../changeset.js";
import type { Core } from "../core.js";
import type { AnyFields } from "../fields.js";
import { translate } from "../messages.js";
import { readParams } from "../params.js";
import { applied } from "../record.js";
import type { FieldError } from "../result.js";
import type { Rules } from "../run.js";
import { type Errors, traverseErrors } from "../traverse.js";
import { isMap } from "../values.js";
import { Batch, type RowError } from "./batch.js";
import { type BatchOptions, MAX_ERRORS, type Progress } from "./options.js";

/** What is told of the columns of a CSV. */
export interface Head {
  /** The column of each param. */
  readonly columns: ReadonlyMap<string, string>;
  readonly ignored: readonly string[];
  readonly missing: readonly string[];
}

const NO_HEAD: Head = /* @__PURE__ */ Object.freeze({ columns: new Map(), ignored: [], missing: [] });

/** What comes together of rows, batch after batch. */
export class Gathering<F = AnyFields> {
  readonly #core: Core;
  readonly #data: object;
  readonly #options: BatchOptions;
  head: Head = NO_HEAD;
  rows = 0;
  bytes = 0;
  total: number | undefined = undefined;
  /** Whether reading ended before the rows did. */
  stopped = false;
  #kept = 0;
  #allInvalid = 0;
  #first = 0;
  #values: object[] = [];
  #invalid: number[] = [];
  #errors: RowError[] = [];
  #truncated = false;
  readonly #maxErrors: number;
  readonly #maxRows: number;
  readonly #isFlat: boolean;

  constructor(rules: Rules<F>, options: BatchOptions) {
    this.#core = rules["~core"];
    this.#data = rules.schema.build() as object;
    this.#options = options;
    this.#maxErrors = options.maxErrors ?? MAX_ERRORS;
    this.#maxRows = options.maxRows ?? Infinity;
    this.#isFlat = rules.schema.description.fields.every(({ relation }) => relation === undefined);
  }

  /** Whether another row may come; else an error says that there are more. */
  admits(line?: number): boolean {
    return this.room(1, line) > 0;
  }

  /** How many of so many rows may come; if none may, an error says that there are more. */
  room(count: number, line?: number): number {
    const maxRows = this.#maxRows;
    if (this.rows < maxRows) return Math.min(count, Math.ceil(maxRows - this.rows));
    this.stop({ message: `more than ${maxRows} rows; the others were not read`, metadata: { validation: "batch", kind: "max_rows", count: maxRows } }, line);
    return 0;
  }

  /** A row that is right. */
  add(record: object): void {
    this.rows++;
    this.#values.push(record);
  }

  /** A row as the rules find it. */
  apply(params: unknown, line?: number): void {
    if (!isMap(params)) return this.refuse({ message: "is not an object", metadata: { validation: "batch", kind: "object" } }, line);
    const source = this.#core.apply(this.#data, true, readParams(params));
    if (source.valid) return this.add(applied(source) ?? (applyChanges(new Changeset(source)) as object));
    const row = this.rows++;
    this.#invalid.push(row);
    // Mostly no child can have errors, and the errors are a list.
    if (this.#isFlat) for (const error of source.result.errors) this.#keep(row, line, error.field, error);
    else this.#descend(row, line, traverseErrors(new Changeset(source), (error) => error), "");
  }

  /** A row that is wrong as a whole. */
  refuse(error: Omit<FieldError, "field">, line?: number): void {
    const row = this.rows++;
    this.#invalid.push(row);
    this.#keep(row, line, null, error);
  }

  /** Something that is wrong and of no row, after which nothing is read. */
  stop(error: Omit<FieldError, "field">, line?: number, column?: string): void {
    this.stopped = true;
    const place = { ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) };
    this.#errors.push({ row: null, ...place, field: null, message: translate({ field: "", ...error }), metadata: error.metadata });
  }

  /** What came since the last batch. */
  take(): Batch<F> {
    const { ignored, missing } = this.head;
    const batch = new Batch<F>({
      first: this.#first, rows: this.rows - this.#first, values: this.#values, invalid: this.#invalid, errors: this.#errors,
      truncated: this.#truncated, ignored, missing,
    });
    this.#allInvalid += this.#invalid.length;
    this.#first = this.rows;
    this.#values = [];
    this.#invalid = [];
    this.#errors = [];
    this.#truncated = false;
    return batch;
  }

  /** Tells how far it is, and throws if it should end. */
  pause(): void {
    const { onProgress, signal } = this.#options;
    onProgress?.({ rows: this.rows, invalid: this.#allInvalid + this.#invalid.length, bytes: this.bytes, total: this.total });
    signal?.throwIfAborted();
  }

  #descend(row: number, line: number | undefined, errors: Errors<FieldError>, place: string): void {
    for (const [field, found] of Object.entries(errors)) {
      if (!Array.isArray(found)) {
        this.#descend(row, line, found as Errors<FieldError>, `${place}${field}.`);
        continue;
      }
      for (const [index, each] of (found as readonly (FieldError | Errors<FieldError>)[]).entries()) {
        if (isError(each)) this.#keep(row, line, place + field, each);
        else this.#descend(row, line, each, `${place}${field}.${index}.`);
      }
    }
  }

  #keep(row: number, line: number | undefined, field: string | null, error: Omit<FieldError, "field">): void {
    if (this.#kept >= this.#maxErrors) {
      this.#truncated = true;
      return;
    }
    this.#kept++;
    const { metadata } = error;
    const message = translate(error as FieldError);
    if (line === undefined) this.#errors.push({ row, field, message, metadata });
    else {
      const column = field === null ? undefined : this.head.columns.get(field);
      this.#errors.push(column === undefined ? { row, line, field, message, metadata } : { row, line, column, field, message, metadata });
    }
  }
}

/** Whether it is an error, and not the errors of a child. */
function isError(found: FieldError | Errors<FieldError>): found is FieldError {
  return typeof found["message"] === "string";
}
