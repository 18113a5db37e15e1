import type { Source } from "./changeset.js";
import { type Description, type FieldDescription, isEmbed } from "./describe.js";
import { fromNotation, toNotation } from "./notation.js";
import { Outcome } from "./outcome.js";
import { Child, type Result } from "./result.js";
import { stateOf } from "./schema.js";
import type { SchemaDocument } from "./schema.js";
import type { TypeNotation } from "./types.js";
import { setOwn } from "./values.js";

// Records with their changes, without asking an engine. `undefined` stands for what only the whole one can tell.

/** The value of a field with its change or of the data, and where it is from; null if there is no such field. */
export function fetched(
  source: Source,
  name: string,
): { readonly from: "changes" | "data"; readonly value: unknown } | null | undefined {
  const { schema, snapshot } = source;
  const { document } = source.core;
  const field = schema.fields.find((field) => field.name === name);
  if (field === undefined) return null;
  const change = source.result.changes.find(([changed]) => changed.name === name);
  if (change !== undefined) {
    const value = appliedChange(change[1], field, document.schema);
    return value === undefined ? undefined : { from: "changes", value };
  }
  if (snapshot === undefined) return undefined;
  const value = held(snapshot, field, schema, document.schema);
  if (value === ABSENT) return schema.schemaless === true ? null : undefined;
  return value === undefined ? undefined : { from: "data", value };
}

/** The record with the changes applied. */
export function applied(source: Source): Record<string, unknown> | undefined {
  const { snapshot, schema, result, core } = source;
  return snapshot === undefined ? undefined : apply(snapshot, schema, result, core.document.schema);
}

const ABSENT = {};

function apply(
  data: object,
  schema: Description,
  result: Result,
  document: SchemaDocument,
): Record<string, unknown> | undefined {
  const made = result instanceof Outcome && result.isNew ? result.apply() : undefined;
  if (made !== undefined) return made;
  const { changes } = result;
  const record: Record<string, unknown> = {};
  for (const field of schema.fields) {
    const change = changes.find(([changed]) => changed === field);
    const value = change === undefined ? held(data, field, schema, document) : appliedChange(change[1], field, document);
    if (value === undefined) return undefined;
    if (value !== ABSENT) setOwn(record, field.name, value);
  }
  return record;
}

function appliedChange(change: unknown, field: FieldDescription, document: SchemaDocument): unknown {
  const { schema, relation } = field;
  if (schema === undefined || change === null) return relation === "belongs_to" ? undefined : change;
  // The key of the parent would change along.
  if (relation === "belongs_to") return undefined;
  const related = relationIn(document, field);
  if (related === undefined) return undefined;
  const one = ({ record, result }: Child) =>
    typeof record === "number" ? undefined : apply(record, schema, result, related.schema);
  if (change instanceof Child) return counts(change) ? one(change) : null;
  const children = (change as readonly Child[]).filter(counts).map(one);
  return children.includes(undefined) ? undefined : children;
}

/** Whether a child is not on its way out. */
export function counts({ result: { action } }: Child): boolean {
  return action !== "replace" && action !== "delete";
}

/** A relation as the document has it. */
export function relationIn(document: SchemaDocument, { relation, name }: FieldDescription): RelationDocument | undefined {
  return (document[String(relation)] as { readonly [name: string]: RelationDocument } | undefined)?.[name];
}

interface RelationDocument {
  /** Of a schema that comes again within itself, the name. */
  readonly schema: SchemaDocument;
  readonly defaults_to_struct?: boolean;
}

/** What a record holds in a field. */
function held(record: object, field: FieldDescription, schema: Description, document: SchemaDocument): unknown {
  const given = Object.hasOwn(record, field.name) ? (record as Record<string, unknown>)[field.name] : undefined;
  if (field.relation === undefined) {
    if (schema.schemaless === true) return given === undefined ? ABSENT : plain(given, field.type as TypeNotation);
    return given === undefined ? (field.default ?? null) : plain(given, field.type as TypeNotation);
  }
  // Associations of a new record are not loaded, and those of others are for the whole engine.
  if (!isEmbed(field)) return given === undefined && stateOf(record) === null ? ABSENT : undefined;
  if (field.cardinality === "many") return given === undefined || (given as unknown[]).length === 0 ? [] : undefined;
  const { defaults_to_struct: makesOne } = relationIn(document, field) ?? {};
  return given == null && makesOne !== true ? null : undefined;
}

/** A value of a record as an engine gives it back. */
function plain(value: unknown, type: TypeNotation): unknown {
  if (value === null) return null;
  switch (type) {
    case "string":
    case "uuid":
    case "binary_id":
    case "boolean":
      return typeof value === (type === "boolean" ? type : "string") ? value : undefined;
    case "id":
    case "integer":
      return Number.isSafeInteger(value) ? value : undefined;
    case "float":
      return Number.isFinite(value) ? value : undefined;
    case "map":
    case "any":
    case "binary":
      return undefined;
    default:
      if (typeof type === "object") return "enum" in type && typeof value === "string" ? value : undefined;
      // A number stays one, though it would be cast to a decimal.
      return typeof value === "number" ? undefined : fromNotation(toNotation(value, type));
  }
}
