// The npm package in this repository, in memory or in a folder.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as library from "../../../pkg/dist/node/index.js";
import * as repo from "../../../pkg/dist/node/repo/index.js";
import { openBench } from "./repo.mjs";

export const name = "ectomorph";
export const version = JSON.parse(readFileSync(new URL("../../../pkg/package.json", import.meta.url), "utf8")).version;
/** In a folder, as its own files. */
export const stores = true;

export const open = (folder) =>
  openBench({ ...library, ...repo }, folder === undefined ? { storage: "memory" } : { name: join(folder, "ectomorph"), storage: "file" });
