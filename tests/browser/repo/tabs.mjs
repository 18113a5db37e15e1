// Tabs that share a database: one keeps it, the others ask that one, and another goes on when it ends.
import assert from "node:assert/strict";

const DOMAIN = "/tests/browser/repo/domain.mjs";

/** Opens the database in a tab, as `window.repo`; what happened so far is `window.events`. */
async function open(page, options) {
  return page.evaluate(async ([domain, options]) => {
    window.domain = await import(domain);
    window.events = [];
    const made = () => (window.worker = new Worker("/pkg/dist/browser/repo/worker.js", { type: "module" }));
    const { value, ...refused } = await window.domain.refusal(
      window.domain.open({ shared: true, ...options, worker: made, onEvent: (event) => window.events.push(event) }),
    );
    window.repo = value?.repo;
    return value === undefined ? refused : window.events;
  }, [DOMAIN, options]);
}

async function another(page) {
  const other = await page.context().newPage();
  await other.goto(page.url());
  return other;
}

const insert = (page, name, email = null) => page.evaluate(async ([name, email]) => {
  const { User, registration } = window.domain;
  const result = await window.repo.insert(registration(User.build(), { name, email }));
  return result.ok ? { ...result.value } : result.changeset.errors.map(({ field, message }) => [field, message]);
}, [name, email]);
const names = (page) => page.evaluate(async () => (await window.repo.all(window.domain.from(window.domain.User).orderBy("id"))).map(({ name }) => name));
const keepers = (page) => page.evaluate(() => window.events.flatMap(({ type, tab }) => (type === "keeper" ? [tab] : [])));
/** Waits until a tab has said so often who keeps the database. */
const moved = (page, times) => page.waitForFunction((times) => window.events.filter(({ type }) => type === "keeper").length >= times, times);
const kill = (page) => page.evaluate(() => window.worker.terminate());

export default async function tests(runner) {
  for (const storage of ["opfs", "indexeddb"]) {
    await runner.test(`tabs: a second tab uses the database that the first keeps (${storage})`, "", async (_lab, page) => {
      const stored = { type: "storage", storage, reason: "as asked for" };
      assert.deepEqual(await open(page, { storage }), [stored, { type: "keeper", tab: "this" }, { type: "migrated", versions: [1] }]);
      assert.deepEqual(await insert(page, "Jane", "jane@example.com"), { id: 1, name: "Jane", email: "jane@example.com" });
      const other = await another(page);
      assert.deepEqual(await open(other, { storage }), [{ type: "keeper", tab: "other" }, { type: "migrated", versions: [] }]);
      assert.deepEqual(await names(other), ["Jane"]);
      assert.deepEqual(await insert(other, "Joe", "jane@example.com"), [["email", "has already been taken"]]);
      assert.deepEqual(await insert(other, "Joe", "joe@example.com"), { id: 3, name: "Joe", email: "joe@example.com" });
      assert.deepEqual(await names(page), ["Jane", "Joe"]);
      // Leaving is nothing to those who stay, and the next one comes as the first did.
      await other.evaluate(() => window.repo.close());
      assert.deepEqual(await names(page), ["Jane", "Joe"]);
      assert.deepEqual((await open(other, { storage }))[0], { type: "keeper", tab: "other" });
      assert.deepEqual(await names(other), ["Jane", "Joe"]);
    });

    await runner.test(`tabs: when the one that keeps the database ends, another goes on (${storage})`, "", async (_lab, page) => {
      await open(page, { storage });
      const [second, third] = [await another(page), await another(page)];
      for (const tab of [second, third]) await open(tab, { storage });
      await insert(page, "first");
      await insert(second, "second");
      await insert(third, "third");
      await kill(page);
      await Promise.all([moved(second, 2), moved(third, 2)]);
      const now = [await keepers(second), await keepers(third)];
      assert.deepEqual(now, [["other", "this"], ["other", "other"]]);
      // Rules and shapes of records that were known to the first are made known anew.
      assert.equal((await insert(second, "fourth")).name, "fourth");
      assert.equal((await insert(third, "fifth")).name, "fifth");
      for (const tab of [second, third]) assert.deepEqual(await names(tab), ["first", "second", "third", "fourth", "fifth"]);
      // A tab that is closed, and then a repo.
      await second.close();
      await moved(third, 3);
      assert.deepEqual(await keepers(third), ["other", "other", "this"]);
      await third.evaluate(() => window.repo.close());
      assert.deepEqual((await open(page, { storage }))[1], { type: "keeper", tab: "this" });
      assert.equal((await names(page)).length, 5);
    });

    await runner.test(`tabs: what was under way when the keeper ended is asked again, or refused (${storage})`, "", async (_lab, page) => {
      await open(page, { storage });
      const other = await another(page);
      await open(other, { storage });
      await insert(other, "kept");
      const began = await other.evaluate(async () => {
        const { User, refusal, registration } = window.domain;
        window.writes = Array.from({ length: 60 }, async (_, index) => {
          const { value, ...refused } = await refusal(window.repo.insert(registration(User.build(), { name: `write ${index}` })));
          return value?.ok ? `write ${index}` : refused;
        });
        window.reads = Array.from({ length: 30 }, () => refusal(window.repo.aggregate(User, "count")));
        return (await Promise.race(window.writes)) === undefined;
      });
      assert.equal(began, false);
      await kill(page);
      const { writes, reads } = await other.evaluate(async () => ({ writes: await Promise.all(window.writes), reads: await Promise.all(window.reads) }));
      assert.ok(reads.every(({ value }) => value >= 1), JSON.stringify(reads));
      const done = writes.filter((write) => typeof write === "string");
      const refused = writes.filter((write) => typeof write !== "string");
      for (const { name, kind, message } of refused) {
        assert.deepEqual([name, kind], ["RepoError", "interrupted"], message);
        assert.match(message, /^the tab that kept the database has gone: (what was under way may be done or not|nothing of this was done; do it again)$/);
      }
      const there = await names(other);
      assert.deepEqual(done.filter((name) => !there.includes(name)), [], "what was acknowledged is there");
      assert.equal(new Set(there).size, there.length);
      assert.deepEqual((await insert(other, "afterwards")).name, "afterwards");
    });

    await runner.test(`tabs: a transaction is of one tab, and ends with it or with who keeps the database (${storage})`, "", async (_lab, page) => {
      await open(page, { storage });
      const other = await another(page);
      await open(other, { storage });
      const begin = (tab) => tab.evaluate(() => {
        const { User, refusal } = window.domain;
        window.proceed = undefined;
        return new Promise((began) => {
          window.ended = refusal(window.repo.transaction(async (repo) => {
            await repo.insertAll(User, [{ name: "within" }]);
            began();
            await new Promise((proceed) => (window.proceed = proceed));
            await repo.insertAll(User, [{ name: "after" }]);
          }));
        });
      });
      const end = (tab) => tab.evaluate(() => (window.proceed(), window.ended));
      // The others wait.
      await begin(other);
      await page.evaluate(() => {
        window.counted = undefined;
        window.counting = window.repo.aggregate(window.domain.User, "count").then((count) => (window.counted = count));
      });
      await page.waitForTimeout(150);
      assert.equal(await page.evaluate(() => window.counted ?? "waits"), "waits");
      assert.equal((await end(other)).value.ok, true);
      assert.equal(await page.evaluate(() => window.counting), 2);
      // A tab goes in the midst of one.
      const third = await another(page);
      await open(third, { storage });
      await begin(third);
      await third.close();
      assert.deepEqual(await names(page), ["within", "after"]);
      // Who keeps the database goes meanwhile.
      await begin(other);
      await page.evaluate(() => window.repo.close());
      await moved(other, 2);
      const { name, kind, message } = await end(other);
      assert.deepEqual([name, kind, message], ["RepoError", "interrupted", "the tab that kept the database has gone: nothing of the transaction was done"]);
      assert.deepEqual(await names(other), ["within", "after"]);
    });

    await runner.test(`tabs: a transaction that stands still is undone for those who wait, one that goes on is not (${storage})`, "", async (_lab, page) => {
      const idle = 400;
      await open(page, { storage, transactionIdle: idle });
      const other = await another(page);
      await open(other, { storage });
      for (const [holder, waiter, name] of [[other, page, "first"], [page, other, "second"]]) {
        await holder.evaluate(() => {
          const { User, refusal } = window.domain;
          const go = new Promise((resolve) => (window.go = resolve));
          window.held = new Promise((begun) => (window.ended = refusal(window.repo.transaction(async (repo) => {
            await repo.insertAll(User, [{ name: "undone" }]);
            begun();
            await go;
            window.inside = await refusal(repo.all(User));
            await repo.insertAll(User, [{ name: "undone, too" }]);
          }))));
          return window.held;
        });
        // Who waits may ask again and again: that gives the other no more time.
        await waiter.evaluate((idle) => {
          window.asked = 0;
          window.asking = setInterval(() => void (window.asked++, window.repo.all(window.domain.User)), idle / 4);
        }, idle);
        assert.equal((await insert(waiter, name)).name, name);
        const asked = await waiter.evaluate(() => (clearInterval(window.asking), window.asked));
        assert.ok(asked < 16, `${asked} questions while another waited`);
        const told = await holder.evaluate(async () => {
          window.go();
          const ended = await window.ended;
          return [ended, window.inside, await window.repo.transaction((repo) => repo.aggregate(window.domain.User, "count"))];
        });
        assert.deepEqual(told.map(({ kind, value }) => kind ?? value), ["timeout", "timeout", name === "first" ? 1 : 2]);
      }
      const going = other.evaluate((idle) => window.repo.transaction(async (repo) => {
        for (const start = performance.now(); performance.now() - start < 2 * idle; await new Promise((done) => setTimeout(done, idle / 8))) {
          await repo.aggregate(window.domain.User, "count");
        }
        await repo.insertAll(window.domain.User, [{ name: "third" }]);
        return true;
      }), idle);
      await new Promise((done) => setTimeout(done, idle / 4));
      await insert(page, "fourth");
      assert.deepEqual([await going, await names(page)], [{ ok: true, value: true }, ["first", "second", "third", "fourth"]]);
    });

    await runner.test(`tabs: who looks twice for the one that keeps the database is let in once (${storage})`, "", async (_lab, page) => {
      await open(page, { storage });
      const other = await another(page);
      await other.evaluate(() => {
        const lobby = new BroadcastChannel("ectomorph/hello");
        window.seated = 0;
        lobby.addEventListener("message", ({ data }) => {
          if ("seeks" in data) window.sought = data;
          if ("seated" in data) window.seated += 1;
        });
        window.again = () => lobby.postMessage(window.sought);
      });
      await open(other, { storage });
      await other.evaluate(() => window.again());
      await other.waitForFunction(() => window.seated >= 2);
      assert.equal((await insert(other, "once")).name, "once");
      assert.deepEqual(await names(page), ["once"]);
    });

    await runner.test(`tabs: one that goes while its requests are under way stops nobody (${storage})`, "", async (_lab, page) => {
      await open(page, { storage });
      const other = await another(page);
      await open(other, { storage });
      await insert(other, "first");
      await other.evaluate(() => {
        const { User, registration } = window.domain;
        for (let index = 0; index < 30; index++) window.repo.insert(registration(User.build(), { name: `${index}` })).catch(() => {});
      });
      await other.close();
      assert.equal((await insert(page, "last")).name, "last");
      const there = await names(page);
      assert.deepEqual([there[0], there.includes("last")], ["first", true]);
    });

    await runner.test(`tabs: a stream ends with who keeps the database (${storage})`, "", async (_lab, page) => {
      await open(page, { storage });
      const other = await another(page);
      await open(other, { storage });
      await other.evaluate(async () => {
        const { User } = window.domain;
        await window.repo.insertAll(User, Array.from({ length: 10 }, (_, index) => ({ name: `${index}` })));
        window.stream = window.repo.stream(User, { maxRows: 2 });
        await window.stream.next();
      });
      await kill(page);
      await moved(other, 2);
      const refused = await other.evaluate(async () => {
        const rest = [];
        const { value, ...refused } = await window.domain.refusal((async () => {
          for await (const { name } of window.stream) rest.push(name);
        })());
        return { rest, kind: refused.kind };
      });
      assert.deepEqual(refused, { rest: ["1"], kind: "interrupted" });
    });

    await runner.test(`tabs: who does not share is refused by those who do, and the other way round (${storage})`, "", async (_lab, page) => {
      const inUse = { name: "RepoError", kind: "in_use", message: "the database `hello` is open already, in another tab or worker; close it there" };
      await open(page, { storage });
      const other = await another(page);
      assert.deepEqual(await open(other, { storage, shared: false }), inUse);
      assert.deepEqual(await open(other, { storage, durability: "relaxed" }), {
        ...inUse, message: "the database `hello` is open with other options in another tab; close it there",
      });
      await page.evaluate(() => window.repo.close());
      await open(other, { storage, shared: false });
      assert.deepEqual(await open(page, { storage }), inUse);
    });
  }

  await runner.test("tabs: a database in memory is one tab's alone", "", async (_lab, page) => {
    const { name, message } = await open(page, { storage: "memory" });
    assert.deepEqual([name, message], ["EctomorphError", "a database in memory is not shared: it is this tab's alone"]);
  });
}
