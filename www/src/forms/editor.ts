// Runs the code of an example as it was edited. The policy of the site lets no page run text, so the text becomes a script
// of the site: the service worker hands it out (`src/offline/service-worker.ts`). What an example imports is there under
// names of its own (`packages` in build.mjs).
import { keepOffline } from "../offline/register.js";

/** Where edited scripts are kept, and what the service worker hands out of there. */
const SHELF = "edited";

/** What examples may import. */
const IMPORT = /(\bfrom\s*|\bimport\s*)(["'])(ectomorph(?:\/[\w-]+)*|\.\/page\.js)\2/g;

let runs = 0;

/** Lets a person edit the code of an example and run it, on the form as it was at first. */
export function edit(example: HTMLElement): void {
  const code = within<HTMLTextAreaElement>(example, "textarea.code");
  const run = within<HTMLButtonElement>(example, "[data-run]");
  const restore = within<HTMLButtonElement>(example, "[data-restore]");
  const problem = within<HTMLElement>(example, ".problem");
  const live = within<HTMLElement>(example, ".live");
  const [text, html] = [code.value, live.innerHTML];

  code.addEventListener("input", () => (restore.disabled = code.value === text));
  const start = async (): Promise<void> => {
    run.disabled = true;
    problem.textContent = "";
    code.removeAttribute("aria-invalid");
    live.innerHTML = html;
    try {
      await execute(code.value);
    } catch (error) {
      problem.textContent = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      code.setAttribute("aria-invalid", "true");
    } finally {
      run.disabled = false;
    }
  };
  run.addEventListener("click", () => void start());
  restore.addEventListener("click", () => {
    code.value = text;
    restore.disabled = true;
    void start();
  });
}

async function execute(text: string): Promise<void> {
  await import(await shelve(text.replaceAll(IMPORT, (_, word: string, _quote: string, name: string) => `${word}"${locationOf(name)}"`)));
}

/** Keeps a script where the service worker finds it, and says where that is. */
async function shelve(script: string): Promise<string> {
  if (!("serviceWorker" in navigator)) {
    throw new Error("edited code runs by way of a service worker, which this browser does not have here (a private window, or no https)");
  }
  keepOffline();
  await navigator.serviceWorker.ready;
  if (navigator.serviceWorker.controller === null) {
    await new Promise((taken) => navigator.serviceWorker.addEventListener("controllerchange", taken, { once: true }));
  }
  const url = new URL(`${SHELF}/${(runs += 1)}-${Date.now()}.js`, document.baseURI).href;
  const shelf = await caches.open(SHELF);
  for (const old of await shelf.keys()) await shelf.delete(old);
  await shelf.put(url, new Response(script, { headers: { "content-type": "text/javascript" } }));
  return url;
}

function locationOf(name: string): string {
  return new URL(name === "./page.js" ? "packages/page.js" : `packages/${name}.js`, document.baseURI).href;
}

function within<E extends Element>(example: Element, selector: string): E {
  const found = example.querySelector<E>(selector);
  if (found === null) throw new Error(`the example #${example.id} has no ${selector}`);
  return found;
}
