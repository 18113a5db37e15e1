import { NONE } from "./fast.js";
import type { Level } from "./level.js";
import { BROKEN, factsBeside, factsOf, GOOD, LOOK, out, UNCERTAIN } from "./look.js";
import { Answer, Outcome } from "./outcome.js";
import { Captured, isClean } from "./own.js";
import type { StandardIssue } from "./standard.js";

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
const TAKEN = Symbol();

/** A look under way. */
export const sight = {
  isBusy: false,
  /** Whether outcomes are made, and not records. */
  keeps: false,
  /** Whether nothing is wrong so far: else no records are made. */
  isClear: true,
  /** How many keys and elements it has seen. */
  entries: 0,
  /** What is wrong with children, as seen from the level under way; where no outcomes are made. */
  found: [] as StandardIssue[],
};

/** The answer to params, as far as one is known; what was made of them is in `out`. */
export function seen(level: Level, params: object, keeps: boolean, data?: readonly unknown[]): Answer | undefined {
  // A getter of params may apply rules itself.
  if (level.see === undefined || sight.isBusy || !isClean()) return undefined;
  sight.isBusy = sight.isClear = true;
  sight.keeps = keeps;
  if (sight.found.length > 0) sight.found = [];
  sight.entries = level.counted;
  try {
    return level.see(params, keeps ? level : undefined, data);
  } finally {
    sight.isBusy = false;
  }
}

/** What the engine answered to params with these facts, with these values; undefined if nobody knows. Data are those of a record, by slot. */
export function recall(root: Level, params: object, data?: readonly unknown[]): Outcome | undefined {
  const outcome = seen(root, params, true, data) && (out[0] as Outcome);
  out[0] = undefined;
  return outcome;
}

/** The answer to params with these facts; undefined if nobody knows. */
export function answerTo(answers: Answers, facts: Uint8Array, all: number): Answer | undefined {
  if (all === GOOD) return answers.good;
  let node: Node | Answer | undefined = all < 0 ? undefined : answers.root;
  for (let index = 0; index < facts.length && node !== undefined; index++) node = (node as Node)[facts[index] as number];
  return node as Answer | undefined;
}

/** The same, of a record that holds data or of a new one; its outcome is left in `out`. */
export function keep(
  level: Level, facts: Uint8Array, all: number, params: object, values: unknown[], data: readonly unknown[] | undefined,
): Answer | undefined {
  for (let index = 0; data !== undefined && index < facts.length; index++) {
    const held = data[index];
    if (held !== undefined) all |= facts[index] = factsBeside(facts[index] as number, level.looks[index], values[index], held);
  }
  const answer = answerTo(level.answers as Answers, facts, all);
  if (answer !== undefined) out[0] = new Outcome(level, answer, changed(values, answer), params, data === undefined);
  return answer;
}

/** What slots change to, where some do so whatever their params. */
export function changed(values: unknown[], { constants }: Answer): unknown[] {
  if (constants !== undefined) {
    for (let slot = 0; slot < constants.length; slot++) if (constants[slot] !== TAKEN) values[slot] = constants[slot];
  }
  return values;
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
    let facts = isChildren ? childFacts(value, values[index]) : factsOf(look, value, captured);
    if (!isChildren && look?.casts === true) taken[index] = out[0];
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
