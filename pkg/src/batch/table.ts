import type { Rules } from "../run.js";
import { setOwn } from "../values.js";
import type { Column, Columns } from "./columns.js";
import type { Cutter } from "./cutter.js";
import { describe, HOLDS, holdsOf } from "./describe.js";
import type { Gathering, Head } from "./gather.js";
import { make } from "./sight.js";

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

/** Makes records, or params, of the rows that a CSV's reader read. */
export class Table {
  readonly #cutter: Cutter;
  readonly #params: readonly string[];
  readonly #template: object;
  readonly #held: readonly unknown[];
  readonly #holds: readonly number[];
  readonly #members: readonly (readonly string[])[];
  readonly #cells: unknown[];
  /** Params of a row, without the cells. */
  readonly #texts: object;
  readonly #columns: number;

  constructor(cutter: Cutter, { params, places, missing }: Heading, found: Columns | undefined) {
    // Of a column that is not there, nothing must be an answer.
    const lacking = (found?.list ?? []).filter(({ name }) => missing.includes(name));
    const columns = found !== undefined && lacking.every(({ blank }) => blank) ? found : undefined;
    const list = params.map((name) => columns?.list[columns.names.indexOf(name)]);
    this.#cutter = cutter;
    this.#params = params;
    this.#template = columns?.template ?? {};
    this.#held = list.map((column) => column?.held);
    const holds = list.map((column: Column | undefined) => holdsOf(column));
    this.#holds = holds.map(({ holds }) => holds);
    this.#members = holds.map(({ members }) => members);
    this.#cells = params.map(() => null);
    const texts = {};
    for (const name of params) setOwn(texts, name, "");
    this.#texts = texts;
    this.#columns = places.length;
    cutter.expect(describe(places, params, columns), params.length);
  }

  /** Hands on the rows that were read last. */
  rows<F>(count: number, gathering: Gathering<F>): void {
    const { words, stride, base } = this.#cutter;
    for (let row = 0, at = base; row < count; row++, at += stride) {
      const status = words[at * 2] as number;
      const line = words[at * 2 + 1] as number;
      if (!gathering.admits(line)) return;
      if (status === RIGHT) {
        this.#read(at + 2);
        gathering.add(make(this.#template, this.#params, this.#cells));
      } else if (status === UNSURE) gathering.apply(this.#given(at + 2), line);
      else this.#refuse(gathering, status, words[at * 2 + 2] as number, line);
    }
  }

  /** The cells of a row that is right. */
  #read(start: number): void {
    const { words, numbers, text } = this.#cutter;
    const cells = this.#cells;
    const holds = this.#holds;
    for (let place = 0, at = start; place < holds.length; place++, at++) {
      const from = words[at * 2] as number;
      if (from === BLANK && words[at * 2 + 1] === BLANK) cells[place] = this.#held[place];
      else {
        switch (holds[place]) {
          case HOLDS.text:
            cells[place] = text.substring(from, words[at * 2 + 1] as number);
            break;
          case HOLDS.number:
            cells[place] = numbers[at];
            break;
          case HOLDS.boolean:
            cells[place] = numbers[at] === 1;
            break;
          default:
            cells[place] = (this.#members[place] as readonly string[])[numbers[at] as number];
        }
      }
    }
  }

  /** The params of a row. */
  #given(start: number): object {
    const { words, text } = this.#cutter;
    const cells = this.#cells;
    for (let place = 0, at = start * 2; place < cells.length; place++, at += 2) cells[place] = text.substring(words[at] as number, words[at + 1] as number);
    if (!Object.hasOwn(this.#texts, "__proto__")) return make(this.#texts, this.#params, cells);
    const params = {};
    for (const [place, name] of this.#params.entries()) setOwn(params, name, cells[place]);
    return params;
  }

  #refuse<F>(gathering: Gathering<F>, status: number, found: number, line: number): void {
    const refuse = (kind: string, message: string, more: object = {}): void => gathering.refuse({ message, metadata: { validation: "csv", kind, ...more } }, line);
    switch (status) {
      case 2:
        return refuse("ragged", "has %{count} cells, and there are %{expected} columns", { count: found, expected: this.#columns });
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
