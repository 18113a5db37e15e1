// No artifact: the page brings it with `init`.

export { compiled } from "./compiled.js";

export const hint = "await init(fetch(url of ectomorph.wasm)) first";

export const fastNow = () => undefined;

export const wholeNow = () => undefined;

export const wholeLater = async (module) => {
  if (module === undefined) throw new Error(`ectomorph has no wasm of the whole engine yet; ${hint}`);
  return (await import("./none-whole.js")).load(module);
};
