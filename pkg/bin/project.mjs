// The project that the program is run in, and the package it is of.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "./failure.mjs";

/** The version of the package. */
export const VERSION = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version;

/** Where migrations are, if nobody says: as the program of Cargo has it. */
const FOLDER = "priv/repo/migrations";

/** What package.json says under "ectomorph": `database` and `migrations`, both folders. */
export function settings() {
  if (!existsSync("package.json")) return {};
  let read;
  try {
    read = JSON.parse(readFileSync("package.json", "utf8")).ectomorph ?? {};
  } catch (error) {
    throw new Failure(`package.json: ${error.message}`);
  }
  for (const [key, value] of Object.entries(read)) {
    if (key !== "database" && key !== "migrations") throw new Failure(`package.json: "ectomorph" has no ${JSON.stringify(key)}; it has "database" and "migrations"`);
    if (typeof value !== "string" || value === "") throw new Failure(`package.json: ${JSON.stringify(key)} of "ectomorph" is the name of a folder`);
  }
  return read;
}

/** The folder of migrations. */
export const folderOf = (options) => options["migrations-path"] ?? settings().migrations ?? FOLDER;

/** The files of a folder that are named as migrations are, in the order of versions; undefined if there is no such folder. */
export function filesOf(folder) {
  if (!existsSync(folder)) return undefined;
  const files = [];
  for (const file of readdirSync(folder)) {
    const parts = /^(\d+)_(.+)\.(json|m?[jt]s|rs)$/.exec(file);
    if (parts !== null && !file.endsWith(".d.ts") && !file.endsWith(".d.mts")) {
      files.push({ version: Number(parts[1]), name: parts[2], path: join(folder, file), kind: parts[3] });
    }
  }
  return files.sort((one, other) => one.version - other.version || (one.name < other.name ? -1 : 1));
}
