import { encoder } from "../pack.js";
import { type Column, type Columns, KIND } from "./columns.js";

/** What a slot of a row holds that is certainly right. */
export const HOLDS = { text: 0, number: 1, boolean: 2, member: 3 } as const;

const float = /* @__PURE__ */ new Float64Array(1);
const floatWords = /* @__PURE__ */ new Uint32Array(float.buffer);

/**
 * Columns of a CSV in the words that its reader takes: how many columns and slots there are, the slot of each column, or
 * all bits, and what the rules ask of each slot.
 */
export function describe(places: readonly number[], names: readonly string[], columns: Columns | undefined): number[] {
  const words = [places.length, names.length, ...places.map((place) => place >>> 0)];
  for (const name of names) {
    const column = columns?.list[columns.names.indexOf(name)];
    for (const word of column === undefined ? UNSURE : (column.described ??= wordsOf(column))) words.push(word);
  }
  return words;
}

/** What a slot holds of a row that is right, and the texts of which it may be one. */
export function holdsOf(column: Column | undefined): { holds: number; members: readonly string[] } {
  const [among] = column?.among ?? [];
  if (among !== undefined) return { holds: HOLDS.member, members: [...among] as string[] };
  const kind = column?.kind;
  const holds = kind === KIND.integer || kind === KIND.float ? HOLDS.number : kind === KIND.boolean ? HOLDS.boolean : HOLDS.text;
  return { holds, members: [] };
}

/** Of a column that no look can tell anything of. */
const UNSURE: readonly number[] = /* @__PURE__ */ new Array(4 + 8 + 3).fill(0);

function wordsOf(column: Column): number[] {
  const words: number[] = [];
  const { kind, blank, lead, max, atLeast, above, atMost, below, tables, among, notAmong } = column;
  words.push(kind, Number(blank), lead, Math.min(max, 0xffff_ffff));
  for (const bound of [atLeast, above, atMost, below]) {
    float[0] = bound;
    words.push(floatWords[0] as number, floatWords[1] as number);
  }
  words.push(tables.length);
  for (const table of tables) putBytes(words, table);
  for (const sets of [among, notAmong]) {
    words.push(sets.length);
    for (const set of sets) {
      words.push(set.size);
      for (const text of set) putBytes(words, encoder.encode(text as string));
    }
  }
  return words;
}

function putBytes(words: number[], bytes: Uint8Array): void {
  const padded = new Uint8Array((bytes.length + 3) & ~3);
  padded.set(bytes);
  words.push(bytes.length);
  const view = new DataView(padded.buffer);
  for (let at = 0; at < padded.length; at += 4) words.push(view.getUint32(at, true));
}
