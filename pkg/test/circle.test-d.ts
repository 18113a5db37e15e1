// What the compiler knows of schemas that refer to each other. Checked by `tsc`, never run.
import { belongsTo, buildAssoc, hasMany, hasOne, type Infer, manyToMany, schema, t } from "../src/index.js";
import { from, type Repo } from "../src/repo/index.js";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const check = <T extends true>(): T => true as T;

const User = schema("users", {
  name: t.string(),
  get posts() { return hasMany(Post, { foreignKey: "user_id", onReplace: "delete" }); },
  get profile() { return hasOne(Profile, { foreignKey: "user_id" }); },
  comments: hasMany({ through: ["posts", "comments"] }),
  commenters: hasMany({ through: ["comments", "author"] }),
});
const Post = schema("posts", {
  title: t.string(),
  user: belongsTo(User),
  get comments() { return hasMany(Comment, { foreignKey: "post_id" }); },
  profile: hasOne({ through: ["user", "profile"] }),
}, { timestamps: true });
const Comment = schema("comments", { body: t.string(), post: belongsTo(Post), author: belongsTo(User, { foreignKey: "author_id" }) });
const Profile = schema("profiles", { website: t.string(), user: belongsTo(User) });
const Category = schema("categories", {
  name: t.string(),
  get parent() { return belongsTo(Category); },
  get posts() { return manyToMany(Post, { joinThrough: "c_p", joinKeys: [["category_id", "id"], ["post_id", "id"]] }); },
});

declare const repo: Repo;

export async function records(): Promise<void> {
  const user = {} as Infer<typeof User>;
  check<Equal<typeof user.id, number | null>>();
  const title: string | null | undefined = user.posts?.[0]?.title;
  const name: string | null | undefined = user.posts?.[0]?.user?.name;
  const body: string | null | undefined = user.comments?.[0]?.body;
  const other: string | null | undefined = user.commenters?.[0]?.profile?.website;
  const parent: string | null | undefined = ({} as Infer<typeof Category>).parent?.parent?.name;
  check<Equal<Infer<typeof Post>["user_id"], number | null>>();
  check<Equal<Infer<typeof Post>["inserted_at"], string | null>>();
  // @ts-expect-error A user has no title.
  user.posts?.[0]?.user?.title;
  // @ts-expect-error A title is text.
  const wrong: number | null | undefined = user.posts?.[0]?.title;
  [title, name, body, other, parent, wrong].length;

  const [loaded] = await repo.all(from(User).preload({ posts: { user: "posts" } }, "comments"));
  if (loaded !== undefined) {
    const again: readonly Infer<typeof Post>[] | undefined = loaded.posts[0]?.user?.posts;
    check<Equal<(typeof loaded.comments)[number]["body"], string | null>>();
    again?.length;
  }
  const joined = await repo.all(from(User).join("posts", "p").where((u, { p }) => p.title.eq(u.name)).select((u, { p }) => [u.name, p.title] as const));
  check<Equal<typeof joined, [string | null, string | null][]>>();
  // @ts-expect-error Posts have no views.
  from(User).join("posts", "p").where((_, { p }) => p.views.gt(1));
  const through = await repo.all(from(User).join("comments", "c").select((u, { c }) => ({ name: u.name, body: c.body })));
  check<Equal<typeof through, { name: string | null; body: string | null }[]>>();
}

export function writes(): void {
  User.changeset((c) => c.cast("name").castAssoc("posts", { with: (p) => p.cast("title").castAssoc("comments", { with: (c) => c.cast("body") }) }));
  // @ts-expect-error What goes through others is read only.
  User.changeset((c) => c.castAssoc("comments", { with: (c) => c.cast("body") }));
  const post = buildAssoc(User, { id: 1 }, "posts", { title: "On engines" });
  check<Equal<typeof post.user_id, number | null>>();
  // @ts-expect-error Posts have no body.
  buildAssoc(User, { id: 1 }, "posts", { body: "x" });
}
