// The npm package in this repository, in its worker on OPFS.
import * as library from "/pkg/dist/browser/index.js";
import * as repo from "/pkg/dist/browser/repo/index.js";
import { openBench } from "../repo.mjs";

export const name = "ectomorph";
export const stores = true;

export const open = (place) =>
  openBench({ ...library, ...repo }, place === undefined ? { storage: "memory" } : { name: place, storage: "opfs" });
