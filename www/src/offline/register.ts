/** Lets the service worker keep the pages, so that they open without a network. */
export function keepOffline(): void {
  if (!("serviceWorker" in navigator)) return;
  // Without it (a private window, a policy) the page works all the same while there is a network.
  navigator.serviceWorker.register("service-worker.js").catch((error: unknown) => console.info("not kept for offline use:", error));
}
