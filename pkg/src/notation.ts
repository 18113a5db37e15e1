import { EctomorphError } from "./errors.js";
import type { Description, FieldDescription } from "./describe.js";
import { floatText } from "./float-text.js";
import type { TypeNotation } from "./types.js";
import { setOwn } from "./values.js";

/** The tag that a text of a type has in documents, and whether a fraction of seconds makes it `_usec`. */
const TEXTUAL: { readonly [type: string]: string } = {
  decimal: "$decimal",
  date: "$date",
  time: "$time",
  time_usec: "$time",
  naive_datetime: "$naive_datetime",
  naive_datetime_usec: "$naive_datetime",
  utc_datetime: "$utc_datetime",
  utc_datetime_usec: "$utc_datetime",
};

/**
 * A value as documents write it, by the type of its field: decimals and dates, which are text in JavaScript, get
 * their tags. What does not fit the type stays as it is, for the rules to refuse.
 */
export function toNotation(value: unknown, type: TypeNotation | undefined): unknown {
  if (value === null || value === undefined) return null;
  if (typeof type === "object") {
    if ("array" in type && Array.isArray(value)) return value.map((item) => toNotation(item, type.array));
    if ("map" in type && isObject(value)) return entries(value, () => type.map);
    return toNotation(value, undefined);
  }
  const tag = type === undefined ? undefined : TEXTUAL[type];
  if (tag !== undefined) {
    const text = value instanceof Date ? dateText(value, type as string) : textOf(value);
    if (text === undefined) return toNotation(value, undefined);
    const precise = tag !== "$decimal" && tag !== "$date" && /\d[.,]\d/.test(text);
    return { [precise ? `${tag}_usec` : tag]: text };
  }
  switch (typeof value) {
    case "number":
      if (!Number.isFinite(value)) throw new EctomorphError(`${value} is no number that rules can hold`);
      if (!Number.isInteger(value)) return value;
      if (type === "float" || !Number.isSafeInteger(value)) return { $float: floatText(value) };
      return value;
    case "bigint":
      return Number.isSafeInteger(Number(value)) ? Number(value) : { $integer: value.toString() };
    case "string":
    case "boolean":
      return value;
    case "object":
      if (Array.isArray(value)) return value.map((item) => toNotation(item, undefined));
      if (value instanceof Date) return { $utc_datetime_usec: value.toISOString() };
      if (value instanceof Uint8Array) return { $binary: base64(value) };
      if (value instanceof RegExp) return toPattern(value);
      return entries(value as Record<string, unknown>, () => undefined);
    default:
      throw new EctomorphError(`a ${typeof value} is no value that rules can hold`);
  }
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const TIME = "([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,6})?";

/** The texts that are sure to be read as they are, by tag. */
const CANONICAL: { readonly [tag: string]: RegExp } = /* @__PURE__ */ (() => ({
  $decimal: /^-?((0|[1-9]\d{0,30})(\.\d{1,30})?|[1-9]E\+[1-9])$/,
  $date: DAY,
  $time: new RegExp(`^${TIME}$`),
  $naive_datetime: new RegExp(`^(.{10})T${TIME}$`),
  $utc_datetime: new RegExp(`^(.{10})T${TIME}Z$`),
}))();

/** A value of a document in JavaScript; undefined where only the whole engine can tell what it is. */
export function fromNotation(value: unknown): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean" || typeof value === "number") return value;
  if (Array.isArray(value)) return certain(value.map(fromNotation));
  if (!isObject(value)) return undefined;
  const keys = Object.keys(value);
  const [key = "", more] = keys;
  if (!keys.some((key) => key.startsWith("$"))) return mapFromNotation(value);
  const text = value[key];
  if (more !== undefined) return undefined;
  if (key === "$map" && isObject(text)) return mapFromNotation(text);
  if (typeof text !== "string") return undefined;
  if (key === "$float") return /^-?\d+\.\d+(e-?\d+)?$/.test(text) && Number.isFinite(Number(text)) ? Number(text) : undefined;
  if (key === "$integer") return /^-?[1-9]\d{0,18}$/.test(text) ? safe(BigInt(text)) : undefined;
  const date = /^\d{4}-.{5}/.exec(text)?.[0];
  if (date !== undefined && !isDay(date)) return undefined;
  return CANONICAL[key.replace("_usec", "")]?.test(text) === true ? text : undefined;
}

function mapFromNotation(map: Record<string, unknown>): unknown {
  const read = {};
  for (const [key, value] of Object.entries(map)) setOwn(read, key, fromNotation(value));
  return certain(Object.values(read)) && read;
}

function certain(values: unknown[]): unknown[] | undefined {
  return values.includes(undefined) ? undefined : values;
}

function safe(integer: bigint): number | bigint | undefined {
  if (BigInt.asIntN(64, integer) !== integer) return undefined;
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : integer;
}

/** Whether there is such a day. */
export function isDay(text: string): boolean {
  return DAY.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text);
}

/** The values of a record, each by the type of its field. */
export function fieldsToNotation(record: object, schema: Description): Record<string, unknown> {
  const written: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(record)) {
    if (value !== undefined) setOwn(written, name, fieldToNotation(value, fieldOf(schema, name)));
  }
  return written;
}

function fieldToNotation(value: unknown, field: FieldDescription | undefined): unknown {
  const { schema } = field ?? {};
  if (schema === undefined || value === null) return toNotation(value, field?.type);
  if (Array.isArray(value)) return value.map((item) => fieldToNotation(item, field));
  return isObject(value) ? fieldsToNotation(value, schema) : value;
}

/** The field of a name. */
export function fieldOf(schema: Description, name: string): FieldDescription | undefined {
  return schema.fields.find((field) => field.name === name);
}

/** `{"$regex": source, "flags": flags}`. Flags that don't change what matches are left out. */
export function toPattern(pattern: RegExp | string): unknown {
  if (typeof pattern === "string") return { $regex: pattern };
  const flags = pattern.flags.replace(/[gyd]/g, "");
  return flags === "" ? { $regex: pattern.source } : { $regex: pattern.source, flags };
}

function entries(map: Record<string, unknown>, type: () => TypeNotation | undefined): Record<string, unknown> {
  const written: Record<string, unknown> = {};
  let tagged = false;
  for (const [key, value] of Object.entries(map)) {
    if (value === undefined || typeof value === "function" || typeof value === "symbol") continue;
    setOwn(written, key, toNotation(value, type()));
    tagged ||= key.startsWith("$");
  }
  return tagged ? { $map: written } : written;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "bigint" ? String(value) : undefined;
}

/** A Date in the precision of the type: seconds, or microseconds. */
function dateText(date: Date, type: string): string | undefined {
  const [day, time] = date.toISOString().split("T") as [string, string];
  const seconds = type.endsWith("_usec") ? time.replace("Z", "000") : time.slice(0, 8);
  if (type === "date") return day;
  if (type.startsWith("time")) return seconds;
  return type === "decimal" ? undefined : `${day}T${seconds}${type.startsWith("utc") ? "Z" : ""}`;
}

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
