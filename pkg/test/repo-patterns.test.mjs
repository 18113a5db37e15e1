// The engine of a repo has tables of Unicode for what patterns may name, and no others: `xtask/src/lean.rs`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { schema, t } from "ectomorph";
import { migration, openRepo } from "ectomorph/repo";

const names = readFileSync(new URL("../../src/pattern/names.rs", import.meta.url), "utf8");
const listed = (constant) => names.match(new RegExp(`const ${constant}: &str = "([^"]+)"`))[1].split(/[\s\\]+/);
const nameable = [
  ...listed("CATEGORIES").map((name) => [name, `gc=${name}`]),
  ...listed("PROPERTIES").map((name) => [name, name]),
  ...listed("SCRIPTS").map((name) => [name, `sc=${name}`]),
];

/** The first character that a property has, as this engine of JavaScript knows it. */
function oneOf(property) {
  const pattern = new RegExp(`^\\p{${property}}$`, "u");
  for (let code = 33; code < 0x11000; code++) {
    const character = String.fromCodePoint(code);
    if (!(code >= 0xd800 && code < 0xe000) && pattern.test(character)) return character;
  }
  throw new Error(`no character is ${property}`);
}

test("a repo runs patterns with every property that may be named, and \\w, \\d and \\s", async () => {
  const User = schema("users", { name: t.string() });
  const migrations = [migration(1, "create_users", (m) => m.create("users", (t) => t.add("name", "string")))];
  const repo = await openRepo({ name: "patterns", schemas: [User], migrations, storage: "memory" });
  const patterns = nameable.map(([name, property]) => [`^x\\p{${name}}$`, `x${oneOf(property)}`]);
  assert.ok(patterns.length > 75, String(patterns.length));
  for (const [pattern, text] of [...patterns, ["^x\\w$", "xé"], ["^x\\w$", "x\u200d"], ["^x\\d$", "x٣"], ["^x\\s$", "x\u2003"]]) {
    // As documents write it: a script alone is no property of JavaScript's.
    const rules = User.changeset((c) => c.cast("name").validateFormat("name", { source: pattern, flags: "u" }));
    assert.deepEqual((await repo.insert(rules(User.build(), { name: text }))).ok, true, pattern);
  }
  await repo.close();
});
