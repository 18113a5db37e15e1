// The whole engine as a script, which a page loads when it asks for it.
import { wholeOf } from "#whole";
import text from "#whole-text";
import { start } from "./glue.js";
import { bytesOf } from "./text.js";

export const load = async () => wholeOf(start(await WebAssembly.compile(bytesOf(text))));
