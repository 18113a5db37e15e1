import type { Length } from "../form/attributes.js";
import { pageRegExp } from "../form/html-pattern.js";
import type { Rule } from "../form/part.js";
import { fromNotation, isObject } from "../notation.js";
import type { TypeNotation } from "../types.js";
import type { JsonSchema } from "./target.js";
import type { Whose } from "./values.js";

type Keywords = Record<string, unknown>;

/** A field's values as its rules bound them; what JSON Schema can't say is left out. */
export function constrained(values: JsonSchema, rules: readonly Rule[], type: TypeNotation | undefined, whose: Whose): JsonSchema {
  const all: Keywords[] = rules.map(([step, argument]) => keywordsOf(step, argument, type, whose)).filter((keywords) => Object.keys(keywords).length > 0);
  const merged: Keywords = {};
  const rest: Keywords[] = [];
  for (const keywords of all) {
    if (Object.keys(keywords).some((keyword) => keyword in merged)) rest.push(keywords);
    else Object.assign(merged, keywords);
  }
  const more = rest.length === 0 ? {} : { allOf: rest };
  if (Object.keys(merged).length === 0) return values;
  // Numbers that come as text, too, are bounded where they come as numbers; each choice looks at its own types alone.
  const within = (choice: JsonSchema): JsonSchema => applies(choice, merged) ? { ...choice, ...merged, ...more } : choice;
  return "anyOf" in values ? { anyOf: (values["anyOf"] as JsonSchema[]).map(within) } : within(values);
}

/** Whether keywords say anything of such values. Lists of choices do of all, but text that stands for numbers is none of them. */
function applies(choice: JsonSchema, keywords: Keywords): boolean {
  const isText = choice["type"] === "string" && "pattern" in choice;
  return !(isText && Object.keys(keywords).some((keyword) => !/^(min|max)Length$|^pattern$/.test(keyword)));
}

function keywordsOf(step: string, argument: unknown, type: TypeNotation | undefined, whose: Whose): Keywords {
  switch (step) {
    case "validate_length":
      return lengths((argument ?? {}) as Length, type, whose);
    case "validate_format":
      return type === "string" ? format(argument, whose) : {};
    case "validate_number":
      return bounds(argument, whose);
    case "validate_inclusion":
      return isTextual(type, whose) ? {} : choices(argument, (list) => (list.length === 0 ? { not: {} } : { enum: list }), (range) => range);
    case "validate_exclusion":
      return isTextual(type, whose) ? {} : choices(argument, (list) => (list.length === 0 ? {} : { not: { enum: list } }), (range) => ({ not: { type: "integer", ...range } }));
    case "validate_subset":
      return whose === "all" || isTextual(isObject(type) && "array" in type ? type.array : undefined, whose) ? {}
        : choices(argument, (list) => (list.length === 0 ? { maxItems: 0 } : { items: { enum: list } }), (range) => ({ items: { type: "integer", ...range } }));
    default:
      return {};
  }
}

/** Whether a value may be written in more ways than one, so that no list of values holds them all. */
function isTextual(type: TypeNotation | undefined, whose: Whose): boolean {
  if (whose === "all") return type !== "string";
  return typeof type !== "string" || !/^(string|integer|id|binary_id|boolean|date)$/.test(type);
}

/** JSON Schema counts code points; a grapheme is one or more, a byte at most one. */
function lengths({ is, min, max, count }: Length, type: TypeNotation | undefined, whose: Whose): Keywords {
  const [low, high] = [is ?? min ?? undefined, is ?? max ?? undefined];
  if (isObject(type) && ("array" in type || "map" in type)) {
    const [least, most] = "array" in type ? ["minItems", "maxItems"] : ["minProperties", "maxProperties"];
    // Elements that are empty are not counted.
    return defined({ [least as string]: low, [most as string]: whose === "all" ? undefined : high });
  }
  if (type === "map") return defined({ minProperties: low, maxProperties: high });
  if (type !== "string") return {};
  if (count === "bytes") return defined({ minLength: low && Math.ceil(low / 4), maxLength: high });
  // A limit of graphemes is told to clients: theirs is the exception, a text of letters that are put together.
  const isExact = whose === "json" || count === "codepoints";
  return defined({ minLength: low, maxLength: isExact ? high : undefined });
}

function format(pattern: unknown, whose: Whose): Keywords {
  const exact = pageRegExp(pattern);
  if (exact !== undefined) return { pattern: exact.source };
  const { $regex, flags } = isObject(pattern) ? pattern : { $regex: pattern, flags: undefined };
  if (whose === "all" || typeof $regex !== "string" || flags) return {};
  try {
    // As users wrote it, if JavaScript reads it so.
    return { pattern: new RegExp($regex, "u").source };
  } catch {
    return {};
  }
}

const BOUNDS: { readonly [kind: string]: string } = {
  less_than: "exclusiveMaximum",
  greater_than: "exclusiveMinimum",
  less_than_or_equal_to: "maximum",
  greater_than_or_equal_to: "minimum",
  equal_to: "const",
};

function bounds(argument: unknown, whose: Whose): Keywords {
  const keywords: Keywords = {};
  const pairs = (Array.isArray(argument) ? argument : Object.entries((argument ?? {}) as object)) as [string, unknown][];
  for (const [kind, target] of pairs) {
    const bound = numberOf(target);
    if (bound === undefined) continue;
    const keyword = BOUNDS[kind];
    // A decimal of a record is text.
    if (keyword === "const") Object.assign(keywords, { minimum: bound, maximum: bound });
    else if (keyword !== undefined) keywords[keyword] = bound;
    else if (kind === "not_equal_to" && whose !== "all") keywords["not"] = { const: bound };
  }
  return keywords;
}

/** A bound as a number of JSON, if it is one that doubles hold. */
function numberOf(target: unknown): number | undefined {
  const value = fromNotation(target);
  if (typeof value !== "number" && typeof value !== "string" && typeof value !== "bigint") return undefined;
  const number = Number(value);
  return Number.isFinite(number) && Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : undefined;
}

function choices(argument: unknown, ofList: (list: readonly unknown[]) => Keywords, ofRange: (range: Keywords) => Keywords): Keywords {
  if (isObject(argument) && Array.isArray(argument["$range"])) {
    const [minimum, maximum] = argument["$range"] as [number, number];
    return ofRange({ minimum, maximum });
  }
  // JSON knows no difference between 1 and 1.0, rules do.
  const list = Array.isArray(argument) ? argument.map((item) => (isObject(item) && "$float" in item ? undefined : fromNotation(item))) : [undefined];
  return list.includes(undefined) ? {} : ofList(list);
}

function defined(keywords: Keywords): Keywords {
  return Object.fromEntries(Object.entries(keywords).filter(([, value]) => value !== undefined));
}
