// What the generators of Rust answer: they are in an artifact of their own, which no page loads.
import { readFileSync } from "node:fs";
import { Failure } from "./failure.mjs";

let exports;

/** Asks for files or for the commands of a migration; `src/generate/wasm.rs` has what can be asked. */
export function ask(request) {
  exports ??= new WebAssembly.Instance(new WebAssembly.Module(readFileSync(new URL("../dist/generate.wasm", import.meta.url)))).exports;
  const bytes = new TextEncoder().encode(JSON.stringify(request));
  const room = exports.generate_room(bytes.length);
  new Uint8Array(exports.memory.buffer, room, bytes.length).set(bytes);
  const at = exports.generate_answer();
  const answer = JSON.parse(new TextDecoder().decode(new Uint8Array(exports.memory.buffer, at, exports.generate_length())));
  if (answer.mistake !== undefined) throw new Failure(answer.mistake);
  return answer;
}
