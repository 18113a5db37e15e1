import { floatText } from "../float-text.js";
import { texts } from "../messages.js";
import { fromNotation, isObject } from "../notation.js";
import { TAG } from "../pack.js";
import type { FieldError } from "../result.js";
import { setOwn, Tagged } from "../values.js";
import { entriesOf, type Metadata, objectOf, uncertain } from "./reading.js";

const TAGS: { readonly [key: string]: number } = { $decimal: TAG.decimal, $date: TAG.date };
const USEC_TAGS: { readonly [key: string]: number } = {
  $time_usec: TAG.time,
  $naive_datetime_usec: TAG.naiveDatetime,
  $utc_datetime_usec: TAG.utcDatetime,
};

/** A value that rules hold: as it is shown, as it is packed, and its text in messages where that is another. */
export class Literal {
  constructor(
    readonly shown: unknown,
    readonly packed: unknown,
    readonly text: string | undefined,
  ) {}
}

export const NULL = /* @__PURE__ */ new Literal(null, null, undefined);

/** A value in the notation of documents. */
export function literal(value: unknown): Literal {
  const shown = fromNotation(value);
  if (shown === undefined) return uncertain();
  if (Array.isArray(value)) {
    const list = value.map(literal);
    return new Literal(shown, list.map((each) => each.packed), undefined);
  }
  if (!isObject(value)) {
    const isFloat = typeof value === "number" && !Number.isSafeInteger(value);
    return new Literal(shown, value, isFloat ? floatText(value) : undefined);
  }
  const [key = ""] = Object.keys(value);
  const text = value[key] as string;
  if (key === "$integer") return new Literal(shown, shown, undefined);
  if (key === "$float") return new Literal(shown, new Tagged(TAG.f64, shown as number), floatText(shown as number));
  const tag = TAGS[key] ?? (/\.\d{6}Z?$/.test(text) ? USEC_TAGS[key] : undefined);
  if (tag !== undefined) return new Literal(shown, new Tagged(tag, text), key.startsWith("$n") || key.startsWith("$u") ? text.replace("T", " ") : undefined);
  if (key.startsWith("$") && key !== "$map") return uncertain();
  const map = {};
  for (const [name, each] of Object.entries((key === "$map" ? text : value) as object)) setOwn(map, name, literal(each).packed);
  return new Literal(shown, map, undefined);
}

export function literalsOf(map: unknown): { [key: string]: Literal } {
  const literals = {};
  for (const [key, value] of entriesOf(objectOf(map))) setOwn(literals, key, literal(value));
  return literals;
}

export function shownOf(literals: { readonly [field: string]: Literal }): { readonly [field: string]: unknown } {
  const shown = {};
  for (const [key, { shown: value }] of Object.entries(literals)) setOwn(shown, key, value);
  return shown;
}

/** A number as the decimal that it is compared as. */
export function decimalOf({ shown, packed, text }: Literal): Literal {
  if (packed instanceof Tagged && packed.tag === TAG.decimal) return new Literal(shown, packed, undefined);
  if (text === undefined) return new Literal(String(shown), packed, undefined);
  // With an exponent it would not be written so.
  return text.includes("e") ? uncertain() : new Literal(text, packed, undefined);
}

/** Metadata with the values of literals, whose texts are noted. */
export function finished(metadata: Metadata): FieldError["metadata"] {
  const made = {};
  let written: Record<string, string> | undefined;
  for (const [key, value] of Object.entries(metadata)) {
    if (!(value instanceof Literal)) {
      setOwn(made, key, value);
      continue;
    }
    setOwn(made, key, value.shown);
    if (value.text !== undefined) (written ??= Object.create(null) as Record<string, string>)[key] = value.text;
  }
  if (written !== undefined) texts.set(made, written);
  return Object.freeze(made);
}
