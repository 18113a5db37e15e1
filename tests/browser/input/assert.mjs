// What tests ask of `node:assert/strict`, in a page.

function fail(message, what) {
  throw new Error(message ?? what);
}

/** A value in a message. */
export function format(value) {
  try {
    return String(JSON.stringify(value, (_, inside) => (typeof inside === "bigint" ? `${inside}n` : inside))).slice(0, 500);
  } catch {
    return typeof value;
  }
}

/** Whether two values are of the same kind and hold the same. */
function same(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Date) return Object.is(a.getTime(), b.getTime());
  const [keys, others] = [Reflect.ownKeys(a), Reflect.ownKeys(b)];
  return keys.length === others.length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
}

/** Whether an error is as expected: its text, its properties, or what a function says of it. */
function fits(error, expected) {
  if (expected === undefined) return true;
  if (expected instanceof RegExp) return expected.test(String(error));
  if (typeof expected === "object") {
    return Object.entries(expected).every(([key, value]) => (value instanceof RegExp ? value.test(String(error[key])) : same(error[key], value)));
  }
  // An arrow has no prototype; a class has one.
  return expected.prototype === undefined ? expected(error) === true : error instanceof expected;
}

function ok(value, message) {
  if (!value) fail(message, `expected what holds, got ${format(value)}`);
}

export default Object.assign(ok, {
  ok,
  equal(actual, expected, message) {
    if (!Object.is(actual, expected)) fail(message, `expected ${format(expected)}, got ${format(actual)}`);
  },
  deepEqual(actual, expected, message) {
    if (!same(actual, expected)) fail(message, `expected ${format(expected)}, got ${format(actual)}`);
  },
  match(text, pattern, message) {
    if (!pattern.test(text)) fail(message, `expected ${pattern}, got ${format(text)}`);
  },
  throws(run, expected) {
    let thrown;
    try {
      run();
    } catch (error) {
      thrown = { error };
    }
    if (thrown === undefined) fail(undefined, `expected an error, ${expected}`);
    if (!fits(thrown.error, expected)) fail(undefined, `expected ${expected instanceof RegExp ? expected : format(expected)}, got ${thrown.error}`);
  },
});
