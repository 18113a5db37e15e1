// A server of files, as they are, under the policy that pages of ectomorph live with.
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const POLICY = "default-src 'self'; img-src 'self' data:; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'";
const KINDS = {
  ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/json", ".wasm": "application/wasm",
};

/** Serves a folder on a free port, under a policy; `/` is an empty page. */
export async function serveFiles(folder, policy = POLICY) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const path = join(folder, normalize(decodeURIComponent(pathname)));
    const headers = { "content-security-policy": policy, "cache-control": "no-store" };
    const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
    if (!isFile && pathname !== "/") return response.writeHead(404, headers).end();
    const kind = isFile ? (KINDS[extname(path)] ?? "text/plain") : "text/html";
    response.writeHead(200, { ...headers, "content-type": kind });
    if (isFile) createReadStream(path).pipe(response);
    else response.end("<!doctype html><meta charset=utf-8><title>repo</title><link rel=icon href=data:,>");
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { url: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}
