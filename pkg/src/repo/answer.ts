import type { Packet } from "../packet.js";
import { type Schema, setOrigin } from "../schema.js";
import { setOwn } from "../values.js";
import { Reader } from "../whole/unpack.js";
import { TAG } from "../pack.js";

const RECORD = 20;
const KEYED = 21;
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

  /** Learns the shapes that an answer is the first to have. Each answer's are, in their order, also of those that nobody reads. */
  learn(packet: Packet): void {
    const learned = packet.view.getUint32(packet.start, true);
    if (learned === 0) return;
    const reader = new AnswerReader(packet, this.#shapes);
    reader.at = packet.start + learned;
    for (let left = reader.u32(); left > 0; left--) this.#learn(reader.value() as [boolean, string | null, string[]]);
  }

  /** What an answer holds. */
  read(packet: Packet): unknown {
    const reader = new AnswerReader(packet, this.#shapes);
    reader.at = packet.start + 4;
    return reader.value();
  }

  #learn([isRecord, name, fields]: [boolean, string | null, string[]]): void {
    const schema = name === null ? undefined : this.#schema(name);
    const origins = isRecord ? STATES.map((state) => (state === null ? undefined : { state, schema })) : [];
    this.#shapes.push({ fields, origins, plain: !fields.includes("__proto__") });
  }
}

class AnswerReader extends Reader {
  readonly #shapes: readonly Shape[];

  constructor(packet: Packet, shapes: readonly Shape[]) {
    super(packet);
    this.#shapes = shapes;
  }

  override valueOf(tag: number): unknown {
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
}
