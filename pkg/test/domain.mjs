// The schemas and rules that the tests share.
import { embedsMany, embedsOne, hasMany, schema, t } from "ectomorph";

export const Comment = schema("comments", { body: t.string(), post_id: t.id() });
export const Author = schema.embedded({ name: t.string() });
export const Section = schema.embedded({ heading: t.string(), words: t.integer() });
export const Post = schema("posts", {
  title: t.string(),
  body: t.string(),
  views: t.integer().default(0),
  price: t.decimal(),
  rating: t.float(),
  published_on: t.date(),
  updated_at: t.utcDatetime(),
  status: t.enum("draft", "published").default("draft"),
  tags: t.array(t.string()),
  extra: t.map(),
  attachment: t.any(),
  secret: t.string().redact(),
  author: embedsOne(Author, { onReplace: "update" }),
  sections: embedsMany(Section, { onReplace: "delete" }),
  comments: hasMany(Comment, { foreignKey: "post_id", onReplace: "delete" }),
});

export const section = Section.changeset((c) =>
  c.cast("heading", "words").validateRequired("heading").validateNumber("words", { greaterThan: 0 }),
);
export const draft = Post.changeset((c) =>
  c
    .cast("title", "body", "views", "price", "rating", "published_on", "status", "tags", "extra", "attachment", "secret")
    .validateRequired("title")
    .validateLength("title", { min: 2, max: 20 })
    .castEmbed("sections", { with: section, sortParam: "sections_sort", dropParam: "sections_drop" })
    .castEmbed("author", { with: (c) => c.cast("name").validateRequired("name") }),
);
