import type { TypeNotation } from "../types.js";
import type { JsonSchema } from "./target.js";

/** Whose values: params of a client that sends JSON, all params that rules accept, or those of records. */
export type Whose = "json" | "all" | "output";

const INTEGER = String.raw`^[+-]?\d+$`;
const DECIMAL = String.raw`^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$`;
const CLOCK = String.raw`([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?`;
const TIME = `^${CLOCK}$`;
const NAIVE = String.raw`^\d{4}-\d\d-\d\d[T ]${CLOCK}$`;

const integer: JsonSchema = { type: "integer" };
const number: JsonSchema = { type: "number" };
const text: JsonSchema = { type: "string" };
const date: JsonSchema = { type: "string", format: "date" };
const time: JsonSchema = { type: "string", pattern: TIME };
const naive: JsonSchema = { type: "string", pattern: NAIVE };
const utc: JsonSchema = { type: "string", format: "date-time" };

/** The types whose values are written one way everywhere. */
const PLAIN: { readonly [type: string]: JsonSchema } = {
  id: integer, integer, float: number, boolean: { type: "boolean" }, string: text, binary_id: text, date,
  uuid: { type: "string", format: "uuid" }, map: { type: "object" },
  time, time_usec: time, naive_datetime: naive, naive_datetime_usec: naive, utc_datetime: utc, utc_datetime_usec: utc,
};

/** A moment is also read from a map of its parts. */
const PARTS: JsonSchema = { type: ["string", "object"] };

/** The values of a type, null left aside. */
export function valuesOf(type: TypeNotation | undefined, whose: Whose): JsonSchema {
  if (type === undefined) return {};
  if (typeof type === "string") return whose === "all" ? acceptedBy(type) : writtenAs(type, whose);
  if ("array" in type) return { type: "array", items: orNull(element(type.array, whose)) };
  if ("map" in type) return { type: "object", additionalProperties: orNull(valuesOf(type.map, whose)) };
  const members = type.enum.map((member) => [member].flat() as (string | number)[]);
  const names = members.map(([name]) => name as string);
  if (whose !== "all") return { type: "string", enum: names };
  // A member is also known by what is stored for it.
  return { enum: [...new Set<unknown>(members.flat())] };
}

function writtenAs(type: string, whose: "json" | "output"): JsonSchema {
  if (type !== "decimal") return PLAIN[type] ?? {};
  const written: JsonSchema = { type: "string", pattern: DECIMAL };
  return whose === "output" ? text : { anyOf: [number, written] };
}

function acceptedBy(type: string): JsonSchema {
  switch (type) {
    case "id":
    case "integer":
      return { anyOf: [integer, { type: "string", pattern: INTEGER }] };
    case "float":
    case "decimal":
      return { type: ["number", "string"] };
    case "boolean":
      return { enum: [true, false, "true", "false", "1", "0"] };
    case "string":
    case "binary":
    case "binary_id":
    case "uuid":
      return text;
    case "map":
      return { type: "object" };
    case "any":
      return {};
    default:
      return PARTS;
  }
}

/** What is empty is left out of lists. */
function element(type: TypeNotation, whose: Whose): JsonSchema {
  const values = valuesOf(type, whose);
  return whose === "all" ? either(values, BLANK) : values;
}

/** What counts as empty, where nothing else is said: text of white space. */
export const BLANK: JsonSchema = { type: "string", pattern: String.raw`^\s*$` };

/** Values of one or the other. */
export function either(...choices: readonly JsonSchema[]): JsonSchema {
  if (choices.some((choice) => Object.keys(choice).length === 0)) return {};
  const flat = choices.flatMap((choice) => (isChoice(choice) ? (choice["anyOf"] as JsonSchema[]) : [choice]));
  return flat.length === 1 ? (flat[0] as JsonSchema) : { anyOf: flat };
}

function isChoice(schema: JsonSchema): boolean {
  return "anyOf" in schema && Object.keys(schema).length === 1;
}

/** Values, or null. */
export function orNull(values: JsonSchema): JsonSchema {
  const { type, enum: members } = values;
  if (Object.keys(values).length === 0) return values;
  if (typeof type === "string" && members === undefined && !("const" in values)) return { ...values, type: [type, "null"] };
  if (Array.isArray(type) && members === undefined) return { ...values, type: [...new Set([...(type as unknown[]), "null"])] };
  return either(values, { type: "null" });
}
