import { isSeen, isWellFormed, NO_ERRORS, NONE } from "../fast.js";
import type { Glance, Level } from "../level.js";
import { Outcome } from "../outcome.js";
import { isOfKind, type Kind, KINDS } from "./kinds.js";

// Most rows that are written were read, or made by a program, and nothing is wrong with them. Of plain rules a look at each param
// then tells what the small engine would say: that all of them are changes. Where it does not, that engine is asked.

/** What is to be known of a param beside its glance. */
interface Plain {
  /** What its values are; undefined where the engine is asked of all of them, unless there is a glance. */
  readonly kind: Kind | undefined;
  readonly hasGlance: boolean;
  /** What a new record holds. */
  readonly blank: unknown;
  readonly required: boolean;
}

/** The plain levels, and null for those that are none. */
const levels = new WeakMap<Level, readonly Plain[] | null>();
let last: Level | undefined;
let lastPlain: readonly Plain[] | null = null;

/** The outcome of rules, where a look at the params tells that all is right; undefined where it does not. */
export function plainOutcome(level: Level, captured: unknown[], data: readonly unknown[] | undefined): Outcome | undefined {
  const plain = level === last ? lastPlain : plainOf(level);
  if (plain === null) return undefined;
  const { glances } = level;
  let values = captured;
  for (let slot = 0; slot < plain.length; slot++) {
    const { kind, hasGlance, blank, required } = plain[slot] as Plain;
    const held = data?.[slot] === undefined ? blank : data[slot];
    const value = captured[slot];
    if (value === undefined) {
      if (required && (held === null || held === "")) return undefined;
      if (values === captured) values = captured.slice();
      values[slot] = NONE;
      continue;
    }
    // What holds something of another kind may still be equal.
    if (!hasGlance) {
      if (held === value || !isOfKind(kind, value) || (held !== null && !isOfKind(kind, held))) return undefined;
    } else if (typeof value !== "string" || (held !== null && !(typeof held === "string" && isWellFormed(held)))) {
      return undefined;
    } else if (!isSeen(value, glances[slot] as Glance, held, captured)) {
      return undefined;
    }
  }
  return new Outcome(level, true, false, NO_ERRORS, undefined, values, captured, data === undefined);
}

function plainOf(level: Level): readonly Plain[] | null {
  let plain = levels.get(level);
  if (plain === undefined) {
    plain = read(level);
    levels.set(level, plain);
  }
  last = level;
  return (lastPlain = plain);
}

/** Of rules that cast each field once, and test what changes. */
function read({ params, slots, glances, ops }: Level): readonly Plain[] | null {
  const required = new Set<unknown>();
  const tested = new Set<unknown>();
  const isPlain = ops.every(([code, ...args], index) => {
    switch (code) {
      case 0:
        return index === 0 && args[1] === null;
      case 1:
        for (const [slot] of args[0] as [number][]) required.add(slot);
        return true;
      // The length, the format, a list: of a text, its glance has them.
      case 2:
      case 4:
      case 5:
        if (glances[args[0] as number] === undefined) tested.add(args[0]);
        return true;
      // Numbers, and what errors are given for.
      case 3:
      case 8:
        tested.add(args[0]);
        return true;
      default:
        return false;
    }
  });
  if (!isPlain || params.length > slots.length) return null;
  return slots.map(({ type, default: blank = null }, slot) => {
    const hasGlance = glances[slot] !== undefined && !tested.has(slot);
    const kind = hasGlance || tested.has(slot) || type === "string" || typeof type !== "string" ? undefined : KINDS[type];
    return { kind, hasGlance, blank, required: required.has(slot) };
  });
}
