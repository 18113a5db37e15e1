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

/** A key that nothing has. */
const NOWHERE = Symbol();
const UNSEEN = /* @__PURE__ */ new Look(LOOK.confirmation, undefined, NOWHERE);

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

/** Where params are, and how they are looked at straight. */
export function straightLooks(
  params: readonly (string | undefined)[],
  looks: readonly (Look | undefined)[],
  children: readonly (Level | undefined)[],
  many: readonly boolean[],
): { readonly keys: readonly PropertyKey[]; readonly looks: readonly Look[]; readonly facts: Uint8Array } {
  // V8 learns only names that it keeps a single copy of, as it does for keys.
  const keys = params.map((name) => (name === undefined ? NOWHERE : (Object.keys({ [name]: 0 })[0] as string)));
  const facts = new Uint8Array(keys.length);
  const isOnly = children.filter(Boolean).length === 1;
  const straight = looks.map((look, place) => {
    if (look?.kind === LOOK.confirmation) return new Look(LOOK.confirmation, undefined, keys[look.confirms as number]);
    if (look?.kind !== LOOK.children) return look ?? UNSEEN;
    const inside = new Look(LOOK.children, undefined);
    inside.inside = (value, values) => {
      for (let before = 0; before < place; before++) if ((facts[before] as number) >= NOT) sight.isClear = false;
      const start = found.length;
      const fact = (many[place] as boolean) ? manyInside(children[place] as Level, keys[place] as string, value, values) : oneInside(children[place] as Level, keys[place] as string, value);
      // What is wrong with children of several relations is told in the order of their changes.
      return isOnly || found.length === start ? fact : UNCERTAIN;
    };
    return inside;
  });
  return { keys, looks: straight, facts };
}

/** The facts of a child. */
function oneInside(level: Level, name: string, value: object): number {
  const { see, counted } = level;
  const start = found.length;
  const answer = see === undefined || (sight.entries += counted) > MAX_ENTRIES ? undefined : see(value, sight.keeps ? level : undefined);
  if (answer === undefined) return UNCERTAIN;
  if (answer.valid) return GOOD;
  if (!sight.keeps) blame(answer, start, name);
  return BROKEN + 1;
}

/** The facts of children. */
function manyInside(level: Level, name: string, value: object, values: unknown[]): number {
  const { see, counted } = level;
  // Of an empty list it matters what was there before.
  if (see === undefined || !Array.isArray(value) || value.length === 0 || (sight.entries += value.length * (counted + 1)) > MAX_ENTRIES) return UNCERTAIN;
  const { keeps } = sight;
  const kept = keeps ? level : undefined;
  const made: unknown[] = [];
  let valid = true;
  for (let at = 0; at < value.length; at++) {
    const item: unknown = value[at];
    const start = found.length;
    const answer = typeof item === "object" && item !== null ? see(item, kept) : undefined;
    if (answer === undefined) return UNCERTAIN;
    if (keeps || sight.isClear) made.push(values[0]);
    if (answer.valid) continue;
    valid = false;
    if (!keeps) blame(answer, start, name, at);
  }
  values[0] = made;
  return valid ? GOOD : BROKEN + 1;
}

/** Puts what is wrong with a child in front of what is wrong below it, as its parent sees both. */
function blame(answer: Answer, start: number, name: string, at?: number): void {
  const below = found.length > start ? found.splice(start) : [];
  for (const { message, path } of issuesOf(answer)) found.push({ message, path: at === undefined ? [name, path[0] as string] : [name, at, path[0] as string] });
  for (const { message, path } of below) found.push({ message, path: at === undefined ? [name, ...path] : [name, at, ...path] });
}
