// What was measured, as text.
import { median } from "./tasks/measure.mjs";

/** What the others are measured in. */
const UNIT = "sqlite-wasm";
/** Who is measured. */
const OURS = "ectomorph";
/** How much of the time of SQLite our own may take. */
const AIM = 0.5;

/** A line a case, a column a peer: the medians of the rounds, and how they compare. */
export function sideBySide(measured, rounds) {
  const unit = measured.get(UNIT);
  const names = Object.keys([...measured.values()][0].rounds[0]);
  const columns = [...measured.values()].map((peer) => [
    `${peer.name} ${peer.version}`,
    ...names.map((name) => {
      const own = figure(peer, name);
      if (own === undefined) return "-";
      const ratio = peer === unit ? undefined : ratioOf(peer, unit, name);
      const { unit: of } = peer.rounds[0][name];
      return `${own.toFixed(of !== "B" && (of === "us" || own < 10) ? 2 : 0)} ${of}${ratio === undefined ? "" : ` (${times(ratio)})`}`;
    }),
  ]);
  const legend = `Medians of ${rounds} rounds; (0.5x): half of what ${UNIT} takes. Noise on a shared machine is easily a third.`;
  return `${aligned([["", ...names], ...columns])}\n\n${legend}`;
}

/** How ours compares with another in each case, and which misses the aim. */
export function compared(measured, other) {
  const [own, unit] = [measured.get(OURS), measured.get(other)];
  if (!own || !unit) return "";
  const ratios = Object.keys(own.rounds[0]).map((name) => [name, ratioOf(own, unit, name)]).filter(([, ratio]) => ratio !== undefined);
  const missed = ratios.filter(([, ratio]) => ratio > AIM);
  const all = ratios.map(([name, ratio]) => {
    const first = ratioOf(own, unit, name, "first");
    const cold = first === undefined || first <= AIM || ratio > AIM ? "" : `  (the first time ${times(first)})`;
    return `  ${times(ratio).padStart(7)}  ${name}${ratio > AIM ? `  > ${AIM}` : ""}${cold}`;
  });
  const sentence =
    missed.length === 0
      ? `All ${ratios.length} take at most ${AIM} of it.`
      : `${missed.length} of ${ratios.length} take more than ${AIM} of it: ${missed.map(([name]) => name).join("; ")}.`;
  return [`${own.name} / ${unit.name}:`, ...all, sentence].join("\n");
}

/** Answers that are not those of the reference, and what failed. */
export function differences(measured, reference) {
  const right = measured.get(reference);
  const lines = [];
  for (const peer of measured.values()) {
    for (const [name, { digest, error }] of Object.entries(peer.rounds[0])) {
      const expected = right.rounds[0][name]?.digest;
      if (error) lines.push(`${peer.name}, ${name}: ${error}`);
      else if (expected !== undefined && digest !== expected) lines.push(`${peer.name}, ${name}: answers ${digest}, not ${expected}`);
    }
  }
  return lines.join("\n");
}

/** What single calls cost at each size, and how much more at the largest than at the smallest. */
export function growth(grown) {
  const peers = [...grown.values()];
  if (peers.length === 0) return "";
  const calls = Object.keys(peers[0].results);
  const sizes = Object.keys(peers[0].results[calls[0]]);
  const [least, most] = [sizes[0], sizes.at(-1)];
  const lines = calls.flatMap((call) => peers.map(({ name, results }) => ({ call, name, at: results[call] })));
  const columns = [
    ["us a call", ...lines.map(({ call, name }) => `${call}: ${name}`)],
    ...sizes.map((size) => [Number(size).toLocaleString("en"), ...lines.map(({ at }) => at[size].figure.toFixed(2))]),
    ["growth", ...lines.map(({ at }) => times(at[most].figure / at[least].figure))],
  ];
  const digests = lines.filter(({ call, at }) => sizes.some((size) => at[size].digest !== peers[0].results[call][size].digest));
  const differ = digests.map(({ call, name }) => `\n${name}, ${call}: answers differ from those of ${peers[0].name}`).join("");
  return aligned(columns) + differ;
}

/** The median of the rounds; `which` is the figure, or that of the first time. */
function figure(peer, name, which = "figure") {
  const figures = peer.rounds.map((results) => results[name]?.[which]);
  return figures.includes(undefined) ? undefined : median(figures);
}

function ratioOf(peer, unit, name, which) {
  const [own, its] = [figure(peer, name, which), unit && figure(unit, name, which)];
  return own === undefined || its === undefined ? undefined : own / its;
}

function times(ratio) {
  return `${ratio < 0.1 ? ratio.toFixed(3) : ratio.toFixed(2)}x`;
}

/** Columns beside each other, the first to the left. */
function aligned(columns) {
  const widths = columns.map((column) => Math.max(...column.map((cell) => cell.length)));
  const lines = columns[0].map((_, line) =>
    columns.map((column, at) => (at === 0 ? column[line].padEnd(widths[at]) : column[line].padStart(widths[at]))).join("  "));
  return lines.map((line) => line.trimEnd()).join("\n");
}
