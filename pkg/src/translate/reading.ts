import { isObject } from "../notation.js";
import { literalsOf } from "./literal.js";

// Reading what documents hold. What is not certain to be understood is thrown out, for the whole engine to tell.

/** Thrown where only the whole engine can tell. */
export const UNCERTAIN = {};

export type Options = { readonly [key: string]: unknown };
/** Metadata of an error: each value as it is shown, and its text in messages, where that is another. */
export type Metadata = { [key: string]: unknown };

/** A message: text, or text and what it adds to the metadata. */
export function messageOf(message: unknown): readonly [string | undefined, Metadata] {
  if (message == null) return [undefined, {}];
  if (typeof message === "string") return [message, {}];
  const [text, extra, ...more] = listOf(message);
  expect(more.length === 0 && isObject(extra));
  return [textOf(text), literalsOf(extra)];
}

export function stepOf(step: unknown): readonly [string, ...unknown[]] {
  const [name, ...args] = listOf(step);
  return [textOf(name), ...args];
}

/** The options at the end of the arguments, which are at most `count`, and no others than these. */
export function optionsOf(args: readonly unknown[], count: number, known: readonly string[], at = count - 1): Options {
  expect(args.length <= count);
  const options = objectOf(args[at] ?? {});
  const given = entriesOf(options).filter(([, value]) => value !== undefined);
  expect(given.every(([key]) => known.includes(key)));
  return Object.fromEntries(given);
}

export function entriesOf(map: Options): [string, unknown][] {
  return Object.entries(map);
}

export function namesOf(names: unknown): readonly string[] {
  return typeof names === "string" ? [names] : listOf(names).map(textOf);
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : uncertain();
}

export function flagOf(value: unknown): boolean {
  expect(value === undefined || typeof value === "boolean");
  return value === true;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : uncertain();
}

export function objectOf(value: unknown): Options {
  return isObject(value) ? value : uncertain();
}

export function oneOf(words: readonly string[], word: unknown): number {
  const at = words.indexOf(word as string);
  return at < 0 ? uncertain() : at;
}

export function expect(holds: boolean): void {
  if (!holds) uncertain();
}

export function uncertain(): never {
  throw UNCERTAIN;
}
