// Where a page's database is, and that it is there again.
import assert from "node:assert/strict";

const DOMAIN = "/tests/browser/repo/domain.mjs";

export default async function tests(runner) {
  for (const storage of ["opfs", "indexeddb"]) {
    await runner.test(`storage: what is inserted is there after a reload (${storage})`, "", async (_lab, page) => {
      const first = await page.evaluate(async ([domain, storage]) => {
        const { open, User, registration } = await import(domain);
        const { repo, events } = await open({ storage });
        const inserted = await repo.insert(registration(User.build(), { name: "Jane", email: "jane@example.com" }));
        return { inserted, events };
      }, [DOMAIN, storage]);
      const opened = { type: "storage", storage, reason: "as asked for" };
      assert.deepEqual(first, {
        inserted: { ok: true, value: { id: 1, name: "Jane", email: "jane@example.com" } },
        events: [opened, { type: "migrated", versions: [1] }],
      });
      await page.reload();
      const second = await page.evaluate(async ([domain, storage]) => {
        const { open, User } = await import(domain);
        const { repo, events } = await open({ storage });
        return { all: await repo.all(User), events };
      }, [DOMAIN, storage]);
      assert.deepEqual(second, {
        all: [{ id: 1, name: "Jane", email: "jane@example.com" }],
        events: [opened, { type: "migrated", versions: [] }],
      });
    });

    await runner.test(`storage: without room a commit fails, and nothing else changes (${storage})`, "", async (_lab, page) => {
      const cdp = await page.context().newCDPSession(page);
      // Before the database is opened: the browser remembers for a while how much room there is.
      await cdp.send("Storage.overrideQuotaForOrigin", { origin: new URL(page.url()).origin, quotaSize: 5_000_000 });
      await page.evaluate(async ([domain, storage]) => {
        const domainModule = await import(domain);
        window.domain = domainModule;
        window.repo = (await domainModule.open({ storage })).repo;
        await window.repo.insertAll(domainModule.User, [{ name: "first" }]);
      }, [DOMAIN, storage]);
      const refused = await page.evaluate(async () => {
        const { refusal, User } = window.domain;
        const rows = Array.from({ length: 50 }, (_, index) => ({ name: `${index}`.padEnd(200_000, "x") }));
        const failed = await refusal(window.repo.insertAll(User, rows));
        const within = await refusal(window.repo.transaction((repo) => repo.insertAll(User, rows)));
        return { failed, within, count: await window.repo.aggregate(User, "count") };
      });
      for (const { name, kind, full, message } of [refused.failed, refused.within]) {
        assert.deepEqual([name, kind, full], ["RepoError", "environment", true], message);
        assert.match(message, /^there is no more room for the database: /);
      }
      assert.equal(refused.count, 1);
      // There is room for something small.
      const after = await page.evaluate(async () => (await window.repo.insertAll(window.domain.User, [{ name: "second" }])).count);
      assert.equal(after, 1);
      await page.reload();
      const names = await page.evaluate(async ([domain, storage]) => {
        const { open, User } = await import(domain);
        return (await (await open({ storage })).repo.all(User)).map(({ name }) => name);
      }, [DOMAIN, storage]);
      assert.deepEqual(names, ["first", "second"]);
    // Without a profile OPFS has no quota; with one, the browser is late to see what IndexedDB takes.
    }, { profile: storage === "opfs" });

    await runner.test(`storage: a second tab is told that the first has the database, and gets it afterwards (${storage})`, "", async (_lab, page) => {
      const opening = ([domain, storage]) => import(domain).then(async ({ open, refusal, User }) => {
        const { value, ...refused } = await refusal(open({ storage }));
        window.repo = value?.repo;
        return value === undefined ? refused : await value.repo.aggregate(User, "count");
      });
      assert.equal(await page.evaluate(opening, [DOMAIN, storage]), 0);
      const other = await page.context().newPage();
      await other.goto(page.url());
      const refused = await other.evaluate(opening, [DOMAIN, storage]);
      assert.deepEqual(refused, {
        name: "RepoError", kind: "in_use",
        message: "the database `hello` is open already, in another tab or worker; close it there",
      });
      await page.evaluate(async () => {
        await window.repo.insertAll("users", [{ name: "from the first" }]);
        await window.repo.close();
      });
      assert.equal(await other.evaluate(opening, [DOMAIN, storage]), 1);
      // A tab that is closed gives its database up, too.
      await other.close();
      assert.equal(await page.evaluate(opening, [DOMAIN, storage]), 1);
    });
  }

  await runner.test("storage: what is best is chosen, and said", "", async (_lab, page) => {
    const events = (worker) => page.evaluate(async ([domain, worker]) => {
      const { open, refusal } = await import(domain);
      const made = worker === null ? {} : { worker: () => new Worker(worker, { type: "module" }) };
      const { value, ...refused } = await refusal(open({ name: `best ${worker}`, persist: true, ...made }));
      if (value === undefined) return refused;
      await value.repo.close();
      while (!value.events.some(({ type }) => type === "persist")) await new Promise((passed) => setTimeout(passed, 10));
      return value.events.filter(({ type }) => type !== "migrated");
    }, [DOMAIN, worker]);
    assert.deepEqual(await events(null), [
      { type: "storage", storage: "opfs", reason: "there is a private file system" }, { type: "persist", granted: false },
    ]);
    assert.deepEqual(await events("/tests/browser/repo/without-opfs.mjs"), [
      { type: "storage", storage: "indexeddb", reason: "the page is not secure, or the browser has no private file system" },
      { type: "persist", granted: false },
    ]);
    assert.deepEqual(await events("/tests/browser/repo/without-storage.mjs"), {
      name: "RepoError", kind: "environment",
      message: "nothing here keeps a database: the page is not secure, or the browser has no private file system, and there is no " +
        'IndexedDB; storage: "memory" loses it with the page',
    });
    // A browser that learned of OPFS since.
    const later = await page.evaluate(async (domain) => {
      const { open, User } = await import(domain);
      const first = await open({ name: "later", worker: () => new Worker("/tests/browser/repo/without-opfs.mjs", { type: "module" }) });
      await first.repo.insertAll(User, [{ name: "Jane" }]);
      await first.repo.close();
      const { repo, events } = await open({ name: "later" });
      return { event: events[0], count: await repo.aggregate(User, "count") };
    }, DOMAIN);
    assert.deepEqual(later, { event: { type: "storage", storage: "indexeddb", reason: "the database is there already" }, count: 1 });
  });

  await runner.test("storage: memory is forgotten with the page, and shared with nobody", "", async (_lab, page) => {
    const counts = await page.evaluate(async (domain) => {
      const { open, User } = await import(domain);
      const [one, other] = await Promise.all([open({ storage: "memory" }), open({ storage: "memory" })]);
      await one.repo.insertAll(User, [{ name: "Jane" }]);
      return { events: one.events, counts: [await one.repo.aggregate(User, "count"), await other.repo.aggregate(User, "count")] };
    }, DOMAIN);
    assert.deepEqual(counts, {
      events: [{ type: "storage", storage: "memory", reason: "as asked for" }, { type: "migrated", versions: [1] }], counts: [1, 0],
    });
  });
}
