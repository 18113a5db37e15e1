// Keeps the files of the site: with a network they come from there, without one as they were kept.

/** What the build puts in: the files, and a name that changes with them. */
declare const FILES: readonly string[];
declare const CACHE: string;

interface Extendable extends Event {
  waitUntil(done: Promise<unknown>): void;
}

interface Fetching extends Extendable {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

const worker = self as unknown as {
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
  readonly registration: { readonly scope: string };
  addEventListener<E extends Event>(type: string, listener: (event: E) => void): void;
};

worker.addEventListener<Extendable>("install", (event) => event.waitUntil(keep()));
worker.addEventListener<Extendable>("activate", (event) => event.waitUntil(takeOver()));
worker.addEventListener<Fetching>("fetch", (event) => {
  const { request } = event;
  const isOwn = request.method === "GET" && new URL(request.url).origin === location.origin;
  if (isOwn) event.respondWith(answer(request));
});

async function keep(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES.map((file) => new Request(new URL(file, worker.registration.scope), { cache: "reload" })));
  await worker.skipWaiting();
}

async function takeOver(): Promise<void> {
  const others = (await caches.keys()).filter((name) => name.startsWith("ectomorph-") && name !== CACHE);
  await Promise.all(others.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

async function answer(request: Request): Promise<Response> {
  // Code that a person edited in the tutorial (`src/forms/editor.ts`) is a script like any other by this.
  if (new URL(request.url).pathname.includes("/edited/")) return (await caches.match(request)) ?? Response.error();
  try {
    return await fetch(request);
  } catch (error) {
    // What stands behind `?` is the page's own business.
    const kept = await caches.match(request, { ignoreSearch: true });
    if (kept === undefined) throw error;
    return kept;
  }
}
