// The small engine inside the script, the whole one in a script of its own: for browsers and everywhere else.
import text from "#fast-text";
import { bytesOf } from "./text.js";

export const hint = "await ready() first";

export const fastNow = () => new WebAssembly.Module(bytesOf(text));

export const wholeNow = () => undefined;

export const wholeLater = async () => (await import("./inline-whole.js")).load();
