// The artifact as a file beside the script: for Node, Deno and Bun.
import { readFileSync } from "node:fs";
import { compiled, start } from "./glue.js";

const bytes = () => readFileSync(new URL("./ectomorph.wasm", import.meta.url));

export const instantiate = (source) => start(new WebAssembly.Module(source ?? bytes()));

export const load = async (source) => start(await compiled(source ?? bytes()));
