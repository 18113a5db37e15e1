// Databases in a worker of one's own, without another.
import assert from "node:assert/strict";
import { EXPECTED } from "./cases.mjs";

const DOMAIN = "/tests/browser/repo/domain.mjs";

/** Tells such a worker to do something, and ends it, with what it has open, or leaves it to the page. */
const inWorker = (page, ...told) => page.evaluate(async (told) => {
  const worker = new Worker("/tests/browser/repo/here-worker.mjs", { type: "module" });
  const said = () => new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => reject(new Error(event.message));
  });
  await said();
  worker.postMessage(told);
  const { result, error } = await said();
  worker.terminate();
  if (error !== undefined) throw new Error(error);
  return result;
}, told);

export default async function tests(runner) {
  // What is done at once can't be dropped.
  const { cancelled, ...rest } = EXPECTED;
  for (const [work, { title, result }] of Object.entries(rest)) {
    await runner.test(`here: ${title.replace("in the page", "in the worker")}`, "", async (_lab, page) => assert.deepEqual(await inWorker(page, work), result));
  }

  for (const storage of ["auto", "indexeddb"]) {
    await runner.test(`here: what a worker committed is there when it was killed, for the page too (${storage})`, "", async (_lab, page) => {
      const first = await inWorker(page, "write", ["Jane", "John"], { storage });
      const jim = { id: 2, name: "John", email: "John@example.com" };
      assert.deepEqual([first.written, first.read], [[1, 2], jim]);
      assert.equal(first.storage.storage, storage === "auto" ? "opfs" : storage);
      const inPage = await page.evaluate(async ([domain, storage]) => {
        const { open, User, registration } = await import(domain);
        const { repo } = await open({ storage });
        await repo.insert(registration(User.build(), { name: "Jill", email: "jill@example.com" }));
        const names = (await repo.all(User)).map(({ name }) => name);
        await repo.close();
        return names;
      }, [DOMAIN, storage]);
      assert.deepEqual(inPage, ["Jane", "John", "Jill"]);
      assert.deepEqual((await inWorker(page, "write", ["Joe"], { storage, close: true })).written, [4]);
    });
  }

  await runner.test("here: a database that a page has open is in use, and tabs do not share one", "", async (_lab, page) => {
    await page.evaluate(async (domain) => void (window.kept = (await (await import(domain)).open()).repo), DOMAIN);
    assert.deepEqual((await inWorker(page, "refused", {})).kind, "in_use");
    const shared = await inWorker(page, "refused", { shared: true });
    assert.equal(shared.message, "tabs share a database by way of a worker that the package starts, not `here`");
  });

  await runner.test("here: a page keeps by itself only what it names", "", async (_lab, page) => {
    const told = await page.evaluate(async (domain) => {
      const { open, refusal, User } = await import(domain);
      const { here } = await import("/pkg/dist/browser/repo/here.js");
      const refused = await Promise.all(["auto", "opfs"].map((storage) => refusal(open({ storage, worker: here }))));
      const { repo } = await open({ storage: "indexeddb", worker: here });
      await repo.insertAll(User, [{ name: "Jane" }]);
      await repo.close();
      const { repo: again } = await open({ storage: "indexeddb" });
      return { refused: refused.map(({ name }) => name), count: await again.aggregate(User, "count") };
    }, DOMAIN);
    assert.deepEqual(told, { refused: ["EctomorphError", "EctomorphError"], count: 1 });
  });
}
