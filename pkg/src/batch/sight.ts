import type { Block } from "./block.js";
import { type Column, type Columns, isSeen, KIND } from "./columns.js";

/** A number of so many digits is exact, and one of so few needs no float on the way. */
const MAX_DIGITS = 15;
const FEW_DIGITS = 9;
const POWERS = /* @__PURE__ */ Array.from({ length: MAX_DIGITS + 1 }, (_, power) => 10 ** power);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Looks at rows whether they are certainly right, and makes the records of those that are. */
export class Sight {
  readonly #columns: readonly Column[];
  readonly #block: Block;
  /** Of each row 1 if it is certainly right. */
  readonly #isSure: Uint8Array;

  /** @param size The most rows that are looked at together. */
  constructor({ list, template, blocks }: Columns, size: number) {
    this.#columns = list;
    const columns = list.map(({ name, kind }) => ({ name, isFloat: kind === KIND.float }));
    this.#block = new blocks.Block(template, columns, size);
    this.#isSure = new Uint8Array(size);
  }

  /** Whether a look at rows tells what the rules would be told: nothing that objects inherit has the name of a column. */
  get isClear(): boolean {
    return this.#columns.every(({ name }) => !(name in Object.prototype));
  }

  /** The most rows that are looked at together. */
  get size(): number {
    return this.#block.size;
  }

  /** Looks at so many rows from a place on. */
  look(rows: readonly unknown[], from: number, count: number): void {
    const block = this.#block;
    block.read(rows, from, count, this.#isSure);
    for (let place = 0, at = 0; place < this.#columns.length; place++, at += block.size) {
      see(this.#columns[place] as Column, block, at, this.#isSure, count);
    }
  }

  /** The record of a row that was looked at, if it is certainly right. */
  record(row: number): object | undefined {
    return this.#isSure[row] === 1 ? this.#block.record(row) : undefined;
  }
}

/** Casts the cells of a column where they stand; a row with one that is not certainly right is not sure any more. */
function see(column: Column, block: Block, from: number, isSure: Uint8Array, count: number): void {
  switch (column.kind) {
    case KIND.text:
      return column.among.length === 0 ? seeTexts(column, block, from, isSure, count) : seeMembers(column, block, from, isSure, count);
    case KIND.integer:
      return seeIntegers(column, block, from, isSure, count);
    case KIND.float:
      return seeFloats(column, block, from, isSure, count);
    case KIND.boolean:
      return seeBooleans(column, block, from, isSure, count);
    case KIND.date:
    case KIND.uuid:
      return seeNotations(column, block, from, isSure, count);
    default:
      for (let at = 0; at < count; at++) if (!isBare(column, block, from + at)) isSure[at] = 0;
  }
}

function seeTexts(column: Column, block: Block, from: number, isSure: Uint8Array, count: number): void {
  const { cells } = block;
  for (let at = 0; at < count; at++) {
    const text = cells[from + at];
    if (!(typeof text === "string" && text !== "" ? isSeen(column, text) : isBare(column, block, from + at))) isSure[at] = 0;
  }
}

function seeMembers(column: Column, block: Block, from: number, isSure: Uint8Array, count: number): void {
  const { cells } = block;
  const members = column.among[0] as ReadonlySet<unknown>;
  for (let at = 0; at < count; at++) if (!members.has(cells[from + at]) && !isBare(column, block, from + at)) isSure[at] = 0;
}

function seeIntegers(column: Column, block: Block, from: number, isSure: Uint8Array, count: number): void {
  const { cells } = block;
  const { atLeast, atMost, above, below } = column;
  for (let at = 0; at < count; at++) {
    const param = cells[from + at];
    const few = typeof param === "string" ? fewDigits(param) : -1;
    if (few >= 0) {
      if (few >= atLeast && few <= atMost && few > above && few < below) cells[from + at] = few;
      else isSure[at] = 0;
      continue;
    }
    const number = typeof param === "string" ? numberOf(param, false) : Number.isSafeInteger(param) && !Object.is(param, -0) ? (param as number) : NaN;
    if (isWithin(column, number)) cells[from + at] = number;
    else if (!isBare(column, block, from + at)) isSure[at] = 0;
  }
}

function seeFloats(column: Column, block: Block, from: number, isSure: Uint8Array, count: number): void {
  const { cells, numbers } = block;
  for (let at = 0; at < count; at++) {
    const param = cells[from + at];
    let number = NaN;
    if (typeof param === "string") {
      number = fewWithPoint(param);
      if (number !== number) number = numberOf(param, true);
    } else if (isExact(param)) number = param;
    if (isWithin(column, number)) numbers[from + at] = number;
    else {
      numbers[from + at] = NaN;
      if (!isBare(column, block, from + at)) isSure[at] = 0;
    }
  }
}

function seeBooleans(column: Column, block: Block, from: number, isSure: Uint8Array, count: number): void {
  const { cells } = block;
  for (let at = 0; at < count; at++) {
    const param = cells[from + at];
    if (param === "true" || param === "1" || param === true) cells[from + at] = true;
    else if (param === "false" || param === "0" || param === false) cells[from + at] = false;
    else if (!isBare(column, block, from + at)) isSure[at] = 0;
  }
}

/** Dates and UUIDs, which stay as they are written. */
function seeNotations(column: Column, block: Block, from: number, isSure: Uint8Array, count: number): void {
  const { cells } = block;
  const areDates = column.kind === KIND.date;
  for (let at = 0; at < count; at++) {
    const text = cells[from + at];
    if (!(typeof text === "string" && (areDates ? isDate(text) : UUID.test(text))) && !isBare(column, block, from + at)) isSure[at] = 0;
  }
}

/** Whether a cell is nothing, and that is right; it is what the record holds then. */
function isBare({ blank, held }: Column, { cells }: Block, at: number): boolean {
  const param = cells[at];
  if (!blank || !(param === null || param === undefined || param === "")) return false;
  if (param !== null) cells[at] = held;
  return true;
}

function isWithin({ atLeast, atMost, above, below }: Column, number: number): boolean {
  return number >= atLeast && number <= atMost && number > above && number < below;
}

function isExact(param: unknown): param is number {
  return typeof param === "number" && Math.abs(param) <= Number.MAX_SAFE_INTEGER && !Object.is(param, -0);
}

/** A few digits as a number; -1 for anything else. */
function fewDigits(text: string): number {
  const { length } = text;
  if (length === 0 || length > FEW_DIGITS) return -1;
  let number = 0;
  for (let index = 0; index < length; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) return -1;
    number = (number * 10 + digit) | 0;
  }
  return number;
}

/** Few digits, perhaps with a point among them, as the nearest float; NaN for anything else. */
function fewWithPoint(text: string): number {
  const { length } = text;
  if (length === 0 || length > FEW_DIGITS) return NaN;
  let digits = 0;
  let point = 0;
  for (let index = 0; index < length; index++) {
    const unit = text.charCodeAt(index);
    const digit = unit - 48;
    if (digit >= 0 && digit <= 9) digits = (digits * 10 + digit) | 0;
    else if (unit === 46 && point === 0 && index > 0 && index + 1 < length) point = index + 1;
    else return NaN;
  }
  // Both are exact, so that their quotient is rounded once.
  return point === 0 ? digits : digits / (POWERS[length - point] as number);
}

/** The same of more digits, and perhaps behind a minus. */
function numberOf(text: string, hasPoint: boolean): number {
  const { length } = text;
  const start = text.charCodeAt(0) === 45 ? 1 : 0;
  if (length === start || length > MAX_DIGITS) return NaN;
  let number = 0;
  let point = 0;
  for (let index = start; index < length; index++) {
    const unit = text.charCodeAt(index);
    const digit = unit - 48;
    if (digit >= 0 && digit <= 9) number = number * 10 + digit;
    else if (hasPoint && unit === 46 && point === 0 && index > start && index + 1 < length) point = index + 1;
    else return NaN;
  }
  if (point > 0) number /= POWERS[length - point] as number;
  return start === 0 ? number : number === 0 ? NaN : -number;
}

/** Whether a text is a day as `2024-02-29`. */
function isDate(text: string): boolean {
  if (text.length !== 10 || text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return false;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if (year <= 0 || month <= 0 || month > 12 || day <= 0) return false;
  if (day < 29) return true;
  if (month !== 2) return day < 31 || (day === 31 && (month === 1 || month === 3 || month === 5 || month === 7 || month === 8 || month === 10 || month === 12));
  return day === 29 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Two digits as a number; below -10000 for anything else. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -100_000;
}
