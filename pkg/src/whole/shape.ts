import type { Description } from "../describe.js";

/** The params that rules can read at one level, in the order in which they are packed. */
export interface Shape {
  readonly names: readonly string[];
  /** The shape of the children, where a name is that of a relation. */
  readonly children: readonly (Shape | null)[];
  /** Whether a map in this place holds children by index, as forms send them, and is not a child itself. */
  readonly many: boolean;
}

/** The form in which wasm says it: `[[name, form or null], ...]`. */
export type ShapeForm = readonly (readonly [string, ShapeForm | null])[];

/** Reads a shape once, when rules are compiled. */
export function readShape(form: ShapeForm, schema: Description | undefined, many = false): Shape {
  return {
    names: form.map(([name]) => name),
    children: form.map(([name, children]) => {
      if (children === null) return null;
      const field = schema?.fields.find((field) => field.name === name);
      return readShape(children, field?.schema, field?.cardinality === "many");
    }),
    many,
  };
}
