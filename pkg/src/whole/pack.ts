import { EctomorphError } from "../errors.js";
import { Tagged, isMap, isValue } from "../values.js";
import { copy, keep, type Packet } from "./packet.js";
import type { Shape } from "./shape.js";

/** The tags of packed values. They are the contract with the wasm side and never change their meaning. */
export const TAG = {
  null: 0,
  false: 1,
  true: 2,
  i32: 3,
  f64: 4,
  string: 5,
  list: 6,
  map: 7,
  i64: 8,
  decimal: 9,
  date: 10,
  time: 11,
  naiveDatetime: 12,
  utcDatetime: 13,
  binary: 14,
  missing: 15,
  shaped: 16,
  sameParam: 17,
  child: 18,
  children: 19,
} as const;

/** Wasm reads values by recursion, so depth is bounded; entries cost memory, so they are too. */
export const MAX_DEPTH = 127;
export const MAX_ENTRIES = 100_000;
/** Up to here a loop over char codes beats the call of `encodeInto`. */
const SHORT = 48;
const MAX_KEPT_BYTES = 1 << 20;

const encoder = /* @__PURE__ */ new TextEncoder();

/**
 * The key under which a file goes through the rules: `{[FILE_KEY]: index}`. The file itself stays in JavaScript.
 * It is not the same in any two pages, so that no input can name the file of another field.
 */
export const FILE_KEY: string = /* @__PURE__ */ (() => `$file:${Math.random().toString(36).slice(2)}`)();

/** Packs values into bytes that it owns and reuses. */
export class Writer {
  #bytes: Uint8Array = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;
  #entries = 0;
  /** The files met, by the index that stands for them. */
  files: Blob[] | undefined;
  /**
   * Whether what is written is read as a document's notation (data, steps), where keys that start with `$` have a
   * meaning: a user's own are wrapped in `$map`, and a Date is text, which is cast by its field's type.
   */
  notation = false;

  /** Starts anew. */
  reset(): this {
    this.#at = 0;
    this.#entries = 0;
    this.files = undefined;
    this.notation = false;
    // One large upload must not keep its memory for good.
    if (this.#bytes.length > MAX_KEPT_BYTES) {
      this.#bytes = new Uint8Array(1024);
      this.#view = new DataView(this.#bytes.buffer);
    }
    return this;
  }

  /** Goes on with what was counted and met before, in a record that is written elsewhere. */
  continuing(entries: number, files: Blob[] | undefined): this {
    this.#entries = entries;
    this.files = files;
    return this;
  }

  /** How many keys and list elements there were. */
  get entries(): number {
    return this.#entries;
  }

  /** What was written, for good. */
  keep(): Packet {
    return keep(this.#bytes, 0, this.#at);
  }

  get length(): number {
    return this.#at;
  }

  /** Copies what was written to a place with room for it. */
  copyTo(target: Uint8Array, at: number): void {
    copy(this.#bytes, 0, this.#at, target, at);
  }

  /** The start of a list of `length` values, which the caller writes next. */
  list(length: number): this {
    this.#head(TAG.list, length);
    return this;
  }

  /** Bytes that are packed values already. */
  packed(bytes: Uint8Array, start = 0, end = bytes.length): this {
    this.#room(end - start);
    copy(bytes, start, end, this.#bytes, this.#at);
    this.#at += end - start;
    return this;
  }

  null(): this {
    this.#tag(TAG.null);
    return this;
  }

  string(text: string): this {
    const length = text.length;
    // A tag, a length, and at most three bytes a code unit.
    this.#room(5 + length * 3);
    const bytes = this.#bytes;
    let at = this.#at;
    bytes[at] = TAG.string;
    at = this.#text(text, length, bytes, at + 1);
    this.#at = at;
    return this;
  }

  /** Any value, by its kind. `undefined`, functions and symbols are left out of maps, and null in lists. */
  value(value: unknown, depth = 0): this {
    switch (typeof value) {
      case "string":
        return this.string(value);
      case "number":
        this.#number(value);
        return this;
      case "boolean":
        this.#tag(value ? TAG.true : TAG.false);
        return this;
      case "object":
        if (value === null) return this.null();
        this.#object(value, depth);
        return this;
      case "bigint":
        this.#bigint(value);
        return this;
      default:
        return this.null();
    }
  }

  /**
   * The params that the rules can read, and no others: own properties of these names.
   *
   * `captured` gets the strings among them, so that a change that equals its param need not be decoded.
   */
  shaped(params: object, shape: Shape, depth = 0, captured?: unknown[]): this {
    const { names, children } = shape;
    if (depth >= MAX_DEPTH) throw tooDeep();
    this.#count(names.length);
    this.#tag(TAG.shaped);
    for (let index = 0; index < names.length; index++) {
      const name = names[index] as string;
      const value = Object.hasOwn(params, name) ? (params as Record<string, unknown>)[name] : undefined;
      if (typeof value === "string") {
        const start = this.#at + 5;
        this.string(value);
        if (captured === undefined) continue;
        // What is kept must be what was checked: without lone surrogates, which only text beyond ASCII can have.
        const plain = this.#at - start === value.length;
        captured[index] = plain ? value : value.replace(/\p{Surrogate}/gu, "\ufffd");
      } else if (!isValue(value)) {
        this.#tag(TAG.missing);
      } else {
        const child = children[index];
        if (child == null || typeof value !== "object" || value === null) this.value(value, depth + 1);
        else this.#relation(value, child, depth + 1);
      }
    }
    return this;
  }

  /** The value of a relation's param: a child, a list of children, or children by index. */
  #relation(value: object, shape: Shape, depth: number): void {
    if (Array.isArray(value)) {
      if (depth >= MAX_DEPTH) throw tooDeep();
      this.#count(value.length);
      this.#head(TAG.list, value.length);
      for (let index = 0; index < value.length; index++) {
        const item: unknown = value[index];
        if (isMap(item)) this.shaped(item, shape, depth + 1);
        else this.value(item, depth + 1);
      }
    } else if (!isMap(value)) {
      this.value(value, depth);
    } else if (shape.many) {
      this.#map(value as Record<string, unknown>, depth, shape);
    } else {
      this.shaped(value, shape, depth);
    }
  }

  #object(value: object, depth: number): void {
    if (Array.isArray(value)) {
      if (depth >= MAX_DEPTH) throw tooDeep();
      this.#count(value.length);
      this.#head(TAG.list, value.length);
      for (let index = 0; index < value.length; index++) this.value(value[index], depth + 1);
    } else if (value instanceof Date) {
      this.#date(value);
    } else if (value instanceof Uint8Array) {
      this.#head(TAG.binary, value.length);
      this.packed(value);
    } else if (value instanceof Tagged) {
      this.#tagged(value);
    } else if (typeof Blob === "function" && value instanceof Blob) {
      this.files ??= [];
      this.#map({ [FILE_KEY]: this.files.push(value) - 1 }, depth);
    } else {
      this.#map(value as Record<string, unknown>, depth);
    }
  }

  #map(map: Record<string, unknown>, depth: number, shape?: Shape): void {
    if (depth >= MAX_DEPTH) throw tooDeep();
    const keys = Object.keys(map);
    this.#count(keys.length);
    if (this.notation && keys.some((key) => key.charCodeAt(0) === 36)) {
      this.#head(TAG.map, 1);
      this.#room(16);
      this.#at = this.#text("$map", 4, this.#bytes, this.#at);
    }
    this.#head(TAG.map, keys.length);
    const countAt = this.#at - 4;
    let written = 0;
    for (const key of keys) {
      const value = map[key];
      if (!isValue(value)) continue;
      this.#room(4 + key.length * 3);
      this.#at = this.#text(key, key.length, this.#bytes, this.#at);
      if (shape !== undefined && isMap(value)) this.shaped(value, shape, depth + 1);
      else this.value(value, depth + 1);
      written++;
    }
    this.#view.setUint32(countAt, written, true);
  }

  #number(value: number): void {
    this.#room(9);
    if (Number.isSafeInteger(value)) {
      if (value === (value | 0)) {
        this.#bytes[this.#at] = TAG.i32;
        this.#view.setInt32(this.#at + 1, value, true);
        this.#at += 5;
      } else {
        this.#bytes[this.#at] = TAG.i64;
        this.#view.setBigInt64(this.#at + 1, BigInt(value), true);
        this.#at += 9;
      }
    } else {
      this.#float(value);
    }
  }

  #float(value: number): void {
    this.#room(9);
    this.#bytes[this.#at] = TAG.f64;
    this.#view.setFloat64(this.#at + 1, value, true);
    this.#at += 9;
  }

  #bigint(value: bigint): void {
    if (BigInt.asIntN(64, value) !== value) return this.#textual(TAG.decimal, value.toString());
    this.#room(9);
    this.#bytes[this.#at] = TAG.i64;
    this.#view.setBigInt64(this.#at + 1, value, true);
    this.#at += 9;
  }

  #date(date: Date): void {
    const time = date.getTime();
    if (Number.isNaN(time)) throw new EctomorphError("a Date is invalid; check it with isNaN(date) before it is used");
    this.#textual(this.notation ? TAG.string : TAG.utcDatetime, date.toISOString());
  }

  #tagged({ tag, content }: Tagged): void {
    if (typeof content === "number") return this.#float(content);
    if (typeof content === "string") return this.#textual(tag, content);
    const notation = this.notation;
    this.notation = false;
    this.value(content);
    this.notation = notation;
  }

  #textual(tag: number, text: string): void {
    const start = this.#at;
    this.string(text);
    this.#bytes[start] = tag;
  }

  /** Writes length and UTF-8 of `text` at `at`; there must be room. Gives where it ends. */
  #text(text: string, length: number, bytes: Uint8Array, at: number): number {
    const start = at + 4;
    if (length <= SHORT) {
      let end = start;
      let index = 0;
      for (; index < length; index++) {
        const unit = text.charCodeAt(index);
        if (unit > 127) break;
        bytes[end++] = unit;
      }
      if (index === length) {
        bytes[at] = length;
        bytes[at + 1] = bytes[at + 2] = bytes[at + 3] = 0;
        return end;
      }
    }
    // A lone surrogate becomes U+FFFD here.
    const { written } = encoder.encodeInto(text, bytes.subarray(start));
    this.#view.setUint32(at, written, true);
    return start + written;
  }

  #head(tag: number, length: number): void {
    this.#room(5);
    this.#bytes[this.#at] = tag;
    this.#view.setUint32(this.#at + 1, length, true);
    this.#at += 5;
  }

  #tag(tag: number): void {
    this.#room(1);
    this.#bytes[this.#at++] = tag;
  }

  #count(entries: number): void {
    this.#entries += entries;
    if (this.#entries > MAX_ENTRIES) {
      throw tooMany();
    }
  }

  #room(bytes: number): void {
    const needed = this.#at + bytes;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

let idle: Writer | undefined = undefined;

/**
 * Runs `write` with a writer. A getter or a validator may come back here in the middle, so a writer has one user at a
 * time.
 */
export function withWriter<T>(write: (writer: Writer) => T): T {
  const writer = takeWriter();
  try {
    return write(writer);
  } finally {
    giveWriter(writer);
  }
}

/** A writer of one's own, to be given back. One that is not given back is only garbage. */
export function takeWriter(): Writer {
  const writer = idle ?? new Writer();
  idle = undefined;
  return writer.reset();
}

export function giveWriter(writer: Writer): void {
  idle = writer;
}

export function tooDeep(): EctomorphError {
  return new EctomorphError(`a value is nested deeper than ${MAX_DEPTH}, or contains itself; send flatter data`);
}

export function tooMany(): EctomorphError {
  return new EctomorphError(`more than ${MAX_ENTRIES} keys and list elements; send less at once`);
}
