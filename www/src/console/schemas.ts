// The tables of the console.
import { belongsTo, hasMany, schema, t } from "ectomorph";
import { migration, references } from "ectomorph/repo";

export const Comment = schema("comments", { body: t.string(), likes: t.integer(), post_id: t.id(), user_id: t.id() }, { name: "Comment" });
export const Post = schema("posts", {
  title: t.string(),
  views: t.integer(),
  published_on: t.date(),
  user_id: t.id(),
  comments: hasMany(Comment, { foreignKey: "post_id", preloadOrder: [["asc", "id"]] }),
}, { name: "Post" });
export const User = schema("users", {
  name: t.string(),
  email: t.string(),
  age: t.integer(),
  city: t.string(),
  invited_by: belongsTo(schema("users", { name: t.string() }, { name: "Inviter" }), { foreignKey: "invited_by_id" }),
  posts: hasMany(Post, { foreignKey: "user_id" }),
}, { name: "User" });

export const schemas = [User, Post, Comment];

export const migrations = [
  migration(20240101100000, "create_blog", (m) =>
    m.create("users", (t) =>
      t.add("name", "string").add("email", "string").add("age", "integer").add("city", "string").add("invited_by_id", references("users")))
      .createIndex("users", ["email"], { unique: true })
      .createIndex("users", ["city", "age"])
      .create("posts", (t) =>
        t.add("title", "string").add("views", "integer").add("published_on", "date").add("user_id", references("users")))
      .createIndex("posts", ["user_id"])
      .createIndex("posts", ["views"])
      .create("comments", (t) =>
        t.add("body", "text").add("likes", "integer").add("post_id", references("posts")).add("user_id", references("users")))
      .createIndex("comments", ["post_id"])),
];
