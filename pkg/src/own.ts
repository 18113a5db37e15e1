const EMPTY = /* @__PURE__ */ Object.freeze({});

/** What was captured of a relation's param: the params of one child, or of children by key or place; or of no child. */
export class Captured {
  constructor(
    readonly isOne: boolean,
    readonly keys: readonly string[] | undefined,
    readonly held: unknown,
  ) {}
}

/** A property of an object's own. */
export function ownValue(params: object, name: string): unknown {
  return Object.hasOwn(params, name) ? (params as Record<string, unknown>)[name] : undefined;
}

/** Whether objects inherit nothing that a loop over their keys comes by. */
export function isClean(): boolean {
  for (const _ in EMPTY) return false;
  return true;
}
