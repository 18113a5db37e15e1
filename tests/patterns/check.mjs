// Runs the translated patterns as RegExp and compares with what the native engine answered.
//
//   node tests/patterns/check.mjs [answers.json]
//
// `cargo test --test patterns` writes the answers. In a page, import { check } and hand it the parsed file.

/**
 * Compares every recorded answer with this engine's own.
 *
 * @param answers what the Rust test has written: `pairs`, one text each, and `sets`, all code points each
 * @returns the number of comparisons, and a line for each difference
 */
export function check(answers) {
  const differences = [];
  let pairs = 0;
  for (const { pattern, flags, js, texts } of answers.pairs) {
    const regexp = compile(pattern, flags, js, differences);
    for (const [text, expected] of texts) {
      pairs += 1;
      if (regexp && regexp.test(text) !== expected) {
        differences.push(`${show(pattern, flags, js)} on ${JSON.stringify(text)}: native ${expected}, here ${!expected}`);
      }
    }
  }
  let points = 0;
  for (const { pattern, flags, js, matches } of answers.sets) {
    const regexp = compile(pattern, flags, js, differences);
    if (!regexp) continue;
    const expected = expand(matches);
    for (const point of comparable(answers.unstable)) {
      points += 1;
      if (regexp.test(String.fromCodePoint(point)) !== (expected[point] === 1)) {
        differences.push(`${show(pattern, flags, js)} on U+${point.toString(16)}: native ${expected[point] === 1}`);
      }
    }
  }
  return { pairs, points, differences };
}

function compile(pattern, flags, [source, jsFlags], differences) {
  try {
    return new RegExp(source, jsFlags);
  } catch (error) {
    differences.push(`${show(pattern, flags, [source, jsFlags])}: ${error.message}`);
    return undefined;
  }
}

function show(pattern, flags, [source, jsFlags]) {
  return `${JSON.stringify(pattern)} ${flags} as /${source}/${jsFlags}`;
}

// The bounds of ranges, one after the other, as a table of all code points.
function expand(bounds) {
  const table = new Uint8Array(0x110000);
  for (let index = 0; index < bounds.length; index += 2) table.fill(1, bounds[index], bounds[index + 1] + 1);
  return table;
}

let points;

// Surrogates are no text. What an engine's version of Unicode has not assigned, a later one may have, and the few
// code points whose properties have changed are listed with the answers.
function comparable(unstable) {
  if (points) return points;
  const assigned = /\P{Cn}/u;
  points = [];
  for (let point = 0; point < 0x110000; point += 1) {
    const surrogate = point >= 0xd800 && point < 0xe000;
    if (!surrogate && !unstable.includes(point) && assigned.test(String.fromCodePoint(point))) points.push(point);
  }
  return points;
}

async function main(file) {
  const { readFile } = await import("node:fs/promises");
  const answers = JSON.parse(await readFile(file, "utf8"));
  const { pairs, points, differences } = check(answers);
  for (const difference of differences.slice(0, 200)) console.error(difference);
  console.log(`${answers.pairs.length} patterns, ${pairs} pairs; ${answers.sets.length} sets, ${points} code points: ${differences.length} differences`);
  if (pairs < 5000 || differences.length > 0) process.exitCode = 1;
}

if (typeof process !== "undefined" && process.argv?.[1] && import.meta.url.endsWith("/" + process.argv[1].split("/").pop())) {
  await main(process.argv[2] ?? new URL("../../target/tmp/patterns.json", import.meta.url));
}
