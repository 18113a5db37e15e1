import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** A program that npm installed. */
export const bin = (name) => fileURLToPath(new URL(`../node_modules/.bin/${name}`, import.meta.url));

/** What a script prints in Node, which is no browser but has all that a bundle for one needs here. */
export function print(script) {
  return execFileSync(process.execPath, ["--no-warnings", "--import", "data:text/javascript,globalThis.self = globalThis", script], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
