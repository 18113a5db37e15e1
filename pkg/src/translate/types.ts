import { isObject } from "../notation.js";
import type { TypeNotation } from "../types.js";
import { expect, uncertain } from "./reading.js";

const PLAIN = "any id binary_id integer float boolean string binary map decimal date time time_usec naive_datetime naive_datetime_usec utc_datetime utc_datetime_usec uuid".split(" ");
/** The types that the first part of the engine has; and enums. */
const FIRST = "id binary_id integer float boolean string binary".split(" ");

/** Whether the first part of the engine has a type. */
export function isFirst(type: TypeNotation): boolean {
  return isObject(type) ? "enum" in type : FIRST.includes(type);
}

export function typeCode(type: TypeNotation): unknown {
  if (typeof type === "string") {
    const code = PLAIN.indexOf(type);
    return code < 0 ? uncertain() : code;
  }
  if ("array" in type) return [18, typeCode(type.array)];
  if ("map" in type) return [19, typeCode(type.map)];
  return [20, ...type.enum.flatMap((member) => (typeof member === "string" ? [member, member] : member))];
}

/** The names of an enum, or of the enum inside of a list or map, in the order of their bytes. */
export function membersOf(type: TypeNotation): readonly string[] | undefined {
  if (typeof type === "string") return undefined;
  if ("array" in type) return membersOf(type.array);
  if ("map" in type) return membersOf(type.map);
  const names = type.enum.map((member) => (typeof member === "string" ? member : member[0])).sort();
  expect(names.every(isInOrder));
  return names;
}

/** Whether a text sorts by its UTF-16 as by its bytes: beyond the basic plane it may not. */
export function isInOrder(text: string): boolean {
  return !/[\ud800-\udfff]/.test(text);
}
