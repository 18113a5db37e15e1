// The examples of the READMEs run, and say what their comments say.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { transform } from "esbuild";

const library = new URL("../dist/node/index.js", import.meta.url).href;

/** The first example in TypeScript of a file, as a module whose names are exported. */
async function example(file, names) {
  const text = readFileSync(new URL(file, import.meta.url), "utf8");
  const source = /```ts\n([^]*?)```/.exec(text)?.[1];
  assert.ok(source, `${file} has an example in TypeScript`);
  const { code } = await transform(source, { loader: "ts" });
  const exported = names.filter((name) => !new RegExp(`export const ${name}\\b`).test(source));
  const module = `${code}\nexport { ${exported.join(", ")} };`.replaceAll('"ectomorph"', JSON.stringify(library));
  return import(`data:text/javascript,${encodeURIComponent(module)}`);
}

test("the README's example gives the errors it shows", async () => {
  const { changeset, registration, result } = await example("../../README.md", ["changeset", "registration", "result"]);
  const { traverseErrors, load } = await import(library);
  const errors = { email: ["has invalid format"], bio: ["should be at least 2 character(s)"] };
  assert.deepEqual(traverseErrors(changeset), errors);
  assert.equal(result.ok, false);
  const again = load(registration.document)({}, { name: "Joe", email: "example.com", bio: "A" });
  assert.deepEqual(traverseErrors(again), errors);
});
