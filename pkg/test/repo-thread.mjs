// The worker of a page's database, in a thread of Node.
import { readFile } from "node:fs/promises";
import { parentPort } from "node:worker_threads";

globalThis.navigator ??= {};
globalThis.self = {
  addEventListener: (_, listener) => parentPort.on("message", (data) => listener({ data })),
  postMessage: (message, transfer) => parentPort.postMessage(message, transfer),
};
globalThis.fetch = async (url) => new Response(await readFile(url));
await import("../dist/browser/repo/worker.js");
