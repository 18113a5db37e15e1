// Runtimes that run a program as it is.
import { execFileSync } from "node:child_process";
import { bin } from "./tools.mjs";

const MAIN = 'import { answer } from "./program.mjs"; console.log(answer());';

const run = (program, args) => (project) =>
  execFileSync(program, args, { cwd: project({ "main.mjs": MAIN }), encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

const REQUIRED = `
const { schema, t, traverseErrors } = require("ectomorph");
const User = schema("users", { name: t.string(), age: t.integer() });
const registration = User.changeset((c) => c.cast("name", "age").validateRequired("name").validateNumber("age", { greaterThan: 17 }));
const right = registration(User.build(), { name: "Ada", age: "36" });
const wrong = registration(User.build(), { name: "", age: "7" });
console.log(JSON.stringify([right.valid, right.changes, wrong.valid, traverseErrors(wrong)]));
`;

export default [
  { name: "node, import", run: run(process.execPath, ["main.mjs"]) },
  {
    name: "node, require",
    // Since 20.19 Node.js has modules required without being asked.
    run: (project) => execFileSync(process.execPath, ["--no-warnings", "main.cjs"], { cwd: project({ "main.cjs": REQUIRED }), encoding: "utf8" }),
  },
  { name: "deno", run: run(bin("deno"), ["run", "--quiet", "--no-lock", "--node-modules-dir=manual", "--allow-read", "main.mjs"]) },
  { name: "bun", run: run(bin("bun"), ["run", "main.mjs"]) },
];
