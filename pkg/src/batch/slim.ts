/**
 * The same as `ectomorph/batch`, without the wasm inside: the page brings it with `initBatch`.
 *
 * @module
 */
import { compiled } from "#source";
import type { WasmSource } from "../init.js";
import { giveModule } from "./cutter.js";

export * from "./index.js";

/**
 * Brings the reader of CSV for `ectomorph/slim/batch`, which has none inside, from `batch.wasm`; `castAll` needs none.
 *
 * @example
 * await initBatch(fetch("/batch.wasm"));
 */
export async function initBatch(source: WasmSource | Promise<WasmSource>): Promise<void> {
  giveModule(await compiled(await source));
}
