// The list of notes, its tags and its pages.
import { byId, counted, h } from "../element.js";
import { addressOf } from "./address.js";
import { type Listed, type Notebook, PAGE, type Page, type Wanted } from "./notebook.js";

const EXCERPT = 160;

/** What can be done with a note in the list. */
export interface ListActions {
  open(id: number): void;
  pin(note: Listed): void;
}

/** What the list shows. */
export interface Shown {
  readonly page: Page;
  readonly tags: Awaited<ReturnType<Notebook["tags"]>>;
}

/** Reads what is wanted. */
export async function readList(notebook: Notebook, wanted: Wanted): Promise<Shown> {
  const [page, tags] = await Promise.all([notebook.page(wanted), notebook.tags()]);
  return { page, tags };
}

/** Shows what was read. */
export function showList({ page, tags }: Shown, wanted: Wanted, isPinnable: boolean, actions: ListActions): void {
  const shown = { ...wanted, page: page.page };
  byId("tags").replaceChildren(
    tagLink("All notes", undefined, { ...shown, tag: "", page: 1 }, wanted.tag === ""),
    ...tags.map((tag) => tagLink(tag.name ?? "", tag.notes, { ...shown, tag: tag.name ?? "", page: 1 }, wanted.tag === tag.name)),
  );
  byId("known-tags").replaceChildren(...tags.map(({ name }) => h("option", { value: name })));
  byId("list-title").textContent = wanted.tag === "" ? "All notes" : `Notes about ${wanted.tag}`;
  byId("total").textContent = totalOf(page, wanted);
  const focused = focusedIn(byId("notes"));
  byId("notes").replaceChildren(...page.notes.map((note) => noteItem(note, isPinnable, actions)));
  if (focused !== undefined) document.querySelector<HTMLElement>(focused)?.focus();
  showPages(page);
}

/** What has the focus in the list, for when it is made anew. */
function focusedIn(list: HTMLElement): string | undefined {
  const { activeElement } = document;
  const item = activeElement?.closest<HTMLElement>("[data-id]");
  if (!item || !list.contains(item)) return undefined;
  return `[data-id="${item.dataset["id"]}"] ${activeElement?.matches(".title") ? ".title" : ".icon"}`;
}

function tagLink(name: string, notes: number | undefined, wanted: Wanted, isCurrent: boolean): HTMLElement {
  return h("li", {},
    h("a", { href: addressOf(wanted), "aria-current": isCurrent ? "true" : undefined },
      h("span", {}, name),
      notes !== undefined && h("span", { class: "count" }, notes),
      notes !== undefined && h("span", { class: "hidden" }, notes === 1 ? " note" : " notes")));
}

function totalOf({ total }: Page, { search, tag }: Wanted): string {
  if (total > 0) return counted(total, "note");
  return search === "" && tag === "" ? "No notes yet. Write the first one." : "No note is like that.";
}

function noteItem(note: Listed, isPinnable: boolean, actions: ListActions): HTMLElement {
  const body = note.body ?? "";
  const title = h("button", { type: "button", class: "title", onclick: () => actions.open(note.id), "aria-haspopup": "dialog" }, note.title ?? "");
  const pinned = note.pinned === true;
  const pin = h("button", {
    type: "button", class: "icon", "aria-pressed": String(pinned), "aria-label": `Pin ${note.title}`, title: pinned ? "Unpin" : "Pin",
    onclick: () => actions.pin(note),
  }, pinned ? "★" : "☆");
  return h("li", { class: "card note", "data-id": note.id },
    h("div", { class: "head" }, h("h3", {}, title), isPinnable && pin),
    body !== "" && h("p", { class: "excerpt" }, body.length > EXCERPT ? `${body.slice(0, EXCERPT).trimEnd()}…` : body),
    h("p", { class: "about" },
      ...note.tags.map((tag) => h("span", { class: "chip" }, tag)),
      note.comments > 0 && h("span", { class: "hint" }, counted(note.comments, "comment")),
      h("time", { class: "hint", datetime: `${note.updated_at}Z` }, dateOf(note.updated_at))));
}

/** Times are stored in UTC. */
function dateOf(time: string): string {
  const date = new Date(`${time}Z`);
  const year = date.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  return date.toLocaleString("en", { year, month: "short", day: "numeric", hour: "numeric", minute: "2-digit" });
}

function showPages({ total, page }: Page): void {
  const pages = Math.ceil(total / PAGE);
  byId("pages").hidden = pages < 2;
  byId("page").textContent = `Page ${page} of ${pages}`;
  byId<HTMLButtonElement>("previous").disabled = page <= 1;
  byId<HTMLButtonElement>("next").disabled = page >= pages;
}
