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
  if (ours) against(ours, peers);
  console.log(
    ours
      ? "\nMedians; (2.0x): takes 2.0 times as long as ectomorph. Noise on a shared machine is easily a third."
      : "\nMedians. Without ectomorph there are no ratios.",
  );
}

// Of batches, which are asked to be so many times as fast as the fastest peer, what became of that.
function against(ours, peers) {
  console.log();
  for (const { name, target } of CASES.filter((each) => each.target)) {
    const others = peers.filter((peer) => peer !== ours && peer.file !== "vanilla" && !peer.cases[name]);
    const ranked = others.map((peer) => [median(peer.results[name]) / median(ours.results[name]), peer.name]).sort(([a], [b]) => a - b);
    const [fastest, ...rest] = ranked.map(([ratio, name]) => ({ ratio: ratio.toFixed(1), name, meets: ratio >= target }));
    if (!fastest) continue;
    const next = rest.slice(0, 2).map(({ ratio, name }) => `${ratio} times ${name}`).join(", ");
    console.log(`${name}: ${fastest.ratio} times as fast as ${fastest.name}, the fastest peer; ${target} are asked: ${fastest.meets ? "met" : "missed"}${next && ` (${next})`}`);
  }
}

/** The middle of numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const times = (ratio) => `(${ratio < 10 ? ratio.toFixed(1) : Math.round(ratio)}x)`;
const figure = (number, unit) => (unit === "ms" ? number.toFixed(1) : Math.round(number).toLocaleString("en-US"));
