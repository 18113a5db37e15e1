/**
 * The whole engine: everything that talks to its artifact. No part of a page's own script; see `source/`.
 *
 * @module
 */
import { paramsOf } from "../captured.js";
import type { Whole } from "../whole.js";
import { compiledOf, writtenOf } from "./compile.js";
import { type Engine, startEngine } from "./engine.js";
import type { Instantiated } from "./instantiated.js";
import { Recipe } from "./recipe.js";

/** The whole engine on an instance of its artifact. */
export function wholeOf(instantiated: Instantiated): Whole {
  return wholeOn(startEngine(instantiated));
}

/** The same on an engine of one's own. */
export function wholeOn(engine: Engine): Whole {
  return {
    engine,
    compile: (core) => compiledOf(core).schema,
    document: writtenOf,
    replay: (core, data, isBlank, { outcome, hasParams }) =>
      Recipe.make(core, data, isBlank, hasParams ? paramsOf(outcome) : null),
    recipe: (core, data, isBlank, params, steps) => Recipe.of(core, data, isBlank, params, steps),
  };
}
