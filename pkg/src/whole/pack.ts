import { MAX_DEPTH, Packer, TAG, tooDeep } from "../pack.js";
import type { Packet } from "../packet.js";
import { isMap, isValue, type Tagged } from "../values.js";
import { copy, keep } from "./keep.js";
import type { Shape } from "./shape.js";

export { TAG };

const MAX_KEPT_BYTES = 1 << 20;

/** Packs recipes: values, documents and params. It reuses its bytes. */
export class Writer extends Packer {
  /**
   * Whether what is written is read as a document's notation (data, steps), where keys that start with `$` have a
   * meaning: a user's own are wrapped in `$map`, and a Date is text, which is cast by its field's type.
   */
  notation = false;

  /** Of the values of the map under way, if they are children. */
  #shape: Shape | undefined;

  /** Starts anew. */
  reset(): this {
    this.at = 0;
    this.counted = 0;
    this.files = undefined;
    this.notation = false;
    this.#shape = undefined;
    // One large upload must not keep its memory for good.
    if (this.bytes.length > MAX_KEPT_BYTES) {
      this.bytes = new Uint8Array(1024);
      this.view = new DataView(this.bytes.buffer);
    }
    return this;
  }

  /** What was written, for good. */
  override keep(): Packet {
    return keep(this.bytes, 0, this.at);
  }

  get length(): number {
    return this.at;
  }

  /** Copies what was written to a place with room for it. */
  copyTo(target: Uint8Array, at: number): void {
    copy(this.bytes, 0, this.at, target, at);
  }

  /** Nothing, where something may be. */
  missing(): this {
    this.tag(TAG.missing);
    return this;
  }

  /** The start of a list of `length` values, which the caller writes next. */
  list(length: number): this {
    this.head(TAG.list, length);
    return this;
  }

  /** Bytes that are packed values already. */
  packed(bytes: Uint8Array, start = 0, end = bytes.length): this {
    this.room(end - start);
    copy(bytes, start, end, this.bytes, this.at);
    this.at += end - start;
    return this;
  }

  /**
   * The params that the rules can read, and no others: own properties of these names.
   *
   * `captured` gets the strings among them, so that a change that equals its param need not be decoded.
   */
  shaped(params: object, shape: Shape, depth = 0, captured?: unknown[]): this {
    const { names, children } = shape;
    if (depth >= MAX_DEPTH) throw tooDeep();
    this.count(names.length);
    this.tag(TAG.shaped);
    for (let index = 0; index < names.length; index++) {
      const name = names[index] as string;
      const value = Object.hasOwn(params, name) ? (params as Record<string, unknown>)[name] : undefined;
      if (typeof value === "string") {
        const start = this.at + 5;
        this.string(value);
        if (captured === undefined) continue;
        // What is kept must be what was checked: without lone surrogates, which only text beyond ASCII can have.
        const plain = this.at - start === value.length;
        captured[index] = plain ? value : value.replace(/\p{Surrogate}/gu, "\ufffd");
      } else if (!isValue(value)) {
        this.tag(TAG.missing);
      } else {
        const child = children[index];
        if (child == null || typeof value !== "object" || value === null) this.value(value, depth + 1);
        else this.#relation(value, child, depth + 1);
      }
    }
    return this;
  }

  /** The values of a map whose keys are known there, in their order; undefined for what is missing. */
  places(values: (place: number) => unknown, count: number): this {
    this.count(count);
    this.tag(TAG.shaped);
    for (let place = 0; place < count; place++) {
      const value = values(place);
      if (typeof value === "string") this.string(value);
      else if (value === undefined) this.tag(TAG.missing);
      else this.value(value, 1);
    }
    return this;
  }

  /** The value of a relation's param: a child, a list of children, or children by index. */
  #relation(value: object, shape: Shape, depth: number): void {
    if (Array.isArray(value)) {
      if (depth >= MAX_DEPTH) throw tooDeep();
      this.count(value.length);
      this.head(TAG.list, value.length);
      for (let index = 0; index < value.length; index++) {
        const item: unknown = value[index];
        if (isMap(item)) this.shaped(item, shape, depth + 1);
        else this.value(item, depth + 1);
      }
    } else if (!isMap(value)) {
      this.value(value, depth);
    } else if (shape.many) {
      this.#childrenByIndex(value as Record<string, unknown>, depth, shape);
    } else {
      this.shaped(value, shape, depth);
    }
  }

  /** The values of a map that stands where a shape is expected are shaped themselves: children by their index. */
  #childrenByIndex(map: Record<string, unknown>, depth: number, shape: Shape): void {
    const outer = this.#shape;
    this.#shape = shape;
    this.map(map, depth);
    this.#shape = outer;
  }

  protected override entry(value: unknown, depth: number): void {
    const shape = this.#shape;
    // What is below is no child.
    this.#shape = undefined;
    if (shape !== undefined && isMap(value)) this.shaped(value, shape, depth);
    else this.value(value, depth);
    this.#shape = shape;
  }

  protected override map(map: Record<string, unknown>, depth: number): void {
    if (this.notation && Object.keys(map).some((key) => key.charCodeAt(0) === 36)) {
      this.head(TAG.map, 1);
      this.room(16);
      this.at = this.text("$map", 4, this.bytes, this.at);
    }
    super.map(map, depth);
  }

  protected override get dateTag(): number {
    return this.notation ? TAG.string : super.dateTag;
  }

  /** A document's notation is written as it is. */
  protected override tagged(tagged: Tagged): void {
    const notation = this.notation;
    this.notation = false;
    super.tagged(tagged);
    this.notation = notation;
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
