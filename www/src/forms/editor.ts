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
  const url = await shelve(text.replaceAll(IMPORT, (_, word: string, _quote: string, name: string) => `${word}"${locationOf(name)}"`));
  try {
    await import(url);
  } finally {
    await (await caches.open(SHELF)).delete(url);
  }
}

/** Keeps a script where the service worker finds it, and says where that is. */
async function shelve(script: string): Promise<string> {
  if (!("serviceWorker" in navigator)) {
    throw new Error("edited code runs by way of a service worker, which this browser does not have here (a private window, or no https)");
  }
  keepOffline();
  await navigator.serviceWorker.ready;
  if (navigator.serviceWorker.controller === null) {
    await new Promise((taken, refuse) => {
      navigator.serviceWorker.addEventListener("controllerchange", taken, { once: true });
      // A page that was loaded past the service worker never gets it.
      setTimeout(() => refuse(new Error("the service worker does not answer for this page; load it again")), 5000);
    });
  }
  const url = new URL(`${SHELF}/${(runs += 1)}-${Date.now()}.js`, document.baseURI).href;
  const shelf = await caches.open(SHELF);
  // What pages left that are gone; another tab may be loading what it has just put there.
  for (const old of await shelf.keys()) if (!isRecent(old.url)) await shelf.delete(old);
  await shelf.put(url, new Response(script, { headers: { "content-type": "text/javascript" } }));
  return url;
}

/** Whether a script was put on the shelf within the last minute, as its address says. */
function isRecent(url: string): boolean {
  const [, time] = /-(\d+)\.js$/.exec(url) ?? [];
  return Date.now() - Number(time) < 60_000;
}

function locationOf(name: string): string {
  return new URL(name === "./page.js" ? "packages/page.js" : `packages/${name}.js`, document.baseURI).href;
}

function within<E extends Element>(example: Element, selector: string): E {
  const found = example.querySelector<E>(selector);
  if (found === null) throw new Error(`the example #${example.id} has no ${selector}`);
  return found;
}
