// The server's rules come into the page in two ways, and are the same to whoever uses them: as documents, which the engine of
// the package runs, and as the server's own Rust, compiled to WebAssembly with the validators that no document can hold.
import { load, ready } from "ectomorph";
import { attach } from "ectomorph/attach";
import type { RulesByName } from "./rules.js";
import { validators } from "./validators.js";

/** The documents that the server hands out. What they name but can't hold is registered here. */
export async function fromDocuments(): Promise<RulesByName> {
  // Articles and conditions of these rules are for the whole engine.
  const [known, answer] = await Promise.all([validators(), fetch("/rules.json"), ready()]);
  return load<RulesByName>(await answer.json(), { validators: known });
}

/** The crate of the rules, as `wasm-pack build --target web` makes a module of it. */
export async function fromRust(): Promise<RulesByName> {
  const { default: init, ...wasm } = await import("../../examples/shared-rules/rules/pkg/rules.js");
  await init();
  return attach<RulesByName>(wasm);
}
