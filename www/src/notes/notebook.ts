// The notes in their database: what the page reads and writes.
import { type Changeset, putAssoc, type RecordOf, type Rules } from "ectomorph";
import { count, from, openRepo, type Repo, type RepoEvent, type RepoOptions } from "ectomorph/repo";
import { Comment, type Model, PostTag, Tag } from "./model.js";
import { found, type Sort, sorted, tagged } from "./queries.js";

/** Which notes are looked for. */
export interface Wanted {
  readonly search: string;
  /** The name of a tag; all notes without it. */
  readonly tag: string;
  readonly sort: Sort;
  /** The first one is 1. */
  readonly page: number;
}

/** A note in the list. */
export interface Listed {
  readonly id: number;
  readonly title: string | null;
  readonly body: string | null;
  readonly pinned: boolean | null;
  readonly updated_at: string;
  readonly tags: readonly string[];
  readonly comments: number;
}

/** A page of the list, and how many notes there are on all. */
export interface Page {
  readonly notes: readonly Listed[];
  readonly total: number;
  readonly page: number;
}

export const PAGE = 6;

type Fields<S> = S extends Rules<infer F> ? F : never;
export type Draft = Changeset<Fields<Model["drafting"]>>;
export type Note = RecordOf<Fields<Model["drafting"]>>;
type Saved = { readonly ok: true; readonly value: Note } | { readonly ok: false; readonly changeset: Changeset };

/** Opens the notes of this browser. */
export async function openNotebook(model: Model, storage: NonNullable<RepoOptions["storage"]>, onEvent: (event: RepoEvent) => void): Promise<Notebook> {
  const { schemas, migrations } = model;
  const worker = () => new Worker("worker.js", { type: "module", name: "notes" });
  return new Notebook(model, await openRepo({ name: "notes", schemas, migrations, storage, persist: true, worker, onEvent }));
}

export class Notebook {
  constructor(
    readonly model: Model,
    readonly repo: Repo,
  ) {}

  /** The notes that are looked for, a page of them; the last page, where there are not so many. */
  async page({ search, tag, sort, page }: Wanted): Promise<Page> {
    const wanted = tagged(found(this.model, search), tag);
    const total = await this.repo.aggregate(wanted, "count");
    const shown = Math.min(Math.max(page, 1), Math.max(Math.ceil(total / PAGE), 1));
    const query = sorted(this.model, wanted, sort).limit(PAGE).offset((shown - 1) * PAGE).preload("tags");
    const posts = await this.repo.all(query);
    const counts = new Map(await this.repo.all(
      from(Comment).where((c) => c.post_id.in(posts.map(({ id }) => id as number))).groupBy("post_id").select((c) => [c.post_id, count(c.id)] as const),
    ));
    const notes = posts.map(({ id, title, body, pinned, updated_at, tags = [] }) => ({
      id: id as number, title, body, pinned, updated_at: updated_at as string,
      tags: tags.map(({ name }) => name ?? ""), comments: counts.get(id) ?? 0,
    }));
    return { notes, total, page: shown };
  }

  /** Every tag, and how many notes have it. */
  tags() {
    return this.repo.all(
      from(Tag).leftJoin(PostTag, "pt", (t, { pt }) => pt.tag_id.eq(t.id)).groupBy((t) => [t.id, t.name]).orderBy("name")
        .select((t, { pt }) => ({ id: t.id, name: t.name, notes: count(pt.post_id) })),
    );
  }

  /** A note with its comments and tags. */
  async note(id: number): Promise<Note | null> {
    const { Post } = this.model;
    return this.repo.one(from(Post).where((p) => p.id.eq(id)).preload("comments", "tags")) as Promise<Note | null>;
  }

  /** Writes a note with its comments; tags that are not known yet are made. All of it, or nothing. */
  async save(data: Note, params: object, tags: readonly string[]): Promise<Saved> {
    const done = await this.repo.transaction(async (repo) => {
      if (tags.length > 0) {
        await repo.insertAll(Tag, tags.map((name) => ({ name })), { onConflict: "nothing", conflictTarget: "name" });
      }
      const records = tags.length === 0 ? [] : await repo.all(from(Tag).where((t) => t.name.in(tags)));
      const saved = await repo.insertOrUpdate(putAssoc(this.model.writing(data, params), "tags", records));
      return saved.ok ? saved.value : repo.rollback(saved.changeset);
    });
    return done.ok ? { ok: true, value: done.value as Note } : { ok: false, changeset: done.reason as Changeset };
  }

  /** Deletes a note; its comments go with it. */
  async delete(note: Note): Promise<void> {
    await this.repo.delete(note, { allowStale: true });
  }

  async pin(id: number, pinned: boolean): Promise<void> {
    const post = await this.repo.get(this.model.Post, id);
    if (post !== null) await this.repo.update(this.model.pinning(post, { pinned }));
  }

  async deleteTag(id: number): Promise<void> {
    await this.repo.deleteAll(from(Tag).where((t) => t.id.eq(id)));
  }
}
