import { fastNow } from "#source";

let module: WebAssembly.Module | undefined = undefined;

/** The small engine's module; undefined where the page brings none. */
export function fastModule(): WebAssembly.Module | undefined {
  return (module ??= fastNow());
}

/** Hands the module in. */
export function giveFast(given: WebAssembly.Module): void {
  module ??= given;
}
