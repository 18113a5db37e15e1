import { NONE } from "./fast.js";
import type { Level } from "./level.js";
import { BROKEN, factsBeside, factsOf, GOOD, LOOK, UNCERTAIN } from "./look.js";
import { Answer, Outcome } from "./outcome.js";
import { Captured, isClean, isPlain, ownOf } from "./own.js";
import { MAX_ENTRIES } from "./pack.js";

// What the engine answered, by the facts of the params it was about. Rules are pure, and two records with the same facts
// have the same errors and the same changes, but for the values: so it is asked once, and never for what was not looked at.

/** How many answers a level remembers before it starts anew: what hostile params leave behind does not stay. */
const MAX_ANSWERS = 256;

/** Of the facts of one param after the other what follows, and in the end the answer. */
type Node = (Node | Answer | undefined)[];

/** The answers of a level. */
export class Answers {
  readonly root: Node = [];
  /** The answer to params of which all are good. */
  good: Answer | undefined = undefined;
  count = 0;

  forget(): void {
    this.root.length = 0;
    this.good = undefined;
    this.count = 0;
  }
}

/** In the place of a change that is what its param was taken for. */
export const TAKEN = Symbol();

/** What a param is taken for where it is looked at straight, and in the end the new record. */
export const out: unknown[] = [undefined];

/** Whether nothing is wrong so far: else no records are made. */
export const sight = { isClear: true };

/** The answer to params with these facts; undefined if nobody knows. */
export function answerTo(answers: Answers, facts: ArrayLike<number>, all: number): Answer | undefined {
  if (all < 0) return undefined;
  let node: Node | Answer | undefined = answers.root;
  for (let index = 0; index < facts.length && node !== undefined; index++) node = (node as Node)[facts[index] as number];
  return node as Answer | undefined;
}

let entries = 0;

/** What the engine answered to params with these facts, with these values; undefined if nobody knows. Params are objects as literals make them. */
export function recall(root: Level, params: object, data?: readonly unknown[]): Outcome | undefined {
  entries = 0;
  return isPlain(params) && isClean() ? recallRecord(root, params, data) : undefined;
}

/** Of a record that holds data, by slot, or of a new one. */
function recallRecord(level: Level, params: object, data?: readonly unknown[]): Outcome | undefined {
  const { answers, looks } = level;
  if (answers === undefined || (entries += level.counted) > MAX_ENTRIES) return undefined;
  const captured = ownOf(level, params, true);
  const values = captured.slice();
  let node: Node | Answer | undefined = answers.root;
  for (let index = 0; index < looks.length; index++) {
    const look = looks[index];
    const value = captured[index];
    let facts =
      look !== undefined && look.kind === LOOK.children && value !== undefined ?
        recallChildren(level.children[index] as Level, level.many[index] as boolean, index, value, captured, values)
      : factsOf(look, value, index, captured, values);
    if (data !== undefined && data[index] !== undefined) facts = factsBeside(facts, look, values[index], data[index]);
    if (facts === UNCERTAIN) return undefined;
    node = (node as Node)[facts];
    if (node === undefined) return undefined;
  }
  const { constants } = node as Answer;
  if (constants !== undefined) {
    for (let slot = 0; slot < constants.length; slot++) if (constants[slot] !== TAKEN) values[slot] = constants[slot];
  }
  return new Outcome(level, node as Answer, values, captured, data === undefined);
}

/** The facts of children: whether all of them are valid. */
function recallChildren(level: Level, many: boolean, index: number, value: unknown, captured: unknown[], values: unknown[]): number {
  if (!many) {
    const child = isPlain(value) ? recallRecord(level, value) : undefined;
    if (child === undefined) return UNCERTAIN;
    captured[index] = new Captured(true, undefined, [child.captured]);
    values[index] = child;
    return child.answer.valid ? GOOD : BROKEN + 1;
  }
  // Of an empty list it matters what was there before.
  if (!Array.isArray(value) || value.length === 0 || (entries += value.length) > MAX_ENTRIES) return UNCERTAIN;
  const children: Outcome[] = [];
  const held: unknown[] = [];
  let valid = true;
  for (let at = 0; at < value.length; at++) {
    const item: unknown = value[at];
    const child = isPlain(item) ? recallRecord(level, item) : undefined;
    if (child === undefined) return UNCERTAIN;
    children.push(child);
    held.push(child.captured);
    valid &&= child.answer.valid;
  }
  captured[index] = new Captured(false, undefined, held);
  values[index] = children;
  return valid ? GOOD : BROKEN + 1;
}

/** Remembers what the engine answered. */
export function remember(outcome: Outcome, data?: readonly unknown[]): void {
  const { captured, level, values } = outcome;
  const { answers, looks, slots } = level;
  if (answers === undefined) return;
  for (const slot of level.related) for (const child of childrenOf(values[slot])) remember(child);
  const path: number[] = [];
  const constants: unknown[] = [];
  const taken = captured.slice();
  for (let index = 0; index < looks.length; index++) {
    const look = looks[index];
    const value = captured[index];
    const isChildren = look?.kind === LOOK.children && value !== undefined;
    let facts = isChildren ? childFacts(value, values[index]) : factsOf(look, value, index, captured, taken);
    if (data !== undefined && data[index] !== undefined) facts = factsBeside(facts, look, taken[index], data[index]);
    if (facts === UNCERTAIN) return;
    path.push(facts);
    if (index >= slots.length) continue;
    const change = values[index];
    const isTaken = facts === GOOD || facts >= BROKEN ? isChildren || change === taken[index] : false;
    if (!isTaken && change !== NONE && typeof change === "object" && change !== null) return;
    constants.push(isTaken ? TAKEN : change);
  }
  let node = answers.root;
  const last = path.pop() as number;
  for (const facts of path) node = (node[facts] ??= []) as Node;
  if (node[last] !== undefined) return;
  if (answers.count >= MAX_ANSWERS) return answers.forget();
  const { errors, force, order, valid } = outcome.answer;
  answers.count++;
  const answer = new Answer(valid, force, Object.freeze(errors), order, constants.every((each) => each === TAKEN) ? undefined : constants);
  node[last] = answer;
  if (last === GOOD && path.every((facts) => facts === GOOD)) answers.good = answer;
}

function childrenOf(change: unknown): readonly Outcome[] {
  return change instanceof Outcome ? [change] : Array.isArray(change) ? (change as readonly Outcome[]) : [];
}

/** The facts of children that were read. Those of other params, or by keys, are not looked at. */
function childFacts(param: unknown, change: unknown): number {
  if (!(param instanceof Captured) || param.keys !== undefined || !Array.isArray(param.held)) return UNCERTAIN;
  const children = childrenOf(change);
  if (children.length === 0 || children.length !== param.held.length) return UNCERTAIN;
  return children.every((child) => child.answer.valid) ? GOOD : BROKEN + 1;
}
