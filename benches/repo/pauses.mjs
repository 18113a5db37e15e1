// How long a commit takes at most while a snapshot of 100,000 rows is begun, written beside it in slices, and ended.
//
//   node benches/repo/pauses.mjs [rows]
//   node benches/repo/pauses.mjs --chromium [rows]
//
// In Node the bytes stay in memory: what is measured is the work of this program, not a disk's. In Chromium they are in OPFS, every
// commit is durable, and what is measured is how long the page waits for its answer; the page itself is never stopped.
import { fileURLToPath } from "node:url";
import { serveFiles } from "../../tests/browser/files.mjs";
import { inOwnBrowser } from "../../tests/browser/launch.mjs";
import { schema, t } from "../../pkg/dist/node/index.js";
import { migration, openRepo } from "../../pkg/dist/node/repo/index.js";

if (process.argv[2] === "--chromium") {
  await inChromium(Number(process.argv[3] ?? 100_000));
  process.exit();
}
const rows = Number(process.argv[2] ?? 100_000);
const User = schema("users", { name: t.string(), email: t.string(), age: t.integer(), balance: t.float(), bio: t.string() });
const editing = User.changeset((c) => c.cast("bio"));
const users = migration(1, "create_users", (m) =>
  m.create("users", (t) => t.add("name", "string").add("email", "string").add("age", "integer").add("balance", "float").add("bio", "text"))
    .createIndex("users", ["email"], { unique: true }).createIndex("users", ["age"]));
const row = (index) => ({ name: `user ${index}`, email: `user${index}@example.com`, age: index % 90, balance: index / 7 });

/** Bytes in memory, and how many slices and snapshots were written. */
function memory() {
  const areas = Array.from({ length: 5 }, () => ({ bytes: new Uint8Array(1 << 16), length: 0 }));
  const counts = { slices: 0, snapshots: 0 };
  return {
    counts,
    name: "counted",
    read: (area) => areas[area].bytes.slice(0, areas[area].length),
    write(area, at, bytes) {
      const found = areas[area];
      if (at + bytes.length > found.bytes.length) {
        const grown = new Uint8Array((at + bytes.length) * 2);
        grown.set(found.bytes);
        found.bytes = grown;
      }
      found.bytes.set(bytes, at);
      found.length = Math.max(found.length, at + bytes.length);
      if (area === 1 || area === 2) counts.slices++;
      if (area === 0) counts.snapshots++;
    },
    truncate: (area, length) => void (areas[area].length = Math.min(areas[area].length, length)),
    flush() {},
    close() {},
  };
}

const storage = memory();
const repo = await openRepo({ name: "pauses", storage, schemas: [User], migrations: [users] });
for (let at = 0; at < rows; at += 2000) {
  await repo.insertAll(User, Array.from({ length: Math.min(2000, rows - at) }, (_, index) => row(at + index)));
}
const bio = "x".repeat(20_000);
const [one] = await repo.all(User).then((all) => all.slice(0, 1));
const { slices, snapshots } = { ...storage.counts };
const times = [];
// Long texts make the journal long: one whole snapshot begins and ends here.
while (storage.counts.snapshots < snapshots + 2) {
  const before = storage.counts.slices;
  const [cpu, start] = [process.cpuUsage(), performance.now()];
  await repo.update(editing(one, { bio: `${bio}${times.length}` }));
  const { user, system } = process.cpuUsage(cpu);
  times.push({ wall: performance.now() - start, cpu: (user + system) / 1000, slices: storage.counts.slices - before });
}
const longest = (key, of = times) => of.map((time) => time[key]).sort((a, b) => b - a).slice(0, 5).map((ms) => ms.toFixed(1)).join(", ");
const sliced = times.filter(({ slices }) => slices > 0);
console.log(`${rows} rows: ${times.length} commits wrote ${storage.counts.slices - slices} slices of a snapshot`);
console.log(`longest commits, ms by the clock: ${longest("wall")}; of the processor: ${longest("cpu")}`);
console.log(`longest with a slice, ms by the clock: ${longest("wall", sliced)}; of the processor: ${longest("cpu", sliced)}`);
await repo.close();

async function inChromium(rows) {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const server = await serveFiles(root);
  try {
    const { times, frames } = await inOwnBrowser([], async ({ context }) => {
      const page = await context.newPage();
      await page.goto(`${server.url}/`);
      return page.evaluate(commitsInPage, rows);
    });
    const longest = (all) => [...all].sort((a, b) => b - a).slice(0, 5).map((ms) => ms.toFixed(1)).join(", ");
    console.log(`${rows} rows in Chromium, on OPFS: ${times.length} commits`);
    console.log(`longest commits, ms by the page's clock: ${longest(times)}; longest time in which the page did nothing: ${longest(frames)}`);
  } finally {
    server.stop();
  }
}

/** Runs in the page: long texts are written until at least one whole snapshot has begun and ended. */
async function commitsInPage(rows) {
  const { schema, t } = await import("/pkg/dist/browser/index.js");
  const { migration, openRepo } = await import("/pkg/dist/browser/repo/index.js");
  const User = schema("users", { name: t.string(), email: t.string(), age: t.integer(), balance: t.float(), bio: t.string() });
  const users = migration(1, "create_users", (m) =>
    m.create("users", (t) => t.add("name", "string").add("email", "string").add("age", "integer").add("balance", "float").add("bio", "text"))
      .createIndex("users", ["email"], { unique: true }).createIndex("users", ["age"]));
  const editing = User.changeset((c) => c.cast("bio"));
  const repo = await openRepo({ name: "pauses", storage: "opfs", schemas: [User], migrations: [users] });
  const row = (index) => ({ name: `user ${index}`, email: `user${index}@example.com`, age: index % 90, balance: index / 7 });
  for (let at = 0; at < rows; at += 2000) {
    await repo.insertAll(User, Array.from({ length: Math.min(2000, rows - at) }, (_, index) => row(at + index)));
  }
  const one = await repo.get(User, 1);
  const bio = "x".repeat(20_000);
  const frames = [];
  let last = performance.now();
  const ticking = setInterval(() => {
    frames.push(performance.now() - last);
    last = performance.now();
  }, 4);
  const times = [];
  // As many bytes as the snapshot has, twice.
  while (times.length * bio.length < 2 * 100 * rows) {
    const start = performance.now();
    await repo.update(editing(one, { bio: `${bio}${times.length}` }));
    times.push(performance.now() - start);
  }
  clearInterval(ticking);
  await repo.close();
  return { times, frames };
}
