// What the tests of the worker do in the page: each is given the domain and a repo.

const told = ({ ok, changeset, value }) =>
  ok ? { ok, value } : { ok, errors: changeset.errors.map(({ field, message, metadata }) =>
    [field, message, ...(metadata.because === undefined ? [] : [{ because: metadata.because }])]) };

async function caught(promise) {
  try {
    await promise;
    return "nothing";
  } catch (error) {
    return { name: error.details === undefined ? error.name : "RepoError", kind: error.kind };
  }
}

export async function errors({ User, registration, extend, from }, repo) {
  const jane = { name: "Jane", email: "jane@example.com" };
  const invalid = await repo.insert(registration(User.build(), { name: "" }));
  await repo.insert(registration(User.build(), jane));
  const taken = await repo.insert(registration(User.build(), jane));
  await repo.insertAll(User, [{ name: "John" }]);
  const constraint = await repo.insertAll(User, [jane]).catch(({ constructor, kind, details }) =>
    ({ name: details === undefined ? constructor.name : "RepoError", kind, constraint: details.constraint }));
  const results = {
    invalid: { ...told(invalid), params: invalid.changeset.params },
    taken: { ...told(taken), again: extend(taken.changeset, (c) => c.validateRequired("name")).errors.map(({ field }) => field) },
    constraint,
    query: await caught(repo.all("nothing")),
    mistake: await caught(repo.insert({ name: "no record of a repo" })),
    many: await caught(repo.one(User)),
  };
  await repo.close();
  return { ...results, closed: await caught(repo.all(from(User))) };
}

export async function validators({ User, extend }, repo) {
  const rules = User.changeset((c) => c.cast("name", "email")
    .validateChange("name", (_, name) => {
      if (name === "thrown") throw new Error("the validator failed");
      return name === "bad" ? { message: "is bad", metadata: { because: "it says so" } } : null;
    }));
  const onlyJane = (changeset) => extend(changeset, (c) =>
    c.validateChange("email", (_, email) => (email.startsWith("jane") ? null : "must be Jane's")));
  // Asking is what makes a changeset, so the rules are applied where the repo's are asked: with the whole engine at hand.
  const { ready } = await import("/pkg/dist/browser/index.js");
  await ready();
  const result = {
    refused: told(await repo.insert(rules(User.build(), { name: "bad" }))),
    extended: told(await repo.insert(onlyJane(rules(User.build(), { name: "good", email: "john@example.com" })))),
    accepted: told(await repo.insert(onlyJane(rules(User.build(), { name: "good", email: "jane@example.com" })))),
  };
  let thrown;
  try {
    await repo.insert(rules(User.build(), { name: "thrown" }));
  } catch (error) {
    thrown = error.message;
  }
  return { ...result, thrown, count: await repo.aggregate(User, "count") };
}

export async function cancelled({ User, from }, repo) {
  const name = (promise) => promise.then(() => "done", (error) => error.name);
  const [early, late, queued] = [new AbortController(), new AbortController(), new AbortController()];
  early.abort();
  const before = name(repo.all(User, { signal: early.signal }));
  // The answer that is dropped is the first with this shape; what comes later must be read nevertheless.
  await repo.insertAll(User, [{ name: "first" }]);
  const answer = name(repo.all(from(User).select((u) => ({ also: u.name })), { signal: late.signal }));
  const written = name(repo.insertAll(User, [{ name: "under way" }], { signal: late.signal }));
  const many = Array.from({ length: 40 }, () => repo.all(User));
  const dropped = name(repo.insertAll(User, [{ name: "dropped" }], { signal: queued.signal }));
  late.abort();
  queued.abort();
  await written;
  await Promise.all(many);
  const names = (await repo.all(User)).map(({ name }) => name);
  const [after] = await repo.all(from(User).select((u) => ({ also: u.name })));
  return {
    before: await before, answer: await answer, queued: await dropped,
    names, after: after.also,
  };
}

export async function cancelledTransaction({ User }, repo) {
  const controller = new AbortController();
  let inside;
  const given = repo.transaction(async (repo) => {
    await repo.insertAll(User, [{ name: "undone" }]);
    controller.abort("enough");
    inside = await repo.all(User).catch((error) => error);
  }, { signal: controller.signal });
  const reason = await given.catch((reason) => reason);
  const count = await repo.aggregate(User, "count");
  await new Promise((done) => setTimeout(done, 20));
  return { reason, inside, count, next: await repo.transaction(async (repo) => (await repo.insertAll(User, [{ name: "next" }])).count) };
}

export async function exported({ User, open }, repo) {
  const names = async (repo) => (await repo.all(User)).map(({ name }) => name);
  await repo.insertAll(User, [{ name: "a" }, { name: "b" }]);
  const file = await repo.export();
  const other = (await open({ storage: "memory", name: "other" })).repo;
  await other.insertAll(User, [{ name: "c" }]);
  const undone = await other.transaction(async (other) => {
    await other.import(file);
    other.rollback(await names(other));
  });
  const kept = await names(other);
  await other.import(file);
  const damaged = file.slice();
  damaged[damaged.length >> 1] ^= 1;
  return {
    names: undone.reason, damaged: await caught(other.import(damaged)), after: await names(other), undone: kept,
  };
}
