// check.mjs in a page: the translated patterns as the RegExp of a browser, against what the native engine answered.
//
//   node tests/patterns/chromium.mjs [--firefox] [answers.json]
//
// `cargo test --test patterns` writes the answers.
import { readFile } from "node:fs/promises";

const isFirefox = process.argv[2] === "--firefox";
const { launch } = await import(isFirefox ? "../firefox/launch.mjs" : "../browser/launch.mjs");
const file = process.argv[isFirefox ? 3 : 2] ?? new URL("../../target/tmp/patterns.json", import.meta.url);
const answers = JSON.parse(await readFile(file, "utf8"));
const source = await readFile(new URL("check.mjs", import.meta.url), "utf8");

const browser = await launch();
try {
  const page = await (await browser.newContext()).newPage();
  const { pairs, differences } = await page.evaluate(
    async ([source, answers]) => {
      const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
      const { check } = await import(url);
      return check(answers);
    },
    [source, answers],
  );
  for (const difference of differences.slice(0, 200)) console.error(difference);
  console.log(`${isFirefox ? "" : "Chromium "}${await browser.version()}: ${pairs} pairs, ${differences.length} differences`);
  if (pairs < 5000 || differences.length > 0) process.exitCode = 1;
} finally {
  await browser.close();
}
