/**
 * The same as `ectomorph`, without the wasm inside: the page brings it with `init`.
 *
 * @module
 */
export * from "./index.js";
export { init } from "./init.js";
