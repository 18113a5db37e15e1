/** How the reader of CSV gets into the page; each build of the package has its own: see `source/`. */
declare module "#batch-source" {
  /** What to do where it is missing. */
  export const hint: string;
  /** Its module; undefined where the page has yet to bring it. */
  export function batchNow(): WebAssembly.Module | undefined;
}

/** Copies of `block.ts`. */
declare module "#block-*" {
  export { Block, sampleOf } from "./block.js";
}
