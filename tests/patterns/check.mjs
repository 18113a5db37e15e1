// Runs the translated patterns as RegExp and compares with what the native engine answered.
//
//   node tests/patterns/check.mjs [answers.json]
//
// `cargo test --test patterns` writes the answers. In a page, import { check } and hand it the parsed file.

/**
 * Compares every recorded answer with this engine's own.
 *
 * @param answers what the Rust test has written: `pairs` of pattern and text, `sets` on code points, `folding` of letters
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
    for (const point of comparable(answers)) {
      points += 1;
      if (regexp.test(String.fromCodePoint(point)) !== (expected[point] === 1)) {
        differences.push(`${show(pattern, flags, js)} on U+${point.toString(16)}: native ${expected[point] === 1}`);
      }
    }
  }
  const known = new Set(comparable(answers));
  const letters = answers.letters.filter((letter) => known.has(letter.codePointAt(0)));
  for (const { pattern, flags, js, matches } of answers.folding) {
    const regexp = compile(pattern, flags, js, differences);
    if (!regexp) continue;
    const here = letters.filter((letter) => regexp.test(letter)).join("");
    points += letters.length;
    const native = matches.filter((letter) => known.has(letter.codePointAt(0))).join("");
    if (here !== native) differences.push(`${show(pattern, flags, js)} matches ${here}, but natively ${native}`);
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

// Surrogates are no text. What only one of the engines knows to be assigned is of another version of Unicode, and
// the few code points whose properties have changed between versions are listed with the answers.
function comparable({ assigned, unstable }) {
  if (points) return points;
  const here = /\P{Cn}/u;
  const native = expand(assigned);
  points = [];
  for (let point = 0; point < 0x110000; point += 1) {
    const surrogate = point >= 0xd800 && point < 0xe000;
    if (!surrogate && native[point] && here.test(String.fromCodePoint(point)) && !unstable.includes(point)) points.push(point);
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
