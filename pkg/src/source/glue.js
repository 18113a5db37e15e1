// The glue of wasm-bindgen and the host functions of the same artifact; the build says which artifact that is.
import { initSync } from "#glue";
import { setHost } from "#host";

export function start(module) {
  return { exports: initSync({ module }), setHost };
}
