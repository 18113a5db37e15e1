import type { Rules } from "../run.js";
import { setOwn } from "../values.js";
import { BLOCK, type Block } from "./block.js";
import { nextBlocks } from "./blocks.js";
import type { Columns } from "./columns.js";
import type { Cutter } from "./cutter.js";
import { describe, HOLDS, holdsOf } from "./describe.js";
import type { Gathering, Head } from "./gather.js";

/** What became of a row, as the reader of CSV says it. */
const RIGHT = 0;
const UNSURE = 1;
const BLANK = 0xffff_ffff;

/** The columns of a CSV. */
export interface Heading extends Head {
  /** A column that is there twice, which nobody can read. */
  readonly twice: string | undefined;
  /** The params, and of each column the param it goes to, or -1. */
  readonly params: readonly string[];
  readonly places: readonly number[];
}

/** What the columns of a CSV are to rules. */
export function headOf(rules: Rules, names: readonly string[], renamed: { readonly [column: string]: string | null }): Heading {
  const read = readOf(rules);
  const params: string[] = [];
  const places: number[] = [];
  const ignored: string[] = [];
  const columns = new Map<string, string>();
  let twice: string | undefined = undefined;
  for (const given of names) {
    const name = given.trim();
    const param = Object.hasOwn(renamed, name) ? (renamed[name] as string | null) : name;
    if (param === null || !read.has(param)) {
      if (param !== null) ignored.push(name);
      places.push(-1);
    } else {
      if (columns.has(param)) twice ??= name;
      columns.set(param, name);
      places.push(params.push(param) - 1);
    }
  }
  return { twice, params, places, columns, ignored, missing: [...read].filter((name) => !columns.has(name)) };
}

/** The params that rules read as texts. Those of a module of the user's own may have closures, which no step shows. */
function readOf(rules: Rules): Set<string> {
  const { own, compiled, document } = rules["~core"];
  if (own === undefined || compiled === undefined) return readBy(document.steps);
  const { names, children } = compiled.shape;
  return new Set(names.filter((_, place) => children[place] === null));
}

/** The params that steps read as texts, those within other steps too. */
function readBy(steps: unknown, found: Set<string> = new Set()): Set<string> {
  if (!Array.isArray(steps)) return found;
  const [step, names] = steps as readonly unknown[];
  const given = (typeof names === "string" ? [names] : Array.isArray(names) ? names : []).filter((name) => typeof name === "string");
  if (step === "cast" || step === "validate_acceptance") for (const name of given) found.add(name);
  else if (step === "validate_confirmation") for (const name of given) found.add(`${name}_confirmation`);
  // What children are cast from is no text.
  else if (typeof step !== "string" || step === "when" || step === "merge") for (const each of steps) readBy(each, found);
  return found;
}

/** A column that goes to a param. */
interface TableColumn {
  readonly name: string;
  readonly holds: number;
  /** What a new record holds. */
  readonly held: unknown;
  /** The texts of which one is in a cell by its number. */
  readonly members: readonly string[];
}

/** Makes records, or params, of the rows that a CSV's reader read. */
export class Table {
  readonly #cutter: Cutter;
  readonly #columns: readonly TableColumn[];
  readonly #right: Block;
  /** Params of rows that may be wrong. */
  readonly #given: Block;
  /** One of those params, for their shape. */
  readonly #kept: object;
  /** Whether a look tells anything: where no column is read, the reader finds nothing wrong with any row. */
  readonly #isSure: boolean;
  readonly #hasProto: boolean;
  readonly #width: number;

  constructor(cutter: Cutter, { params, places, missing }: Heading, found: Columns | undefined) {
    // Of a column that is not there, nothing must be an answer.
    const lacking = (found?.list ?? []).filter(({ name }) => missing.includes(name));
    const columns = found !== undefined && lacking.every(({ blank }) => blank) ? found : undefined;
    this.#cutter = cutter;
    this.#columns = params.map((name) => {
      const column = columns?.list[columns.names.indexOf(name)];
      return { name, held: column?.held, ...holdsOf(column) };
    });
    const { Block, sampleOf } = columns?.blocks ?? nextBlocks();
    this.#right = new Block(columns?.template ?? {}, this.#columns.map(({ name, holds }) => ({ name, isFloat: holds === HOLDS.number })), BLOCK);
    const texts = {};
    for (const name of params) setOwn(texts, name, "");
    this.#given = new Block(texts, params.map((name) => ({ name, isFloat: false })), 1);
    this.#kept = sampleOf(texts, params);
    this.#isSure = columns !== undefined;
    this.#hasProto = params.includes("__proto__");
    this.#width = places.length;
    cutter.expect(describe(places, params, columns), params.length);
  }

  /** Lets go of what was read. */
  clear(): void {
    this.#right.clear();
    this.#given.clear();
  }

  /** Hands on the rows that were read last. */
  rows<F>(count: number, gathering: Gathering<F>): void {
    const { words, stride, base } = this.#cutter;
    for (let from = 0; from < count; from += BLOCK) {
      const block = Math.min(BLOCK, count - from);
      const start = base + from * stride;
      for (let place = 0; place < this.#columns.length; place++) this.#read(place, start, block);
      for (let row = 0, at = start; row < block; row++, at += stride) {
        const status = words[at * 2] as number;
        const line = words[at * 2 + 1] as number;
        if (!gathering.admits(line)) return;
        if (status === RIGHT && this.#isSure) gathering.add(this.#right.record(row));
        else if (status <= UNSURE) gathering.apply(this.#params(at + 2), line);
        else this.#refuse(gathering, status, words[at * 2 + 2] as number, line);
      }
    }
  }

  /** The cells of a column, of rows that are right. */
  #read(place: number, start: number, count: number): void {
    const { words, numbers, text, stride } = this.#cutter;
    const { cells, numbers: floats, size } = this.#right;
    const { holds, held, members } = this.#columns[place] as TableColumn;
    const first = place * size;
    for (let row = 0, at = start; row < count; row++, at += stride) {
      if (words[at * 2] !== RIGHT) continue;
      const slot = at + 2 + place;
      const from = words[slot * 2] as number;
      const to = words[slot * 2 + 1] as number;
      if (from === BLANK && to === BLANK) {
        cells[first + row] = held;
        floats[first + row] = NaN;
      } else if (holds === HOLDS.text) cells[first + row] = text.substring(from, to);
      else if (holds === HOLDS.number) floats[first + row] = numbers[slot] as number;
      else if (holds === HOLDS.boolean) cells[first + row] = numbers[slot] === 1;
      else cells[first + row] = (members as readonly string[])[numbers[slot] as number];
    }
  }

  /** The params of a row. */
  #params(start: number): object {
    const { words, text } = this.#cutter;
    const { cells } = this.#given;
    for (let place = 0, at = start * 2; place < cells.length; place++, at += 2) cells[place] = text.substring(words[at] as number, words[at + 1] as number);
    if (!this.#hasProto) return this.#given.record(0);
    const params = {};
    for (const [place, { name }] of this.#columns.entries()) setOwn(params, name, cells[place]);
    return params;
  }

  #refuse<F>(gathering: Gathering<F>, status: number, found: number, line: number): void {
    const refuse = (kind: string, message: string, more: object = {}): void => gathering.refuse({ message, metadata: { validation: "csv", kind, ...more } }, line);
    switch (status) {
      case 2:
        return refuse("ragged", "has %{count} cells, and there are %{expected} columns", { count: found, expected: this.#width });
      case 3:
        return refuse("quote", "has text behind the quote that ends a cell");
      case 4:
        return refuse("unterminated", "begins a cell with a quote that never ends");
      case 5:
        return refuse("utf8", "is not UTF-8 at byte %{offset}", { offset: this.#cutter.before + found });
      default:
        refuse("too_long", "is longer than a record may be; nothing behind it was read");
        gathering.stopped = true;
    }
  }
}
