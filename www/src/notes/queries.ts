// What the list is made of: queries put together of what is looked for.
import { asc, count, desc, exists, from, ilike, or, subquery } from "ectomorph/repo";
import { Comment, type Model, PostTag, Tag } from "./model.js";

export type Sort = "changed" | "oldest" | "title" | "discussed";

type Found = ReturnType<typeof found>;

/** Notes that have the text anywhere; all of them, without one. */
export function found({ Post }: Model, search: string) {
  const all = from(Post).as("post");
  const text = search.trim();
  if (text === "") return all;
  // What LIKE takes for a sign of its own is text here.
  const pattern = `%${text.replace(/[\\%_]/g, "\\$&")}%`;
  return all.where(({ post }) =>
    or(
      ilike(post.title, pattern), ilike(post.body, pattern),
      exists(from(Comment).where((c) => c.post_id.eq(post.id).and(ilike(c.body, pattern))).select((c) => c.id)),
    ));
}

/** Those with a tag; all of them, without one. */
export function tagged(query: Found, tag: string): Found {
  if (tag === "") return query;
  const having = from(PostTag).join(Tag, "t", (pt, { t }) => t.id.eq(pt.tag_id)).where((_, { t }) => t.name.eq(tag)).select((pt) => pt.post_id);
  return query.where(({ post }) => post.id.in(subquery(having)));
}

/** In order; pinned ones first, where there are such. */
export function sorted({ version }: Model, query: Found, sort: Sort): Found {
  const pinned = version === 1 ? query : query.orderBy(({ post }) => desc(post.pinned));
  switch (sort) {
    case "changed":
      return pinned.orderBy(({ post }) => [desc(post.updated_at), desc(post.id)]);
    case "oldest":
      return pinned.orderBy(({ post }) => [asc(post.inserted_at), asc(post.id)]);
    case "title":
      return pinned.orderBy(({ post }) => asc(post.title));
    case "discussed":
      return pinned.orderBy(({ post }) => [
        desc(subquery(from(Comment).where((c) => c.post_id.eq(post.id)).select((c) => count(c.id)))), asc(post.title),
      ]);
  }
}
