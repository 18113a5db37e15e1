import { belongsTo, embedsMany, embedsOne, hasMany, schema, t } from "../src/index.js";

// The schemas of the type tests.

export const Settings = schema.embedded({ theme: t.enum("light", "dark") }, { primaryKey: false });
export const LineItem = schema.embedded({ sku: t.string(), qty: t.integer(), price: t.decimal() });
export const Comment = schema("comments", { body: t.string() });
export const Post = schema("posts", { title: t.string(), views: t.integer(), tags: t.array(t.string()) });
export const User = schema(
  "users",
  {
    name: t.string(),
    email: t.string(),
    age: t.integer(),
    born_on: t.date(),
    score: t.float(),
    balance: t.decimal(),
    status: t.enum("draft", "active").default("draft"),
    level: t.enum({ low: 1, high: 2 }),
    admin: t.boolean(),
    tags: t.array(t.string()),
    extra: t.map(),
    settings: embedsOne(Settings),
    lines: embedsMany(LineItem),
    posts: hasMany(Post, { foreignKey: "user_id" }),
    company: belongsTo(schema("companies", { name: t.string() })),
  },
  { timestamps: true },
);
