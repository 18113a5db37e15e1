import { maker as maker1 } from "#make-1";
import { maker as maker2 } from "#make-2";
import { maker as maker3 } from "#make-3";
import { maker as maker4 } from "#make-4";
import { maker as maker5 } from "#make-5";
import { maker as maker6 } from "#make-6";
import type { Make } from "./make.js";

/** Copies of the same module: what V8 learns of one's records it does not confuse with another's. */
const MAKERS = [maker1, maker2, maker3, maker4, maker5, maker6];

let count = 0;

/** What makes records of a template, with new lists in these fields, and cells for these names. */
export function nextMaker(...args: Parameters<typeof maker1>): Make {
  return (MAKERS[count++ % MAKERS.length] as typeof maker1)(...args);
}
