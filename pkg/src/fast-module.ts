import { fastNow, hasFast } from "#source";

let module: WebAssembly.Module | undefined = undefined;

/** Whether there is a module of the small engine, though nobody may have compiled it yet. */
export function isFastThere(): boolean {
  return hasFast || module !== undefined;
}

/** The small engine's module; undefined where the page brings none. */
export function fastModule(): WebAssembly.Module | undefined {
  return (module ??= fastNow());
}

/** Hands the module in. */
export function giveFast(given: WebAssembly.Module): void {
  module ??= given;
}
