import type { Level } from "./level.js";
import { BROKEN, GOOD, Look, LOOK, NOT, UNCERTAIN } from "./look.js";
import { isEnglish, translate } from "./messages.js";
import type { Answer } from "./outcome.js";
import { MAX_ENTRIES } from "./pack.js";
import { INVALID } from "./params.js";
import { out, seen, sight } from "./recall.js";
import type { FieldError } from "./result.js";
import type { StandardIssue, Validated } from "./standard.js";

// From params straight to the new record, or to what is wrong: where an engine was asked about params with these facts
// before, and nobody wants a changeset, nothing is made on the way. Whatever is not so simple is undefined here, and goes the
// way of changesets.

/** Of a param that says nothing but whether it is there. */
const UNSEEN = /* @__PURE__ */ new Look(LOOK.children, undefined);

/** What is wrong with children, as seen from the level under way. */
let found: StandardIssue[] = [];

/** What rules make of params, for Standard Schema; undefined if that takes a changeset. */
export function straight(level: Level, params: unknown): Validated | undefined {
  if (typeof params !== "object" || params === null || params === INVALID) return undefined;
  if (found.length > 0) found = [];
  const answer = seen(level, params, false);
  const record = out[0];
  out[0] = undefined;
  if (answer === undefined) return undefined;
  if (answer.valid) return sight.isClear && level.make !== undefined ? { value: record } : undefined;
  if (!isEnglish()) return undefined;
  const issues = issuesOf(answer).slice();
  for (let index = 0; index < found.length; index++) issues.push(found[index] as StandardIssue);
  return issues.length === 0 ? undefined : { issues };
}

/** The errors of a record itself as issues, the first first. */
export function issuesOf(answer: Answer): readonly StandardIssue[] {
  return (answer.issues ??= issuesOfErrors(answer.errors));
}

/** Errors as issues, the first first. */
export function issuesOfErrors(errors: readonly FieldError[]): readonly StandardIssue[] {
  return errors.map((error) => Object.freeze({ message: translate(error), path: Object.freeze([error.field]) })).reverse();
}

/** How params are looked at along with their children: those of slots and the others, by their keys. */
export function straightLooks(
  keys: readonly string[],
  params: readonly (string | undefined)[],
  looks: readonly (Look | undefined)[],
  children: readonly (Level | undefined)[],
  many: readonly boolean[],
): { readonly keys: readonly string[]; readonly looks: readonly Look[]; readonly facts: Uint8Array } {
  const facts = new Uint8Array(keys.length);
  const isOnly = children.filter(Boolean).length === 1;
  const straight = looks.map((look, place) => {
    if (params[place] === undefined) return new Look(LOOK.none, undefined);
    if (look === undefined) return UNSEEN;
    const { kind, confirms } = look;
    if (kind === LOOK.confirmation) return new Look(kind, undefined, keys[confirms as number]);
    if (kind !== LOOK.children) return look;
    const related = new Look(kind, undefined);
    related.inside = (value, values) => {
      for (let before = 0; before < place; before++) if ((facts[before] as number) >= NOT) sight.isClear = false;
      const start = found.length;
      const fact = inside(children[place] as Level, keys[place] as string, many[place] as boolean, value, values);
      // What is wrong with children of several relations is told in the order of their changes.
      return isOnly || found.length === start ? fact : UNCERTAIN;
    };
    return related;
  });
  return { keys, looks: straight, facts };
}

/** The facts of children, and what is made of them. */
function inside(level: Level, name: string, many: boolean, value: object, values: unknown[]): number {
  const { see, counted } = level;
  const { keeps } = sight;
  const items: readonly unknown[] = many && Array.isArray(value) ? value : many ? [] : [value];
  // Of an empty list it matters what was there before.
  if (see === undefined || items.length === 0 || (sight.entries += items.length * (counted + 1)) > MAX_ENTRIES) return UNCERTAIN;
  const made: unknown[] = [];
  let valid = true;
  for (let at = 0; at < items.length; at++) {
    const item = items[at];
    const start = found.length;
    const answer = typeof item === "object" && item !== null ? see(item, keeps ? level : undefined) : undefined;
    if (answer === undefined) return UNCERTAIN;
    if (keeps || sight.isClear) made.push(values[0]);
    if (answer.valid) continue;
    valid = false;
    if (!keeps) found.push(...below([...issuesOf(answer), ...found.splice(start)], name, many ? at : undefined));
  }
  values[0] = many ? made : made[0];
  return valid ? GOOD : BROKEN + 1;
}

/** What is wrong with a child, as its parent sees it. */
export function below(issues: readonly StandardIssue[], name: string, at: number | undefined): StandardIssue[] {
  return issues.map(({ message, path }) => ({ message, path: at === undefined ? [name, ...path] : [name, at, ...path] }));
}
