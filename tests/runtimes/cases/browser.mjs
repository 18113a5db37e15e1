// A browser under a policy that allows wasm but no code from text: a page, a worker, a service worker, and Vite's server.
import { readFileSync } from "node:fs";
import { createServer as http } from "node:http";
import { join } from "node:path";
import { build } from "esbuild";
import { createServer as vite } from "vite";
import { installed, launch } from "../../browser/launch.mjs";

const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'";
const TYPES = { html: "text/html", js: "text/javascript" };

/** Why there is no browser; nothing if there is one. */
function needs() {
  try {
    installed();
    return undefined;
  } catch (error) {
    return error.message;
  }
}

const FILES = {
  "page.js": 'import { answer } from "./program.mjs"; document.title = answer();',
  "worker.js": 'import { answer } from "./program.mjs"; postMessage(answer());',
  "ask-worker.js": 'new Worker("/worker.js", { type: "module" }).onmessage = ({ data }) => { document.title = data; };',
  "service.js": `import { answer } from "./program.mjs";
    addEventListener("install", () => skipWaiting());
    addEventListener("activate", (event) => event.waitUntil(clients.claim()));
    addEventListener("fetch", (event) => { if (event.request.url.endsWith("/answer")) event.respondWith(new Response(said())); });
    // An event that throws would be answered by the server.
    function said() { try { return answer(); } catch (error) { return String(error.stack); } }`,
  "ask-service.js": `const { serviceWorker } = navigator;
    const controlled = new Promise((done) => serviceWorker.addEventListener("controllerchange", done));
    await serviceWorker.register("/service.js", { type: "module" });
    await controlled;
    document.title = await (await fetch("/answer")).text();`,
};

/** Bundles, serves under the policy, opens the page of a script, and reads what it wrote. */
const page = (script) => async (project) => {
  const root = project(FILES);
  await build({ entryPoints: Object.keys(FILES).map((file) => join(root, file)), bundle: true, format: "esm", platform: "browser", outdir: join(root, "out"), logLevel: "error" });
  const server = http((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const type = pathname === "/" ? "html" : "js";
    response.setHeader("content-security-policy", POLICY);
    response.setHeader("content-type", TYPES[type]);
    if (type === "html") return response.end(`<!doctype html><link rel="icon" href="data:,"><script type="module" src="/${script}"></script>`);
    try {
      response.end(readFileSync(join(root, "out", pathname)));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  try {
    return await titleOf(`http://localhost:${server.address().port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
};

async function titleOf(url) {
  const browser = await launch();
  try {
    const tab = await browser.newPage();
    const said = [];
    tab.on("console", (message) => said.push(message.text()));
    tab.on("pageerror", (error) => said.push(String(error)));
    await tab.goto(url);
    await tab.waitForFunction(() => document.title !== "", undefined, { timeout: 15_000 }).catch(() => {});
    return (await tab.title()) || said.join("\n");
  } finally {
    await browser.close();
  }
}

export default [
  { name: "chromium under a strict policy", needs, run: page("page.js") },
  { name: "a web worker", needs, run: page("ask-worker.js") },
  { name: "a service worker", needs, run: page("ask-service.js") },
  {
    name: "vite's server",
    needs,
    async run(project) {
      const root = project({ ...FILES, "index.html": '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>' });
      const server = await vite({ root, configFile: false, logLevel: "error", cacheDir: join(root, ".vite"), server: { port: 0 } });
      await server.listen();
      try {
        return await titleOf(`http://localhost:${server.httpServer.address().port}/`);
      } finally {
        await server.close();
      }
    },
  },
];
