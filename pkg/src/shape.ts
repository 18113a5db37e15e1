/** The params that rules can read at one level, in the order in which they are packed. */
export interface Shape {
  readonly names: readonly string[];
  /** The shape of the children, where a name is that of a relation. */
  readonly children: readonly (Shape | null)[];
}

/** The form in which wasm says it: `[[name, form or null], ...]`. */
export type ShapeForm = readonly (readonly [string, ShapeForm | null])[];

/** Reads a shape once, when rules are compiled. */
export function readShape(form: ShapeForm): Shape {
  return {
    names: form.map(([name]) => name),
    children: form.map(([, children]) => (children === null ? null : readShape(children))),
  };
}
