// The tables for those who come from zod, yup and Ecto: what they show is compiled, and runs, on both sides.
import assert from "node:assert/strict";
import { test } from "node:test";
import ts from "typescript";
import * as yup from "yup";
import { z } from "zod";
import * as ectomorph from "ectomorph";
import * as ectomorphForm from "ectomorph/form";
import * as jsonSchema from "ectomorph/json-schema";
import * as repo from "ectomorph/repo";
import { problemsOf } from "./compile.mjs";
import * as ofEcto from "../../www/switching/ecto.mjs";
import * as ofYup from "../../www/switching/yup.mjs";
import * as ofZod from "../../www/switching/zod.mjs";

/** What the rows take for granted. */
const SETTING = `
  const Line = schema.embedded({ sku: t.string() });
  const line = Line.changeset((c) => c.cast("sku").validateRequired("sku"));
  const Post = schema("posts", { title: t.string(), user_id: t.id() });
  const Stay = schema("stays", { starts_on: t.date(), ends_on: t.date() });
  const Order = schema("orders", { lines: embedsMany(Line, { onReplace: "delete" }) });
  const User = schema("users", {
    name: t.string(), email: t.string(), bio: t.string(), age: t.integer(), plan: t.enum("free", "paid"), card: t.string(),
    password: t.string().virtual(), posts: hasMany(Post, { foreignKey: "user_id" }),
  });
  const registration = User.changeset((c) => c.cast("name", "email", "age").validateRequired("name"));
  const params = { name: "Ada", email: "ada@example.com", age: "36" };
  const changeset = registration(User.build(), params);
`;
const GERMAN = `const german: { readonly [message: string]: string } = { "can't be blank": "fehlt" };`;
const REPO = `const repo = await openRepo({ name: "switching", schemas: [User, Post], storage: "memory", migrations: [migration(1, "tables", (m) => m
    .create("users", (t) => t.add("name", "string").add("email", "string").add("bio", "string").add("age", "integer").add("plan", "string").add("card", "string")))] });`;

const names = (module) => Object.keys(module);
const imports = `
  import { ${names(ectomorph).join(", ")}, type Infer } from "ectomorph";
  import { ${names(ectomorphForm).join(", ")} } from "ectomorph/form";
  import { toJsonSchema } from "ectomorph/json-schema";
  import { from, migration, multi, openRepo } from "ectomorph/repo";
`;
const rowsOfCode = [...ofZod.code, ...ofYup.code, ...ofEcto.code];
const rowsOfFields = [...ofZod.fields, ...ofYup.fields];

/** Our side of all rows as a module: each in a block of its own. */
function source() {
  const blocks = [
    ...rowsOfFields.map((row) => rulesOf(row)),
    ...rowsOfCode.map(({ ours, needsRepo }) => `${needsRepo ? REPO : ""}\n${ours}`),
  ];
  return `${imports}\n${SETTING}\n${GERMAN}\n${blocks.map((block) => `{\n${block}\n}`).join("\n")}`;
}

/** A schema with the field, and its rules. */
function rulesOf({ field, rules = "c", isRelation = false }) {
  const chain = rules.replace(/^c/, isRelation ? "c" : `c.cast("x")`);
  return `const Row = schema("rows", { x: ${field} });\nconst rules = Row.changeset((c) => ${chain});`;
}

test("our side of every row compiles", () => {
  assert.deepEqual(problemsOf([["switching.ts", source()]]), []);
});

/** Runs code with names that it may use. */
function evaluated(code, known) {
  const { outputText } = ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext } });
  const AsyncFunction = (async () => {}).constructor;
  return new AsyncFunction(...Object.keys(known), outputText)(...Object.values(known));
}

const ours = { ...ectomorph, ...ectomorphForm, ...jsonSchema, ...repo };

for (const [library, rows, accepts] of [
  ["zod", ofZod.fields, (theirs) => {
    const row = evaluate(`z.object({ x: ${theirs} })`, { z });
    return (params) => row.safeParse(params).success;
  }],
  ["yup", ofYup.fields, (theirs) => {
    const { array, boolean, date, number, object, string } = yup;
    const row = evaluate(`object({ x: ${theirs} })`, { array, boolean, date, number, object, string });
    return (params) => row.isValidSync(params);
  }],
]) {
  for (const row of rows) {
    test(`${library}: ${row.theirs} and ours agree`, async () => {
      const theirs = accepts(row.theirs);
      const { Row, rules } = await evaluated(`${rulesOf(row)}\nreturn { Row, rules };`, ours);
      assert.ok(row.good.length > 0);
      for (const [value, expected] of [...row.good.map((one) => [one, true]), ...row.bad.map((one) => [one, false])]) {
        const params = value === undefined ? {} : { x: value };
        assert.equal(theirs(params), expected, `${library} on ${JSON.stringify(params)}`);
        assert.equal(rules(Row.build(), params).valid, expected, `ectomorph on ${JSON.stringify(params)}`);
      }
    });
  }
}

for (const { theirs, ours: code, needsRepo } of rowsOfCode) {
  test(`${theirs.split("\n")[0]}: ours runs`, async () => {
    const lines = [SETTING, GERMAN, needsRepo ? REPO : "", `{\n${code}\n}`, "return traverseErrors(changeset);"];
    try {
      assert.deepEqual(await evaluated(lines.join("\n"), ours), {});
    } finally {
      ectomorph.setTranslate(null);
    }
  });
}

function evaluate(expression, known) {
  return new Function(...Object.keys(known), `return ${expression}`)(...Object.values(known));
}
