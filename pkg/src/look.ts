import type { Level } from "./level.js";
import type { TypeNotation } from "./types.js";
import { isObject } from "./notation.js";

// What a look at a param tells: facts, as far as rules can tell params apart. It decides nothing: which errors follow from
// facts is the engine's answer, which `recall.ts` remembers.

/** What is looked for in a param. */
export const LOOK = { text: 0, integer: 1, float: 2, decimal: 3, boolean: 4, date: 5, confirmation: 6, children: 7, naive: 8, utc: 9 } as const;

/** Facts of a param: something to put, and as bits from `BROKEN` on, which rules do not hold of it. */
export const GOOD = 0;
export const MISSING = 1;
export const NULL = 2;
export const EMPTY = 3;
/** No value of its type. */
export const NOT = 4;
/** No param, where the record holds something, and where it holds null. */
export const HELD = 5;
export const LACKING = 6;
export const BROKEN = 7;
/** Whatever the engine says. */
export const UNCERTAIN = -1;

/** The longest text that patterns run on, and the most characters that are counted. */
export const MAX_LOOK = 64;
const MAX_RULES = 6;
/** More need not fit into four bytes. */
const MAX_DIGITS = 9;
const POWERS = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

const ASCII = /^[ -~]*$/;
const NO_LENGTH = -1;

interface Bound {
  readonly kind: number;
  readonly bound: number;
}

/** The facts of a param that is looked at in one way. */
export type Facts = (look: Look, value: unknown, captured: object) => number;

/** What a param was taken for that was looked at last; in the end, what was made of all. */
export const out: unknown[] = [undefined];

/** How children are looked at: at a place among the params of their parent, whose facts so far are known. */
export type Within = (facts: Uint8Array, place: number, key: string, level: Level, many: boolean, isOnly: boolean) => Facts;

/** How a param is looked at. Rules are tested in the order of their bits. */
export class Look {
  /** What a new record holds: the same is no change, which is for the engine to say. */
  held: unknown = null;
  /** Bounds of the length, and how many characters at the start must be seen to be ones. */
  min = NO_LENGTH;
  max = NO_LENGTH;
  is = NO_LENGTH;
  lead = 1;
  readonly patterns: RegExp[] = [];
  readonly lists: { readonly values: ReadonlySet<unknown>; readonly among: boolean }[] = [];
  readonly bounds: Bound[] = [];
  /** Whether a boolean must be true. */
  accepted = false;
  rules = 0;
  /** Whether it is taken for something else than itself. */
  readonly casts: boolean;
  /** How children are looked at. */
  within: Within | undefined = undefined;

  constructor(
    readonly kind: number,
    /** Of an enum its members, of which a text must be one. */
    readonly members: ReadonlySet<unknown> | undefined,
    /** The param that this one confirms. */
    readonly confirms: PropertyKey = -1,
    /** Of a param. Each kind has a function of its own, which V8 puts in the place of the call where it knows the look. */
    readonly facts: Facts = FACTS[kind] as Facts,
  ) {
    this.casts = kind === LOOK.integer || kind === LOOK.float || kind === LOOK.boolean || kind === LOOK.children;
  }

  /** Whether one more rule can be looked at. */
  counts(more = 1): boolean {
    this.rules += more;
    return this.rules <= MAX_RULES;
  }
}

const KINDS: { readonly [type: string]: number } = {
  string: LOOK.text, id: LOOK.integer, integer: LOOK.integer, float: LOOK.float, decimal: LOOK.decimal, boolean: LOOK.boolean, date: LOOK.date,
  naive_datetime: LOOK.naive, utc_datetime: LOOK.utc,
};

/** The facts of params by the kind of look; those of some kinds are brought along with what else their types need. */
const FACTS: (Facts | undefined)[] = [textFacts, numberFacts, numberFacts, undefined, booleanFacts, undefined, confirmationFacts, unseen];

/** Brings those of a kind. */
export function giveFacts(kind: number, facts: Facts): void {
  FACTS[kind] = facts;
}

/** Of a param that says nothing but whether it is there. */
function unseen(_: Look, value: unknown): number {
  return value === undefined ? MISSING : UNCERTAIN;
}

/** How params of a type are looked at; undefined for types whose texts are the engine's alone. */
export function lookAt(type: TypeNotation): Look | undefined {
  if (isObject(type)) {
    const members = "enum" in type && type.enum.every((member) => typeof member === "string") ? type.enum : undefined;
    return members && new Look(LOOK.text, new Set<unknown>(members));
  }
  const kind = KINDS[type];
  return kind === undefined || FACTS[kind] === undefined ? undefined : new Look(kind, undefined);
}

/** The facts of a param. What it is taken for is in `out`, where a look casts. */
export function factsOf(look: Look | undefined, value: unknown, captured: object): number {
  if (look !== undefined) return look.facts(look, value, captured);
  return unseen(look as never, value);
}

/** The facts of what is no text, or an empty one. */
export function bare(value: unknown): number {
  return value === "" ? EMPTY : value === undefined ? MISSING : value === null ? NULL : UNCERTAIN;
}

/** The facts of a param whose record holds something, of those that it would have with a new one. */
export function factsBeside(facts: number, look: Look | undefined, value: unknown, held: unknown): number {
  if (facts === MISSING) return held === null ? LACKING : held === "" ? UNCERTAIN : HELD;
  if (facts !== GOOD && facts < BROKEN) return UNCERTAIN;
  if (held === null) return facts;
  // What is of another type, or has several notations, may still be equal.
  const kind = look?.kind;
  const isComparable = kind === LOOK.text || kind === LOOK.integer || kind === LOOK.float || kind === LOOK.boolean;
  return isComparable && typeof held === typeof value && held !== value && (typeof held !== "string" || isWellFormed(held)) ? facts : UNCERTAIN;
}

function textFacts(look: Look, text: unknown): number {
  if (typeof text !== "string" || text === "") return bare(text);
  const { length } = text;
  if (length > MAX_LOOK && look.patterns.length > 0) return UNCERTAIN;
  const first = text.charCodeAt(0);
  if (!isLetter(first) || (look.held !== null && text === look.held) || !isWellFormed(text)) return UNCERTAIN;
  return look.rules === 0 && look.members === undefined ? GOOD : rulesOf(look, text);
}

/** Which rules do not hold of a text. */
function rulesOf(look: Look, text: string): number {
  if (look.members !== undefined && !look.members.has(text)) return NOT;
  const { length } = text;
  let broken = 0;
  let bit = 1;
  const { min, max, is, patterns, lists } = look;
  if (min !== NO_LENGTH) {
    if (length < min) broken |= bit;
    else if (!hasLead(text, min)) return UNCERTAIN;
    bit <<= 1;
  }
  if (max !== NO_LENGTH) {
    if (length > max) {
      if (!ASCII.test(text)) return UNCERTAIN;
      broken |= bit;
    }
    bit <<= 1;
  }
  if (is !== NO_LENGTH) {
    if (length !== is) broken |= bit;
    if (length >= is && !ASCII.test(text)) return UNCERTAIN;
    bit <<= 1;
  }
  for (let index = 0; index < patterns.length; index++) {
    if (!(patterns[index] as RegExp).test(text)) broken |= bit;
    bit <<= 1;
  }
  if (lists.length > 0) broken |= missed(look, text, bit);
  return broken === 0 ? GOOD : BROKEN + broken;
}

/** Whether of so many UTF-16 units at the start those behind the first are characters of their own: letters, or spaces. */
export function hasLead(text: string, count: number): boolean {
  for (let index = 1; index < count; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 127 ? unit < 32 : !isLetter(unit)) return false;
  }
  return true;
}

/**
 * Whether a UTF-16 unit is a character of its own that can be seen: ASCII's, Latin letters, those of Greek and Cyrillic, and
 * ideographs.
 */
export function isLetter(unit: number): boolean {
  return unit < 127 ? unit > 32 : unit >= 0xc0 && (unit < 0x300 || (unit >= 0x380 && unit < 0x480) || (unit >= 0x4000 && unit < 0xa000));
}

function missed({ lists }: Look, value: unknown, bit: number): number {
  let broken = 0;
  for (let index = 0; index < lists.length; index++) {
    const { values, among } = lists[index] as Look["lists"][number];
    if (values.has(value) !== among) broken |= bit;
    bit <<= 1;
  }
  return broken;
}

function numberFacts(look: Look, text: unknown): number {
  if (typeof text === "number") return givenNumber(look, text);
  if (typeof text !== "string" || text === "") return bare(text);
  const { length } = text;
  const first = text.charCodeAt(0);
  const start = first === 43 || first === 45 ? 1 : 0;
  if (length > MAX_DIGITS + start || length === start) return UNCERTAIN;
  let digits = 0;
  let point = -1;
  for (let at = start; at < length; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 48 && unit <= 57) digits = (digits * 10 + unit - 48) | 0;
    else if (unit === 46 && point < 0 && look.kind === LOOK.float && at > start && at < length - 1) point = at;
    // What starts with a letter is no number of any kind.
    else return (first | 32) >= 97 && (first | 32) <= 122 && isWellFormed(text) ? NOT : UNCERTAIN;
  }
  // Both are floats without a remainder, so one division rounds as it should.
  let number = point < 0 ? digits : digits / (POWERS[length - point - 1] as number);
  if (first === 45 && (digits !== 0 || look.kind === LOOK.float)) number = -number;
  out[0] = number;
  return boundsOf(look, number);
}

function givenNumber(look: Look, number: number): number {
  const isWhole = number === (number | 0);
  out[0] = isWhole ? number | 0 : number;
  return isWhole || (look.kind === LOOK.float && Number.isFinite(number)) ? boundsOf(look, number) : UNCERTAIN;
}

/** Of a number, which rules do not hold. */
export function boundsOf(look: Look, number: number): number {
  if (look.held !== null && number === look.held) return UNCERTAIN;
  const { bounds, lists } = look;
  let broken = 0;
  let bit = 1;
  for (let at = 0; at < bounds.length; at++) {
    const { kind, bound } = bounds[at] as Bound;
    if (!holds(kind, number, bound)) broken |= bit;
    bit <<= 1;
  }
  if (lists.length > 0) broken |= missed(look, number, bit);
  return broken === 0 ? GOOD : BROKEN + broken;
}

/** Of two numbers, in the order in which plans number what must hold. */
function holds(kind: number, number: number, bound: number): boolean {
  switch (kind) {
    case 0:
      return number < bound;
    case 1:
      return number > bound;
    case 2:
      return number <= bound;
    case 3:
      return number >= bound;
    case 4:
      return number === bound;
    default:
      return number !== bound;
  }
}

function booleanFacts(look: Look, text: unknown): number {
  if (typeof text === "boolean") return flagOf(look, text);
  if (typeof text !== "string" || text === "") return bare(text);
  const { length } = text;
  if (length === 4 ? text === "true" : length === 1 && text === "1") return flagOf(look, true);
  if (length === 5 ? text === "false" : length === 1 && text === "0") return flagOf(look, false);
  return isLetter(text.charCodeAt(0)) && isWellFormed(text) ? NOT : UNCERTAIN;
}

function flagOf(look: Look, flag: boolean): number {
  if (look.held !== null && flag === look.held) return UNCERTAIN;
  out[0] = flag;
  return look.accepted && !flag ? BROKEN + 1 : GOOD;
}

function confirmationFacts(look: Look, value: unknown, captured: object): number {
  if (value === undefined) return MISSING;
  const confirmed = (captured as { readonly [key: PropertyKey]: unknown })[look.confirms];
  if (typeof value !== "string" || typeof confirmed !== "string") return UNCERTAIN;
  if (value === confirmed) return GOOD;
  return isWellFormed(value) ? BROKEN + 1 : UNCERTAIN;
}

/** Whether a text has no lone surrogates. */
export const isWellFormed: (text: string) => boolean = /* @__PURE__ */ (() => {
  const builtIn = (String.prototype as { isWellFormed?: () => boolean }).isWellFormed;
  return builtIn === undefined ? (text: string) => !/\p{Surrogate}/u.test(text) : (text: string) => (text as unknown as { isWellFormed(): boolean }).isWellFormed();
})();
