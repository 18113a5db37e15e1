// The page of the tutorial, and that of the recipes: runs each example that the page shows, and again as it is edited.
import { edit } from "./editor.js";

/** The examples whose code is shown: what the build makes of the very files. */
const EXAMPLES: { readonly [id: string]: () => Promise<unknown> } = {
  cast: () => import("./cast.js"),
  rules: () => import("./rules.js"),
  bind: () => import("./bind.js"),
  nested: () => import("./nested.js"),
  server: () => import("./server.js"),
  items: () => import("./items.js"),
  wizard: () => import("./wizard.js"),
  csv: () => import("./csv.js"),
  answers: () => import("./answers.js"),
  languages: () => import("./languages.js"),
  checks: () => import("./checks.js"),
};

for (const [id, run] of Object.entries(EXAMPLES)) {
  const example = document.getElementById(id);
  if (example === null) continue;
  edit(example);
  await run();
}
document.querySelector("main > [aria-busy]")?.removeAttribute("aria-busy");
