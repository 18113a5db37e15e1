import { Changeset } from "../changeset.js";
import type { Core } from "../core.js";
import type { Description, FieldDescription } from "../describe.js";
import { NONE } from "../fast.js";
import { TAG } from "../pack.js";
import { Packet } from "../packet.js";
import { Planned } from "../planned.js";
import { type Origin, type Schema, setOrigin } from "../schema.js";
import { textOf, Unpacker } from "../unpack.js";
import type { Engine } from "../whole/engine.js";
import type { CompiledRules } from "./database.js";
import { isOfKind, type Kind, KINDS } from "./kinds.js";

/** The functions of the artifact that go the short way to a row; see `src/wasm/repo/direct.rs`. */
export interface DirectExports {
  repo_direct(handle: number, rules: number, length: number): number;
  repo_get(handle: number, way: number, key: number): number;
  repo_insert(handle: number, way: number, length: number): number;
  repo_update(handle: number, way: number, key: number, length: number): number;
}

/** A short way, and what is known of the records that it leads to. */
interface Way {
  readonly number: number;
  /** The fields in their order. */
  readonly names: readonly string[];
  /** What a new record holds of them; undefined where nothing is loaded. */
  readonly fresh: readonly unknown[];
  /** For each field what its values are, if they are the same in a record and in a row. */
  readonly kinds: readonly (Kind | undefined)[];
  /** For each field its slot in what the small engine makes of changesets, or -1. */
  readonly slots: readonly number[];
  /** The name of the primary key. */
  readonly key: string;
  readonly origin: Origin;
}

/** How much room a row has. What is longer goes the long way. */
const ROOM = 1 << 14;
/** Up to here a loop over char codes beats the call of `encodeInto`. */
const SHORT = 48;

const encoder = /* @__PURE__ */ new TextEncoder();

/**
 * One row, without a request: what makes nothing but a row of a changeset, or a record of a row. Whatever is not so simple, or
 * goes wrong, was not done: it gives undefined, and there is a request to be made.
 */
export class Direct {
  readonly #engine: Engine;
  readonly #exports: DirectExports;
  readonly #handle: number;
  readonly #rules: (core: Core) => CompiledRules;
  readonly #ways = new WeakMap<Core | Schema, Way | null>();
  #last: Core | Schema | undefined;
  #way: Way | null = null;
  /** Where the row under way goes on, and how far it may. */
  #at = 0;
  #end = 0;

  constructor(engine: Engine, exports: DirectExports, handle: number, rules: (core: Core) => CompiledRules) {
    this.#engine = engine;
    this.#exports = exports;
    this.#handle = handle;
    this.#rules = rules;
  }

  /** The record with that key, null if there is none. */
  get(schema: Schema, id: unknown, schemas: ReadonlyMap<string, Schema>): object | null | undefined {
    const way = this.#last === schema ? this.#way : this.#wayTo(schema, schemas.get(schema.name));
    if (way === null || typeof id !== "number" || !Number.isSafeInteger(id)) return undefined;
    const status = this.#exports.repo_get(this.#handle, way.number, id);
    if (status <= 0) return status === 0 ? null : undefined;
    return this.#read(way);
  }

  /** The record of a changeset as it was inserted. */
  insert(changeset: unknown, schemas: ReadonlyMap<string, Schema>): object | undefined {
    const source = sourceOf(changeset);
    if (source === undefined || !source.isBlank) return undefined;
    const way = this.#last === source.core ? this.#way : this.#wayTo(source.core, schemas.get(source.core.name), source);
    if (way === null) return undefined;
    const record = this.#writeNew(way, source.result.values);
    if (record === undefined) return undefined;
    const key = this.#exports.repo_insert(this.#handle, way.number, this.#length());
    if (key < 0) return undefined;
    if (key > 0) record[way.key] = key;
    return this.#written(way, record);
  }

  /** The record of a changeset as it was updated. */
  update(changeset: unknown, schemas: ReadonlyMap<string, Schema>): object | undefined {
    const source = sourceOf(changeset);
    if (source === undefined || source.isBlank) return undefined;
    const way = this.#last === source.core ? this.#way : this.#wayTo(source.core, schemas.get(source.core.name), source);
    if (way === null) return undefined;
    const kept = source.copy as { readonly [field: string]: unknown };
    const id = kept[way.key];
    if (typeof id !== "number") return undefined;
    const record = this.#writeChanged(way, source.result.values, kept);
    if (record === undefined) return undefined;
    if (this.#exports.repo_update(this.#handle, way.number, id, this.#length()) <= 0) return undefined;
    return this.#written(way, record);
  }

  /** A record that was written, with what was generated. */
  #written({ names, origin }: Way, record: Record<string, unknown>): object {
    const end = this.#engine.outputEnd;
    this.#at = this.#engine.outputAt;
    while (this.#at < end) {
      const field = this.#value(this.#tag()) as number;
      record[names[field] as string] = this.#value(this.#tag());
    }
    setOrigin(record, origin);
    return record;
  }

  /** Writes a new row, and gives its record without the key; undefined if that is not for here. */
  #writeNew({ names, fresh, slots }: Way, changes: readonly unknown[]): Record<string, unknown> | undefined {
    this.#begin();
    const record: Record<string, unknown> = {};
    for (let index = 0; index < names.length; index++) {
      const slot = slots[index] as number;
      let value = slot < 0 ? NONE : changes[slot];
      if (value === NONE) {
        value = fresh[index];
        // What is null in a new record is left to the database.
        if (value === null || value === undefined) {
          this.#skip();
          if (value === null) record[names[index] as string] = null;
          continue;
        }
      }
      if (!this.#put(value)) return undefined;
      record[names[index] as string] = value;
    }
    return record;
  }

  /** Writes what changes of a row, and gives its record; undefined if that is not for here, or nothing changes. */
  #writeChanged(
    { names, fresh, slots, kinds }: Way, changes: readonly unknown[], kept: { readonly [field: string]: unknown },
  ): Record<string, unknown> | undefined {
    this.#begin();
    const record: Record<string, unknown> = {};
    let changed = false;
    for (let index = 0; index < names.length; index++) {
      const name = names[index] as string;
      const slot = slots[index] as number;
      const change = slot < 0 ? NONE : changes[slot];
      if (change !== NONE) {
        if (!this.#put(change)) return undefined;
        changed = true;
        record[name] = change;
        continue;
      }
      this.#skip();
      const blank = fresh[index];
      const own = kept[name];
      if (own === undefined || own === blank) {
        if (blank !== undefined) record[name] = blank;
        continue;
      }
      // An association that is loaded stays in the record, in its own way.
      if (blank === undefined || (own !== null && !isOfKind(kinds[index], own))) return undefined;
      record[name] = own;
    }
    return changed ? record : undefined;
  }

  #begin(): void {
    this.#at = this.#engine.inputFor(ROOM);
    this.#end = this.#at + ROOM;
  }

  /** Leaves a value out. */
  #skip(): void {
    this.#engine.bytes[this.#at++] = TAG.missing;
  }

  #length(): number {
    return this.#at - (this.#end - ROOM);
  }

  /** Writes a value; false if it is none that is written so. */
  #put(value: unknown): boolean {
    const { bytes, view } = this.#engine;
    const at = this.#at;
    // The tag, and what the smallest values have.
    if (at + 9 > this.#end) return false;
    switch (typeof value) {
      case "string": {
        const start = at + 5;
        const { length } = value;
        if (start + length * 3 > this.#end) return false;
        let end = start;
        if (length <= SHORT) {
          for (let index = 0; index < length; index++) {
            const unit = value.charCodeAt(index);
            if (unit > 127) break;
            bytes[end++] = unit;
          }
        }
        if (end - start < length) end = start + encoder.encodeInto(value, bytes.subarray(start, this.#end)).written;
        bytes[at] = TAG.string;
        view.setUint32(at + 1, end - start, true);
        this.#at = end;
        return true;
      }
      case "number":
        if (value === (value | 0)) {
          bytes[at] = TAG.i32;
          view.setInt32(at + 1, value, true);
          this.#at = at + 5;
          return !Object.is(value, -0);
        }
        if (Number.isSafeInteger(value)) return false;
        bytes[at] = TAG.f64;
        view.setFloat64(at + 1, value, true);
        this.#at = at + 9;
        return true;
      case "boolean":
        bytes[at] = value ? TAG.true : TAG.false;
        break;
      default:
        if (value !== null) return false;
        bytes[at] = TAG.null;
    }
    this.#at = at + 1;
    return true;
  }

  /** The record whose values are the answer. */
  #read({ names, origin }: Way): object {
    this.#at = this.#engine.outputAt;
    const record: Record<string, unknown> = {};
    for (let index = 0; index < names.length; index++) {
      const tag = this.#tag();
      if (tag === TAG.missing) continue;
      record[names[index] as string] = this.#value(tag);
    }
    setOrigin(record, origin);
    return record;
  }

  #tag(): number {
    return this.#engine.bytes[this.#at++] as number;
  }

  /** The value whose tag was read. */
  #value(tag: number): unknown {
    const { bytes, view } = this.#engine;
    const at = this.#at;
    switch (tag) {
      case TAG.null:
        return null;
      case TAG.i32:
        this.#at = at + 4;
        return view.getInt32(at, true);
      case TAG.f64:
        this.#at = at + 8;
        return view.getFloat64(at, true);
      case TAG.string:
      case TAG.naiveDatetime:
      case TAG.utcDatetime:
        this.#at = at + 4 + view.getUint32(at, true);
        return textOf(bytes, at + 4, this.#at);
      default: {
        const reader = new Unpacker(new Packet(bytes, view, at, bytes.length));
        const value = reader.valueOf(tag);
        this.#at = reader.at;
        return value;
      }
    }
  }

  /** The way to the rows of rules or of a schema, which is remembered. */
  #wayTo(of: Core | Schema, schema: Schema | undefined, source?: Planned): Way | null {
    let way = this.#ways.get(of);
    if (way === undefined) {
      if (source !== undefined) way = this.#wayOfRules(of as Core, schema, source);
      // A schema that the repo does not know may have the name of one that it knows.
      else way = schema === of ? this.#wayOfSchema(schema) : null;
      this.#ways.set(of, way);
    }
    this.#last = of;
    return (this.#way = way);
  }

  #wayOfSchema(schema: Schema): Way | null {
    const { description } = schema;
    const length = this.#nameOf(schema.name);
    if (!isKeyed(description)) return null;
    return this.#wayOf(this.#exports.repo_direct(this.#handle, 0, length), description, schema, description.fields.map(() => -1));
  }

  #wayOfRules(core: Core, schema: Schema | undefined, { schema: description, result: { level } }: Planned): Way | null {
    if ((core.recording.prepared ?? []).length > 0 || level.action !== null || !isKeyed(description)) return null;
    const rules = this.#rules(core);
    // Both number fields in their order.
    if (!rules.fields.every(([name], index) => description.fields[index]?.name === name)) return null;
    const slots = description.fields.map(({ name }) => level.slots.findIndex((slot) => slot.name === name));
    return this.#wayOf(this.#exports.repo_direct(this.#handle, rules.handle, 0), description, schema, slots);
  }

  #wayOf(number: number, { fields }: Description, schema: Schema | undefined, slots: readonly number[]): Way | null {
    const names = fields.map(({ name }) => name);
    // What objects inherit is no field of theirs.
    if (number === 0 || names.some((name) => name in Object.prototype)) return null;
    return {
      number, names, slots,
      fresh: fields.map((field) => (field.relation === undefined ? (field.default ?? null) : undefined)),
      kinds: fields.map(({ type }) => (typeof type === "string" ? KINDS[type] : undefined)),
      key: (fields.find(isKey) as FieldDescription).name,
      origin: { state: "loaded", schema },
    };
  }

  /** Writes a name; how long it is. */
  #nameOf(name: string): number {
    this.#begin();
    this.#put(name);
    return this.#length();
  }
}

function isKey(field: FieldDescription): boolean {
  return field.primary_key === true;
}

/** Whether records have one key, which is a number. */
function isKeyed({ fields }: Description): boolean {
  const keys = fields.filter(isKey);
  return keys.length === 1 && (keys[0]?.type === "id" || keys[0]?.type === "integer");
}

/** The source of a changeset that says all there is to write: plain changes without a condition. */
function sourceOf(changeset: unknown): Planned | undefined {
  if (!(changeset instanceof Changeset)) return undefined;
  const source = Changeset.source(changeset);
  return source instanceof Planned && source.result.valid && !source.result.force ? source : undefined;
}
