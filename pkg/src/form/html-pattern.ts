import { automatonOf } from "../automaton.js";
import { isObject } from "../notation.js";

/** White space as casts trim it. */
const BLANK = String.raw`[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*`;

/**
 * The pattern of a `validate_format`, as the small engine runs it on short texts; undefined for one that only the whole engine
 * understands, or that a browser might take too long for.
 */
export function pageRegExp(pattern: unknown): RegExp | undefined {
  const { $regex: source, flags } = isObject(pattern) ? pattern : { $regex: pattern, flags: undefined };
  return automatonOf(String(source), String(flags ?? ""))?.quick;
}

/**
 * A pattern as HTML takes it, which is tied to the whole text and read with the flag `v`. A text that is blank passes
 * unless it is `required`.
 */
export function htmlPattern({ source }: RegExp, required: boolean): string {
  const start = source.startsWith("^") ? "" : String.raw`[\s\S]*`;
  const end = source.endsWith("$") ? "" : String.raw`[\s\S]*`;
  return `${required ? "" : `${BLANK}|`}${start}${source.replace(/^\^|\$$/g, "")}${end}`;
}
