import { EctomorphError } from "./errors.js";
import { fieldsToNotation } from "./notation.js";
import { Relation } from "./relation.js";
import { snakeCase } from "./rules.js";
import { Schema, type SchemaDocument } from "./schema.js";
import { setOwn } from "./values.js";

/** Adds a relation to the document of its schema; what it holds is written as a document, or as the name of one around it. */
export function relationToDocument(
  document: Record<string, unknown>, name: string, { kind, options, schema }: Relation, written: SchemaDocument | string,
): void {
  const relation: Record<string, unknown> = { schema: written };
  for (const [option, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const isRecord = option === "defaults" || option === "where";
    relation[snakeCase(option)] = isRecord ? fieldsToNotation(value as object, schema.own) : value;
  }
  setOwn((document[kind] = { ...(document[kind] as object | undefined) }), name, relation);
}

/** The document of a schema where associations may lead in a circle: each schema once, and its name where it comes again. */
export function openToDocument(schema: Schema, known: Map<string, Schema>): SchemaDocument {
  const { head, open = {} } = Schema.parts(schema);
  if (!known.has(schema.name)) known.set(schema.name, schema);
  const document: Record<string, unknown> = { ...head };
  for (const field of Object.keys(open)) {
    const declared: unknown = open[field];
    if (!(declared instanceof Relation)) continue;
    const related = declared.schema as Schema;
    const before = known.get(related.name);
    if (!related.isOpen) {
      if (before === undefined) known.set(related.name, related);
      relationToDocument(document, field, declared, related.document);
    } else if (before === undefined) {
      relationToDocument(document, field, declared, openToDocument(related, known));
    } else if (before === related) {
      relationToDocument(document, field, declared, related.name);
    } else {
      throw new EctomorphError(`two schemas are named \`${related.name}\`; give one another name`, { schema: schema.name, field });
    }
  }
  return document;
}
