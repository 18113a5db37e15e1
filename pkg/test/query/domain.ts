import { belongsTo, embedsMany, embedsOne, hasMany, hasOne, schema, t } from "../../src/index.js";

// The schemas of the type tests of queries.

export const Comment = schema("comments", { body: t.string(), likes: t.integer(), post_id: t.id() });
export const Company = schema("companies", { name: t.string() });
export const Post = schema("posts", {
  title: t.string(),
  views: t.integer(),
  rating: t.decimal(),
  published: t.boolean(),
  published_at: t.utcDatetime(),
  meta: t.map(),
  user_id: t.id(),
  comments: hasMany(Comment, { foreignKey: "post_id" }),
});
export const Profile = schema("profiles", { website: t.string(), user_id: t.id() });
export const User = schema("users", {
  name: t.string(),
  email: t.string(),
  age: t.integer(),
  karma: t.integer(),
  score: t.float(),
  balance: t.decimal(),
  birthday: t.date(),
  status: t.enum("draft", "active"),
  active: t.boolean(),
  roles: t.array(t.string()),
  settings: t.map(),
  address: embedsOne(schema.embedded({ zip: t.string() }, { primaryKey: false })),
  lines: embedsMany(schema.embedded({ qty: t.integer() }, { primaryKey: false })),
  posts: hasMany(Post, { foreignKey: "user_id" }),
  profile: hasOne(Profile, { foreignKey: "user_id" }),
  company: belongsTo(Company),
});
