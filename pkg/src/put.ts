import { Changeset } from "./changeset.js";
import type { FieldDescription } from "./describe.js";
import { fieldOf, fieldsToNotation, isObject, toNotation } from "./notation.js";
import { stateOf } from "./schema.js";
import { setOwn } from "./values.js";

/**
 * What is put into a field, as documents write it: a value by its type; of a relation null, attributes, records of
 * the parent's data (by identity), other records, changesets, or a list of those.
 */
export function putToNotation(value: unknown, field: FieldDescription | undefined, existing: readonly unknown[]): unknown {
  const { schema } = field ?? {};
  if (field === undefined || schema === undefined) return toNotation(value, field?.type);
  if (Array.isArray(value)) return value.map((item) => putToNotation(item, field, existing));
  if (value instanceof Changeset) {
    const { data, changes, errors, action } = value;
    return {
      $changeset: {
        of: recordToNotation(data, field, existing) ?? { $struct: fieldsToNotation(data, schema) },
        changes: changesToNotation(changes, field, data),
        errors: errors.map((error) => [error.field, error.message]).reverse(),
        action,
      },
    };
  }
  if (!isObject(value)) return toNotation(value, undefined);
  return recordToNotation(value, field, existing) ?? fieldsToNotation(value, schema);
}

/** Changes, each as it is put. */
export function changesToNotation(changes: object, field: FieldDescription, data: object): Record<string, unknown> {
  const written: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(changes)) {
    const child = field.schema && fieldOf(field.schema, name);
    setOwn(written, name, putToNotation(value, child, childrenOf(data, name)));
  }
  return written;
}

/** The records of a relation in a record. */
export function childrenOf(record: object, field: string): readonly unknown[] {
  const held = (record as Record<string, unknown>)[field];
  if (Array.isArray(held)) return held;
  return isObject(held) ? [held] : [];
}

/** A record that the parent has, or one with a state of its own; undefined for plain attributes. */
function recordToNotation(record: object, field: FieldDescription, existing: readonly unknown[]): unknown {
  const index = existing.indexOf(record);
  if (index >= 0) return { $existing: index };
  const state = stateOf(record);
  if (state === null || field.schema === undefined) return undefined;
  return { $struct: fieldsToNotation(record, field.schema), state };
}
