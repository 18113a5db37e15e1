// The schemas of the notes, their rules, and the migrations that make their tables, in two versions.
import { hasMany, type Infer, manyToMany, schema, t } from "ectomorph";
import { migration, references } from "ectomorph/repo";

export const Tag = schema("tags", { name: t.string() }, { name: "Tag" });
export const Comment = schema("comments", { body: t.string(), post_id: t.id() }, { name: "Comment", timestamps: true });
/** Which post has which tag, as a table to count in. */
export const PostTag = schema("posts_tags", { post_id: t.id(), tag_id: t.id() }, { name: "PostTag", primaryKey: false });

const fields = {
  title: t.string(),
  body: t.string(),
  comments: hasMany(Comment, { foreignKey: "post_id", onReplace: "delete", onDelete: "delete_all", preloadOrder: [["asc", "id"]] }),
  tags: manyToMany(Tag, {
    joinThrough: "posts_tags", joinKeys: [["post_id", "id"], ["tag_id", "id"]], onReplace: "delete", preloadOrder: [["asc", "name"]],
  }),
};

/** Version 1 of the app has no column for `pinned`, so there the field lives in forms alone. */
const postIn = (version: Version) =>
  schema("posts", { ...fields, pinned: version === 1 ? t.boolean().virtual() : t.boolean().default(false) }, { name: "Post", timestamps: true });

/** The versions of the app. */
export type Version = 1 | 2;
export type Post = Infer<ReturnType<typeof postIn>>;
export type Tag = Infer<typeof Tag>;
export type Model = ReturnType<typeof modelOf>;

export const tagging = Tag.changeset((c) =>
  c.cast("name")
    .validateRequired("name")
    .validateLength("name", { max: 30 })
    .validateFormat("name", /^[\p{L}\p{N}][\p{L}\p{N} _-]*$/u, { message: "is made of letters, digits, spaces, - and _" })
    .uniqueConstraint("name"));

const commenting = Comment.changeset((c) =>
  c.cast("body").validateRequired("body").validateLength("body", { max: 2000 }));

/** The rules of a note with its comments. */
const noting = (c: Parameters<Parameters<ReturnType<typeof postIn>["changeset"]>[0]>[0]) =>
  c.cast("title", "body", "pinned")
    .validateRequired("title")
    .validateLength("title", { max: 80 })
    .validateLength("body", { max: 200_000 })
    .uniqueConstraint("title")
    .castAssoc("comments", { with: commenting, sortParam: "comments_sort", dropParam: "comments_drop" });

/** Everything that differs between the versions of the app. */
export function modelOf(version: Version) {
  const Post = postIn(version);
  return {
    version,
    Post,
    schemas: [Post, Comment, Tag, PostTag],
    migrations: version === 1 ? [createNotes] : [createNotes, addPinned],
    /** What the form goes by: the note with its comments and its tags. */
    drafting: Post.changeset((c) =>
      noting(c).castAssoc("tags", { with: tagging, sortParam: "tags_sort", dropParam: "tags_drop" })),
    /** What is written: tags are put, since one that is known already is not made again. */
    writing: Post.changeset(noting),
    pinning: Post.changeset((c) => c.cast("pinned")),
  };
}

const createNotes = migration(20240101100000, "create_notes", (m) =>
  m.create("posts", (t) => t.add("title", "string", { null: false }).add("body", "text").timestamps())
    .createIndex("posts", ["title"], { unique: true })
    .createIndex("posts", ["updated_at"])
    .create("comments", (t) =>
      t.add("body", "text", { null: false })
        .add("post_id", references("posts", { onDelete: "delete_all" }), { null: false })
        .timestamps())
    .createIndex("comments", ["post_id"])
    .create("tags", (t) => t.add("name", "string", { null: false }))
    .createIndex("tags", ["name"], { unique: true })
    .create("posts_tags", (t) =>
      t.add("post_id", references("posts", { onDelete: "delete_all" }), { null: false })
        .add("tag_id", references("tags", { onDelete: "delete_all" }), { null: false }), { primaryKey: false })
    .createIndex("posts_tags", ["post_id", "tag_id"], { unique: true })
    .createIndex("posts_tags", ["tag_id"]));

const addPinned = migration(20240601100000, "add_pinned_to_posts", (m) =>
  m.alter("posts", (t) => t.add("pinned", "boolean", { null: false, default: false }))
    .createIndex("posts", ["pinned"]));
