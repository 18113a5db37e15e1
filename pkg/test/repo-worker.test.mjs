// The package as pages have it, with a thread of Node in the place of the worker. `tests/browser/repo.mjs` does the same in
// a browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import * as cases from "../../tests/browser/repo/cases.mjs";

globalThis.navigator ??= {};
const library = { ...(await import("../dist/browser/index.js")), ...(await import("../dist/browser/repo/index.js")) };
const { schema, t, migration, openRepo, RepoError } = library;

/** A thread with the face of a page's worker. */
class Thread {
  #worker = new Worker(new URL("./repo-thread.mjs", import.meta.url));

  addEventListener(type, listener) {
    if (type === "message") this.#worker.on(type, (data) => listener({ data }));
    else this.#worker.on(type, ({ message }) => listener({ message, preventDefault: () => {} }));
  }

  postMessage(message, transfer) {
    this.#worker.postMessage(message, transfer);
  }

  terminate() {
    this.#worker.terminate();
  }
}

const User = schema("users", { name: t.string(), email: t.string() });
const registration = User.changeset((c) =>
  c.cast("name", "email").validateRequired("name").validateLength("name", { max: 20 }).uniqueConstraint("email"));
const migrations = [
  migration(1, "create_users", (m) =>
    m.create("users", (t) => t.add("name", "text").add("email", "string")).createIndex("users", ["email"], { unique: true })),
];

for (const [name, { title, result }] of Object.entries(cases.EXPECTED)) {
  test(title, async () => {
    const opened = [];
    const open = async (options) => {
      const repo = await openRepo({ name: "test", schemas: [User], migrations, storage: "memory", worker: () => new Thread(), ...options });
      opened.push(repo);
      return { repo };
    };
    try {
      assert.deepEqual(await cases[name]({ ...library, User, registration, open }, (await open()).repo), result);
    } finally {
      await Promise.all(opened.map((repo) => repo.close()));
    }
  });
}

test("what a page can't keep is refused by name", async () => {
  const open = (storage) => openRepo({ name: "test", storage, worker: () => new Thread() });
  await assert.rejects(open("file"), /^EctomorphError: a page keeps databases in its own storages: /);
  await assert.rejects(open("auto"), (error) => error instanceof RepoError && error.kind === "environment" && /storage: "memory" loses it/.test(error.message));
});
