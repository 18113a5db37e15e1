/** How the engine gets into the page; each build of the package has its own: see `source/`. */
declare module "#source" {
  import type { Instantiated, WasmSource } from "./instantiated.js";

  /** Instantiates at once, or throws where there is nothing to instantiate yet. */
  export function instantiate(source: WebAssembly.Module | ArrayBuffer | ArrayBufferView | undefined): Instantiated;
  /** Instantiates without blocking. */
  export function load(source: WasmSource | undefined): Promise<Instantiated>;
}
