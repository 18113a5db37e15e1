// The package in every runtime and bundler that it says it runs in: `node tests/runtimes/run.mjs [NAME]`.
// Each gets the tarball that `npm pack` writes, installed, and answers for one cast that is right and one that is not.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ANSWER, PROGRAM } from "./program.mjs";
import browser from "./cases/browser.mjs";
import bundlers from "./cases/bundlers.mjs";
import more from "./cases/more.mjs";
import next from "./cases/next.mjs";
import programs from "./cases/programs.mjs";
import workers from "./cases/workers.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const work = join(here, ".work");
const wanted = process.argv[2] ?? "";

/** Makes a folder with a program and the package installed, as a user has it. */
function project(name, files) {
  const folder = join(work, name.replaceAll(/\W+/g, "-"));
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries({ "package.json": '{ "private": true, "type": "module" }', "program.mjs": PROGRAM, ...files })) {
    mkdirSync(join(folder, file, ".."), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

/** Unpacks what would be published where all projects find it. */
function install() {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(join(work, "node_modules"), { recursive: true });
  const pkg = fileURLToPath(new URL("../../pkg", import.meta.url));
  execFileSync("npm", ["pack", "--silent", "--pack-destination", work], { cwd: pkg, stdio: ["ignore", "ignore", "inherit"] });
  const [tarball] = readdirSync(work).filter((file) => file.endsWith(".tgz"));
  execFileSync("tar", ["-xzf", tarball], { cwd: work });
  renameSync(join(work, "package"), join(work, "node_modules/ectomorph"));
}

install();
let [passed, failed, skipped] = [0, 0, 0];
for (const { name, run, needs, answer: expected = ANSWER } of [...programs, ...bundlers, ...next, ...workers, ...browser, ...more]) {
  if (!name.includes(wanted)) continue;
  const missing = needs?.();
  if (missing !== undefined) {
    skipped++;
    console.log(`skipped: the package in ${name}: ${missing}`);
    continue;
  }
  const start = performance.now();
  let answer;
  try {
    answer = await run((files) => project(name, files));
  } catch (error) {
    answer = `${error.stderr ?? ""}${error.stack ?? error}`;
  }
  const right = answer.trim() === expected;
  right ? passed++ : failed++;
  console.log(`${right ? "ok      " : "not ok  "} ${name} (${Math.round(performance.now() - start)} ms)${right ? "" : `\n${answer}`}`);
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
// In continuous integration all of it must run. Servers of the runtimes may keep the process up.
const isWhole = skipped === 0 || process.env.CI !== "true";
process.exit(failed === 0 && passed > 0 && isWhole ? 0 : 1);
