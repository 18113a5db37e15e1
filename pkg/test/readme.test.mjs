// The examples of the READMEs run, and say what their comments say.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { transform } from "esbuild";
import ts from "typescript";
import { sizes, written } from "../sizes.mjs";
import { problemsOf } from "./compile.mjs";

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

/** What the examples of the package's README take for granted. */
const GIVEN = `
  import { embedsMany, embedsOne, hasMany, load, schema, t, type Infer, type ValidateFunction } from "ectomorph";
  const Post = schema("posts", { title: t.string(), user_id: t.id() });
  const User = schema("users", {
    name: t.string(), email: t.string(), bio: t.string(), number_of_pets: t.integer(), posts: hasMany(Post, { foreignKey: "user_id" }),
  });
  const registration = User.changeset((c) => c.cast("name", "email"));
  const changeset = registration(User.build(), {});
  const formData = new FormData();
  const file = new Blob([]);
  const skus = new Set<string>();
  const c = null as unknown as Parameters<Parameters<ReturnType<typeof of>["changeset"]>[0]>[0];
  function of() { return schema("items", { sku: t.string() }); }
  declare function show(...values: unknown[]): void;
  declare function report(text: string): void;
  declare const request: Request;
  declare const signal: AbortSignal;
  declare function save(...values: unknown[]): Promise<void>;
  declare function postFor(user: Infer<typeof User>): ReturnType<typeof posting>;
  const posting = Post.changeset((c) => c.cast("title"));
  declare const repo: import("ectomorph/repo").Repo;
`;

test("every example of the package's README compiles", () => {
  const text = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const examples = [...text.matchAll(/```(tsx?)\n([^]*?)```/g)].map(([, , code]) => code);
  assert.ok(examples.length >= 8, `${examples.length} examples`);
  const files = examples.map((code, at) => [`readme-${at}.tsx`, module(code)]);
  assert.deepEqual(problemsOf(files, { jsx: ts.JsxEmit.ReactJSX }), []);
});

/** An example as a module: what it takes for granted, then the example in a function, where names may be declared anew. */
function module(code) {
  const imports = [...code.matchAll(/^import [^;]*;.*\n/gm)].map(([line]) => line);
  const own = new Set(imports.flatMap((line) => [...(/\{([^}]*)\}/.exec(line)?.[1] ?? "").split(",")].map((name) => name.replace(/^\s*type /, "").trim())));
  const given = GIVEN.replace(/^ *import \{([^}]*)\}/m, (_, names) => `import { ${names.split(",").filter((name) => !own.has(name.replace(/^\s*type /, "").trim())).join(",")} }`);
  const body = imports.reduce((rest, line) => rest.replace(line, ""), code);
  // Markup after statements is what a component returns.
  const statements = body.replace(/^(<form[^]*<\/form>)$/m, "void ($1);");
  return `${imports.join("")}${given}\nexport async function example() {\n${statements}\n}\n`;
}

test("the package's README has no link that npm could not follow", () => {
  const text = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link);
  assert.ok(links.length > 1);
  assert.deepEqual(links.filter((link) => !link.startsWith("https://")), []);
});

test("the package's README says what pages download; `node sizes.mjs` writes it anew", async () => {
  const found = await sizes();
  const said = written();
  assert.deepEqual(said.map(([name]) => name), found.map(([name]) => name));
  for (const [at, [name, bytes]] of found.entries()) {
    const [, shown] = said[at];
    // Another gzip packs a little differently.
    assert.ok(Math.abs(shown - bytes) <= Math.max(150, bytes * 0.03), `${name}: README.md says ${shown}, it is ${bytes}; run \`node sizes.mjs\` in pkg`);
  }
});
