// What is said of files that are not as they were left.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { schema, t } from "ectomorph";
import { from, migration, openRepo } from "ectomorph/repo";
import { HOW } from "../../tests/browser/repo/damaging.mjs";

const Note = schema("notes", { text: t.string() });
const migrations = [migration(1, "create_notes", (m) => m.create("notes", (t) => t.add("text", "string")))];
const texts = from(Note).orderBy((n) => n.id).select((n) => n.text);
const TEN = Array.from({ length: 10 }, (_, index) => `${index}`);

/** Ten commits, damaged, and the options to open them with. */
async function damaged(t, file, how) {
  const name = mkdtempSync(join(tmpdir(), "ectomorph-"));
  t.after(() => rmSync(name, { recursive: true }));
  const repo = await openRepo({ name, schemas: [Note], migrations });
  for (const text of TEN) await repo.insertAll(Note, [{ text }]);
  await repo.close();
  const path = join(name, file);
  writeFileSync(path, HOW[how](new Uint8Array(readFileSync(path))));
  return { name, schemas: [Note] };
}

test("a tail that was torn is cut, and the database goes on", async (t) => {
  const options = await damaged(t, "journal-1", "cut");
  const repo = await openRepo(options);
  assert.deepEqual(await repo.all(texts), TEN.slice(0, 9));
  await repo.insertAll(Note, [{ text: "next" }]);
  await repo.close();
  const again = await openRepo(options);
  assert.equal((await again.all(texts)).at(-1), "next");
  await again.close();
});

test("what was durable and is something else is an error that says where, and frees the folder", async (t) => {
  const options = await damaged(t, "journal-1", "flip");
  const refused = (error) => error.kind === "environment" && /^the journal-1 of the database is damaged at byte \d+: /.test(error.message);
  await assert.rejects(openRepo(options), refused);
  await assert.rejects(openRepo(options), refused);
});

test("a database of a newer ectomorph is refused", async (t) => {
  const options = await damaged(t, "header", "newer");
  await assert.rejects(openRepo(options), (error) => error.kind === "environment" && /by a newer ectomorph, in version 99/.test(error.message));
});
