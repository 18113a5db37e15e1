// What a page keeps in IndexedDB, in Node: a repo in this process on the storage of pages, whose flushes take their time.
import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { schema, t } from "ectomorph";
import { from, migration, openRepo } from "ectomorph/repo";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const bundled = await build({
  entryPoints: [here("../src/repo/storage/indexeddb.ts")], bundle: true, format: "esm", write: false, target: "es2022",
});
const { openIndexedDb } = await import(`data:text/javascript,${encodeURIComponent(bundled.outputFiles[0].text)}`);

const Note = schema("notes", { text: t.string() });
const writing = Note.changeset((c) => c.cast("text").uniqueConstraint("text"));
const note = (text) => writing(Note.build(), { text });
const texts = from(Note).orderBy((n) => n.id).select((n) => n.text);
const migrations = [
  migration(1, "create_notes", (m) => m.create("notes", (t) => t.add("text", "text")).createIndex("notes", ["text"], { unique: true })),
];

let last = 0;
const fresh = () => `database-${++last}`;

async function open(name, durability = "strict") {
  return openRepo({ name, schemas: [Note], migrations, durability, storage: await openIndexedDb(name, durability) });
}

/** Makes every transaction that writes fail while the work runs. */
async function withoutRoom(work) {
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function () {
    const request = put.call(this, new Uint8Array(0), [9, 9]);
    this.transaction.abort();
    Object.defineProperty(this.transaction, "error", { value: new DOMException("no more room", "QuotaExceededError") });
    return request;
  };
  try {
    return await work();
  } finally {
    IDBObjectStore.prototype.put = put;
  }
}

/** How many transactions write while the work runs. */
async function transactions(work) {
  const { transaction } = IDBDatabase.prototype;
  let count = 0;
  IDBDatabase.prototype.transaction = function (stores, mode, ...rest) {
    if (mode === "readwrite") count++;
    return transaction.call(this, stores, mode, ...rest);
  };
  try {
    await work();
    return count;
  } finally {
    IDBDatabase.prototype.transaction = transaction;
  }
}

for (const durability of ["strict", "relaxed"]) {
  test(`what was written is there when the database is opened again (${durability})`, async () => {
    const name = fresh();
    const first = await open(name, durability);
    for (const text of ["a", "b"]) assert.equal((await first.insert(note(text))).ok, true);
    await first.transaction(async (repo) => {
      await repo.insertAll(Note, [{ text: "c" }, { text: "d" }]);
      await repo.deleteAll(from(Note).where((n) => n.text.eq("a")));
    });
    await first.close();
    const second = await open(name, durability);
    assert.deepEqual(await second.all(texts), ["b", "c", "d"]);
    await second.close();
  });
}

test("a strict commit is one transaction, and stored when it is done", async () => {
  const name = fresh();
  const repo = await open(name);
  assert.equal(await transactions(() => repo.insert(note("a"))), 1);
  assert.equal(await transactions(() => repo.transaction(async (repo) => {
    await repo.insert(note("b"));
    await repo.insert(note("c"));
  })), 1);
  assert.equal(await transactions(() => repo.all(texts)), 0);
  // Without closing: what the promise said is there.
  const other = await open(name);
  assert.deepEqual(await other.all(texts), ["a", "b", "c"]);
  await other.close();
});

test("requests that are made at once are done one after the other", async () => {
  const repo = await open(fresh());
  const written = Promise.all(Array.from({ length: 50 }, (_, index) => repo.insert(note(`n${index}`))));
  const early = repo.all(texts);
  assert.deepEqual((await written).map(({ value }) => value.id), Array.from({ length: 50 }, (_, index) => index + 1));
  assert.equal((await early).length, 50);
  await repo.close();
});

test("a constraint is an error of the changeset, also when the storage takes its time", async () => {
  const repo = await open(fresh());
  await repo.insert(note("a"));
  const again = await repo.insert(note("a"));
  assert.deepEqual([again.ok, again.changeset.errors[0].field, again.changeset.errors[0].message], [false, "text", "has already been taken"]);
  assert.deepEqual(await repo.all(texts), ["a"]);
  await repo.close();
});

test("without room a commit fails, nothing else changes, and the next one works when there is room", async () => {
  const name = fresh();
  const repo = await open(name);
  await repo.insert(note("a"));
  await withoutRoom(async () => {
    await assert.rejects(repo.insert(note("b")), (error) => error.kind === "environment" && error.details.full === true);
    await assert.rejects(repo.transaction((repo) => repo.insertAll(Note, [{ text: "c" }])), (error) => error.details.full === true);
  });
  assert.deepEqual(await repo.all(texts), ["a"]);
  assert.equal((await repo.insert(note("b"))).ok, true);
  await repo.close();
  const again = await open(name);
  assert.deepEqual(await again.all(texts), ["a", "b"]);
  await again.close();
});

test("what is relaxed is stored without being asked, and again when there was no room for it", async () => {
  const name = fresh();
  const repo = await open(name, "relaxed");
  const pause = () => new Promise((done) => setTimeout(done, 20));
  await withoutRoom(async () => {
    await repo.insert(note("a"));
    await pause();
  });
  await repo.insert(note("b"));
  await pause();
  // Without closing.
  const again = await open(name);
  assert.deepEqual(await again.all(texts), ["a", "b"]);
  await again.close();
});

test("a page that does not know of another one's opening can write no more", async () => {
  const name = fresh();
  const first = await open(name);
  await first.insert(note("a"));
  const second = await open(name);
  await assert.rejects(first.insert(note("b")), /was opened elsewhere/);
  assert.equal((await second.insert(note("c"))).ok, true);
  assert.deepEqual(await second.all(texts), ["a", "c"]);
  await second.close();
});

test("a database that outgrows its journal is there again, from its snapshot", async () => {
  const name = fresh();
  const repo = await open(name);
  const long = "x".repeat(2000);
  for (let round = 0; round < 12; round++) {
    await repo.insertAll(Note, Array.from({ length: 100 }, (_, index) => ({ text: `${round}-${index}-${long}` })));
  }
  for (let round = 0; round < 60; round++) await repo.insert(note(`last ${round}`));
  await repo.close();
  const areas = await stored(name);
  assert.ok(areas.some(([area, length]) => area.startsWith("snapshot") && length > 1e6), JSON.stringify(areas));
  const again = await open(name);
  assert.equal(await again.aggregate(Note, "count"), 1260);
  assert.equal((await again.all(texts)).at(-1), "last 59");
  await again.close();
});

/** How long each area is. */
async function stored(name) {
  const database = await new Promise((done) => {
    const request = indexedDB.open(`ectomorph/${name}`);
    request.onsuccess = () => done(request.result);
  });
  const store = database.transaction("lengths").objectStore("lengths");
  const lengths = await Promise.all(["header", "snapshot-0", "snapshot-1", "journal-0", "journal-1"].map((area, number) =>
    new Promise((done) => {
      const request = store.get(number);
      request.onsuccess = () => done([area, request.result ?? 0]);
    })));
  database.close();
  return lengths;
}
