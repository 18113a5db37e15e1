// A peer that lives in a worker: calls go there, and what they give comes back as objects.

/** Starts a worker and opens a database in it; what the tasks call. */
export async function connect(url, options) {
  const worker = new Worker(url, { type: "module" });
  const waiting = [];
  worker.onmessage = ({ data: { result, error } }) => {
    const [resolve, reject] = waiting.shift();
    if (error === undefined) resolve(result);
    else reject(new Error(error));
  };
  worker.onerror = ({ message }) => waiting.splice(0).forEach(([, reject]) => reject(new Error(message ?? "the worker does not start")));
  const call = (method, ...args) =>
    new Promise((resolve, reject) => {
      waiting.push([resolve, reject]);
      worker.postMessage({ method, args });
    });
  const methods = await call("open", options);
  const db = Object.fromEntries(methods.map((method) => [method, (...args) => call(method, ...args)]));
  return {
    ...db,
    async close() {
      await call("close");
      worker.terminate();
    },
  };
}
