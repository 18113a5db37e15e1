// The reader of CSV inside the script.
import text from "#batch-text";
import { bytesOf } from "../../source/text.js";

export const hint = "";

export const batchNow = () => new WebAssembly.Module(bytesOf(text));
