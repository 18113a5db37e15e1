// The queries of the conformance vectors, written with the builder: they must give the documents of the vectors.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import join from "./query/join.mjs";
import { normal } from "./query/normal.mjs";
import select from "./query/select.mjs";
import where from "./query/where.mjs";

const built = { ...where, ...select, ...join };
const groups = new Set(Object.keys(built).map((id) => id.split("/")[0]));

/** The query of a vector: its own, or that of its first step. */
function documentOf(vector) {
  const { query, params = [] } = vector.query === undefined ? vector.steps[0].query : vector;
  return { query, params };
}

/** The value of a param, without the atoms of Elixir. */
const valueOf = ({ value }) => JSON.parse(JSON.stringify(value), (_, inside) => inside?.$atom ?? inside);

for (const group of groups) {
  const file = new URL(`../../tests/conformance/query/${group}.json`, import.meta.url);
  const vectors = new Map(JSON.parse(readFileSync(file, "utf8")).vectors.map((vector) => [vector.id.replace("query/", ""), vector]));
  const ours = Object.entries(built).filter(([id]) => id.startsWith(`${group}/`));
  test(`the builder writes the queries of the group ${group} (${ours.length} of ${vectors.size})`, async (t) => {
    for (const [id, query] of ours) {
      await t.test(id, () => {
        const written = JSON.parse(JSON.stringify(query()));
        const wanted = documentOf(vectors.get(id));
        assert.deepEqual(normal(written), normal(wanted));
        // Params are numbered in the order in which Ecto's planner meets them.
        assert.deepEqual(written.params.map(valueOf), wanted.params.map(valueOf));
      });
    }
  });
}

test("at least 150 queries are compared", () => {
  assert.ok(Object.keys(built).length >= 150, `${Object.keys(built).length}`);
});
