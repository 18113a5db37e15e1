// The schemas of the query vectors. Relations that would go round in a circle hold a schema without relations.
import { belongsTo, embedsOne, hasMany, hasOne, manyToMany, schema, t } from "ectomorph";

const userFields = {
  name: t.string(),
  email: t.string(),
  age: t.integer(),
  active: t.boolean(),
  balance: t.decimal(),
  score: t.float(),
  bio: t.string(),
  birthday: t.date(),
  last_seen_at: t.utcDatetime(),
  settings: t.map(),
  roles: t.array(t.string()),
  uid: t.uuid(),
  status: t.enum("pending", "active", "banned"),
  lock_version: t.integer(),
};
const userOptions = { name: "User", timestamps: true };
const PlainUser = schema("users", { ...userFields, manager_id: t.id() }, userOptions);

export const Tag = schema("tags", { name: t.string() }, { name: "Tag" });
export const Profile = schema("profiles", { website: t.string(), twitter: t.string(), user: belongsTo(PlainUser) }, { name: "Profile" });
export const Comment = schema(
  "comments",
  { body: t.string(), likes: t.integer(), post_id: t.id(), user: belongsTo(PlainUser) },
  { name: "Comment", timestamps: { updatedAt: false } },
);
export const Post = schema(
  "posts",
  {
    title: t.string(),
    body: t.string(),
    slug: t.string(),
    published: t.boolean(),
    views: t.integer(),
    rating: t.decimal(),
    published_at: t.utcDatetimeUsec(),
    meta: t.map(),
    user: belongsTo(PlainUser),
    comments: hasMany(Comment, { foreignKey: "post_id", preloadOrder: ["id"] }),
    tags: manyToMany(Tag, { joinThrough: "posts_tags", joinKeys: [["post_id", "id"], ["tag_id", "id"]] }),
  },
  { name: "Post", timestamps: true },
);
export const PostTag = schema("posts_tags", { post_id: t.id().primaryKey(), tag_id: t.id().primaryKey() }, { name: "PostTag" });
export const Category = schema("categories", { name: t.string(), parent_id: t.id() }, { name: "Category" });
export const Product = schema(
  "products",
  {
    sku: t.string(),
    name: t.string(),
    price: t.decimal(),
    stock: t.integer(),
    weight: t.float(),
    released_on: t.date(),
    available_from: t.time(),
    category: belongsTo(Category),
  },
  { name: "Product" },
);
export const LineItem = schema(
  "line_items",
  { quantity: t.integer(), unit_price: t.decimal(), order_id: t.id(), product: belongsTo(Product) },
  { name: "LineItem" },
);
export const Address = schema.embedded({ street: t.string(), city: t.string(), zip: t.string(), country: t.string() }, { primaryKey: false });
export const Order = schema(
  "orders",
  {
    status: t.string(),
    placed_at: t.naiveDatetime(),
    total: t.decimal(),
    notes: t.string(),
    ref: t.binaryId(),
    address: embedsOne(Address),
    user: belongsTo(PlainUser),
    line_items: hasMany(LineItem, { foreignKey: "order_id" }),
  },
  { name: "Order" },
);
export const User = schema(
  "users",
  {
    ...userFields,
    manager: belongsTo(PlainUser),
    reports: hasMany(PlainUser, { foreignKey: "manager_id" }),
    profile: hasOne(Profile, { foreignKey: "user_id" }),
    posts: hasMany(Post, { foreignKey: "user_id" }),
    comments: hasMany(Comment, { foreignKey: "user_id" }),
    orders: hasMany(Order, { foreignKey: "user_id" }),
    published_posts: hasMany(Post, { foreignKey: "user_id", where: { published: true } }),
  },
  userOptions,
);
