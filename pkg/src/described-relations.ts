import type { FieldDescription } from "./describe.js";
import { describeInside, KINDS, type Scope, type Written } from "./described.js";
import { fromNotation } from "./notation.js";
import type { SchemaDocument } from "./schema.js";

/** What becomes of children by relations that do not admit it. */
const REFUSED = /^embeds_one:(delete_if|nilify)|^(embeds|many_to)_many:(delete_if|nilify|update)|^has_many:update/;

interface WrittenRelation {
  readonly on_replace?: string | null;
  /** A schema, or the name of one that is around it or before it. */
  readonly schema: SchemaDocument | string;
  readonly foreign_key?: string | null;
  readonly defaults?: { readonly [field: string]: unknown };
}

/** Adds the relations, and the keys that they bring; false where only the whole engine can tell. */
export function addRelations(fields: FieldDescription[], document: Written, scope: Scope): boolean {
  for (const relation of KINDS) {
    const related = (document[relation] ?? {}) as { readonly [name: string]: WrittenRelation };
    for (const [name, { schema: child, foreign_key, on_replace, defaults = {} }] of Object.entries(related)) {
      const schema = typeof child === "string" ? scope.get(child) : describeInside(child, scope);
      if (schema === undefined || REFUSED.test(`${relation}:${on_replace}`)) return false;
      const key = foreign_key ?? `${name}_id`;
      if (relation === "belongs_to" && !fields.some((field) => field.name === key)) fields.push({ name: key, type: "id" });
      const values = fromNotation(defaults) as FieldDescription["defaults"];
      if (values === undefined) return false;
      const cardinality = /many/.test(relation) ? "many" : "one";
      fields.push({ name, relation, cardinality, ...(Object.keys(values).length > 0 ? { defaults: values } : {}), schema });
    }
  }
  for (const [name, { cardinality = "many", path }] of Object.entries(document.through ?? {})) {
    fields.push({ name, relation: "through", cardinality, path });
  }
  return true;
}
