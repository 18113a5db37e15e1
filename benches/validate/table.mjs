// The results as text.
import { CASES } from "./forms.mjs";

/** Prints what was measured, and what each peer does otherwise than asked. */
export function print(peers, onlyVerified) {
  if (!onlyVerified) measured(peers);
  const otherwise = peers.filter((peer) => peer.notes.length + peer.edges.length + Object.keys(peer.cases).length > 0);
  if (otherwise.length === 0) return console.log("every peer does all of the work");
  console.log("\nWhat peers do otherwise (a * in the table: less or other work than was asked):");
  for (const peer of otherwise) {
    console.log(`  ${peer.name} ${peer.version}`);
    for (const note of peer.notes) console.log(`    ${note}`);
    for (const [name, found] of Object.entries(peer.cases)) console.log(`    * ${name}: ${found.join("; ")}`);
    if (peer.edges.length > 0) console.log(`    ${peer.edges.join("; ")}`);
  }
}

function measured(peers) {
  const ours = peers.find((peer) => peer.file === "ectomorph");
  const rows = peers.map((peer) => [
    peer.name,
    peer.version,
    ...CASES.map(({ name, unit }) => {
      const own = median(peer.results[name]);
      const ratio = ours && peer !== ours ? ` ${times(own / median(ours.results[name]))}` : "";
      return `${figure(own, unit)}${peer.cases[name] ? "*" : ""}${ratio}`;
    }),
  ]);
  const head = ["peer", "version", ...CASES.map(({ name, unit }) => `${name}, ${unit}`)];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
  const line = (cells) => cells.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  ");
  console.log();
  for (const row of [head, ...rows]) console.log(line(row).trimEnd());
  if (!ours) return console.log("\nMedians. Without ectomorph there are no ratios.");
  console.log("\nMedians; (2.0x): takes 2.0 times as long as ectomorph. Noise on a shared machine is easily a third.");
  console.log("\nWhat was aimed at: faster than every library (`z.compile` on a valid user form apart); of invalid input ten times zod, three times valibot; of batches 2.5 times the fastest, of CSV four times.");
  for (const { name, target } of CASES) console.log(`  ${name.padEnd(18)}${aims(ours, peers, name, target)}`);
}

/** How far ahead ectomorph is in a column, and whether that is what was aimed at. */
function aims(ours, peers, column, target = 1) {
  const own = median(ours.results[column]);
  const ratio = (peer) => median(peer.results[column]) / own;
  const rivals = peers.filter(({ file }) => !/^(ectomorph.*|vanilla)$/.test(file) && !(file === "zod-compile" && column === "user valid"));
  if (rivals.length === 0) return "nobody to compare with";
  const best = rivals.reduce((first, peer) => (ratio(peer) < ratio(first) ? peer : first));
  const found = [[best, target]];
  if (column.endsWith(" invalid")) for (const [file, least] of [["zod", 10], ["valibot", 3]]) found.push([rivals.find((peer) => peer.file === file), least]);
  const told = found.filter(([peer]) => peer).map(([peer, least]) => {
    const is = ratio(peer);
    return `${peer === best && least === target ? "best is " : ""}${peer.name} ${is < 10 ? is.toFixed(2) : Math.round(is)}x${is >= least ? "" : ` (missed, ${least}x)`}`;
  });
  return told.join(", ");
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const times = (ratio) => `(${ratio < 10 ? ratio.toFixed(1) : Math.round(ratio)}x)`;
const figure = (number, unit) => (unit === "ms" ? number.toFixed(1) : Math.round(number).toLocaleString("en-US"));
