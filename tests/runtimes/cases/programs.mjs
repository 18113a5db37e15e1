// Runtimes that run a program as it is.
import { execFileSync } from "node:child_process";
import { PROGRAM } from "../program.mjs";
import { bin } from "./tools.mjs";

const MAIN = 'import { answer } from "./program.mjs"; console.log(answer());';

const run = (program, args) => (project) =>
  execFileSync(program, args, { cwd: project({ "main.mjs": MAIN }), encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** The same program as a script that requires. */
const REQUIRED = `${PROGRAM.replace(/import (.*) from (.*);/, "const $1 = require($2);").replace("export ", "")}console.log(answer());`;

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
