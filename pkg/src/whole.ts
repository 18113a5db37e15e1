import type { Inputs } from "./changeset.js";
import type { Core, RulesDocument } from "./core.js";
import type { Description } from "./describe.js";
import { EctomorphError } from "./errors.js";
import type { ReadParams } from "./result.js";
import type { Step } from "./rules.js";
import { hint, wholeLater, wholeNow } from "#source";
import type { Compiled } from "./whole/compile.js";
import type { Engine } from "./whole/engine.js";
import type { Recipe } from "./whole/recipe.js";

/**
 * The engine that knows every rule. Servers have it at once; pages load it when they ask for it, since most forms get by
 * with the small one.
 */
export interface Whole {
  /** What runs it. */
  readonly engine: Engine;
  /** Compiles rules, unless it did; gives their schema. */
  compile(core: Core): Description;
  /** The document of compiled rules as it was understood; in a page, as it was given and accepted. */
  document(core: Core): RulesDocument;
  /** Applies rules, and then more steps. */
  recipe(core: Core, data: object, isBlank: boolean, params: ReadParams, steps?: readonly Step[]): Recipe;
  /** What it knows of the children in a relation, where that is no document. */
  child?(core: Core, field: string): Compiled;
  /** Applies rules to what the small engine applied them to. */
  replay(core: Core, data: object, isBlank: boolean, inputs: Inputs): Recipe;
}

let whole: Whole | undefined = undefined;
let loading: Promise<Whole> | undefined = undefined;

/** The whole engine, for `what` needs it. */
export function theWhole(what: string): Whole {
  const found = wholeIfThere();
  if (found === undefined) throw new EctomorphError(`the whole engine is not there yet, and needed for ${what}; ${hint}`);
  return found;
}

/** The whole engine; undefined in a page that did not load it. */
export function wholeIfThere(): Whole | undefined {
  try {
    return (whole ??= wholeNow());
  } catch (cause) {
    throw new EctomorphError(`the wasm can't be used: ${(cause as Error).message}`, { cause });
  }
}

/** Hands the whole engine in. */
export function giveWhole(given: Whole): void {
  whole ??= given;
}

/**
 * Loads the whole engine, which knows every rule and every function. Only a page must wait for it, and only for what
 * the small engine inside the page's script does not cover: such a call throws an error that says so.
 *
 * @example
 * await ready();
 */
export async function ready(): Promise<void> {
  if (whole !== undefined) return;
  loading ??= wholeLater();
  try {
    giveWhole(await loading);
  } finally {
    // What could not be fetched may be there the next time.
    loading = undefined;
  }
}
