// Notes to try the app with.
import { from } from "ectomorph/repo";
import { Comment, PostTag, Tag } from "./model.js";
import type { Notebook } from "./notebook.js";

const SUBJECTS = ["Sourdough", "Bicycle chain", "Tomatoes", "Piano practice", "Tide tables", "Bookbinding", "Night train", "Compost"];
const KINDS = ["a first try", "what went wrong", "next steps", "a shopping list", "measurements"];
const TAGS = ["kitchen", "garden", "travel", "music", "workshop"];

/** Adds so many notes with tags and comments: all of them, or none. */
export async function addExamples(notebook: Notebook, count: number): Promise<void> {
  const { Post, version } = notebook.model;
  await notebook.repo.transaction(async (repo) => {
    const before = await repo.aggregate(Post, "count");
    await repo.insertAll(Tag, TAGS.map((name) => ({ name })), { onConflict: "nothing", conflictTarget: "name" });
    const tags = await repo.all(from(Tag).where((t) => t.name.in(TAGS)).orderBy("id"));
    const rows = Array.from({ length: count }, (_, index) => {
      const number = before + index;
      const written = new Date(Date.now() - index * 37 * 60_000).toISOString().slice(0, 19);
      return {
        title: `${SUBJECTS[number % SUBJECTS.length]}: ${KINDS[(number >> 1) % KINDS.length]} (${number + 1})`,
        body: `Written down so that it isn't forgotten. This is example ${number + 1}, and it says nothing more.`,
        inserted_at: written, updated_at: written,
        ...(version === 1 ? {} : { pinned: false }),
      };
    });
    const { rows: posts } = await repo.insertAll(Post, rows, { returning: ["id"] });
    const ids = (posts ?? []).map(({ id }) => id as number);
    await repo.insertAll(PostTag, ids.flatMap((post_id, index) =>
      tags.filter((_, at) => (index + at) % 3 === 0).map(({ id }) => ({ post_id, tag_id: id }))));
    const now = new Date().toISOString().slice(0, 19);
    await repo.insertAll(Comment, ids.flatMap((post_id, index) =>
      Array.from({ length: index % 4 }, (_, at) => ({ post_id, body: `A remark, number ${at + 1}.`, inserted_at: now, updated_at: now }))));
  });
}
