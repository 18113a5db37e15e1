import type { Level } from "./level.js";
import { Look, LOOK, MISSING, out } from "./look.js";
import { isEnglish, translate } from "./messages.js";
import type { Answer } from "./outcome.js";
import { INVALID } from "./params.js";
import { seen, sight } from "./recall.js";
import type { FieldError } from "./result.js";
import type { StandardIssue, Validated } from "./standard.js";

// From params straight to the new record, or to what is wrong: where an engine was asked about params with these facts
// before, and nobody wants a changeset, nothing is made on the way. Whatever is not so simple is undefined here, and goes the
// way of changesets.

/** What rules make of params, for Standard Schema; undefined if that takes a changeset. */
export function straight(level: Level, params: unknown): Validated | undefined {
  if (typeof params !== "object" || params === null || params === INVALID) return undefined;
  const answer = seen(level, params, false);
  const record = out[0];
  out[0] = undefined;
  if (answer === undefined) return undefined;
  if (answer.valid) return sight.isClear && level.make !== undefined ? { value: record } : undefined;
  if (!isEnglish()) return undefined;
  const issues = issuesOf(answer).slice();
  const { found } = sight;
  for (let index = 0; index < found.length; index++) issues.push(found[index] as StandardIssue);
  return issues.length === 0 ? undefined : { issues };
}

/** The errors of a record itself as issues, the first first. */
export function issuesOf(answer: Answer): readonly StandardIssue[] {
  // Of children it is asked in every language, and what is kept is English.
  return isEnglish() ? (answer.issues ??= issuesOfErrors(answer.errors)) : issuesOfErrors(answer.errors);
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
    // What is set later is nothing that V8 relies on.
    if (params[place] === undefined) return new Look(LOOK.children, undefined, place, () => MISSING);
    if (look === undefined) return new Look(LOOK.children, undefined);
    const { kind, confirms, within } = look;
    if (within !== undefined) return new Look(kind, undefined, place, within(facts, place, keys[place] as string, children[place] as Level, many[place] as boolean, isOnly));
    return kind === LOOK.confirmation ? new Look(kind, undefined, keys[confirms as number]) : look;
  });
  return { keys, looks: straight, facts };
}

/** Adds what is wrong with a child to what its parent sees; one by one, since there may be more than a call has room for. */
export function addBelow(found: StandardIssue[], issues: readonly StandardIssue[], name: string, at: number | undefined): void {
  for (const { message, path } of issues) found.push({ message, path: at === undefined ? [name, ...path] : [name, at, ...path] });
}
