// What Ecto did with the params of a vector is what becomes of them as rows of a batch, and as records of a CSV.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { castAll, castCsv, castCsvStream } from "../dist/node/batch/index.js";
import * as library from "../dist/node/conformance.js";
import { makeRunner } from "./vectors.mjs";

const { applyChanges, columnsOf, load } = library;
const { changeset, run } = makeRunner(library);
const home = new URL("../../tests/conformance/changeset/", import.meta.url);

const isMap = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
/** Whether params are as JSON has them: tagged values are none of those. */
const isJson = (value) => (Array.isArray(value) ? value.every(isJson) : !isMap(value) || Object.entries(value).every(([key, inside]) => !key.startsWith("$") && isJson(inside)));
const isNew = ({ data, state = "built", params }) => data === undefined && state === "built" && isMap(params) && isJson(params);

/** Vectors with params for a new record that the package agrees with, each with its rules. */
function* vectors() {
  for (const file of readdirSync(home).filter((name) => name.endsWith(".json"))) {
    for (const vector of JSON.parse(readFileSync(new URL(file, home), "utf8")).cases) {
      if ("schema" in vector && isNew(vector) && !vector.expect.accidental && run(vector).passed) yield vector;
    }
  }
}

/** Messages with the way to each field, of what is rendered for a page. */
function messagesOf(rendered, place = "") {
  return Object.entries(rendered).flatMap(([field, found]) => {
    if (!Array.isArray(found)) return messagesOf(found, `${place}${field}.`);
    return found.flatMap((each, index) => (typeof each === "string" ? [`${place}${field} ${each}`] : messagesOf(each, `${place}${field}.${index}.`)));
  });
}

/** A row must be what Ecto made of it: its record, or the messages that Ecto renders. */
function check(result, vector, context) {
  assert.equal(result.ok, vector.expect.valid, context);
  if (result.ok) assert.deepStrictEqual(result.value, applyChanges(changeset(vector)), context);
  else assert.deepEqual(result.errors.map(({ field, message }) => `${field} ${message}`).sort(), messagesOf(vector.expect.rendered ?? {}).sort(), context);
}

const quoted = (cell) => `"${cell.replaceAll('"', '""')}"`;

test("the params of vectors as rows", (t) => {
  const count = { vectors: 0, raising: 0, looked: 0, valid: 0, invalid: 0 };
  for (const vector of vectors()) {
    const { id, schema, steps, params, expect } = vector;
    let rules;
    const cast = () => castAll((rules = load({ version: 1, schema, steps })), [params, { ...params }, params]);
    count.vectors++;
    if ("raises" in expect) {
      assert.throws(cast, { name: "EctomorphError" }, id);
      count.raising++;
      continue;
    }
    const batch = cast();
    assert.equal(batch.rows, 3, id);
    for (const result of batch) check(result, vector, id);
    expect.valid ? count.valid++ : count.invalid++;
    if (columnsOf(rules) !== undefined) count.looked++;
  }
  t.diagnostic(JSON.stringify(count));
  assert.ok(count.valid > 300 && count.invalid > 300 && count.looked > 100 && count.raising > 0, JSON.stringify(count));
});

test("the params of vectors as records of a CSV, where they are texts", async (t) => {
  const count = { vectors: 0, looked: 0, valid: 0, invalid: 0 };
  for (const vector of vectors()) {
    const { id, schema, steps, params, expect } = vector;
    const names = Object.keys(params);
    if ("raises" in expect || names.length === 0 || !names.every((name) => name === name.trim() && typeof params[name] === "string")) continue;
    // What children are cast from is no column.
    if (/"cast_(assoc|embed)"/.test(JSON.stringify(steps))) continue;
    const rules = load({ version: 1, schema, steps });
    const record = `${names.map((name) => quoted(params[name])).join(",")}\r\n`;
    const csv = `${names.map(quoted).join(",")}\r\n${record}${record}`;
    // A zero is what no text has, and half a surrogate pair has no notation in UTF-8.
    if (csv.includes("\0") || new TextDecoder().decode(new TextEncoder().encode(csv)) !== csv) continue;
    const results = [...castCsv(rules, csv)];
    for await (const batch of castCsvStream(rules, [...csv], { chunkRows: 1 })) results.push(...batch);
    assert.equal(results.length, 4, id);
    for (const result of results) check(result, vector, id);
    count.vectors++;
    expect.valid ? count.valid++ : count.invalid++;
    if (columnsOf(rules) !== undefined) count.looked++;
  }
  t.diagnostic(JSON.stringify(count));
  assert.ok(count.valid > 100 && count.invalid > 100 && count.looked > 50, JSON.stringify(count));
});
