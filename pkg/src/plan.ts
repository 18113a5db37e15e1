import type { Source } from "./changeset.js";
import { whenCollected } from "./collected.js";
import type { Core } from "./core.js";
import { forget, runsAt } from "./fast.js";
import type { Level } from "./level.js";
import { Planned } from "./planned.js";
import { Translator } from "./translate/index.js";
import type { ReadParams } from "./result.js";

/** Rules that the small engine runs. */
export interface Plan {
  /** A changeset of no use: a shape that no object has is collected, and the code with it that was compiled for it. */
  readonly kept: unknown;
  /** The params of the record itself. */
  readonly root: Level;
  /** Applies the rules; undefined if the data are such that the whole engine must. */
  apply(data: object, isBlank: boolean, params: ReadParams): Source | undefined;
}

/** Forgets a plan in the engine when nothing can apply it any more. */
const forgotten = /* @__PURE__ */ whenCollected(forget);

/** The plan of rules; undefined if the small engine does not cover all of them. */
export function planOf(core: Core): Plan | undefined {
  const translated = Translator.translate(core);
  if (translated === undefined) return undefined;
  const handle = runsAt(translated.packed, translated.further);
  if (handle === 0) return undefined;
  const { tables, schema } = translated;
  forgotten?.register(core, handle);
  return {
    kept: Planned.blank(core, schema, tables),
    root: tables.root,
    apply: (data, isBlank, params) => Planned.make(core, schema, tables, handle, data, isBlank, params),
  };
}
