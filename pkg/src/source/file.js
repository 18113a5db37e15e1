// The artifacts as files beside the script: for Node, Deno and Bun.
import { existsSync, readFileSync } from "node:fs";
import { wholeOf } from "#whole";
import { start } from "./glue.js";

export const hint = "";

const file = (name) => new URL(`./${name}.wasm`, import.meta.url);
const bytes = (name) => readFileSync(file(name));

export const fastNow = () => (existsSync(file("fast")) ? new WebAssembly.Module(bytes("fast")) : undefined);

export const wholeNow = () => wholeOf(start(new WebAssembly.Module(bytes("ectomorph"))));

export const wholeLater = async () => wholeOf(start(await WebAssembly.compile(bytes("ectomorph"))));
