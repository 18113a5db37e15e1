// The queries to choose from: what is shown of each, and what is run.
import { avg, count, desc, exists, from, ilike, max, over, type QueryDocument, rowNumber, subquery, sum } from "ectomorph/repo";
import { Comment, Post, User } from "./schemas.js";

/** A query to choose. */
export interface Example {
  readonly title: string;
  readonly code: string;
  readonly query: { readonly document: QueryDocument };
}

const olderNames = from(User).where((u) => u.age.gt(70)).select((u) => u.name);
const loud = from(Comment).where((c) => c.likes.gt(35)).select((c) => c.post_id);
const ranked = from(Post)
  .select((p) => ({ title: p.title, user_id: p.user_id, views: p.views, place: over(rowNumber(), { partitionBy: p.user_id, orderBy: [desc(p.views)] }) }));

export const EXAMPLES: readonly Example[] = [
  {
    title: "One user by email: a unique index",
    code: `from(User)
  .where((u) => u.email.eq("user1042@example.com"))`,
    query: from(User).where((u) => u.email.eq("user1042@example.com")),
  },
  {
    title: "A range in an index of two columns",
    code: `from(User)
  .where((u) => u.city.eq("Oslo").and(u.age.gte(30)).and(u.age.lt(40)))
  .orderBy("age")
  .select((u) => [u.name, u.age])`,
    query: from(User)
      .where((u) => u.city.eq("Oslo").and(u.age.gte(30)).and(u.age.lt(40)))
      .orderBy("age")
      .select((u) => [u.name, u.age]),
  },
  {
    title: "Text anywhere: every row is looked at",
    code: `from(Post)
  .where((p) => ilike(p.title, "%compilers%"))
  .orderBy([desc("views")])
  .limit(10)
  .select(["title", "views"])`,
    query: from(Post)
      .where((p) => ilike(p.title, "%compilers%"))
      .orderBy([desc("views")])
      .limit(10)
      .select(["title", "views"]),
  },
  {
    title: "The most read: an index gives the order",
    code: `from(Post)
  .orderBy([desc("views")])
  .limit(5)
  .select((p) => ({ title: p.title, views: p.views }))`,
    query: from(Post)
      .orderBy([desc("views")])
      .limit(5)
      .select((p) => ({ title: p.title, views: p.views })),
  },
  {
    title: "Groups: posts by city",
    code: `from(User)
  .join("posts", "p")
  .groupBy("city")
  .having((_, { p }) => count(p.id).gt(10))
  .orderBy((_, { p }) => [desc(count(p.id))])
  .select((u, { p }) => ({ city: u.city, posts: count(p.id), views: sum(p.views), most: max(p.views) }))`,
    query: from(User)
      .join("posts", "p")
      .groupBy("city")
      .having((_, { p }) => count(p.id).gt(10))
      .orderBy((_, { p }) => [desc(count(p.id))])
      .select((u, { p }) => ({ city: u.city, posts: count(p.id), views: sum(p.views), most: max(p.views) })),
  },
  {
    title: "Three tables",
    code: `from(User)
  .join("posts", "p")
  .join(Comment, "c", (_, { p, c }) => c.post_id.eq(p.id))
  .where((u, { c }) => u.city.eq("Kyoto").and(c.likes.gt(37)))
  .orderBy((u, { c }) => [desc(c.likes), u.name])
  .limit(20)
  .select((u, { p, c }) => ({ name: u.name, title: p.title, likes: c.likes }))`,
    query: from(User)
      .join("posts", "p")
      .join(Comment, "c", (_, { p, c }) => c.post_id.eq(p.id))
      .where((u, { c }) => u.city.eq("Kyoto").and(c.likes.gt(37)))
      .orderBy((u, { c }) => [desc(c.likes), u.name])
      .limit(20)
      .select((u, { p, c }) => ({ name: u.name, title: p.title, likes: c.likes })),
  },
  {
    title: "Records with what belongs to them",
    code: `from(User)
  .where((u) => u.id.in([11, 12, 13]))
  .orderBy("id")
  .preload("invited_by", { posts: "comments" })`,
    query: from(User)
      .where((u) => u.id.in([11, 12, 13]))
      .orderBy("id")
      .preload("invited_by", { posts: "comments" }),
  },
  {
    title: "A subquery: posts with a loud comment",
    code: `from(Post)
  .where((p) => p.id.in(subquery(from(Comment).where((c) => c.likes.gt(35)).select((c) => c.post_id))))
  .select((p) => count(p.id))`,
    query: from(Post).where((p) => p.id.in(subquery(loud))).select((p) => count(p.id)),
  },
  {
    title: "Users who never wrote",
    code: `from(User).as("u")
  .where(({ u }) => exists(from(Post).where((p) => p.user_id.eq(u.id)).select((p) => p.id)).not())
  .orderBy("id")
  .limit(10)
  .select(["id", "name"])`,
    query: from(User).as("u")
      .where(({ u }) => exists(from(Post).where((p) => p.user_id.eq(u.id)).select((p) => p.id)).not())
      .orderBy("id")
      .limit(10)
      .select(["id", "name"]),
  },
  {
    title: "A window: the best post of each",
    code: `from(subquery(
  from(Post).select((p) => ({
    title: p.title, user_id: p.user_id, views: p.views,
    place: over(rowNumber(), { partitionBy: p.user_id, orderBy: [desc(p.views)] }),
  })),
))
  .where((p) => p.place.eq(1).and(p.user_id.lte(10)))
  .orderBy((p) => p.user_id)
  .select((p) => [p.user_id, p.title, p.views])`,
    query: from(subquery(ranked))
      .where((p) => p.place.eq(1).and(p.user_id.lte(10)))
      .orderBy((p) => p.user_id)
      .select((p) => [p.user_id, p.title, p.views]),
  },
  {
    title: "A union of two queries",
    code: `from(User).where((u) => u.age.lt(19)).select((u) => u.name)
  .union(from(User).where((u) => u.age.gt(70)).select((u) => u.name))`,
    query: from(User).where((u) => u.age.lt(19)).select((u) => u.name).union(olderNames),
  },
  {
    title: "One row: averages of all",
    code: `from(Post).select((p) => ({ posts: count(p.id), average: avg(p.views) }))`,
    query: from(Post).select((p) => ({ posts: count(p.id), average: avg(p.views) })),
  },
];
