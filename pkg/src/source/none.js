// No artifact: the page brings it with `init`.
import { compiled, start } from "./glue.js";

const missing = () => new Error("ectomorph has no wasm yet; await init(fetch(url of ectomorph.wasm)) first");

export const instantiate = (source) => {
  if (source === undefined) throw missing();
  return start(new WebAssembly.Module(source));
};

export const load = async (source) => {
  if (source === undefined) throw missing();
  return start(await compiled(source));
};
