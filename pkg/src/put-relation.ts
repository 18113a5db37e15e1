import { Changeset } from "./changeset.js";
import type { FieldDescription } from "./describe.js";
import { fieldsToNotation, isObject, toNotation } from "./notation.js";
import { changesToNotation } from "./put.js";
import { stateOf } from "./schema.js";

/**
 * What is put into a relation, as documents write it: null, attributes, records of the parent's data (by identity), other
 * records, changesets, or a list of those.
 */
export function relationToNotation(value: unknown, field: FieldDescription, existing: readonly unknown[]): unknown {
  const schema = field.schema as NonNullable<FieldDescription["schema"]>;
  if (Array.isArray(value)) return value.map((item) => relationToNotation(item, field, existing));
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
