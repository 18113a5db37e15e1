import { EctomorphError } from "./errors.js";
import { fastModule, furtherModule } from "./fast-module.js";
import type { CustomRule, Level, Tables } from "./level.js";
import type { Validator } from "./core.js";
import { Answer, Outcome } from "./outcome.js";
import { Captured, ownValue } from "./own.js";
import type { FieldError, ReadParams } from "./result.js";
import { isMap, isValue, setOwn } from "./values.js";
import { readMetadata } from "./metadata.js";
import { encoder, FILE_KEY, MAX_DEPTH, MAX_ENTRIES, Packer, tooDeep, tooMany, writeAscii } from "./pack.js";
import { Packet } from "./packet.js";
import { recall, remember } from "./recall.js";
import { textOf, Unpacker } from "./unpack.js";

// The record that is written and the answer that is read are described in `src/fast/record.rs` and `answer.rs`.

const TEXT = 4;
const INTEGER = 5;
const FLOAT = 6;
const PACKED = 7;
const CHILD = 8;
const LIST = 9;
const MAP = 10;

const PARAMS = 1;
const DATA = 2;

const VALID = 1;
const FORCE = 2;
const ORDER = 4;

const SAME = 1;
const CHANGED_TEXT = 7;
const CHANGED_PACKED = 8;
const CHANGED_CHILDREN = 9;

/** No change. A constant that V8 compares without a call. */
export const NONE = undefined;


/** The exports of the small engine. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  /** There only where it is a first part. */
  readonly table?: WebAssembly.Table;
  room(words: number): number;
  plan(at: number, length: number): number;
  forget(plan: number): void;
  run(plan: number, words: number, count: number, text: number, length: number): number;
}

/** Memory of the engine that a record is written to. */
interface Room {
  /** In words. */
  readonly words: number;
  readonly wordsEnd: number;
  /** In bytes. */
  readonly text: number;
  readonly textEnd: number;
}

/** The validators of a run under way, what they found, and what one of them threw. */
interface Frame {
  readonly tables: Tables;
  readonly validators: readonly Validator[];
  readonly found: FieldError[];
  slots: number[];
  thrown: { error: unknown } | undefined;
}

const float = /* @__PURE__ */ new Float64Array(1);
const floatWords = /* @__PURE__ */ new Int32Array(float.buffer);
const NO_ERRORS: readonly FieldError[] = /* @__PURE__ */ Object.freeze([]);

let engine: Exports | undefined = undefined;
/** Whether it is all there. */
let isComplete = false;
let words = /* @__PURE__ */ new Int32Array(0);
let bytes = /* @__PURE__ */ new Uint8Array(0);
let frame: Frame | undefined = undefined;

/** One for each run within a run: a validator, or a getter of the params, may apply rules itself. */
const rooms: Room[] = [];
let depth = 0;
/** Where the record under way goes on, in words and in bytes. */
let at = 0;
let textAt = 0;
let room: Room = { words: 0, wordsEnd: 0, text: 0, textEnd: 0 };
/** How many keys and elements it has. */
let entries = 0;
let files: Blob[] | undefined = undefined;

/**
 * Hands a plan to the engine, perhaps one that needs its second part; its handle, 0 if there is no engine, or no such
 * part, or it does not know the plan.
 */
export function runsAt(packed: Uint8Array, further: boolean): number {
  if (engine === undefined) {
    const module = fastModule();
    if (module === undefined) return 0;
    engine = instance(module, {});
    isComplete = engine.table === undefined;
  }
  if (further && !isComplete) {
    const module = furtherModule();
    if (module === undefined) return 0;
    instance(module, engine);
    isComplete = true;
  }
  const at = engine.room((packed.length + 3) >> 2);
  refresh();
  bytes.set(packed, at);
  return engine.plan(at, packed.length);
}

function instance(module: WebAssembly.Module, first: object): Exports {
  return new WebAssembly.Instance(module, { host, first: first as WebAssembly.ModuleImports }).exports as unknown as Exports;
}

export function forget(plan: number): void {
  engine?.forget(plan);
}

/** Runs a plan. Data are undefined for a new record, else the values of its slots. */
export function runPlan(
  plan: number,
  tables: Tables,
  validators: readonly Validator[],
  data: readonly unknown[] | undefined,
  params: ReadParams,
): Outcome {
  const { root } = tables;
  const isRecalled = params !== null && root.answers !== undefined && (data === undefined || root.besideData);
  const known = isRecalled ? recall(root, params, data) : undefined;
  if (known !== undefined) return known;
  const made = runAnew(plan, tables, validators, data, params);
  if (isRecalled) remember(made, data);
  return made;
}

function runAnew(...args: Parameters<typeof run>): Outcome {
  if (depth > 0) return runWithin(...args);
  try {
    return run(...args);
  } finally {
    depth = 0;
  }
}

/** Runs a plan while another one runs, and leaves everything as it was. */
function runWithin(...args: Parameters<typeof run>): Outcome {
  const saved = { depth, at, textAt, room, entries, files, frame };
  try {
    return run(...args);
  } finally {
    ({ depth, at, textAt, room, entries, files, frame } = saved);
  }
}

function run(
  plan: number,
  tables: Tables,
  validators: readonly Validator[],
  data: readonly unknown[] | undefined,
  params: ReadParams,
): Outcome {
  if (bytes.length === 0) refresh();
  room = rooms[depth] ?? (rooms[depth] = makeRoom(1 << 10, 1 << 13));
  depth++;
  at = room.words;
  textAt = room.text;
  entries = 0;
  files = undefined;
  words[at++] = (params === null ? 0 : PARAMS) | (data === undefined ? 0 : DATA);
  if (data !== undefined) writeData(data);
  const { root } = tables;
  const captured = params === null ? [] : writeParams(root, params, 0);
  const found = tables.rules.length === 0 ? undefined : frameOf(tables, validators);
  frame = found;
  reading = call(plan) >> 2;
  if (bytes.length === 0) refresh();
  if (found?.thrown !== undefined) throw found.thrown.error;
  readingBytes = words[reading++] as number;
  if (words[reading] === -1) throw new EctomorphError(tables.mistakes[words[reading + 1] as number] as string);
  return readRecord(tables, root, captured, found, data === undefined);
}

function frameOf(tables: Tables, validators: readonly Validator[]): Frame {
  return { tables, validators, found: [], slots: [], thrown: undefined };
}

function call(plan: number): number {
  const { words: from, text } = room;
  try {
    return (engine as Exports).run(plan, from << 2, at - from, text, textAt - text);
  } catch (cause) {
    throw new EctomorphError("the engine stopped on this input; please report it", { cause });
  }
}

function refresh(): void {
  const { buffer } = (engine as Exports).memory;
  words = new Int32Array(buffer);
  bytes = new Uint8Array(buffer);
}

function makeRoom(count: number, length: number): Room {
  const start = (engine as Exports).room(count + (length >> 2)) >> 2;
  refresh();
  const end = start + count;
  return { words: start, wordsEnd: end, text: end << 2, textEnd: (end << 2) + length };
}

/** Moves what was written to a larger room. */
function grow(count: number, length: number): void {
  const old = room;
  const larger = makeRoom(Math.max((old.wordsEnd - old.words) * 2, at - old.words + count), Math.max((old.textEnd - old.text) * 2, (textAt - old.text + length + 3) & ~3));
  words.copyWithin(larger.words, old.words, at);
  bytes.copyWithin(larger.text, old.text, textAt);
  at += larger.words - old.words;
  textAt += larger.text - old.text;
  room = rooms[depth - 1] = larger;
}

function writeData(data: readonly unknown[]): void {
  for (const value of data) {
    if (at + 4 > room.wordsEnd) grow(4, 0);
    if (value === undefined) words[at++] = 0;
    else write(value, 0);
  }
}

function writeParams(level: Level, params: object, depth: number): unknown[] {
  if (depth >= MAX_DEPTH) throw tooDeep();
  count(level.counted);
  const captured = level.params.map((name) => (name === undefined ? undefined : ownValue(params, name)));
  const { length } = captured;
  if (at + length * 3 > room.wordsEnd) grow(length * 3, 0);
  for (let index = 0; index < length; index++) {
    const value = captured[index];
    if (typeof value === "string") {
      captured[index] = writeText(value);
    } else if (value === undefined) {
      words[at++] = 0;
    } else if (!isValue(value)) {
      captured[index] = undefined;
      words[at++] = 0;
    } else {
      const child = level.children[index];
      if (child === undefined || typeof value !== "object" || value === null) {
        captured[index] = write(value, depth + 1);
        continue;
      }
      captured[index] = writeRelation(child, level.many[index] as boolean, value, depth + 1);
      const rest = (length - index) * 3;
      if (at + rest > room.wordsEnd) grow(rest, 0);
    }
  }
  return captured;
}

function writeRelation(level: Level, many: boolean, value: object, depth: number): unknown {
  const isList = Array.isArray(value);
  if (!isList && !isMap(value)) return write(value, depth);
  if (!isList && !many) {
    words[at++] = CHILD;
    return new Captured(true, undefined, [writeParams(level, value, depth)]);
  }
  if (depth >= MAX_DEPTH) throw tooDeep();
  const keys = isList ? undefined : Object.keys(value);
  const length = keys?.length ?? (value as readonly unknown[]).length;
  count(length);
  if (at + length * 4 + 1 > room.wordsEnd) grow(length * 4 + 1, 0);
  const head = at++ - room.words;
  const children: unknown[] = [];
  const written: string[] = [];
  for (let index = 0; index < length; index++) {
    const key = keys?.[index];
    const item: unknown = key === undefined ? (value as readonly unknown[])[index] : (value as Record<string, unknown>)[key];
    if (key !== undefined) {
      if (!isValue(item)) continue;
      written.push(key);
      roomForOne();
      writeText(key);
    } else roomForOne();
    if (isMap(item)) {
      words[at++] = CHILD;
      children.push(writeParams(level, item, depth + 1));
    } else {
      children.push(new Captured(true, undefined, write(isValue(item) ? item : null, depth + 1)));
    }
  }
  words[room.words + head] = (keys === undefined ? LIST : MAP) | (children.length << 4);
  return new Captured(false, keys && written, children);
}

/** Sees to it that a value and its key have room. */
function roomForOne(): void {
  if (at + 8 > room.wordsEnd) grow(8, 0);
}

/** Writes a value that is no child; gives it as it was when it was written. There must be room for three words. */
function write(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case "string":
      return writeText(value);
    case "boolean":
      words[at++] = value ? 3 : 2;
      return value;
    case "number":
      if (value === (value | 0)) {
        words[at] = INTEGER;
        words[at + 1] = value;
        at += 2;
        return value;
      }
      if (Number.isSafeInteger(value)) break;
      float[0] = value;
      words[at] = FLOAT;
      words[at + 1] = floatWords[0] as number;
      words[at + 2] = floatWords[1] as number;
      at += 3;
      return value;
    default:
      if (value === null) {
        words[at++] = 1;
        return value;
      }
  }
  return writePacked(value, depth);
}

function writePacked(value: unknown, depth: number): unknown {
  const writer = isComplete ? new Packer() : new FirstPacker();
  const packet = writer.continuing(entries, files).value(value, depth).keep();
  entries = writer.entries;
  files = writer.files;
  const length = packet.end - packet.start;
  if (textAt + length > room.textEnd) grow(8, length);
  bytes.set(packet.bytes.subarray(packet.start, packet.end), textAt);
  textAt += length;
  words[at++] = PACKED | (length << 4);
  return snapshot(value);
}

/** Packs for a first part, whose types refuse dates and huge integers as they do maps: each is a map, equal to its like. */
class FirstPacker extends Packer {
  protected override textual(tag: number, text: string): void {
    this.map({ [FILE_KEY]: tag + text }, 0);
  }
}

/** A value that was written, with maps and lists of its own. */
function snapshot(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snapshot);
  if (!isMap(value)) return value;
  const map = {};
  for (const [key, each] of Object.entries(value)) setOwn(map, key, snapshot(each));
  return map;
}

/** Writes a text; gives it as it was understood: without lone surrogates, which only text beyond ASCII can have. */
function writeText(value: string): string {
  const { length } = value;
  if (textAt + length * 3 > room.textEnd) grow(8, length * 3);
  if (writeAscii(value, length, bytes, textAt)) {
    words[at++] = TEXT | (length << 4);
    textAt += length;
    return value;
  }
  const { written } = encoder.encodeInto(value, bytes.subarray(textAt, textAt + length * 3));
  words[at++] = TEXT | (written << 4);
  textAt += written;
  return written === length ? value : value.replace(/\p{Surrogate}/gu, "\ufffd");
}

function count(more: number): void {
  entries += more;
  if (entries > MAX_ENTRIES) throw tooMany();
}

/** Where the answer is read on, in words, and where its bytes are. */
let reading = 0;
let readingBytes = 0;

function readRecord(
  tables: Tables, level: Level, captured: readonly unknown[], found: Frame | undefined, isNew: boolean,
): Outcome {
  const flags = words[reading++] as number;
  const count = flags >>> 4;
  let errors: FieldError[] | typeof NO_ERRORS = NO_ERRORS;
  if (count > 0) {
    const list: FieldError[] = [];
    for (let index = 0; index < count; index++) list.push(readError(tables, found));
    errors = list;
  }
  let order: number[] | undefined;
  if ((flags & ORDER) !== 0) {
    order = [];
    for (let length = words[reading++] as number; length > 0; length--) order.push(words[reading++] as number);
  }
  const slots = level.slots.length;
  // A change is mostly what its param was.
  const values: unknown[] = captured.length === 0 ? level.nothing.slice(0, slots) : captured.slice(0, slots);
  for (let slot = 0; slot < slots; slot++) {
    const word = words[reading++] as number;
    if (word !== SAME) values[slot] = word === 0 ? NONE : readChange(word, tables, level, slot, captured, found);
  }
  return new Outcome(level, new Answer((flags & VALID) !== 0, (flags & FORCE) !== 0, errors, order, undefined), values, captured, isNew);
}

function readError(tables: Tables, found: Frame | undefined): FieldError {
  const number = words[reading++] as number;
  if (number < 0) return found?.found[number & 0x7fff_ffff] as FieldError;
  const error = tables.errors[number & 0x3fff_ffff] as FieldError;
  if ((number & 0x4000_0000) === 0) return error;
  const length = words[reading++] as number;
  const source = readPacked(words[reading++] as number, length);
  return { ...error, metadata: Object.freeze({ ...error.metadata, source }) };
}

function readChange(
  word: number, tables: Tables, level: Level, slot: number, captured: readonly unknown[], found: Frame | undefined,
): unknown {
  switch (word & 15) {
    case 2:
      return null;
    case 3:
      return false;
    case 4:
      return true;
    case 5:
      return words[reading++];
    case 6:
      floatWords[0] = words[reading++] as number;
      floatWords[1] = words[reading++] as number;
      return float[0];
    case CHANGED_TEXT:
      return readText(readingBytes + (words[reading++] as number), word >>> 4);
    case CHANGED_PACKED:
      return readPacked(words[reading++] as number, word >>> 4);
    case CHANGED_CHILDREN: {
      const children: Outcome[] = [];
      const child = level.children[slot] as Level;
      const { held } = (captured[slot] ?? NOTHING) as Captured;
      for (let length = word >>> 4; length > 0; length--) {
        const place = words[reading++] as number;
        children.push(readRecord(tables, child, ((held as readonly unknown[])[place] ?? []) as readonly unknown[], found, true));
      }
      return level.slots[slot]?.cardinality === "many" ? children : children[0];
    }
    default:
      throw new EctomorphError("unknown answer of the small engine; the wasm and JavaScript parts are of different versions");
  }
}

const NOTHING = /* @__PURE__ */ new Captured(false, undefined, []);

function readText(start: number, length: number): string {
  if (bytes.length === 0) refresh();
  return textOf(bytes, start, start + length);
}

function readPacked(start: number, length: number): unknown {
  const from = readingBytes + start;
  return new Unpacker(Packet.of(bytes.slice(from, from + length)), files).value();
}

/** What the engine asks of the page. */
const host = {
  parse_float: (text: number, length: number) => Number(readText(text, length)),
  float_digits: (number: number, into: number) => {
    if (bytes.length === 0) refresh();
    return encoder.encodeInto(String(number), bytes.subarray(into, into + 32)).written;
  },
  found_by: (rule: number, value: number, length: number): number => {
    const { tables, validators, found, thrown } = frame as Frame;
    const outer = frame as Frame;
    if (thrown !== undefined) return 0;
    const { validator, field, slots } = tables.rules[rule] as CustomRule;
    try {
      if (bytes.length === 0) refresh();
      const given = new Unpacker(Packet.of(bytes.slice(value, value + length)), files).value();
      const findings = (validators[validator] as Validator)(field, given);
      outer.slots = [];
      for (const [at, message, metadata = {}] of findings as readonly [string, string, Record<string, unknown>?][]) {
        found.push(Object.freeze({ field: at, message, metadata: packedMetadata(metadata) }));
        outer.slots.push(slots.get(at) ?? -1);
      }
      return outer.slots.length;
    } catch (error) {
      // No exception may pass through wasm: it is thrown again when the call is over.
      outer.thrown ??= { error };
      return 0;
    }
  },
  finding: (at: number): number => {
    const { found, slots } = frame as Frame;
    return (found.length - slots.length + at) | 0x8000_0000;
  },
  finding_slot: (at: number): number => (frame as Frame).slots[at] as number,
};

/** Metadata as the whole engine would give them back. */
function packedMetadata(metadata: Record<string, unknown>): FieldError["metadata"] {
  const writer = new Packer().value(metadata);
  const packet = writer.keep();
  return Object.freeze(readMetadata(new Unpacker(packet)));
}
