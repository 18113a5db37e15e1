// Code that the site shows and no page runs.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { build } from "esbuild";

const forms = fileURLToPath(new URL("../../www/src/forms/", import.meta.url));

test("the server of the tutorial answers with the record, or with errors by field", async () => {
  const { outputFiles: [{ text }] } = await build({ entryPoints: [`${forms}node.ts`], write: false, format: "esm", target: "es2022" });
  const library = JSON.stringify(new URL("../dist/node/index.js", import.meta.url).href);
  const { create } = await import(`data:text/javascript,${encodeURIComponent(text.replaceAll('"ectomorph"', library))}`);
  const answer = async (params) => {
    const response = await create(new Request("http://localhost/users", { method: "POST", body: new URLSearchParams(params) }));
    return [response.status, await response.json()];
  };
  assert.deepEqual(await answer({ name: "Ada", email: "ada@example.com" }), [201, { id: null, name: "Ada", email: "ada@example.com" }]);
  assert.deepEqual(await answer({ name: "Ada" }), [422, { errors: { email: ["can't be blank"] } }]);
});

test("examples that can be edited have no types in them: a page runs them as they are", async () => {
  const { code } = await import("../../www/include.mjs");
  for (const name of ["cast", "rules", "bind", "nested", "server", "items", "wizard", "csv", "answers", "languages", "checks"]) {
    const contents = code(`www/src/forms/${name}.ts`);
    await assert.doesNotReject(build({ stdin: { contents, loader: "js" }, write: false, format: "esm", target: "es2022", logLevel: "silent" }), name);
  }
});
