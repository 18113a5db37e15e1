import { EctomorphError } from "../errors.js";
import type { AnyFields } from "../fields.js";
import type { Rules } from "../run.js";
import { chunkOf } from "./all.js";
import type { Batch } from "./batch.js";
import { columnsOf } from "./columns.js";
import { Cutter, isHigh } from "./cutter.js";
import { Gathering } from "./gather.js";
import { type CsvOptions, MAX_RECORD_BYTES } from "./options.js";
import { headOf, Table } from "./table.js";
import { Turns } from "./turns.js";

/** A CSV that is there as a whole. */
export type CsvText = string | Uint8Array | ArrayBuffer;

/** A CSV that comes in pieces, or is one: of a file input, a response, a stream of Node. */
export type CsvChunks =
  | CsvText
  | Blob
  | ReadableStream<Uint8Array | string>
  | AsyncIterable<Uint8Array | string>
  | Iterable<Uint8Array | string>;

const MARKS = { utf8: [0xef, 0xbb, 0xbf], little: [0xff, 0xfe], big: [0xfe, 0xff] } as const;
/** So much is read without a stop. */
const MUCH = 1 << 17;
/** So many bytes are looked through for what no text has. */
const LOOKED_THROUGH = 4096;

/**
 * Applies rules to each row of a CSV, as to a new record with the cells as params.
 *
 * The CSV is RFC 4180's, in UTF-8: lines may end in LF, CRLF or CR, empty ones are left out, a byte order mark too. The
 * first record names the columns, unless `header` does. Columns that the rules know nothing of are in `ignored`, params
 * that no column brings in `missing`. A row with more or fewer cells than there are columns is an error of that row, and
 * so are bytes that are not UTF-8; a header that names a column twice, and what is no text, are errors of the file, and
 * nothing is read then.
 *
 * @example
 * const batch = castCsv(importing, "name,E-mail\nAda,ada@example.com", { columns: { "E-mail": "email" } });
 * batch.values; // [{ name: "Ada", email: "ada@example.com", ... }]
 *
 * @throws EctomorphError for a delimiter, or limits, that are none, and what applying the rules throws.
 */
export function castCsv<F = AnyFields>(rules: Rules<F>, csv: CsvText, options: CsvOptions = {}): Batch<F> {
  options.signal?.throwIfAborted();
  const reading = new Reading(rules, options);
  try {
    reading.total = typeof csv === "string" ? undefined : csv.byteLength;
    for (const isFull of reading.take(csv)) if (isFull) reading.pause();
    for (const _ of reading.finish()) reading.pause();
    return reading.batch();
  } finally {
    reading.close();
  }
}

/**
 * The same of a CSV that comes in pieces, batch after batch of `chunkRows` rows: in bounded memory, however long it is.
 *
 * @example
 * for await (const batch of castCsvStream(importing, input.files[0], { onProgress, signal })) {
 *   await save(batch.values);
 *   show(batch.errors);
 * }
 */
export async function* castCsvStream<F = AnyFields>(
  rules: Rules<F>,
  csv: CsvChunks | Promise<CsvChunks>,
  options: CsvOptions = {},
): AsyncGenerator<Batch<F>, void, undefined> {
  options.signal?.throwIfAborted();
  const reading = new Reading(rules, options);
  try {
    const given = await csv;
    reading.total = given instanceof Uint8Array || given instanceof ArrayBuffer ? given.byteLength : isBlob(given) ? given.size : undefined;
    const turns = new Turns(options.signal);
    for await (const piece of piecesOf(given)) {
      for (const isFull of reading.take(piece)) {
        if (isFull) {
          reading.pause();
          yield reading.batch();
        }
        await turns.pass();
      }
      options.signal?.throwIfAborted();
      if (reading.ended) break;
    }
    for (const _ of reading.finish()) {
      reading.pause();
      yield reading.batch();
    }
    if (reading.isFresh) yield reading.batch();
  } finally {
    reading.close();
  }
}

/** One reading, with all that belongs to it: shapes that no object has are collected between CSVs, and with them the code that was compiled for them. */
let kept: unknown = undefined;

/** A CSV under way. Its generators stop where a chunk of rows is there, which they say, and where much was read since. */
class Reading<F> {
  readonly #gathering: Gathering<F>;
  readonly #rules: Rules<F>;
  readonly #options: CsvOptions;
  readonly #cutter: Cutter;
  readonly #size: number;
  readonly #maxBytes: number;
  #table: Table | undefined;
  #pending = 0;
  /** What was read since it stopped last. */
  #quiet = 0;
  #started = false;
  #half = "";
  /** Whether more may not be read. */
  #isCut = false;
  #isFirst = true;

  constructor(rules: Rules<F>, options: CsvOptions) {
    const { delimiter = ",", maxRecordBytes = MAX_RECORD_BYTES, maxBytes = Infinity } = options;
    if (!/^[\x01-\x7f]$/.test(delimiter) || /["\r\n]/.test(delimiter)) {
      throw new EctomorphError(`delimiter must be one ASCII character, and no quote or line end, not ${JSON.stringify(delimiter)}`);
    }
    if (!(maxRecordBytes >= 1 && maxRecordBytes <= 1 << 28)) throw new EctomorphError(`maxRecordBytes must be from 1 to ${1 << 28}, not ${maxRecordBytes}`);
    this.#rules = rules;
    this.#options = options;
    this.#size = chunkOf(options);
    this.#maxBytes = maxBytes;
    this.#gathering = new Gathering(rules, options);
    this.#cutter = new Cutter(delimiter, maxRecordBytes);
  }

  set total(bytes: number | undefined) {
    this.#gathering.total = bytes;
  }

  get ended(): boolean {
    return this.#gathering.stopped;
  }

  /** Whether no batch was given yet. */
  get isFresh(): boolean {
    return this.#isFirst;
  }

  batch(): Batch<F> {
    this.#isFirst = false;
    return this.#gathering.take();
  }

  pause(): void {
    this.#gathering.pause();
  }

  close(): void {
    this.#cutter.close();
    this.#table?.clear();
    if (kept !== undefined) return;
    // One that was called off has rows that nobody took.
    this.#gathering.take();
    kept = this;
  }

  /** Takes a piece of the CSV. */
  *take(piece: Uint8Array | ArrayBuffer | string): Generator<boolean> {
    const cutter = this.#cutter;
    if (typeof piece === "string") {
      let text = this.#half + piece;
      // The other half of a character may come with the next piece.
      this.#half = isHigh(text, text.length - 1) ? text.slice(-1) : "";
      if (this.#half !== "") text = text.slice(0, -1);
      yield* this.#fill(text.length, (at) => cutter.writeText(text, at, this.#maxBytes));
    } else {
      const bytes = piece instanceof Uint8Array ? piece : new Uint8Array(piece);
      yield* this.#fill(bytes.length, (at) => cutter.write(bytes.subarray(at), this.#maxBytes));
    }
  }

  /** Reads a piece, of which as much is written at once as there is room for. */
  *#fill(length: number, write: (at: number) => number): Generator<boolean> {
    for (let at = 0; at < length && !this.#gathering.stopped; ) {
      const taken = write(at);
      at += taken;
      yield* this.#drain();
      this.#quiet += taken;
      if (this.#quiet >= MUCH) {
        this.#quiet = 0;
        yield false;
      }
      if (taken === 0) yield* this.#tooLong();
    }
  }

  /** Reads what there is, and says that there is more. */
  *#tooLong(): Generator<boolean> {
    this.#isCut = true;
    yield* this.#drain();
    const count = this.#maxBytes;
    this.#gathering.stop({ message: "is longer than %{count} bytes; the rest was not read", metadata: { validation: "csv", kind: "max_bytes", count } });
  }

  /** Reads what is left when nothing more comes. */
  *finish(): Generator<boolean> {
    if (this.#half !== "") this.#cutter.write(new Uint8Array([0xef, 0xbf, 0xbd]), this.#maxBytes);
    this.#cutter.end();
    if (!this.#gathering.stopped) yield* this.#drain();
    if (this.#pending > 0 || this.#gathering.stopped) {
      this.#pending = 0;
      yield true;
    }
  }

  *#drain(): Generator<boolean> {
    const cutter = this.#cutter;
    const gathering = this.#gathering;
    if (!this.#isCut && !cutter.hasNews) return;
    if (this.#table === undefined && !this.#begin()) return;
    const table = this.#table as Table;
    for (;;) {
      const count = cutter.read(this.#size - this.#pending);
      table.rows(count, gathering);
      cutter.settle();
      gathering.bytes = cutter.before;
      this.#pending += count;
      const isFull = this.#pending >= this.#size;
      if (isFull) {
        this.#pending = 0;
        this.#quiet = 0;
        yield true;
      }
      if (gathering.stopped || cutter.ended || (count === 0 && !isFull)) return;
    }
  }

  /** Reads the header, if it is there. */
  #begin(): boolean {
    const cutter = this.#cutter;
    const gathering = this.#gathering;
    const { header = true } = this.#options;
    if (!this.#started) {
      const { held } = cutter;
      if (held.length < LOOKED_THROUGH && !cutter.isLast && !this.#isCut) return false;
      const why = refusal(held);
      if (why !== undefined) {
        gathering.stop({ message: why, metadata: { validation: "csv", kind: "binary" } });
        return false;
      }
      this.#started = true;
      if (startsWith(held, MARKS.utf8)) cutter.skip(3);
    }
    let names: readonly string[] = header === true ? [] : header;
    let line = 1;
    if (header === true) {
      const record = cutter.head();
      if (record.found === "more") return false;
      line = record.line;
      if (record.found === "nothing") gathering.stop({ message: "has no header", metadata: { validation: "csv", kind: "header" } });
      else if (record.found === "fault") gathering.stop({ message: "has a header that can't be read: a quote does not end, or text stands behind one", metadata: { validation: "csv", kind: "header" } }, line);
      if (gathering.stopped) return false;
      names = record.cells;
    }
    const head = headOf(this.#rules as Rules, names, this.#options.columns ?? {});
    if (head.twice !== undefined) {
      gathering.stop({ message: "is there twice", metadata: { validation: "csv", kind: "header" } }, line, head.twice);
      return false;
    }
    gathering.head = head;
    this.#table = new Table(cutter, head, columnsOf(this.#rules as Rules));
    return true;
  }
}

function isBlob(given: unknown): given is Blob {
  return typeof Blob === "function" && given instanceof Blob;
}

async function* piecesOf(csv: CsvChunks): AsyncGenerator<Uint8Array | ArrayBuffer | string> {
  if (typeof csv === "string" || csv instanceof Uint8Array || csv instanceof ArrayBuffer) {
    yield csv;
    return;
  }
  const source = isBlob(csv) ? csv.stream() : csv;
  if (typeof source !== "object" || source === null) throw new EctomorphError("a CSV must be text, bytes, a Blob, a stream, or pieces of text or bytes");
  if (Symbol.asyncIterator in source || Symbol.iterator in source) {
    yield* source as AsyncIterable<Uint8Array | string>;
    return;
  }
  // Safari's streams can't be iterated.
  if (!("getReader" in source)) throw new EctomorphError("a CSV must be text, bytes, a Blob, a stream, or pieces of text or bytes");
  const reader = source.getReader();
  try {
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) yield value as Uint8Array | string;
  } finally {
    await reader.cancel();
  }
}

/** Why bytes are no CSV at all, by their beginning. */
function refusal(bytes: Uint8Array): string | undefined {
  if (startsWith(bytes, MARKS.little) || startsWith(bytes, MARKS.big)) return "is UTF-16; save it as UTF-8";
  return bytes.subarray(0, LOOKED_THROUGH).includes(0) ? "is binary, and no text" : undefined;
}

function startsWith(bytes: Uint8Array, mark: readonly number[]): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}
