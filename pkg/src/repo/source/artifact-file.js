// The artifact as a file beside the script: for Node, Deno and Bun.
import { readFile } from "node:fs/promises";
import { instantiate } from "./instance.js";

export const load = async () => instantiate(await WebAssembly.compile(await readFile(new URL("./repo.wasm", import.meta.url))));
