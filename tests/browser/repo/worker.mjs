// What crosses between a page and the worker of its database.
import assert from "node:assert/strict";
import { EXPECTED } from "./cases.mjs";

const DOMAIN = "/tests/browser/repo/domain.mjs";

/** Runs a case in the page with the domain and a repo in memory. */
const inPage = (page, work) => page.evaluate(async ([domain, work]) => {
  const module = await import(domain);
  const { repo } = await module.open({ storage: "memory" });
  return (await import("/tests/browser/repo/cases.mjs"))[work](module, repo);
}, [DOMAIN, work]);

export default async function tests(runner) {
  for (const [work, { title, result }] of Object.entries(EXPECTED)) {
    await runner.test(`worker: ${title}`, "", async (_lab, page) => assert.deepEqual(await inPage(page, work), result));
  }

  await runner.test("worker: what is under way when a worker dies is refused, and the database opens again", "", async (_lab, page) => {
    const dead = await page.evaluate(async (domain) => {
      const { open, User, refusal } = await import(domain);
      let worker;
      const made = () => (worker = new Worker("/pkg/dist/browser/repo/worker.js", { type: "module" }));
      const { repo } = await open({ worker: made });
      await repo.insertAll(User, [{ name: "Jane" }]);
      const under = Array.from({ length: 40 }, () => refusal(repo.all(User)));
      worker.terminate();
      const refused = await Promise.all(under);
      const later = await refusal(repo.all(User));
      const again = await open();
      return { refused, later, count: await again.repo.aggregate(User, "count") };
    }, DOMAIN);
    const gone = { name: "RepoError", kind: "environment", message: "the worker of the database has ended" };
    assert.ok(dead.refused.filter(({ value }) => value === undefined).length > 0);
    for (const refused of dead.refused) if (refused.value === undefined) assert.deepEqual(refused, gone);
    assert.deepEqual([dead.later, dead.count], [gone, 1]);
  });

  await runner.test("worker: commits that are made at once share a flush, and are refused together if that fails", "", async (_lab, page) => {
    const told = await page.evaluate(async (domain) => {
      const { open, User, registration, refusal } = await import(domain);
      const channel = new BroadcastChannel("flushes");
      const ask = (question) => new Promise((resolve) => {
        channel.onmessage = ({ data }) => resolve(data.count);
        channel.postMessage(question);
      });
      const made = () => new Worker("/tests/browser/repo/flushes.mjs", { type: "module" });
      const { repo } = await open({ storage: "opfs", worker: made });
      const insert = (at) => repo.insert(registration(User.build(), { name: `user ${at}`, email: at % 50 === 49 ? "taken" : `${at}` }));
      await insert(49);
      const before = await ask({});
      const results = await Promise.all(Array.from({ length: 200 }, (_, at) => insert(at)));
      const flushes = (await ask({})) - before;
      const one = await ask({});
      await insert(1000);
      const alone = (await ask({})) - one;
      await ask({ fail: true });
      const failed = await Promise.all(Array.from({ length: 20 }, (_, at) => refusal(insert(2000 + at))));
      await ask({ fail: false });
      const later = await refusal(insert(3000));
      await refusal(repo.close());
      const { repo: again } = await open({ storage: "opfs" });
      const names = (await again.all(User)).map(({ name }) => name);
      return {
        inserted: results.filter(({ ok }) => ok).length, flushes, alone, kinds: [...new Set(failed.map(({ kind }) => kind))], later: later.kind,
        kept: results.every(({ ok }, at) => !ok || names.includes(`user ${at}`)) && names.includes("user 1000"), late: names.includes("user 3000"),
      };
    }, DOMAIN);
    const { flushes, ...rest } = told;
    assert.deepEqual(rest, { inserted: 196, alone: 1, kinds: ["environment"], later: "environment", kept: true, late: false });
    // How many share one depends on the machine: none waits for others longer than some milliseconds.
    assert.ok(flushes >= 1 && flushes < 190, `${flushes} flushes of 196 commits`);
  });

  await runner.test("worker: one whose script is not there says so", "", async (_lab, page) => {
    const refused = await page.evaluate(async (domain) => {
      const { open, refusal } = await import(domain);
      return refusal(open({ worker: () => new Worker("/nowhere.js", { type: "module" }) }));
    }, DOMAIN);
    assert.equal(refused.kind, "environment");
    assert.match(refused.message, /^the script of the worker could not be loaded/);
  }, { tolerate: true });
}
