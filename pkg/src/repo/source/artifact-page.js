// The artifacts as files beside the package: for the workers of pages.
import { instantiate } from "./instance.js";
import { instantiate as instantiateSql } from "./instance-sql.js";

// Bundlers look for the two URLs as they are written here, and for one script: import() in a worker is too much for some.
const REPO = { url: () => new URL("../../repo.wasm", import.meta.url), instantiate };
const SQL = { url: () => new URL("../../repo-sql.wasm", import.meta.url), instantiate: instantiateSql };

export const load = async (sql = false) => {
  const { url, instantiate } = sql ? SQL : REPO;
  const response = await fetch(url());
  if (!response.ok) throw new Error(`the wasm file was not found: ${response.url} answered ${response.status}`);
  // Browsers compile while they load, and keep what they compiled, if the server says what it is, without params.
  const isNamed = response.headers.get("content-type") === "application/wasm";
  return instantiate(await (isNamed ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer())));
};
