// The artifacts as files beside the script: for Node, Deno and Bun.
import { readFileSync } from "node:fs";
import { wholeOf } from "#whole";
import { start } from "./glue.js";

export const hint = "";

const bytes = (name) => readFileSync(new URL(`./${name}.wasm`, import.meta.url));

export const fastNow = () => new WebAssembly.Module(bytes("fast"));

export const wholeNow = () => wholeOf(start(new WebAssembly.Module(bytes("ectomorph"))));

export const wholeLater = async () => wholeOf(start(await WebAssembly.compile(bytes("ectomorph"))));
