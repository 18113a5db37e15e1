// The whole engine without its artifact.
import { wholeOf } from "#whole";
import { start } from "./glue.js";

export const load = (module) => wholeOf(start(module));
