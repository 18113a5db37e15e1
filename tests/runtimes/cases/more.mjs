// What is beside the core, in a runtime and a bundler of each kind.
import { MORE, MORE_ANSWER } from "../program.mjs";
import bundlers from "./bundlers.mjs";
import programs from "./programs.mjs";
import workers from "./workers.mjs";

const PLACES = ["node, import", "deno", "bun", "esbuild", "rollup", "vite build", "webpack 5 for web", "workerd"];

export default [...programs, ...bundlers, ...workers]
  .filter(({ name }) => PLACES.includes(name))
  .map((place) => ({
    ...place,
    name: `${place.name}: batch and attach`,
    answer: MORE_ANSWER,
    run: (project) => place.run((files) => project({ ...files, "program.mjs": MORE })),
  }));
