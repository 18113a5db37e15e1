// For Node, Deno and Bun: the small engine inside the script, the whole one as a file beside it.
import { readFileSync } from "node:fs";
import text from "#fast-text";
import { wholeOf } from "#whole";
import { LEAVE_OUT, beside } from "./beside.js";
import { start } from "./glue.js";
import { bytesOf } from "./text.js";

export const hint = "";

export const fastNow = () => new WebAssembly.Module(bytesOf(text));

export const wholeNow = () => wholeOf(start(new WebAssembly.Module(bytes())));

export const wholeLater = async () => wholeOf(start(await WebAssembly.compile(bytes())));

function bytes() {
  const file = beside(import.meta.url, "ectomorph.wasm");
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new Error(`the whole engine was not found at ${file}; ${LEAVE_OUT}`, { cause });
  }
}
