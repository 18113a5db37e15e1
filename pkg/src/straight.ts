import type { Answer } from "./outcome.js";
import type { Level } from "./level.js";
import { BROKEN, confirmationOf, factsOf, GOOD, LOOK, MISSING, NOT, UNCERTAIN } from "./look.js";
import { isEnglish, translate } from "./messages.js";
import { isClean, isPlain } from "./own.js";
import { MAX_ENTRIES } from "./pack.js";
import { INVALID } from "./params.js";
import { TAKEN } from "./recall.js";
import type { FieldError } from "./result.js";
import type { StandardIssue, Validated } from "./standard.js";

// From params straight to the new record, or to what is wrong: where an engine was asked about params with these facts
// before, and nobody wants a changeset, nothing is made on the way. Whatever is not so simple is undefined here, and goes the
// way of changesets.

/** How many params may be looked at before a record is made: those of a record, of the child under way, and so on down. */
const MAX_CELLS = 1024;

/** What params are taken for, level by level, and their facts. */
const cells: unknown[] = [];
const facts = /* @__PURE__ */ new Uint8Array(MAX_CELLS);
/** Where the next level has its cells, and where the last one had. */
let top = 0;
let high = 0;
let entries = 0;
/** Whether records are made: not if something is wrong already. */
let isSound = true;
/** The record that was made last. */
let made: object | undefined = undefined;
/** What is wrong with children, as seen from the level under way. */
let found: StandardIssue[] = [];

/** What rules make of params, for Standard Schema; undefined if that takes a changeset. */
export function straight(level: Level, params: unknown): Validated | undefined {
  // A getter of params may validate others.
  if (top > 0 || !isPlain(params) || params === INVALID || !isClean()) return undefined;
  entries = 0;
  isSound = true;
  try {
    const answer = see(level, params);
    if (answer === undefined) return undefined;
    if (answer.valid) return made === undefined ? undefined : { value: made };
    if (!isEnglish()) return undefined;
    const issues = issuesOf(answer).slice();
    for (let index = 0; index < found.length; index++) issues.push(found[index] as StandardIssue);
    return issues.length === 0 ? undefined : { issues };
  } finally {
    // Nothing of the params stays.
    while (high > 0) cells[--high] = undefined;
    if (found.length > 0) found = [];
    made = undefined;
    top = 0;
  }
}

/** The errors of a record itself as issues, the first first. */
export function issuesOf(answer: Answer): readonly StandardIssue[] {
  return (answer.issues ??= issuesOfErrors(answer.errors));
}

/** Errors as issues, the first first. */
export function issuesOfErrors(errors: readonly FieldError[]): readonly StandardIssue[] {
  return errors.map((error) => Object.freeze({ message: translate(error), path: Object.freeze([error.field]) })).reverse();
}

/** The answer to a record's params; its record is made if nothing is wrong so far. */
function see(level: Level, params: object): Answer | undefined {
  const { answers, looks, related } = level;
  const { keys, places, lacking } = level.layout;
  const base = top;
  top += looks.length;
  if (answers === undefined || top > MAX_CELLS || (entries += level.counted) > MAX_ENTRIES) return undefined;
  if (top > high) high = top;
  const start = found.length;
  let index = 0;
  let all = 0;
  for (const key in params) {
    if (key !== keys[index]) return undefined;
    const place = places[index++] as number;
    if (place < 0) continue;
    const value = (params as Record<string, unknown>)[key];
    const look = looks[place];
    const cell = base + place;
    cells[cell] = value;
    let fact: number;
    if (look !== undefined && look.kind >= LOOK.confirmation && look.kind <= LOOK.children && value !== undefined) {
      // What it confirms may come later.
      if (look.kind === LOOK.confirmation) continue;
      fact = seeChildren(level.children[place] as Level, key, level.many[place] as boolean, cell, value);
    } else fact = factsOf(look, value, cell, cells, cells);
    if (fact === UNCERTAIN) return undefined;
    if (fact >= NOT) isSound = false;
    facts[cell] = fact;
    all |= fact;
  }
  if (index !== keys.length) return undefined;
  for (let at = 0; at < lacking.length; at++) {
    const place = lacking[at] as number;
    const name = level.params[place];
    if (name !== undefined && Object.hasOwn(params, name)) return undefined;
    facts[base + place] = all = MISSING;
    cells[base + place] = undefined;
  }
  for (let at = 0; at < level.confirming.length; at++) {
    const place = level.confirming[at] as number;
    const cell = base + place;
    const value = cells[cell];
    if (value === undefined) continue;
    const fact = confirmationOf(value, cells[base + (looks[place] as { confirms: number }).confirms]);
    if (fact === UNCERTAIN) return undefined;
    if (fact >= NOT) isSound = false;
    facts[cell] = fact;
    all |= fact;
  }
  let node: unknown = answers.good;
  if (all !== GOOD) {
    node = answers.root;
    for (let at = base; at < top && node !== undefined; at++) node = (node as readonly unknown[])[facts[at] as number];
  }
  top = base;
  const answer = node as Answer | undefined;
  if (answer === undefined) return undefined;
  const { constants } = answer;
  if (found.length > start && (related.length > 1 || (constants !== undefined && constants[related[0] as number] !== TAKEN))) return undefined;
  isSound &&= answer.valid;
  made = undefined;
  if (isSound && level.make !== undefined) {
    if (constants !== undefined) {
      for (let slot = 0; slot < constants.length; slot++) if (constants[slot] !== TAKEN) cells[base + slot] = constants[slot];
    }
    made = level.make(cells, base);
  }
  return answer;
}

/** The facts of children. */
function seeChildren(level: Level, name: string, many: boolean, cell: number, value: unknown): number {
  const start = found.length;
  if (!many) {
    const answer = isPlain(value) ? see(level, value) : undefined;
    if (answer === undefined) return UNCERTAIN;
    cells[cell] = made;
    if (answer.valid) return GOOD;
    blame(answer, start, [name]);
    return BROKEN + 1;
  }
  // Of an empty list it matters what was there before.
  if (!Array.isArray(value) || value.length === 0 || (entries += value.length) > MAX_ENTRIES) return UNCERTAIN;
  const records: unknown[] = [];
  let valid = true;
  for (let at = 0; at < value.length; at++) {
    const item: unknown = value[at];
    const before = found.length;
    const answer = isPlain(item) ? see(level, item) : undefined;
    if (answer === undefined) return UNCERTAIN;
    if (made !== undefined) records.push(made);
    if (answer.valid) continue;
    valid = false;
    blame(answer, before, [name, at]);
  }
  cells[cell] = records;
  return valid ? GOOD : BROKEN + 1;
}

/** Puts what is wrong with a child in front of what is wrong below it, as its parent sees both. */
function blame(answer: Answer, start: number, path: readonly (string | number)[]): void {
  const below = found.splice(start);
  for (const { message, path: rest } of [...issuesOf(answer), ...below]) found.push({ message, path: [...path, ...rest] });
}
