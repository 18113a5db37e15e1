import type { Level } from "./level.js";
import type { Outcome } from "./outcome.js";
import { Captured } from "./own.js";
import { setOwn } from "./values.js";

/** The params that the rules of an outcome read, as they were. */
export function paramsOf({ level, captured }: Outcome): { readonly [name: string]: unknown } {
  return named(level, captured);
}

function named(level: Level, captured: readonly unknown[]): { readonly [name: string]: unknown } {
  const params = {};
  level.params.forEach((name, index) => {
    const value = captured[index];
    if (name !== undefined && value !== undefined) setOwn(params, name, heldBy(value, level.children[index]));
  });
  return params;
}

function heldBy(value: unknown, level: Level | undefined): unknown {
  if (level === undefined || !(value instanceof Captured)) return value;
  const { isOne, keys, held } = value;
  const item = (child: unknown): unknown =>
    child instanceof Captured ? child.held : named(level, child as readonly unknown[]);
  if (!isOne && keys === undefined) return (held as readonly unknown[]).map(item);
  if (keys === undefined) return item((held as readonly unknown[])[0]);
  const map = {};
  keys.forEach((key, index) => setOwn(map, key, item((held as readonly unknown[])[index])));
  return map;
}
