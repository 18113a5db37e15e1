// The artifact as a file beside the package: for the workers of pages.
import { instantiate } from "./instance.js";

export const load = async () => {
  const response = await fetch(new URL("../../repo.wasm", import.meta.url));
  if (!response.ok) throw new Error(`the wasm file was not found: ${response.url} answered ${response.status}`);
  return instantiate(await WebAssembly.compile(await response.arrayBuffer()));
};
