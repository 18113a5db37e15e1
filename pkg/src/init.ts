import { giveFast } from "./fast-module.js";
import { giveWhole } from "./whole.js";
import { compiled, wholeLater } from "#source";

/** What `init` takes: a compiled module, its bytes, or the response of a fetch. */
export type WasmSource = WebAssembly.Module | ArrayBuffer | ArrayBufferView | Response;

/**
 * Brings an engine from a module, its bytes or the response of a fetch, for `ectomorph/slim`, which has none inside:
 * `fast.wasm`, the small one, which is enough for most forms, or `ectomorph.wasm`, the whole one, or both.
 *
 * @example
 * import { init } from "ectomorph/slim";
 * await init(fetch("/fast.wasm"));
 */
export async function init(source: WasmSource | Promise<WasmSource>): Promise<void> {
  const module = await compiled(await source);
  const isWhole = WebAssembly.Module.exports(module).some(({ name }) => name === "compile");
  if (isWhole) giveWhole(await wholeLater(module));
  else giveFast(module);
}
