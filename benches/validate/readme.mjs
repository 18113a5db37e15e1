// Writes what was measured into the README of the package: what ectomorph takes, and how many times as long others do.
import { cpus } from "node:os";
import { writeTable } from "../../pkg/tables.mjs";
import { CASES } from "./forms.mjs";
import { median } from "./table.mjs";

/** Who stands in it: a table of all would not fit. */
const OTHERS = ["zod", "zod-compile", "zod-mini", "valibot", "arktype", "ajv", "yup"];

/** Replaces the table of speeds. */
export function writeReadme(peers, rounds) {
  const ours = peers.find(({ file }) => file === "ectomorph");
  const others = peers.filter(({ file }) => OTHERS.includes(file));
  if (ours === undefined || others.length === 0) throw new Error("the README compares ectomorph with others: measure both");
  const rows = CASES.map(({ name, unit }) => {
    const own = median(ours.results[name]);
    const [number, word] = unit === "ms" ? [own, "ms"] : [own / 1000, "µs"];
    return [name, `${digits(number)} ${word}`, ...others.map((peer) => times(median(peer.results[name]) / own) + (peer.cases[name] ? "\\*" : ""))];
  });
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const provenance = `\`cargo xtask bench validate --readme\`: Node ${process.version.slice(1)}, ${cpus()[0]?.model.trim() ?? "an unknown processor"}, `
    + `medians of ${rounds} rounds, ${new Date().toISOString().slice(0, 10)}; ${others.map(({ name, version }) => `${name} ${version}`).join(", ")}.`;
  const less = others.flatMap((peer) => Object.entries(peer.cases).map(([name, found]) => `${peer.name}, ${name}: ${found.join(", ")}`));
  writeTable("speeds", [
    line(["", "ectomorph", ...others.map(({ name }) => name)]), line(["---", ...rows[0].slice(1).map(() => "---:")]), ...rows.map(line),
    "", ...(less.length > 0 ? [`\\* less or other work than was asked: ${less.join("; ")}.`, ""] : []), provenance,
  ]);
}

const times = (ratio) => `${digits(ratio)}x`;
/** Two digits that count: a bench has no more. */
const digits = (number) => String(Number(number.toPrecision(2)));
