import type { Level } from "./level.js";

/** The most keys of params that are remembered. */
const MAX_LEARNT = 64;
const EMPTY = /* @__PURE__ */ Object.freeze({});

/** What was captured of a relation's param: the params of one child, or of children by key or place; or of no child. */
export class Captured {
  constructor(
    readonly isOne: boolean,
    readonly keys: readonly string[] | undefined,
    readonly held: unknown,
  ) {}
}

/** Keys in their order, the place of each among names, or -1, and the places of names, or of none, that are no key. */
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
    lacking: names.flatMap((name, place) => (keys.includes(name as string) ? [] : [place])),
  };
}

/** Whether an object is one of those that literals and `JSON.parse` make. */
export function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** The own properties of params by their numbers. Params of one form mostly have the same keys in the same order. */
export function ownOf(level: Level, params: object, plain = isPlain(params) && isClean()): unknown[] {
  const captured: unknown[] = level.nothing.slice();
  if (plain) {
    const { keys, places, lacking } = level.layout;
    let index = 0;
    for (const key in params) {
      if (key !== keys[index]) {
        index = -1;
        break;
      }
      const place = places[index++] as number;
      if (place >= 0) captured[place] = (params as Record<string, unknown>)[key];
    }
    if (index === keys.length) {
      for (let at = 0; at < lacking.length; at++) captured[lacking[at] as number] = ownValue(params, level.params[lacking[at] as number]);
      return captured;
    }
  }
  for (let place = 0; place < captured.length; place++) captured[place] = ownValue(params, level.params[place]);
  if (plain) learnKeys(level, params);
  return captured;
}

function ownValue(params: object, name: string | undefined): unknown {
  return name !== undefined && Object.hasOwn(params, name) ? (params as Record<string, unknown>)[name] : undefined;
}

/** Whether objects inherit nothing that a loop over their keys comes by. */
export function isClean(): boolean {
  for (const _ in EMPTY) return false;
  return true;
}

function learnKeys(level: Level, params: object): void {
  const keys = Object.keys(params);
  if (keys.length <= MAX_LEARNT) level.layout = layoutOf(keys, level.params);
}
