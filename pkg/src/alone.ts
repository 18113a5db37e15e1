import { KINDS } from "./described.js";
import type { SchemaDocument } from "./schema.js";

interface Relations {
  readonly [name: string]: { readonly schema: SchemaDocument | string };
}

/** A schema inside another as a document of its own, where names may stand for schemas around it. */
export function alone(schema: SchemaDocument | string, around: SchemaDocument): SchemaDocument {
  const named = new Map<string, SchemaDocument>();
  let isAlone = true;
  const collect = (document: SchemaDocument | string): void => {
    if (typeof document === "string") {
      isAlone = false;
      return;
    }
    if (!named.has(nameOf(document))) named.set(nameOf(document), document);
    for (const kind of KINDS) {
      for (const { schema } of Object.values((document[kind] ?? {}) as Relations)) collect(schema);
    }
  };
  collect(around);
  if (isAlone) return schema as SchemaDocument;
  const written = new Set<string>();
  const write = (given: SchemaDocument | string): SchemaDocument | string => {
    const document = typeof given === "string" ? (named.get(given) as SchemaDocument) : given;
    const name = nameOf(document);
    if (written.has(name) && named.get(name) === document) return name;
    written.add(name);
    const copy: Record<string, unknown> = { ...document };
    for (const kind of KINDS) {
      const relations = document[kind] as Relations | undefined;
      if (relations === undefined) continue;
      copy[kind] = Object.fromEntries(Object.entries(relations).map(([name, relation]) => [name, { ...relation, schema: write(relation.schema) }]));
    }
    return copy;
  };
  return write(schema) as SchemaDocument;
}

function nameOf({ name, source }: SchemaDocument): string {
  return String(name ?? source ?? "schema");
}
