const EMPTY = /* @__PURE__ */ Object.freeze({});

/** What was captured of a relation's param: the params of one child, or of children by key or place; or of no child. */
export class Captured {
  constructor(
    readonly isOne: boolean,
    readonly keys: readonly string[] | undefined,
    readonly held: unknown,
  ) {}
}

/** Keys in their order, the place of each among names, or -1, and the places of names that are no key. */
export interface Layout {
  readonly keys: readonly string[];
  readonly places: readonly number[];
  readonly lacking: readonly number[];
}

/** Where keys are among names. */
export function layoutOf(keys: readonly string[], names: readonly (string | undefined)[]): Layout {
  return {
    keys,
    places: keys.map((key) => names.indexOf(key)),
    lacking: names.flatMap((name, place) => (name === undefined || keys.includes(name) ? [] : [place])),
  };
}

/** Whether an object is one of those that literals and `JSON.parse` make. */
export function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
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
