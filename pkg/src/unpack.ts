import { EctomorphError } from "./errors.js";
import { FILE_KEY, TAG } from "./pack.js";
import type { Packet } from "./packet.js";
import { setOwn } from "./values.js";

/** Up to here a loop over bytes beats the call of `TextDecoder`. */
const SHORT = 32;

// A byte order mark is text like any other.
export const decoder = /* @__PURE__ */ new TextDecoder("utf-8", { ignoreBOM: true });

/** The text that bytes are in UTF-8. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  if (end - start <= SHORT) {
    let text = "";
    let index = start;
    for (; index < end; index++) {
      const unit = bytes[index] as number;
      if (unit > 127) break;
      text += String.fromCharCode(unit);
    }
    if (index === end) return text;
  }
  return decoder.decode(bytes.subarray(start, end));
}

/** Reads packed values from bytes. */
export class Unpacker {
  readonly #view: DataView;
  readonly bytes: Uint8Array;
  at: number;

  constructor(
    packet: Packet,
    /** The files that stand behind `{[FILE_KEY]: index}`. */
    readonly files: readonly Blob[] | undefined = undefined,
  ) {
    this.bytes = packet.bytes;
    this.#view = packet.view;
    this.at = packet.start;
  }

  u8(): number {
    return this.bytes[this.at++] as number;
  }

  u16(): number {
    const value = this.#view.getUint16(this.at, true);
    this.at += 2;
    return value;
  }

  u32(): number {
    const value = this.#view.getUint32(this.at, true);
    this.at += 4;
    return value;
  }

  /** Length and UTF-8. */
  text(): string {
    const length = this.u32();
    const start = this.at;
    const end = start + length;
    this.at = end;
    return textOf(this.bytes, start, end);
  }

  /** A text that is likely to have been read before. */
  word(): string {
    return this.text();
  }

  value(): unknown {
    return this.valueOf(this.u8());
  }

  /** The value whose tag was read. */
  valueOf(tag: number): unknown {
    switch (tag) {
      case TAG.null:
        return null;
      case TAG.false:
        return false;
      case TAG.true:
        return true;
      case TAG.i32:
        this.at += 4;
        return this.#view.getInt32(this.at - 4, true);
      case TAG.i64: {
        this.at += 8;
        return this.integer(this.#view.getBigInt64(this.at - 8, true));
      }
      case TAG.f64:
        this.at += 8;
        return this.float(this.#view.getFloat64(this.at - 8, true));
      case TAG.string:
        return this.text();
      case TAG.decimal:
      case TAG.date:
      case TAG.time:
      case TAG.naiveDatetime:
      case TAG.utcDatetime:
        return this.textual(tag, this.text());
      case TAG.binary: {
        const length = this.u32();
        this.at += length;
        return this.binary(this.bytes.slice(this.at - length, this.at));
      }
      case TAG.list: {
        const length = this.u32();
        const list: unknown[] = [];
        for (let index = 0; index < length; index++) list.push(this.value());
        return list;
      }
      case TAG.map:
        return this.#map();
      default:
        throw new EctomorphError(`unknown tag ${tag} in an answer; the wasm and JavaScript parts are of different versions`);
    }
  }

  /** Integers are numbers within the safe range, and bigints beyond it. */
  protected integer(value: bigint): unknown {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  protected float(value: number): unknown {
    return value;
  }

  /** Decimals, dates and times are their text. */
  protected textual(_tag: number, text: string): unknown {
    return text;
  }

  protected binary(bytes: Uint8Array): unknown {
    return bytes;
  }

  protected map(entries: Record<string, unknown>): unknown {
    return entries;
  }

  #map(): unknown {
    const length = this.u32();
    const map: Record<string, unknown> = {};
    for (let index = 0; index < length; index++) {
      const key = this.word();
      const value = this.value();
      setOwn(map, key, value);
      if (length === 1 && key === FILE_KEY && typeof value === "number") {
        const file = this.files?.[value];
        if (file !== undefined) return file;
      }
    }
    return this.map(map);
  }
}
