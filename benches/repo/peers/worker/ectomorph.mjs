// The npm package in this repository, in the worker that asks it.
import * as library from "/pkg/dist/browser/index.js";
import { here } from "/pkg/dist/browser/repo/here.js";
import * as repo from "/pkg/dist/browser/repo/index.js";
import { openBench } from "../repo.mjs";

export const name = "ectomorph";
export const stores = true;

export const open = (place) =>
  openBench({ ...library, ...repo }, { worker: here, ...(place === undefined ? { storage: "memory" } : { name: place, storage: "opfs" }) });
