// What crosses between a page and the worker of its database.
import assert from "node:assert/strict";

const DOMAIN = "/tests/browser/repo/domain.mjs";

/** Runs a function in the page with the domain and a repo in memory. */
const inPage = (page, work) => page.evaluate(async ([domain, work]) => {
  const module = await import(domain);
  const { repo } = await module.open({ storage: "memory" });
  // The policy allows no text as code; a module of the page's own is none.
  return (await import(`/tests/browser/repo/cases.mjs`))[work](module, repo);
}, [DOMAIN, work]);

export default async function tests(runner) {
  await runner.test("worker: errors keep their type, and invalid changesets stay changesets", "", async (_lab, page) => {
    assert.deepEqual(await inPage(page, "errors"), {
      invalid: { ok: false, errors: [["name", "can't be blank"]], params: { name: "" } },
      taken: { ok: false, errors: [["email", "has already been taken"]], again: ["email"] },
      constraint: { name: "RepoError", kind: "constraint", constraint: "users_email_index" },
      query: { name: "RepoError", kind: "query" },
      mistake: { name: "EctomorphError", kind: undefined },
      many: { name: "RepoError", kind: "multiple_results" },
      closed: { name: "RepoError", kind: "closed" },
    });
  });

  await runner.test("worker: rules of the user's own are asked in the page, and none is left out", "", async (_lab, page) => {
    assert.deepEqual(await inPage(page, "validators"), {
      refused: { ok: false, errors: [["name", "is bad", { because: "it says so" }]] },
      extended: { ok: false, errors: [["email", "must be Jane's"]] },
      accepted: { ok: true, value: { id: 1, name: "good", email: "jane@example.com" } },
      thrown: "the validator failed",
      count: 1,
    });
  });

  await runner.test("worker: a request whose turn has not come is dropped, one under way only its answer", "", async (_lab, page) => {
    assert.deepEqual(await inPage(page, "cancelled"), {
      before: "AbortError", answer: "AbortError", queued: "AbortError", names: ["first", "under way"], after: "first",
    });
  });

  await runner.test("worker: a transaction that is given up is rolled back", "", async (_lab, page) => {
    assert.deepEqual(await inPage(page, "cancelledTransaction"), {
      reason: "enough", inside: "enough", count: 0, next: { ok: true, value: 1 },
    });
  });

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

  await runner.test("worker: one whose script is not there says so", "", async (_lab, page) => {
    const refused = await page.evaluate(async (domain) => {
      const { open, refusal } = await import(domain);
      return refusal(open({ worker: () => new Worker("/nowhere.js", { type: "module" }) }));
    }, DOMAIN);
    assert.equal(refused.kind, "environment");
    assert.match(refused.message, /^the script of the worker could not be loaded/);
  }, { tolerate: true });

  await runner.test("worker: a database is exported from one page and imported into another", "", async (_lab, page) => {
    assert.deepEqual(await inPage(page, "exported"), {
      names: ["a", "b"], damaged: { name: "RepoError", kind: "environment" }, after: ["a", "b"], undone: ["c"],
    });
  });
}
