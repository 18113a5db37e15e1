import { batchNow, hint } from "#batch-source";
import { EctomorphError } from "../errors.js";
import { encoder } from "../pack.js";
import { decoder } from "../unpack.js";

// What is read here is described in `src/fast/sheet/mod.rs`.

/** The exports of the reader of CSV. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  take(words: number): number;
  give(at: number, words: number): void;
  sheet(delimiter: number, maxRecord: number): number;
  close(sheet: number): void;
  head(sheet: number, text: number, length: number, isLast: number): number;
  expect(sheet: number, at: number, words: number): void;
  read(sheet: number, text: number, length: number, isLast: number, out: number, words: number, found: number): void;
}

/** The bytes that are held at first: as much of a text as is decoded at once. */
const HELD = 1 << 17;
/** The words of all rows of a read. */
const OUT = 1 << 17;
/** Words of a row before those of its params, and the words of what a read found. */
const HEAD = 4;
const FOUND = 4;
/** The start of a record that is no longer than this is looked at again with every byte that comes. */
const SHORT = 4096;

let module: WebAssembly.Module | undefined = undefined;
let engine: Exports | undefined = undefined;

/** Hands the module in. */
export function giveModule(given: WebAssembly.Module): void {
  module ??= given;
}

function start(): Exports {
  if (engine !== undefined) return engine;
  module ??= batchNow();
  if (module === undefined) throw new EctomorphError(`the reader of CSV is not there yet; ${hint}`);
  // It borrows what its rules would need of the host, of which a reader needs nothing.
  const host = Object.fromEntries(WebAssembly.Module.imports(module).map(({ name }) => [name, () => 0]));
  return (engine = new WebAssembly.Instance(module, { host }).exports as unknown as Exports);
}

/** A record that is read as it stands, and what was found of it. */
export interface HeadRecord {
  readonly found: "more" | "record" | "nothing" | "fault";
  readonly line: number;
  readonly cells: readonly string[];
}

/** Whether a character of two units begins there. */
export function isHigh(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xd800;
}

/** A CSV in the reader's memory: bytes go in, rows come out. */
export class Cutter {
  readonly #engine = start();
  readonly #sheet: number;
  readonly #out: number;
  #text: number;
  #size = HELD;
  #outWords = OUT;
  #length = 0;
  #isLast = false;
  /** What a row is in slots of eight bytes. */
  stride = HEAD / 2;
  /** Of the rows that were read, where they are in `numbers`, and twice as far in `words`. */
  readonly base: number;
  numbers = new Float64Array(0);
  words = new Uint32Array(0);
  /** Their text. */
  text = "";
  /** The bytes that came before those that are held. */
  before = 0;
  /** Whether nothing more can be read. */
  ended = false;
  #consumed = 0;
  readonly #maxRecord: number;
  /** How much of a record was there when it had no end. */
  #looked = 0;

  constructor(delimiter: string, maxRecord: number) {
    this.#maxRecord = maxRecord;
    this.#sheet = this.#engine.sheet(delimiter.charCodeAt(0), maxRecord);
    this.#text = this.#engine.take(HELD >> 2);
    this.#out = this.#engine.take(OUT + FOUND);
    this.base = this.#out >> 3;
  }

  /** Lets go of all memory. */
  close(): void {
    this.text = "";
    this.#engine.close(this.#sheet);
    this.#engine.give(this.#text, this.#size >> 2);
    this.#engine.give(this.#out, OUT + FOUND);
  }

  /** Takes bytes, as many as there is room for, and no more than so many of all; how many those were. */
  write(bytes: Uint8Array, most: number): number {
    const taken = bytes.subarray(0, this.#room(1, most));
    this.#bytes().set(taken, this.#text + this.#length);
    this.#length += taken.length;
    return taken.length;
  }

  /** Takes text; how many UTF-16 units those were. */
  writeText(text: string, from: number, most: number): number {
    const room = this.#room(4, most);
    const start = this.#text + this.#length;
    // More than fits in any case would be copied for nothing; a character of two units is not cut.
    let end = from + room;
    if (end < text.length && isHigh(text, end - 1)) end--;
    const { read, written } = encoder.encodeInto(text.slice(from, end), this.#bytes().subarray(start, start + room));
    this.#length += written;
    return read;
  }

  /** Says that nothing will be written any more. */
  end(): void {
    this.#isLast = true;
  }

  get isLast(): boolean {
    return this.#isLast;
  }

  /** Whether it is worth looking for the end of a record again: else a long one in small pieces would take forever. */
  get hasNews(): boolean {
    return this.#isLast || this.#looked <= SHORT || this.#length >= this.#looked * 2 || this.#length > this.#maxRecord;
  }

  /** The bytes that are held, of which the first ones tell what it is. */
  get held(): Uint8Array {
    return this.#bytes().subarray(this.#text, this.#text + this.#length);
  }

  /** Leaves bytes at the start out. */
  skip(count: number): void {
    this.#consumed = count;
    this.settle();
  }

  /** The first record. */
  head(): HeadRecord {
    const at = this.#engine.head(this.#sheet, this.#text, this.#length, Number(this.#isLast)) >> 2;
    const words = new Uint32Array(this.#engine.memory.buffer);
    const [count = 0, found = 0, next = 0, line = 0] = words.subarray(at, at + 4);
    this.#looked = found === 0 ? this.#length : 0;
    if (found === 0) return { found: "more", line, cells: [] };
    const cells: string[] = [];
    const bytes = this.#bytes();
    for (let index = at + 4; index < at + 1 + count; index += 2) {
      cells.push(decoder.decode(bytes.subarray(this.#text + (words[index] as number), this.#text + (words[index + 1] as number))));
    }
    this.#consumed = next;
    this.settle();
    return { found: found === 1 ? "record" : found === 2 ? "nothing" : "fault", line, cells };
  }

  /** Says what columns there are, as `expect` of the reader takes it. */
  expect(words: readonly number[], slots: number): void {
    const at = this.#engine.take(words.length);
    new Uint32Array(this.#engine.memory.buffer).set(words, at >> 2);
    this.#engine.expect(this.#sheet, at, words.length);
    this.#engine.give(at, words.length);
    this.stride = HEAD / 2 + slots;
    this.#outWords = Math.min(OUT, OUT - (OUT % (this.stride * 2)));
  }

  /** Reads rows, no more than so many; how many there were. What is not read needs more bytes. */
  read(most: number): number {
    const found = this.#out + (OUT << 2);
    const words = Math.min(this.#outWords, most * this.stride * 2);
    this.#engine.read(this.#sheet, this.#text, this.#length, Number(this.#isLast), this.#out, words, found);
    const { buffer } = this.#engine.memory;
    if (this.words.buffer !== buffer) {
      this.words = new Uint32Array(buffer);
      this.numbers = new Float64Array(buffer);
    }
    const [count = 0, consumed = 0, stopped = 0] = this.words.subarray(found >> 2, (found >> 2) + 3);
    this.text = count === 0 ? "" : decoder.decode(this.#bytes().subarray(this.#text, this.#text + consumed));
    this.ended = stopped !== 0 || (this.#isLast && count * this.stride * 2 < words);
    this.#consumed = consumed;
    this.#looked = count * this.stride * 2 < words ? this.#length - consumed : 0;
    return count;
  }

  /** Lets go of the bytes of what was read. */
  settle(): void {
    const bytes = this.#bytes();
    bytes.copyWithin(this.#text, this.#text + this.#consumed, this.#text + this.#length);
    this.before += this.#consumed;
    this.#length -= this.#consumed;
    this.#consumed = 0;
  }

  #bytes(): Uint8Array {
    return new Uint8Array(this.#engine.memory.buffer);
  }

  /** The room there is, which is made if it is less than `least`: for a record that is longer than all that is held. */
  #room(least: number, most: number): number {
    if (this.#length + least > this.#size) {
      const larger = this.#engine.take((this.#size * 2) >> 2);
      this.#bytes().copyWithin(larger, this.#text, this.#text + this.#length);
      this.#engine.give(this.#text, this.#size >> 2);
      this.#text = larger;
      this.#size *= 2;
    }
    return Math.max(0, Math.min(this.#size - this.#length, most - this.before - this.#length));
  }
}
