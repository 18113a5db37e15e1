import { isObject } from "../notation.js";

/** White space as casts trim it. */
const BLANK = String.raw`[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*`;

/** The ranges of `\d`, `\s` and `\w`, within brackets. */
const CLASSES: { readonly [name: string]: string } = { d: "0-9", s: String.raw`\x09-\x0d `, w: "0-9A-Z_a-z" };

/**
 * A pattern of a document as the source of a RegExp with the flag `u`, in the words of `src/pattern/write.rs`; undefined
 * for those with groups, alternatives or flags, which the whole engine translates.
 */
export function pageRegExp(pattern: unknown): string | undefined {
  const { $regex: source, flags } = isObject(pattern) ? pattern : { $regex: pattern, flags: undefined };
  if (typeof source !== "string" || (flags != null && flags !== "")) return undefined;
  const tokens = /\\([dsw])|\\([DSW])|\\([!-\/:-@[-`{-~])|\[(\^?)((?:\\?[!-Z^-~ ](?!-\\?[dsw])|\\[\[\\\]])+)\]|(\.)|([ !"#%&',\-/0-9:;<=>@A-Z_`a-z~])|([\^$])|([*+?]|\{\d{1,3}(?:,(?:\d{1,3})?)?\})\??/gy;
  let written = "";
  // Whether some part can't be left out, and whether that held before the last part.
  let [needed, neededBefore] = [false, false];
  for (;;) {
    const start = tokens.lastIndex;
    const found = tokens.exec(source);
    if (found === null) return start === source.length && needed ? written : undefined;
    const [, plain, negated, escaped, not, inside, any, literal, place, count] = found;
    if (count === undefined) [needed, neededBefore] = [true, needed];
    else if (/^([*?]|\{0)/.test(count)) needed = neededBefore;
    if (plain !== undefined) written += `[${CLASSES[plain]}]`;
    else if (negated !== undefined) written += `[^${CLASSES[negated.toLowerCase()]}]`;
    else if (inside !== undefined) {
      const read = bracketed(inside);
      if (read === undefined) return undefined;
      written += not === "^" ? `[^${read}]` : read.length === 1 ? read : `[${read}]`;
    } else if (any !== undefined) written += String.raw`[^\x0a]`;
    else if (place !== undefined) {
      if (place === "^" ? start !== 0 : tokens.lastIndex !== source.length) return undefined;
      written += place;
    } else if (count !== undefined) {
      const before = written.at(-1);
      if (start === 0 || before === "^" || /[*+?}]$/.test(source.slice(0, start).replace(/\\./g, ""))) return undefined;
      const exact = /^\{(\d+),\1\}$/.exec(count);
      written += exact ? `{${exact[1]}}` : ({ "{0,}": "*", "{1,}": "+", "{0,1}": "?" }[count] ?? count);
    } else written += char((escaped ?? literal) as string);
  }
}

/** What is in brackets, as it is written; undefined where only the whole engine can tell. */
function bracketed(inside: string): string | undefined {
  if (/^-|--|&&|~~|\[(?!:)|\[:/.test(inside.replace(/\\./g, "xx"))) return undefined;
  const one = String.raw`(?:\\[!-\/:-@[-\x60{-~]|[^\\])`;
  const items = new RegExp(String.raw`\\([dsw])|(${one})-(${one})|(${one})`, "gy");
  let written = "";
  while (items.lastIndex < inside.length) {
    const [found, name, low, high, single] = items.exec(inside) ?? [];
    if (found === undefined) return undefined;
    if (name !== undefined) written += CLASSES[name];
    else if (single !== undefined) written += char(single.at(-1) as string);
    else {
      const [first, last] = [low?.at(-1) as string, high?.at(-1) as string];
      if (first > last) return undefined;
      written += first === last ? char(first) : `${char(first)}-${char(last)}`;
    }
  }
  return written;
}

/** A character that stands for itself inside and outside of brackets. */
function char(literal: string): string {
  if (/[$()*+./?[\\\]^{|}]/.test(literal)) return `\\${literal}`;
  return /[-&~#]/.test(literal) ? `\\x${literal.charCodeAt(0).toString(16)}` : literal;
}

/**
 * A RegExp as HTML takes it, which is tied to the whole text and read with the flag `v`; undefined if it can't be said
 * so. A text that is blank passes unless it is `required`.
 */
export function htmlPattern(source: string, required: boolean): string | undefined {
  // With `v`, doubled punctuation within a class is reserved.
  if (/([!%,:;<=>@`])\1/.test(source)) return undefined;
  const tied = source.startsWith("^");
  const tiedEnd = source.endsWith("$") && !source.endsWith("\\$");
  const rest = source.slice(tied ? 1 : 0, tiedEnd ? -1 : undefined);
  return `${required ? "" : `${BLANK}|`}${tied ? "" : String.raw`[\s\S]*`}${rest}${tiedEnd ? "" : String.raw`[\s\S]*`}`;
}
