// The second part of the small engine, inside the script of a page that asks for it.
import text from "#further-text";
import { bytesOf } from "./text.js";

export const furtherNow = () => new WebAssembly.Module(bytesOf(text));
