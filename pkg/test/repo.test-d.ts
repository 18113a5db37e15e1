// What the compiler knows of a repo's results. Checked by `tsc`, never run.
import { type Changeset, hasMany, schema, t } from "../src/index.js";
import { count, from, multi, type Repo } from "../src/repo/index.js";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const check = <T extends true>(): T => true as T;

const Post = schema("posts", { title: t.string(), views: t.integer().default(0), user_id: t.id() });
const User = schema("users", { name: t.string(), posts: hasMany(Post, { foreignKey: "user_id" }) });

declare const repo: Repo;

export async function reads(): Promise<void> {
  const names = await repo.all(from(User).select((u) => u.name));
  check<Equal<typeof names, (string | null)[]>>();
  const counted = await repo.one(from(User).select((u) => count(u.id)));
  check<Equal<typeof counted, number | null>>();
  const user = await repo.get(User, 1);
  check<Equal<NonNullable<typeof user>["name"], string | null>>();
  const posts = await repo.all(Post);
  const title: string | null | undefined = posts[0]?.title;
  const rows = await repo.all(from(Post).select((p) => ({ id: p.id, title: p.title })));
  check<Equal<typeof rows, { id: number; title: string | null }[]>>();
  for await (const name of repo.stream(from(User).select((u) => u.name))) name?.length;
  await repo.aggregate(User, "count");
  // @ts-expect-error A function of its own needs a field.
  await repo.aggregate(User, "sum");
  title?.length;
}

export async function writes(): Promise<void> {
  const rules = User.changeset((c) => c.cast("name"));
  const inserted = await repo.insert(rules(User.build(), { name: "Ada" }));
  if (inserted.ok) check<Equal<typeof inserted.value.name, string | null>>();
  else inserted.changeset.errors.map(({ field }) => field);
  const done = await repo.transaction(
    multi()
      .insert("user", rules(User.build(), {}))
      .run("size", (_, { user }) => ({ ok: true, value: user.name?.length ?? 0 })),
  );
  if (done.ok) check<Equal<typeof done.value.size, number>>();
  else check<Equal<typeof done.failed, string>>();
  const nothing = await repo.transaction(async (repo) => (await repo.deleteAll(Post)).count);
  if (nothing.ok) check<Equal<typeof nothing.value, number>>();
  // @ts-expect-error A changeset is written, not its params.
  await repo.insert({ name: "Ada" });
  const changeset: Changeset | undefined = undefined;
  void changeset;
}
