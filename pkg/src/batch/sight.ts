import { hasLead, isLetter, isWellFormed, MAX_LOOK } from "../look.js";
import { isPlain, type Layout, layoutOf } from "../own.js";
import { type Column, type Columns, KIND } from "./columns.js";

/** So many layouts of rows are remembered: rows of one source mostly have the same keys in the same order. */
const MAX_LAYOUTS = 4;
/** A number of so many digits is exact. */
const MAX_DIGITS = 15;
const POWERS = /* @__PURE__ */ Array.from({ length: MAX_DIGITS + 1 }, (_, power) => 10 ** power);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Looks at rows whether they are certainly right, and makes their records. */
export class Sight {
  readonly #columns: readonly Column[];
  readonly #names: readonly string[];
  readonly #template: object;
  readonly #cells: unknown[];
  readonly #layouts: Layout[] = [];

  constructor({ list, names, template }: Columns) {
    this.#columns = list;
    this.#names = names;
    this.#template = template;
    this.#cells = list.map(() => null);
  }

  /** The record of a row that is certainly right; undefined for another. */
  record(row: unknown): object | undefined {
    if (!isPlain(row)) return undefined;
    const layouts = this.#layouts;
    for (let index = 0; index < layouts.length; index++) {
      const seen = this.#see(row, layouts[index] as Layout);
      if (seen !== undefined) return seen ? make(this.#template, this.#names, this.#cells) : undefined;
    }
    const layout = this.#learn(row);
    return layout !== undefined && this.#see(row, layout) === true ? make(this.#template, this.#names, this.#cells) : undefined;
  }

  /** Whether a row is certainly right; undefined if it has another layout. */
  #see(row: object, { keys, places, lacking }: Layout): boolean | undefined {
    const cells = this.#cells;
    const columns = this.#columns;
    let index = 0;
    for (const key in row) {
      if (key !== keys[index]) return undefined;
      const place = places[index++] as number;
      if (place < 0) continue;
      const cell = cast(columns[place] as Column, (row as Record<string, unknown>)[key]);
      if (cell === undefined) return isLike(row, keys) ? false : undefined;
      cells[place] = cell;
    }
    if (index !== keys.length) return undefined;
    for (const place of lacking) {
      const { blank, held } = columns[place] as Column;
      if (!blank) return false;
      cells[place] = held;
    }
    return true;
  }

  #learn(row: object): Layout | undefined {
    const keys = Object.keys(row);
    if (keys.length > 4 * this.#names.length + 16) return undefined;
    const layout = layoutOf(keys, this.#names);
    if (this.#layouts.length === MAX_LAYOUTS) this.#layouts.pop();
    this.#layouts.unshift(layout);
    return layout;
  }
}

/** Whether a row has these keys. */
function isLike(row: object, keys: readonly string[]): boolean {
  let index = 0;
  for (const key in row) if (key !== keys[index++]) return false;
  return index === keys.length;
}

/** What a param is cast to, if it is certainly right; else undefined. */
function cast(column: Column, param: unknown): unknown {
  if (typeof param !== "string") return given(column, param);
  if (param === "") return column.blank ? column.held : undefined;
  switch (column.kind) {
    case KIND.text:
      return isSeen(column, param) ? param : undefined;
    case KIND.integer:
      return within(column, numberOf(param, false));
    case KIND.float:
      return within(column, numberOf(param, true));
    case KIND.boolean:
      return param === "true" || param === "1" ? true : param === "false" || param === "0" ? false : undefined;
    case KIND.date:
      return isDate(param) ? param : undefined;
    case KIND.uuid:
      return UUID.test(param) ? param : undefined;
    default:
      return undefined;
  }
}

/** The same of params that are no texts, as JSON has them. */
function given(column: Column, param: unknown): unknown {
  const { kind } = column;
  if (param === undefined) return column.blank ? column.held : undefined;
  if (param === null) return column.blank ? null : undefined;
  if (typeof param === "boolean") return kind === KIND.boolean ? param : undefined;
  if (typeof param !== "number" || Object.is(param, -0)) return undefined;
  if (kind === KIND.integer) return Number.isSafeInteger(param) ? within(column, param) : undefined;
  return kind === KIND.float && Math.abs(param) <= Number.MAX_SAFE_INTEGER ? within(column, param) : undefined;
}

function within(column: Column, number: number): number | undefined {
  return number >= column.atLeast && number <= column.atMost && number > column.above && number < column.below ? number : undefined;
}

/** Whether no rule on texts can find fault with one. */
function isSeen(column: Column, text: string): boolean {
  const { lead, patterns, among, notAmong } = column;
  const { length } = text;
  if (length > column.max || length < lead || (patterns.length > 0 && length > MAX_LOOK)) return false;
  if (!isLetter(text.charCodeAt(0)) || !hasLead(text, lead)) return false;
  for (let index = 0; index < notAmong.length; index++) if ((notAmong[index] as ReadonlySet<unknown>).has(text)) return false;
  for (let index = 0; index < patterns.length; index++) if (!(patterns[index] as RegExp).test(text)) return false;
  for (let index = 0; index < among.length; index++) if (!(among[index] as ReadonlySet<unknown>).has(text)) return false;
  return among.length > 0 || isWellFormed(text);
}

/** A few digits, perhaps behind a minus and with a point among them, as the nearest float; NaN for anything else. */
function numberOf(text: string, hasPoint: boolean): number {
  const { length } = text;
  let index = text.charCodeAt(0) === 45 ? 1 : 0;
  if (length === index || length > MAX_DIGITS) return NaN;
  const start = index;
  let number = 0;
  let point = -1;
  for (; index < length; index++) {
    const unit = text.charCodeAt(index);
    const digit = unit - 48;
    if (digit >= 0 && digit <= 9) number = number * 10 + digit;
    else if (hasPoint && unit === 46 && point < 0 && index > start && index + 1 < length) point = index + 1;
    else return NaN;
  }
  // Both are exact, so that their quotient is rounded once.
  if (point >= 0) number /= POWERS[length - point] as number;
  return start === 0 ? number : number === 0 ? NaN : -number;
}

/** Whether a text is a day as `2024-02-29`. */
function isDate(text: string): boolean {
  if (text.length !== 10 || text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return false;
  const year = digits(text, 0) * 100 + digits(text, 2);
  const month = digits(text, 5);
  const day = digits(text, 8);
  // NaN is none of these.
  if (!(year > 0 && month > 0 && month < 13 && day > 0)) return false;
  if (day < 29) return true;
  if (month !== 2) return day < 31 || (day === 31 && (month === 1 || month === 3 || month === 5 || month === 7 || month === 8 || month === 10 || month === 12));
  return day === 29 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function digits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}

/**
 * A copy of the template with these cells. Each store is a place of its own in the code, which learns the name that it is
 * mostly for: a loop would learn nothing, and take four times as long.
 */
export function make(template: object, names: readonly string[], cells: readonly unknown[]): object {
  const record: Record<string, unknown> = { ...template };
  const { length } = names;
  if (length > 0) record[names[0] as string] = cells[0];
  if (length > 1) record[names[1] as string] = cells[1];
  if (length > 2) record[names[2] as string] = cells[2];
  if (length > 3) record[names[3] as string] = cells[3];
  if (length > 4) record[names[4] as string] = cells[4];
  if (length > 5) record[names[5] as string] = cells[5];
  if (length > 6) record[names[6] as string] = cells[6];
  if (length > 7) record[names[7] as string] = cells[7];
  if (length > 8) record[names[8] as string] = cells[8];
  if (length > 9) record[names[9] as string] = cells[9];
  if (length > 10) record[names[10] as string] = cells[10];
  if (length > 11) record[names[11] as string] = cells[11];
  if (length > 12) record[names[12] as string] = cells[12];
  if (length > 13) record[names[13] as string] = cells[13];
  if (length > 14) record[names[14] as string] = cells[14];
  if (length > 15) record[names[15] as string] = cells[15];
  for (let index = 16; index < length; index++) record[names[index] as string] = cells[index];
  return record;
}
