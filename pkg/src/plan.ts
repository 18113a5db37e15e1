import type { Source } from "./changeset.js";
import type { Core } from "./core.js";
import type { ReadParams } from "./result.js";

/** Rules that the small engine runs. */
export interface Plan {
  /** Applies the rules; undefined if the data are such that the whole engine must. */
  apply(data: object, isBlank: boolean, params: ReadParams): Source | undefined;
}

/** The plan of rules; undefined if the small engine does not cover all of them. */
export function planOf(_core: Core): Plan | undefined {
  return undefined;
}
