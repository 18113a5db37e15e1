// Runs a conformance vector through the package and compares; knows no files and no Node, so that a page can run it.
//
// A case runs as rules loaded from a document, and is compared twice: what the engine says, exactly (1 is no 1.0, and
// "1.5" no decimal), and what the public changeset shows, in the values of JavaScript.

/** @param {object} library the module `conformance.js` of a build of the package */
export function makeRunner(library) {
  const { EctomorphError, Reader, TAG, Tagged, askPacked, load, traverseErrors, typeCall } = library;

  /** Reads answers into the notation of the vectors. */
  class ExactReader extends Reader {
    integer(value) {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : { $integer: String(value) };
    }
    float(value) {
      return Number.isInteger(value) ? { $float: floatText(value) } : value;
    }
    textual(tag, text) {
      const precise = /[.]\d/.test(text) ? "_usec" : "";
      switch (tag) {
        case TAG.decimal:
          return { $decimal: text };
        case TAG.date:
          return { $date: text };
        case TAG.time:
          return { [`$time${precise}`]: text };
        case TAG.naiveDatetime:
          return { [`$naive_datetime${precise}`]: text };
        default:
          return { [`$utc_datetime${precise}`]: text };
      }
    }
    binary(bytes) {
      const text = utf8(bytes);
      return text ?? { $binary: btoa(String.fromCharCode(...bytes)) };
    }
  }

  const exact = (bytes) => new ExactReader(bytes).value();

  /** Whether a case passes; if not, with what was expected and what came out. */
  function run(vector) {
    return "input" in vector || "op" in vector ? runType(vector) : runChangeset(vector);
  }

  function runType({ type, op = "cast", input, a, b, expect }) {
    const values = op === "cast" ? [input ?? null] : op === "equal" ? [a ?? null, b ?? null] : [a ?? null];
    const actual = attempt(() => exact(typeCall([op, type, ...values])));
    if (expect.accidental) return outcome(!("ok" in actual), expect, actual);
    if ("raises" in expect) return outcome("raises" in actual, expect, actual);
    return outcome(same(actual, normal(expect)), expect, actual);
  }

  function runChangeset(vector) {
    const { expect } = vector;
    const actual = attempt(() => {
      return answers(changeset(vector), vector);
    });
    if (expect.accidental) return outcome(actual.valid !== true, expect, actual);
    if ("raises" in expect) return outcome("raises" in actual, expect, actual);
    if ("raises" in actual) return outcome(false, expect, actual);
    const { shown, ...engine } = actual;
    if (!sameChangeset(engine, normal(expect))) return outcome(false, expect, engine);
    const wanted = { valid: expect.valid, ...pick(plain(expect), ["changes", "errors", "rendered"]) };
    return outcome(same(normal(shown), normal(wanted)), wanted, shown);
  }

  /** The changeset of a case. */
  function changeset(vector) {
    const rules = load({ version: 1, schema: vector.schema, steps: vector.steps });
    const isNew = vector.data === undefined && (vector.state ?? "built") === "built";
    const data = isNew ? rules.schema.build() : stateful(dataOf(vector.data ?? {}), vector.state);
    return rules(data, paramsOf(vector));
  }

  /** How many changesets there were, and how many of them the small engine made. */
  const made = { all: 0, planned: 0 };

  function answers(changeset, vector) {
    made.all++;
    if (library.sourceOf(changeset) instanceof library.Planned) made.planned++;
    const actual = exact(askPacked(changeset, ["report"]));
    actual.rendered = exact(askPacked(changeset, ["traverse_errors"]));
    if (vector.queries) actual.queries = vector.queries.map((query) => answer(changeset, query));
    actual.shown = {
      valid: changeset.valid,
      changes: shownChanges(changeset),
      errors: changeset.errors.map(({ field, message, metadata }) => [field, message, metadata]),
      rendered: traverseErrors(changeset),
    };
    return actual;
  }

  /** A query of the vectors, asked of the engine; `!` and `?` are the vectors' way to say it. */
  function answer(changeset, [name, ...args]) {
    try {
      if (name === "params") return { value: notationOf(changeset.params) };
      const found = exact(askPacked(changeset, [QUESTIONS[name] ?? name, ...args]));
      if (name === "inspect_contains") return { value: found.includes(args[0]) };
      if (!name.endsWith("!")) return { value: found };
      if (found === "error" || found[0] === "error") return { raises: "no such key, or the changeset is invalid" };
      return { value: found[1] };
    } catch (error) {
      return raised(error);
    }
  }

  function shownChanges(changeset) {
    return Object.fromEntries(Object.entries(changeset.changes).map(([field, change]) => [field, shownChange(change)]));
  }

  function shownChange(change) {
    if (change instanceof library.Changeset) return shownChild(change);
    if (Array.isArray(change) && change.some((each) => each instanceof library.Changeset)) return change.map(shownChild);
    return bytesAsText(change);
  }

  function shownChild(child) {
    return {
      $changeset: {
        action: child.action,
        valid: child.valid,
        changes: shownChanges(child),
        errors: child.errors.map(({ field, message, metadata }) => [field, message, metadata]),
      },
    };
  }

  function attempt(make) {
    try {
      return make();
    } catch (error) {
      return raised(error);
    }
  }

  function raised(error) {
    if (error instanceof EctomorphError && !(error.cause instanceof WebAssembly.RuntimeError)) return { raises: error.message };
    throw error;
  }

  /** Params are no notation: what JSON can't say are tagged values. So is text, which the package takes for a form. */
  function paramsOf({ params = null, steps }) {
    if (params === null && !steps.some(([name]) => name === "cast")) return library.INVALID;
    if (params?.$invalid) return library.INVALID;
    return typeof params === "string" ? new Tagged(TAG.string, params) : paramOf(params);
  }

  function paramOf(value) {
    if (Array.isArray(value)) return value.map(paramOf);
    if (typeof value !== "object" || value === null) return value;
    const [tag] = Object.keys(value);
    const text = value[tag];
    if (tag === "$integer") return BigInt(text);
    if (tag === "$float") return new Tagged(TAG.f64, Number(text));
    if (tag === "$binary") return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    if (tag in TAGS) return new Tagged(TAGS[tag], text);
    return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, paramOf(inside)]));
  }

  /** Params as they were given, back in the notation. */
  function notationOf(value) {
    if (typeof value === "bigint") return { $integer: String(value) };
    if (value instanceof Uint8Array) return { $binary: btoa(String.fromCharCode(...value)) };
    if (value instanceof Tagged) {
      if (typeof value.content === "number") return Number.isInteger(value.content) ? { $float: floatText(value.content) } : value.content;
      return { [Object.keys(TAGS).find((tag) => TAGS[tag] === value.tag)]: value.content };
    }
    if (Array.isArray(value)) return value.map(notationOf);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, notationOf(inside)]));
  }

  /** Data is notation to the engine: tagged values go as they are. */
  function dataOf(data) {
    return Object.fromEntries(Object.entries(data).map(([field, value]) => [field, datumOf(value)]));
  }

  function datumOf(value) {
    if (Array.isArray(value)) return value.map(datumOf);
    if (typeof value !== "object" || value === null) return value;
    if (Object.keys(value).some((key) => key.startsWith("$"))) return new Tagged(0, value);
    return dataOf(value);
  }

  function stateful(data, state) {
    if (state !== undefined && state !== "built") library.setState(data, state);
    return data;
  }

  return { changeset, made, run };
}

const QUESTIONS = {
  "changed?": "changed",
  "field_missing?": "field_missing",
  "fetch_field!": "fetch_field",
  "fetch_change!": "fetch_change",
  "apply_action!": "apply_action",
  inspect_contains: "inspect",
};

const TAGS = {
  $decimal: 9,
  $date: 10,
  $time: 11,
  $time_usec: 11,
  $naive_datetime: 12,
  $naive_datetime_usec: 12,
  $utc_datetime: 13,
  $utc_datetime_usec: 13,
};

const outcome = (passed, expected, actual) => ({ passed, expected, actual });

/** What the engine says next to what Ecto did: what is empty may be left out. */
function sameChangeset(actual, expected) {
  const keys = new Set([...Object.keys(actual), ...Object.keys(expected)]);
  return [...keys].every((key) => {
    if (key === "queries") return sameAnswers(actual.queries ?? [], expected.queries ?? []);
    if (key in actual && key in expected) return same(actual[key], expected[key]);
    return isEmpty(actual[key] ?? expected[key] ?? null);
  });
}

function sameAnswers(actual, expected) {
  return (
    actual.length === expected.length &&
    actual.every((answer, index) => {
      const wanted = expected[index];
      return ("raises" in answer && "raises" in wanted) || same(sorted(answer), sorted(wanted));
    })
  );
}

/** Names of fields are a set in Ecto's reflection: the order is that of its maps. */
function sorted(answer) {
  const { value } = answer;
  const names = Array.isArray(value) && value.length > 2 && value.every((name) => typeof name === "string");
  return names ? { value: [...value].sort() } : answer;
}

function isEmpty(value) {
  if (Array.isArray(value)) return value.length === 0;
  return value === null || value === false || value === 0 || (typeof value === "object" && Object.keys(value).length === 0);
}

/** Deep equality; the order of keys never matters. */
export function same(a, b) {
  if (a === b) return Object.is(a, b);
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
}

/** Numbers have no representation: floats are compared as the engine's own text of them. */
function normal(value) {
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value === "number" && !Number.isSafeInteger(value) && Number.isInteger(value)) return { $float: floatText(value) };
  if (typeof value !== "object" || value === null) return value;
  if (typeof value.$float === "string") {
    const number = Number(value.$float);
    return Number.isInteger(number) ? { $float: floatText(number) } : number;
  }
  // The engine holds an integer beyond 64 bits as a decimal.
  if (typeof value.$integer === "string" && BigInt.asIntN(64, BigInt(value.$integer)) !== BigInt(value.$integer)) {
    return { $decimal: value.$integer };
  }
  return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, normal(inside)]));
}

const floatText = (number) => (Object.is(number, -0) ? "-0" : String(number));

/** The values of JavaScript for those of the vectors: what the public changeset shows. */
export function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const keys = Object.keys(value);
  if (keys.length === 1) {
    const [key] = keys;
    const text = value[key];
    if (key === "$integer") return BigInt(text);
    if (key === "$float") return Number(text);
    if (key === "$changeset") return { $changeset: pick(plain(text), ["action", "valid", "changes", "errors"]) };
    if (key in TAGS) return text;
  }
  return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, plain(inside)]));
}

function bytesAsText(value) {
  if (value instanceof Uint8Array) return utf8(value) ?? { $binary: btoa(String.fromCharCode(...value)) };
  if (Array.isArray(value)) return value.map(bytesAsText);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, bytesAsText(inside)]));
}

function utf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const pick = (object, keys) => Object.fromEntries(keys.filter((key) => key in object).map((key) => [key, object[key]]));
