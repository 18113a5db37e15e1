import type { Level } from "./level.js";
import { BROKEN, type Facts, GOOD, MISSING, NOT, out, UNCERTAIN, type Within } from "./look.js";
import { MAX_ENTRIES } from "./pack.js";
import { sight } from "./recall.js";
import { addBelow, issuesOf } from "./straight.js";

/** Looks at children along with their parent. */
export const within: Within = (facts, place, key, level, many, isOnly): Facts => (_, value) => {
  if (value === undefined) return MISSING;
  for (let before = 0; before < place; before++) if ((facts[before] as number) >= NOT) sight.isClear = false;
  const { found } = sight;
  const { length } = found;
  const fact = childrenFacts(level, key, many, value);
  // What is wrong with children of several relations is told in the order of their changes.
  return isOnly || found.length === length ? fact : UNCERTAIN;
};

/** The facts of children, and what is made of them. */
function childrenFacts(level: Level, name: string, many: boolean, value: unknown): number {
  const { see, counted } = level;
  const { found, keeps } = sight;
  const items: readonly unknown[] = !many ? [value] : Array.isArray(value) ? value : [];
  // Of an empty list it matters what was there before.
  if (see === undefined || items.length === 0 || (sight.entries += items.length * (counted + 1)) > MAX_ENTRIES) return UNCERTAIN;
  const made: unknown[] = [];
  let valid = true;
  for (let at = 0; at < items.length; at++) {
    const item = items[at];
    const start = found.length;
    const answer = typeof item === "object" && item !== null ? see(item, keeps ? level : undefined) : undefined;
    if (answer === undefined) return UNCERTAIN;
    if (keeps || sight.isClear) made.push(out[0]);
    if (answer.valid) continue;
    valid = false;
    if (!keeps) addBelow(found, [...issuesOf(answer), ...found.splice(start)], name, many ? at : undefined);
  }
  out[0] = many ? made : made[0];
  return valid ? GOOD : BROKEN + 1;
}
