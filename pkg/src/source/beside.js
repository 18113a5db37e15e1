import { fileURLToPath } from "node:url";

/**
 * The path of a file beside a script. Bundlers that meet `new URL(name, import.meta.url)` move the file, and give a URL
 * that no file system reads; the address of a script they leave as it is.
 */
export function beside(script, name) {
  return fileURLToPath(new URL(name, script));
}

/** What to do where a bundler moved the script alone. */
export const LEAVE_OUT = 'leave ectomorph out of the bundle (in Next.js, serverExternalPackages: ["ectomorph"])';
