// What a page is told of a database that is not as it was left: its files are damaged in place.
import assert from "node:assert/strict";

const DOMAIN = "/tests/browser/repo/domain.mjs";

/** Writes so many rows, a commit each, closes the database, damages a file, and opens it again. */
const afterwards = (page, storage, area, how) => page.evaluate(async ([domain, storage, area, how]) => {
  const { open, User, refusal, from } = await import(domain);
  const { damage } = await import("/tests/browser/repo/damaging.mjs");
  const { repo } = await open({ storage });
  for (let index = 0; index < 10; index++) await repo.insertAll(User, [{ name: `${index}` }]);
  await repo.close();
  await damage(storage, "hello", area, how);
  const { value, ...refused } = await refusal(open({ storage, migrations: [] }));
  if (value === undefined) return refused;
  const names = await value.repo.all(from(User).select((u) => u.name));
  await value.repo.insertAll(User, [{ name: "next" }]);
  await value.repo.close();
  const again = await open({ storage, migrations: [] });
  return { names, next: (await again.repo.all(from(User).select((u) => u.name))).slice(names.length) };
}, [DOMAIN, storage, area, how]);

const TEN = Array.from({ length: 10 }, (_, index) => `${index}`);

export default async function tests(runner) {
  for (const storage of ["opfs", "indexeddb"]) {
    await runner.test(`damage: a tail that was torn is cut, and the database goes on (${storage})`, "", async (_lab, page) => {
      assert.deepEqual(await afterwards(page, storage, 4, "cut"), { names: TEN.slice(0, 9), next: ["next"] });
    });

    await runner.test(`damage: what was durable and is something else is an error that says where (${storage})`, "", async (_lab, page) => {
      const refused = await afterwards(page, storage, 4, "flip");
      assert.deepEqual([refused.name, refused.kind], ["RepoError", "environment"]);
      assert.match(refused.message, /^the journal-1 of the database is damaged at byte \d+: the checksum of a commit is wrong$/);
    });

    await runner.test(`damage: a database of a newer ectomorph is not touched (${storage})`, "", async (_lab, page) => {
      assert.deepEqual(await afterwards(page, storage, 0, "newer"), {
        name: "RepoError", kind: "environment",
        message: "the database was written by a newer ectomorph, in version 99 of its form; this one reads up to 2",
      });
    });
  }
}
