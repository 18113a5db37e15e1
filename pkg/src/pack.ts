import { EctomorphError } from "./errors.js";
import { Packet } from "./packet.js";
import { Tagged, isValue } from "./values.js";

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
/** Digits of a decimal: see `src/value/decimal.rs`. */
const MAX_DIGITS = 34;
/** Up to here a loop over char codes beats the call of `encodeInto`. */
const SHORT = 64;

export const encoder = /* @__PURE__ */ new TextEncoder();

/**
 * The key under which a file goes through the rules: `{[FILE_KEY]: index}`. The file itself stays in JavaScript.
 * It is not the same in any two pages, so that no input can name the file of another field.
 */
export const FILE_KEY: string = /* @__PURE__ */ (() => `$file:${Math.random().toString(36).slice(2)}`)();

/** Packs values into bytes. */
export class Packer {
  protected bytes: Uint8Array = new Uint8Array(256);
  protected view = new DataView(this.bytes.buffer);
  protected at = 0;
  protected counted = 0;
  /** The files met, by the index that stands for them. */
  files: Blob[] | undefined;
  /** Goes on with what was counted and met before, in a record that is written elsewhere. */
  continuing(entries: number, files: Blob[] | undefined): this {
    this.counted = entries;
    this.files = files;
    return this;
  }

  /** How many keys and list elements there were. */
  get entries(): number {
    return this.counted;
  }

  /** What was written, for good. */
  keep(): Packet {
    return Packet.of(this.bytes.slice(0, this.at));
  }

  null(): this {
    this.tag(TAG.null);
    return this;
  }

  string(text: string): this {
    const length = text.length;
    // A tag, a length, and at most three bytes a code unit.
    this.room(5 + length * 3);
    const bytes = this.bytes;
    let at = this.at;
    bytes[at] = TAG.string;
    at = this.text(text, length, bytes, at + 1);
    this.at = at;
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
        this.tag(value ? TAG.true : TAG.false);
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

  #object(value: object, depth: number): void {
    if (Array.isArray(value)) {
      if (depth >= MAX_DEPTH) throw tooDeep();
      this.count(value.length);
      this.head(TAG.list, value.length);
      for (let index = 0; index < value.length; index++) this.value(value[index], depth + 1);
    } else if (value instanceof Date) {
      this.date(value);
    } else if (value instanceof Uint8Array) {
      this.head(TAG.binary, value.length);
      this.room(value.length);
      this.bytes.set(value, this.at);
      this.at += value.length;
    } else if (value instanceof Tagged) {
      this.tagged(value);
    } else if (typeof Blob === "function" && value instanceof Blob) {
      this.files ??= [];
      this.map({ [FILE_KEY]: this.files.push(value) - 1 }, depth);
    } else {
      this.map(value as Record<string, unknown>, depth);
    }
  }

  protected map(map: Record<string, unknown>, depth: number): void {
    if (depth >= MAX_DEPTH) throw tooDeep();
    const keys = Object.keys(map);
    this.count(keys.length);
    this.head(TAG.map, keys.length);
    const countAt = this.at - 4;
    let written = 0;
    for (const key of keys) {
      const value = map[key];
      if (!isValue(value)) continue;
      this.room(4 + key.length * 3);
      this.at = this.text(key, key.length, this.bytes, this.at);
      this.entry(value, depth + 1);
      written++;
    }
    this.view.setUint32(countAt, written, true);
  }

  /** A value of a map. */
  protected entry(value: unknown, depth: number): void {
    this.value(value, depth);
  }

  #number(value: number): void {
    this.room(9);
    if (Number.isSafeInteger(value)) {
      if (value === (value | 0)) {
        this.bytes[this.at] = TAG.i32;
        this.view.setInt32(this.at + 1, value, true);
        this.at += 5;
      } else {
        this.bytes[this.at] = TAG.i64;
        this.view.setBigInt64(this.at + 1, BigInt(value), true);
        this.at += 9;
      }
    } else {
      this.#float(value);
    }
  }

  #float(value: number): void {
    this.room(9);
    this.bytes[this.at] = TAG.f64;
    this.view.setFloat64(this.at + 1, value, true);
    this.at += 9;
  }

  #bigint(value: bigint): void {
    if (BigInt.asIntN(64, value) !== value) {
      const digits = value.toString();
      // More than a decimal holds is text, which is an error of the field, and not a param that is left out.
      return this.textual(digits.replace("-", "").length > MAX_DIGITS ? TAG.string : TAG.decimal, digits);
    }
    this.room(9);
    this.bytes[this.at] = TAG.i64;
    this.view.setBigInt64(this.at + 1, value, true);
    this.at += 9;
  }

  /** What a date is packed as. */
  protected get dateTag(): number {
    return TAG.utcDatetime;
  }

  protected date(date: Date): void {
    const time = date.getTime();
    if (Number.isNaN(time)) throw new EctomorphError("a Date is invalid; check it with isNaN(date) before it is used");
    const text = date.toISOString();
    // The same for years that have not four digits.
    this.textual(/^\d/.test(text) ? this.dateTag : TAG.string, text);
  }

  protected tagged({ tag, content }: Tagged): void {
    if (typeof content === "number") this.#float(content);
    else if (typeof content === "string") this.textual(tag, content);
    else this.value(content);
  }

  protected textual(tag: number, text: string): void {
    const start = this.at;
    this.string(text);
    this.bytes[start] = tag;
  }

  /** Writes length and UTF-8 of `text` at `at`; there must be room. Gives where it ends. */
  protected text(text: string, length: number, bytes: Uint8Array, at: number): number {
    const start = at + 4;
    if (writeAscii(text, length, bytes, start)) {
      bytes[at] = length;
      bytes[at + 1] = bytes[at + 2] = bytes[at + 3] = 0;
      return start + length;
    }
    // A lone surrogate becomes U+FFFD here.
    const { written } = encoder.encodeInto(text, bytes.subarray(start));
    this.view.setUint32(at, written, true);
    return start + written;
  }

  protected head(tag: number, length: number): void {
    this.room(5);
    this.bytes[this.at] = tag;
    this.view.setUint32(this.at + 1, length, true);
    this.at += 5;
  }

  protected tag(tag: number): void {
    this.room(1);
    this.bytes[this.at++] = tag;
  }

  protected count(entries: number): void {
    this.counted += entries;
    if (this.counted > MAX_ENTRIES) {
      throw tooMany();
    }
  }

  protected room(bytes: number): void {
    const needed = this.at + bytes;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.at));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }
}

export function tooDeep(): EctomorphError {
  return new EctomorphError(`a value is nested deeper than ${MAX_DEPTH}, or contains itself; send flatter data`);
}

export function tooMany(): EctomorphError {
  return new EctomorphError(`more than ${MAX_ENTRIES} keys and list elements; send less at once`);
}

/** Writes a short text of ASCII at a place among bytes; false, and what is there does not count, for any other. */
export function writeAscii(text: string, length: number, bytes: Uint8Array, at: number): boolean {
  if (length > SHORT) return false;
  let index = 0;
  for (; index < length; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 127) break;
    bytes[at + index] = unit;
  }
  return index === length;
}
