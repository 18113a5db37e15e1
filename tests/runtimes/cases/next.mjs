// Next.js, built and started: a page, a route in Node.js, and one on the edge.
import { execFileSync, spawn } from "node:child_process";
import { bin } from "./tools.mjs";

const route = (runtime) => `import { answer } from "../../../program.mjs";
export const runtime = "${runtime}";
export const dynamic = "force-dynamic";
export const GET = () => new Response(answer());
`;

// Next.js takes a folder to be in the repository that it lies in, unless told.
const CONFIG = `const root = new URL("../..", import.meta.url).pathname;
export default { turbopack: { root }, outputFileTracingRoot: root };`;

const site = (runtimes) => ({
  "package.json": '{ "private": true, "type": "module", "dependencies": { "ectomorph": "*" } }',
  "next.config.mjs": CONFIG,
  "app/layout.js": "export default ({ children }) => <html><body>{children}</body></html>;",
  "app/page.js": '"use client";\nimport { answer } from "../program.mjs";\nexport default function Page() { return <p>{answer()}</p>; }',
  ...Object.fromEntries(runtimes.map((runtime) => [`app/api/${runtime}/route.js`, route(runtime)])),
});

/** Builds with a bundler, starts, and asks all that is served. */
const served = (bundler, runtimes) => async (project) => {
  const root = project(site(runtimes));
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1" };
  delete env.NODE_ENV;
  execFileSync(bin("next"), ["build", `--${bundler}`], { cwd: root, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  const server = spawn(bin("next"), ["start", "--port", "0"], { cwd: root, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  try {
    const url = await listening(server);
    const answers = await Promise.all(runtimes.map(async (runtime) => (await fetch(`${url}/api/${runtime}`)).text()));
    // The page comes as text that Node.js made.
    const page = await (await fetch(url)).text();
    answers.push(/<p>(.*?)<\/p>/.exec(page)?.[1].replaceAll("&quot;", '"').replaceAll("&#x27;", "'") ?? page);
    return new Set(answers).size === 1 ? answers[0] : answers.join("\n");
  } finally {
    process.kill(-server.pid);
  }
};

function listening(server) {
  return new Promise((found, failed) => {
    let said = "";
    const look = (chunk) => {
      said += chunk;
      const url = /http:\/\/localhost:\d+/.exec(said);
      if (url && /Ready/.test(said)) found(url[0]);
    };
    server.stdout.on("data", look);
    server.stderr.on("data", look);
    server.on("exit", () => failed(new Error(said)));
  });
}

export default [
  { name: "next.js by turbopack: node, edge and page", run: served("turbopack", ["nodejs", "edge"]) },
  // Its webpack builds no route on the edge today, with a package or without.
  { name: "next.js by webpack: node and page", run: served("webpack", ["nodejs"]) },
];
