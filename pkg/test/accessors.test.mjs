// What is answered without the whole engine is what it answers: on the changeset of every vector.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import * as library from "../dist/node/conformance.js";
import { makeRunner, plain } from "./vectors.mjs";

const {
  addError, applyChanges, ask, changed, deleteChange, fetchField, recordOf, setAction, slotOf, sourceOf,
} = library;
const { changeset } = makeRunner(library);
const home = new URL("../../tests/conformance/", import.meta.url);

/** The changesets of the vectors that are made, each with its id. */
function* changesets() {
  for (const file of readdirSync(new URL("changeset/", home)).filter((name) => name.endsWith(".json"))) {
    for (const vector of JSON.parse(readFileSync(new URL(`changeset/${file}`, home), "utf8")).cases) {
      if (!("schema" in vector)) continue;
      try {
        const made = changeset(vector);
        yield [vector.id, made];
        const data = plain(vector.data ?? {});
        const scalars = Object.values(data).every((value) => typeof value !== "object" || value === null);
        if (vector.data !== undefined && scalars) yield [`${vector.id} (its data)`, withSnapshot(made, data, vector.state)];
      } catch (error) {
        if (error.name !== "EctomorphError") throw error;
      }
    }
  }
}

/** The same changeset, with data that need no engine to be read. */
function withSnapshot(changeset, data, state) {
  if (state !== undefined && state !== "built") library.setState(data, state);
  const source = sourceOf(changeset);
  return new library.Changeset(Object.create(source, {
    snapshot: { value: data }, ...Object.fromEntries(["result", "schema", "core", "data", "valid"].map((key) => [key, { get: () => source[key] }])),
    recipe: { value: () => source.recipe("a test") },
  }));
}

const made = [...changesets()];

const attempt = (answer) => {
  try {
    return { answer: answer() };
  } catch (error) {
    return { error: error.message };
  }
};

test("fields and their changes", () => {
  let fields = 0;
  for (const [id, changeset] of made) {
    const { schema } = sourceOf(changeset);
    for (const field of [...schema.fields, { name: "nobody" }]) {
      const own = attempt(() => fetchField(changeset, field.name));
      const engine = attempt(() => {
        const answer = ask(changeset, ["fetch_field", field.name]);
        return answer === "error" ? undefined : { from: answer[0], value: slotOf(answer[1], field) };
      });
      assert.deepEqual(own, engine, `${id} ${field.name}`);
      assert.deepEqual(
        attempt(() => changed(changeset, field.name)), attempt(() => ask(changeset, ["changed", field.name])), `${id} ${field.name}`,
      );
      fields++;
    }
  }
  assert.ok(fields > 10_000, `${fields} fields`);
});

test("records with their changes", () => {
  for (const [id, changeset] of made) {
    const { schema } = sourceOf(changeset);
    const engine = attempt(() => {
      const answer = ask(changeset, ["apply_changes"]);
      return recordOf(schema.schemaless ? answer : answer.fields, schema);
    });
    assert.deepEqual(attempt(() => applyChanges(changeset)), engine, id);
  }
});

test("changesets with one thing changed", () => {
  for (const [id, changeset] of made) {
    const [field] = Object.keys(changeset.changes);
    const ways = [setAction(changeset, "insert"), addError(changeset, "name", "is odd", { count: 1, why: "x" }), deleteChange(changeset, field ?? "nobody")];
    for (const own of ways) {
      const engine = new library.Changeset(sourceOf(own).recipe("a test"));
      for (const key of ["valid", "action", "errors", "changes"]) assert.deepEqual(own[key], engine[key], `${id} ${key}`);
    }
  }
});

test("what rules declare", () => {
  let declared = 0;
  for (const [id, changeset] of made) {
    const source = sourceOf(changeset);
    const own = library.declaredBy(source, source.core.document.steps);
    if (own === undefined) continue;
    declared++;
    const { required = [], validations = [], constraints = [] } = source.recipe("a test").report();
    assert.deepEqual(own, { required, validations, constraints }, id);
  }
  assert.ok(declared > 3000, `${declared} of ${made.length}`);
});
