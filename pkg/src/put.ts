import type { FieldDescription } from "./describe.js";
import { fieldOf, toNotation } from "./notation.js";
import { type Related, related } from "./related.js";
import { setOwn } from "./values.js";

/** What is put into a field of a record, as documents write it: a value by its type, or what a relation takes. */
export function putToNotation(value: unknown, field: FieldDescription | undefined, record: object): unknown {
  return field?.schema === undefined ? toNotation(value, field?.type) : (related() as Related).put(value, field, record);
}

/** Changes, each as it is put. */
export function changesToNotation(changes: object, field: FieldDescription, data: object): Record<string, unknown> {
  const written: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(changes)) setOwn(written, name, putToNotation(value, field.schema && fieldOf(field.schema, name), data));
  return written;
}
