import type { Packet } from "../packet.js";
import { type Schema, setOrigin } from "../schema.js";
import { setOwn } from "../values.js";
import { Reader } from "../whole/unpack.js";
import { TAG } from "../pack.js";

const RECORD = 20;
const KEYED = 21;
const ROWS = 22;
const STATES = [null, "loaded", "deleted"] as const;

/** The fields that records or maps of an answer have, in order. */
interface Shape {
  readonly fields: readonly string[];
  /** Of records: what they are marked with, by their state. */
  readonly origins: readonly ({ readonly state: "loaded" | "deleted"; readonly schema: Schema | undefined } | undefined)[];
  /** Whether no field has a name that needs care. */
  readonly plain: boolean;
}

/** Reads answers of one database, which name the fields of records once. */
export class Answers {
  readonly #shapes: Shape[] = [];
  readonly #schema: (name: string) => Schema | undefined;

  constructor(schema: (name: string) => Schema | undefined) {
    this.#schema = schema;
  }

  /** What an answer holds. Each must be read, in their order, since it may be the first with a shape. */
  read(packet: Packet): unknown {
    const learned = packet.view.getUint32(packet.start, true);
    const reader = new AnswerReader(packet, this.#shapes);
    if (learned !== 0) {
      reader.at = packet.start + learned;
      for (let left = reader.u32(); left > 0; left--) this.#learn(reader.value() as [boolean, string | null, string[]]);
    }
    reader.at = packet.start + 4;
    return reader.value();
  }

  #learn([isRecord, name, fields]: [boolean, string | null, string[]]): void {
    const schema = name === null ? undefined : this.#schema(name);
    const origins = isRecord ? STATES.map((state) => (state === null ? undefined : { state, schema })) : [];
    this.#shapes.push({ fields, origins, plain: !fields.includes("__proto__") });
  }
}

// A byte order mark is text like any other.
const decoder = /* @__PURE__ */ new TextDecoder("utf-8", { ignoreBOM: true });

class AnswerReader extends Reader {
  readonly #shapes: readonly Shape[];

  constructor(packet: Packet, shapes: readonly Shape[]) {
    super(packet);
    this.#shapes = shapes;
  }

  override valueOf(tag: number): unknown {
    if (tag === ROWS) return this.#rows();
    if (tag !== RECORD && tag !== KEYED) return super.valueOf(tag);
    const { fields, origins, plain } = this.#shapes[this.u16()] as Shape;
    const origin = tag === RECORD ? origins[this.u8()] : undefined;
    const record: Record<string, unknown> = {};
    for (let index = 0; index < fields.length; index++) {
      const inner = this.u8();
      // An association that is not loaded is not there.
      if (inner === TAG.missing) continue;
      const value = this.valueOf(inner);
      if (plain) record[fields[index] as string] = value;
      else setOwn(record, fields[index] as string, value);
    }
    if (origin !== undefined) setOrigin(record, origin);
    return record;
  }

  /** Records or maps of one shape, as JSON; and what JSON has no words for, in its place. */
  #rows(): unknown[] {
    const { fields, origins } = this.#shapes[this.u16()] as Shape;
    const origin = origins[this.u8()];
    let rows: object[] = [];
    for (let length = this.u32(); length > 0; length = this.u32()) {
      const start = this.at;
      this.at += length;
      const portion = JSON.parse(decoder.decode(this.bytes.subarray(start, this.at))) as object[];
      for (let left = this.u32(); left > 0; left--) {
        const row = portion[this.u32()] as Record<string, unknown>;
        const field = fields[this.u16()] as string;
        setOwn(row, field, this.value());
      }
      rows = rows.length === 0 ? portion : rows.concat(portion);
    }
    if (origin !== undefined) for (const row of rows) setOrigin(row, origin);
    return rows;
  }
}
