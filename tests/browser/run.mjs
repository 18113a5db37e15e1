// The demo's forms in a browser, against the demo's server.
//
//   node tests/browser/run.mjs [server program] [part of a test's name]
//
// `cargo xtask test` builds the site and the server first. CHROME names the browser.
import { fileURLToPath } from "node:url";
import { Runner, serve } from "./lab.mjs";
import attach from "./attach.mjs";
import bind from "./bind.mjs";
import articles from "./articles.mjs";
import console_ from "./console.mjs";
import frameworks from "./frameworks.mjs";
import notes from "./notes.mjs";
import offline from "./offline.mjs";
import order from "./order.mjs";
import page from "./page.mjs";
import restart from "./restart.mjs";
import signup from "./signup.mjs";
import small from "./small.mjs";
import tutorial from "./tutorial.mjs";
import user from "./user.mjs";
import ways from "./ways.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const [program = here("../../target/debug/shared-rules"), only] = process.argv.slice(2);

const server = await serve(program);
const runner = new Runner(server.url, only);
try {
  await runner.start();
  for (const tests of [user, signup, order, ways, attach, bind, frameworks, small, page, notes, offline(program), restart(program), console_, articles, tutorial]) await tests(runner);
} finally {
  await runner.stop();
  server.stop();
}
console.log(`${runner.passed} passed, ${runner.failed} failed`);
if (runner.failed > 0 || runner.passed === 0) process.exitCode = 1;
