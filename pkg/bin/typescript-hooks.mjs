// What `import` does with files of TypeScript: in a thread of its own, as Node has it.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

let compiler;

/** Loads the project's compiler. */
export async function initialize(data) {
  compiler = (await import(data.compiler)).default;
}

/** Makes JavaScript of what is TypeScript. */
export async function load(url, context, next) {
  if (!/\.m?ts$/.test(url)) return next(url, context);
  const text = await readFile(fileURLToPath(url), "utf8");
  const { ESNext } = compiler.ModuleKind;
  const { outputText } = compiler.transpileModule(text, { compilerOptions: { module: ESNext, target: compiler.ScriptTarget.ES2022 } });
  return { format: "module", shortCircuit: true, source: outputText };
}
