// The artifact as a file beside the script: for Node, Deno and Bun.
import { readFile } from "node:fs/promises";
import { LEAVE_OUT, beside } from "../../source/beside.js";
import { instantiate } from "./instance.js";

export const load = async () => {
  const file = beside(import.meta.url, "repo.wasm");
  const bytes = await readFile(file).catch((cause) => {
    throw new Error(`the repo's wasm was not found at ${file}; ${LEAVE_OUT}`, { cause });
  });
  return instantiate(await WebAssembly.compile(bytes));
};
