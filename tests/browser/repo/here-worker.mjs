// A worker of one's own, which keeps its database itself and does what it is told: one of the cases, or what stands below.
import { here } from "/pkg/dist/browser/repo/here.js";
import * as cases from "./cases.mjs";
import * as domain from "./domain.mjs";

const open = (options = {}) => domain.open({ worker: here, ...options });

const own = {
  async write(names, options) {
    const { repo, events } = await open(options);
    const { User, registration } = domain;
    const written = [];
    for (const name of names) written.push((await repo.insert(registration(User.build(), { name, email: `${name}@example.com` }))).value.id);
    const read = await repo.get(User, written.at(-1));
    if (options.close) await repo.close();
    return { written, read, storage: events.find(({ type }) => type === "storage") };
  },
  refused: (options) => domain.refusal(open(options)),
};

addEventListener("message", async ({ data: [work, ...args] }) => {
  try {
    if (work in own) return postMessage({ result: await own[work](...args) });
    const { repo } = await open({ storage: "memory" });
    postMessage({ result: await cases[work]({ ...domain, open }, repo) });
  } catch (error) {
    postMessage({ error: error.stack });
  }
});
postMessage("ready");
