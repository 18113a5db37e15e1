// The small engine against the whole one: random documents, data and params, and the same changesets from both.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as library from "../dist/node/conformance.js";
import { dataOf, paramsOf, random, schemaOf, stepsOf } from "./random-rules.mjs";
import { attempt, shownAs } from "./shown.mjs";

const { Changeset, Planned, load, theWhole } = library;

const DOCUMENTS = Number(process.env.DOCUMENTS ?? 250);
const INPUTS = 10;

test("the small engine and the whole one make the same changesets", (t) => {
  const count = { documents: 0, planned: 0, changesets: 0 };
  for (let seed = 1; seed <= DOCUMENTS; seed++) {
    const r = random(seed * 7919);
    const schema = schemaOf(r, r.pick([0, 1, 2]), false);
    const document = { version: 1, schema, steps: stepsOf(r, schema) };
    let rules;
    try {
      rules = load(document);
    } catch {
      continue;
    }
    count.documents++;
    const core = rules["~core"];
    if (core.plan === undefined) continue;
    count.planned++;
    // What is planned must be accepted by the whole engine, too.
    theWhole("a test").compile(core);
    for (let input = 0; input < INPUTS; input++) {
      const params = r.chance(0.05) ? null : paramsOf(r, schema);
      const isBlank = r.chance(0.7);
      const data = isBlank ? rules.schema.build() : dataOf(r, schema);
      const context = () => `seed ${seed}.${input}: ${JSON.stringify(document)}`;
      const fast = attempt(() => {
        const source = core.apply(data, isBlank, params);
        if (source instanceof Planned) count.changesets++;
        return shownAs(new Changeset(source));
      });
      const whole = attempt(() => shownAs(new Changeset(theWhole("a test").recipe(core, data, isBlank, params))));
      assert.deepStrictEqual(fast, whole, context());
      const again = attempt(() => shownAs(new Changeset(core.apply(data, isBlank, params)), (source) => source.recipe("a test")));
      assert.deepStrictEqual(again, whole, context());
    }
  }
  t.diagnostic(`${count.planned} of ${count.documents} documents have plans; ${count.changesets} changesets compared`);
  assert.ok(count.changesets > 1000);
});
