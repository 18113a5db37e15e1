// The artifact inside the script: for browsers and everywhere else.
import base64 from "#wasm-base64";
import { compiled, start } from "./glue.js";

const bytes = () => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));

export const instantiate = (source) => start(new WebAssembly.Module(source ?? bytes()));

export const load = async (source) => start(await compiled(source ?? bytes()));
