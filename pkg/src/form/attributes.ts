import { requires } from "../declared.js";
import { fromNotation, isObject } from "../notation.js";
import type { Step } from "../rules.js";
import { htmlPattern, pageRegExp } from "./html-pattern.js";
import { type Part, textOf } from "./part.js";

// HTML attributes from rules, never stricter than the rules: `src/form/attributes.rs` has the proofs.

export type Attributes = Record<string, string | number | boolean>;

/** What of an input HTML lets constrain: lengths and patterns, bounds, steps, that there is a value, or a tick. */
const CONSTRAINED: readonly (readonly [what: string, inputs: string])[] = [
  ["text", "text search url tel email password"],
  ["textarea", "textarea"],
  ["number", "number"],
  ["time", "time datetime-local"],
  ["presence", "date select"],
  ["tick", "checkbox"],
];

/** The attributes of an input of this type for a field. */
export function attributesOf(part: Part, name: string, input: string): Attributes {
  const attributes: Attributes = {};
  const [what] = CONSTRAINED.find(([, inputs]) => inputs.split(" ").includes(input)) ?? ["none"];
  const type = part.field(name)?.type;
  if (what === "presence" && isObject(type) && "array" in type) attributes["multiple"] = true;
  const required =
    what === "none" ? false
    : what === "tick" ? part.rules(name).some(([step]) => step === "validate_acceptance")
    : blankIsAnError(part, name);
  if (required) attributes["required"] = true;
  const checked = !part.isRewritten(name);
  // Without it, an integer in the form would be refused for an empty value that is none, such as "1.5".
  const plain = required || onlyBlankIsEmpty(part);
  if ((what === "text" || what === "textarea") && (type === "string" || type === "binary") && checked) {
    if (required) putLength(part, name, attributes);
    if (what === "text" && plain) putPattern(part, name, required, attributes);
  } else if (what === "number" && type !== undefined) {
    const whole = type === "integer" || type === "id";
    if (checked && plain) putBounds(part, name, whole, attributes);
    // Steps count from `min`, or else from the value the input starts with.
    const startsWhole = "min" in attributes || isWhole(part.value(name)[0]);
    attributes["step"] = whole && plain && part.isPermitted(name) && startsWhole ? 1 : "any";
  } else if (what === "number" || what === "time") {
    attributes["step"] = "any";
  }
  return attributes;
}

/** Whether an empty text is sure to be an error. */
function blankIsAnError(part: Part, name: string): boolean {
  const field = part.field(name);
  if (field?.type === undefined || field.type === "map" || (isObject(field.type) && !("enum" in field.type))) return false;
  const isRequired = requires(part.steps, name);
  const empty = (value: unknown): boolean => value === null || part.emptyValues.includes(value);
  return (
    isRequired &&
    part.isPermitted(name) &&
    !part.isRewritten(name) &&
    part.emptyValues.includes("") &&
    (part.schema.schemaless === true || empty(field.default ?? null))
  );
}

/** Whether nothing but white space counts as empty. */
function onlyBlankIsEmpty(part: Part): boolean {
  const setsEmptyValues = part.steps.some(([step, , options]) => step === "cast" && isObject(options) && "empty_values" in options);
  return !setsEmptyValues && part.emptyValues.every((value) => typeof value !== "string" || value === "");
}

/** Whether a value an input starts with is no fraction. */
function isWhole(value: unknown): boolean {
  if (value === null || value === "") return true;
  if (typeof value === "string") return /^[+-]?\d+$/.test(value) && BigInt.asIntN(64, BigInt(value.replace("+", ""))) === BigInt(value.replace("+", ""));
  return Number.isSafeInteger(value) || (typeof value === "bigint" && BigInt.asIntN(64, value) === value);
}

function putLength(part: Part, name: string, attributes: Attributes): void {
  let [low, high] = [0, Infinity];
  for (const [step, options] of part.rules(name)) {
    if (step !== "validate_length") continue;
    const [least, most] = units((options ?? {}) as Length);
    low = Math.max(low, least);
    high = Math.min(high, most);
  }
  // The units of the data, without the line breaks' second half, which an input does not count.
  const count = textOfData(part, name).replaceAll("\r", "").length;
  if (low > 0 && low <= MAX_COUNT && (count === 0 || count >= low)) attributes["minlength"] = low;
  if (high <= MAX_COUNT && count <= high) attributes["maxlength"] = high;
}

/** HTML reads no larger one. */
const MAX_COUNT = 2 ** 31 - 1;

/** The options of a length, as documents write them. */
export interface Length {
  readonly is?: number | null;
  readonly min?: number | null;
  readonly max?: number | null;
  readonly count?: "graphemes" | "codepoints" | "bytes" | null;
}

/** The fewest and the most UTF-16 units that a text of the length can have. */
function units({ is, min, max, count }: Length): [least: number, most: number] {
  const low = Math.max(is ?? 0, min ?? 0);
  const high = Math.min(is ?? Infinity, max ?? Infinity);
  if (count === "codepoints") return [Math.ceil(low / 2), high * 2];
  return count === "bytes" ? [Math.ceil(low / 3), high] : [low, Infinity];
}

/** The patterns of steps. */
const known = /* @__PURE__ */ new WeakMap<Step, RegExp | undefined>();

function putPattern(part: Part, name: string, required: boolean, attributes: Attributes): void {
  const data = textOfData(part, name);
  for (const step of part.steps) {
    if (step[0] !== "validate_format" || step[1] !== name) continue;
    // The attributes are looked for whenever somebody types.
    if (!known.has(step)) known.set(step, pageRegExp(step[2]));
    const pattern = known.get(step);
    if (pattern === undefined || (data !== "" && !pattern.test(data))) continue;
    attributes["pattern"] = htmlPattern(pattern, required);
    return;
  }
}

function textOfData(part: Part, name: string): string {
  const data = part.datum(name);
  return typeof data === "string" ? data : "";
}

type Bound = number | bigint | string | undefined;

const SIDES: { readonly [kind: string]: readonly (readonly [side: "min" | "max", shift: number])[] } = {
  greater_than: [["min", 1]],
  greater_than_or_equal_to: [["min", 0]],
  less_than: [["max", -1]],
  less_than_or_equal_to: [["max", 0]],
  equal_to: [["min", 0], ["max", 0]],
};

function putBounds(part: Part, name: string, whole: boolean, attributes: Attributes): void {
  const bounds: { min: Bound; max: Bound } = { min: undefined, max: undefined };
  // An input of whole numbers counts its steps from `min`, so that only a whole one will do.
  const tighten = (side: "min" | "max", target: unknown, shift: number): void => {
    const value = fromNotation(target) as Bound;
    const isInteger = typeof value === "bigint" || (Number.isSafeInteger(value) && !(isObject(target) && "$float" in target));
    if (value === undefined || (whole && !isInteger)) return;
    const text = isObject(target) && "$float" in target ? (textOf(value, "float") as string) : value;
    const shifted: Bound = whole ? simple(BigInt(value) + BigInt(shift)) : text;
    const old = bounds[side];
    if (old === undefined || (side === "min" ? Number(old) < Number(shifted) : Number(old) > Number(shifted))) bounds[side] = shifted;
  };
  for (const [step, given] of part.rules(name)) {
    if (step === "validate_number") {
      const pairs = (Array.isArray(given) ? given : Object.entries((given ?? {}) as object)) as [string, unknown][];
      for (const [kind, target] of pairs) for (const [side, shift] of SIDES[kind] ?? []) tighten(side, target, shift);
    } else if (step === "validate_inclusion" && whole && isObject(given) && Array.isArray(given["$range"])) {
      tighten("min", given["$range"][0], 0);
      tighten("max", given["$range"][1], 0);
    }
  }
  const datum = part.datum(name);
  const data = datum === null ? undefined : Number(datum);
  const { min, max } = bounds;
  // What the data hold already is never refused.
  if (min !== undefined && !(data !== undefined && data < Number(min))) attributes["min"] = whole ? (min as number) : textOf(min, undefined) as string;
  if (max !== undefined && !(data !== undefined && data > Number(max))) attributes["max"] = whole ? (max as number) : textOf(max, undefined) as string;
}

function simple(integer: bigint): number | bigint {
  return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer;
}
