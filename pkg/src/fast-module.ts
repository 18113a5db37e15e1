import { fastNow } from "#source";

let module: WebAssembly.Module | undefined = undefined;
let furtherNow: (() => WebAssembly.Module | undefined) | undefined = undefined;

/** The small engine's module, or its first part; undefined where the page brings none. */
export function fastModule(): WebAssembly.Module | undefined {
  return (module ??= fastNow());
}

/** The second part, if something asked for it. */
export function furtherModule(): WebAssembly.Module | undefined {
  return furtherNow?.();
}

/** Hands the module in. */
export function giveFast(given: WebAssembly.Module): void {
  module ??= given;
}

/** Says where the second part is. */
export function giveFurther(given: () => WebAssembly.Module | undefined): void {
  furtherNow ??= given;
}
