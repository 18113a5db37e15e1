/**
 * A value with its tag, for what a plain JavaScript value can't say: a float that is whole, a decimal, a date; and a
 * document's notation, which is written as it is.
 */
export class Tagged {
  constructor(
    readonly tag: number,
    readonly content: string | number | object,
  ) {}
}

/** Whether rules can read a value at all. */
export function isValue(value: unknown): boolean {
  return value !== undefined && typeof value !== "function" && typeof value !== "symbol";
}

/** An object made by `{}`, `JSON.parse`, `Object.create(null)` or a class of the user's own: a map of fields. */
export function isMap(value: unknown): value is object {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array) &&
    !(value instanceof Tagged) &&
    !(typeof Blob === "function" && value instanceof Blob)
  );
}

/** Sets a property of any name, `__proto__` too, on the object itself. */
export function setOwn(object: object, key: string, value: unknown): void {
  if (key !== "__proto__") (object as Record<string, unknown>)[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}
