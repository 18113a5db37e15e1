/** How the engines get into the page; each build of the package has its own: see `source/`. */
declare module "#source" {
  import type { WasmSource } from "./init.js";
  import type { Whole } from "./whole.js";

  /** What to do where the whole engine is missing. */
  export const hint: string;
  /** The module of the small engine, at once; undefined where the page has yet to bring it. */
  export function fastNow(): WebAssembly.Module | undefined;
  /** The whole engine at once; undefined where it has to be loaded. */
  export function wholeNow(): Whole | undefined;
  /** The whole engine, of a module if one is given, without blocking. */
  export function wholeLater(module?: WebAssembly.Module): Promise<Whole>;
  /** A module of what `init` takes; in the slim build alone. */
  export function compiled(source: WasmSource): Promise<WebAssembly.Module>;
}

/** How the second part of the small engine gets there, where that is in two. */
declare module "#further" {
  /** Its module; undefined where the first is the whole of it. */
  export function furtherNow(): WebAssembly.Module | undefined;
}

/** Copies of `see.ts`. */
declare module "#see-*" {
  export { seer } from "./see.js";
}
