// Whether a peer does the work that is measured: accepts, rejects and casts as it should, and leaves its input alone.
import { batchOf } from "./batch.mjs";
import { CASES, EDGES, FORMS } from "./forms.mjs";

/**
 * The measured cases that the peer does not do as the others do, `{ [case]: [difference...] }`, and what it does
 * differently beside them, `[difference...]`.
 */
export function verify(peer) {
  const cases = {};
  for (const { name, form, inputs, batch } of CASES) {
    const found = [...new Set(batch ? ofBatch(peer, batch, name, inputs()) : inputs().flatMap((input, i) => differences(peer, form, input, spoiled(name, i))))];
    if (found.length > 0) cases[name] = found.slice(0, 3);
  }
  const edges = EDGES.flatMap(({ form, what, with: changed, without = [], paths }) => {
    const input = { ...FORMS[form].input(1), ...changed };
    for (const field of without) delete input[field];
    const expected = paths.length === 0 ? "accepted" : "rejected";
    const answer = peer[form](input).ok ? "accepted" : "rejected";
    return answer === expected ? [] : [`${what} is ${answer}`];
  });
  return { cases, edges };
}

/** What is different in a batch: the records of all rows that are valid, in order, and the errors of the others by their numbers. */
function ofBatch(peer, kind, name, inputs) {
  const { input, value, paths } = FORMS.row;
  const { values, errors } = batchOf(peer, kind)(inputs);
  const rows = [...Array(10_000).keys()];
  const expected = rows.filter((row) => !spoiled(name, row)).map((row) => value(input(row)));
  const found = values.length === expected.length ? [] : [`${values.length} of ${expected.length} rows are valid`];
  if (found.length === 0) {
    for (const [at, each] of expected.entries()) for (const field in each) if (!same(values[at][field], each[field])) found.push(`${field} is cast to another value`);
  }
  const told = new Set(errors.map(({ row, path, field }) => `${row} ${plain(path ?? field)}`));
  const missing = rows.filter((row) => spoiled(name, row) && !paths.every((path) => told.has(`${row} ${path}`)));
  if (missing.length > 0) found.push(`${missing.length} rows lack errors`);
  if (errors.some(({ message }) => typeof message !== "string" || message === "")) found.push("an error without a message");
  return found;
}

function spoiled(name, i) {
  return name.endsWith("invalid") || (name.endsWith("bad") && i % 10 === 0);
}

function differences(peer, form, input, isSpoiled) {
  const { paths, value } = FORMS[form];
  const before = JSON.stringify(input);
  const result = peer[form](input);
  const found = [];
  if (JSON.stringify(input) !== before) found.push("the input is changed");
  if (result.ok === isSpoiled) return [...found, isSpoiled ? "invalid input is accepted" : `valid input is rejected`];
  if (!isSpoiled) {
    const expected = value(input);
    for (const field in expected) {
      if (!same(result.value[field], expected[field])) found.push(`${field} is cast to another value`);
    }
    return found;
  }
  const reported = new Set(result.errors.map((error) => plain(error.path)));
  const missing = paths.filter((path) => !reported.has(path));
  const surplus = [...reported].filter((path) => !paths.includes(path));
  if (missing.length > 0) found.push(`no error on ${missing.join(", ")}`);
  if (surplus.length > 0) found.push(`an error on ${surplus.join(", ")}`);
  if (result.errors.some(({ message }) => typeof message !== "string" || message === "")) {
    found.push("an error without a message");
  }
  return found;
}

// What is expected is all there; what comes beside it, such as the confirmation or a primary key, does no harm.
function same(actual, expected) {
  if (Array.isArray(expected)) {
    return actual?.length === expected.length && expected.every((item, i) => same(actual[i], item));
  }
  if (expected && typeof expected === "object") {
    return actual && Object.keys(expected).every((key) => same(actual[key], expected[key]));
  }
  return Object.is(actual, expected);
}

/** Paths come as ["lines", 3, "qty"], "lines[3].qty", "/lines/3/qty" or "lines.3.qty". */
export function plain(path) {
  if (typeof path !== "string") return Array.from(path, (part) => String(part?.key ?? part)).join(".");
  return path.replace(/^\//, "").replace(/\//g, ".").replace(/\[(\d+)\]/g, ".$1");
}
