import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const wasm = readFileSync(here("../dist/ectomorph.wasm"));

/** Runs a module in a process of its own. */
function run(script, ...flags) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, "--input-type=module", "--eval", script], {
    cwd: here("."),
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

const FORM = `
  const User = schema("users", { name: t.string(), age: t.integer() });
  const rules = User.changeset((c) => c.cast("name", "age").validateFormat("name", /^\\\\w+$/i).validateRequired("age"));
  console.log(JSON.stringify(traverseErrors(rules(User.build(), { name: "a b" }))));
`;
const ERRORS = JSON.stringify({ age: ["can't be blank"], name: ["has invalid format"] });

test("no code is made from text, as a strict content security policy wants it", () => {
  for (const folder of ["browser", "node", "slim"]) {
    for (const file of readdirSync(here(`../dist/${folder}`)).filter((name) => name.endsWith(".js"))) {
      const script = readFileSync(here(`../dist/${folder}/${file}`), "utf8");
      assert.doesNotMatch(script, /\beval\s*\(|new Function\b|[^.\w]Function\s*\(/, `${folder}/${file}`);
    }
  }
  const script = `import { ready, schema, t, traverseErrors } from "../dist/browser/index.js"; await ready(); ${FORM}`;
  assert.equal(run(script, "--disallow-code-generation-from-strings"), ERRORS);
});

test("a page says what needs the whole engine before it is there", () => {
  const unplanned = `
    const Post = schema("posts", { title: t.string() });
    const rules = Post.changeset((c) => c.cast("title").updateChange("title", "trim"));
    const attempt = () => { try { return rules(Post.build(), { title: "a" }).valid; } catch (error) { return error.name + ": " + error.message; } };
  `;
  const script = `import { ready, schema, t } from "../dist/browser/index.js"; ${unplanned}
    console.log(attempt()); await Promise.all([ready(), ready()]); await ready(); console.log(attempt());`;
  assert.equal(
    run(script),
    "EctomorphError: the whole engine is not there yet, and needed for the rules of `posts`; await ready() first\ntrue",
  );
});

test("ready() may come first everywhere", () => {
  for (const build of ["../dist/browser/index.js", "ectomorph"]) {
    assert.equal(run(`import { ready, schema, t, traverseErrors } from "${build}"; await ready(); ${FORM}`), ERRORS);
  }
});

test("the slim build takes a module, bytes or a response", () => {
  const head = `
    import { readFileSync } from "node:fs";
    import { init, schema, t, traverseErrors } from "ectomorph/slim";
    const bytes = readFileSync("../dist/ectomorph.wasm");
  `;
  for (const source of [
    "bytes",
    "new WebAssembly.Module(bytes)",
    'new Response(bytes, { headers: { "content-type": "application/wasm" } })',
    'new Response(bytes, { headers: { "content-type": "application/wasm; charset=utf-8" } })',
    "Promise.resolve(new Response(bytes))",
  ]) {
    assert.equal(run(`${head} await init(${source}); ${FORM}`), ERRORS, source);
  }
  const small = `const small = readFileSync("../dist/fast.wasm");`;
  assert.equal(run(`${head} ${small} await init(small); ${FORM}`), ERRORS);
  assert.equal(run(`${head} ${small} await init(small); await init(bytes); ${FORM}`), ERRORS);
  const beyond = `try { rules(User.build(), {}).toString() } catch (error) { console.log(error.message); }`;
  assert.match(run(`${head} ${small} await init(small); ${FORM} ${beyond}`), /needed for toString; await init\(/);
  const early = `${head} try { ${FORM} } catch (error) { console.log(error.name, error.message); }`;
  assert.match(run(early), /EctomorphError.*init\(/);
  const missing = `${head} await init(new Response("", { status: 404 })).catch((error) => console.log(error.message));`;
  assert.match(run(missing), /answered 404/);
});

test("what is published names no file that is not there", () => {
  const { exports } = JSON.parse(readFileSync(here("../package.json"), "utf8"));
  const files = Object.values(exports).flatMap((entry) => (typeof entry === "string" ? [entry] : Object.values(entry)));
  for (const file of files) assert.ok(readFileSync(here(`../${file}`)).length > 0, file);
  assert.ok(wasm.length > 0);
  // The entries of a page hold one engine: the whole one is a script that nothing imports at once.
  for (const entry of ["index.js", "form/index.js"]) {
    const reached = new Set([here(`../dist/browser/${entry}`)]);
    for (const file of reached) {
      for (const [, path] of readFileSync(file, "utf8").matchAll(/^(?:import|export)\b[^"]*?"(\.[^"]+)"/gm)) reached.add(resolve(dirname(file), path));
    }
    assert.ok([...reached].every((file) => !file.includes("inline-whole")), [...reached].join("\n"));
  }
});

test("what is published is scripts, types, wasm, licences and the README, and nothing else", () => {
  const { status, stdout, stderr } = spawnSync("npm", ["pack", "--dry-run", "--json"], { cwd: here(".."), encoding: "utf8" });
  assert.equal(status, 0, stderr);
  const [{ files, size }] = JSON.parse(stdout);
  const paths = files.map(({ path }) => path);
  const known = [
    /^(package\.json|README\.md)$/,
    /^dist\/LICENSE-(APACHE|MIT)$/,
    /^dist\/types\/.+\.d\.ts$/,
    /^dist\/(browser|node|slim|workerd|edge)\/(form\/|gettext\/|json-schema\/|batch\/|repo\/)?[\w-]+\.js$/,
    /^dist\/(ectomorph|fast|batch|repo|repo-sql|generate)\.wasm$/,
    /^bin\/[\w-]+\.mjs$/,
    /^dist\/node\/(ectomorph|repo\/repo)\.wasm$/,
  ];
  assert.deepEqual(paths.filter((path) => !known.some((pattern) => pattern.test(path))), []);
  for (const pattern of known) assert.ok(paths.some((path) => pattern.test(path)), String(pattern));
  assert.ok(!paths.some((path) => path.endsWith("conformance.js")));
  // Every file that the package names is there.
  const { exports } = JSON.parse(readFileSync(here("../package.json"), "utf8"));
  const named = Object.values(exports).flatMap((entry) => (typeof entry === "string" ? [entry] : Object.values(entry)));
  assert.deepEqual(named.map((path) => path.slice(2)).filter((path) => !paths.includes(path)), []);
  assert.ok(size < 8_000_000, `${size} bytes packed`);
});
