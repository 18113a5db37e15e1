// Migrations in TypeScript: Node reads them itself from 22.18 on; before, the project's own compiler makes JavaScript of them.
import { createRequire, register } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Failure } from "./failure.mjs";

let registered = false;

/** Has `import` understand files of TypeScript. */
export async function readTypeScript(path) {
  if (registered || process.features.typescript) return;
  registered = true;
  let compiler;
  try {
    compiler = createRequire(pathToFileURL(resolve("package.json"))).resolve("typescript");
  } catch {
    throw new Failure(
      `${path} is in TypeScript, which Node ${process.versions.node} does not read: install typescript in this project, use Node 22.18 or newer, or write it as JavaScript or JSON`,
    );
  }
  register(new URL("typescript-hooks.mjs", import.meta.url), { data: { compiler: pathToFileURL(compiler).href } });
}
