// The page of the notes.
import { ready } from "ectomorph";
import { byId } from "../element.js";
import { keepOffline } from "../offline/register.js";
import { addressOf, wantedHere } from "./address.js";
import { chosenVersion, preparePanel, tellPlace, tellUsage } from "./data-panel.js";
import { editNote } from "./editor.js";
import { readList, showList } from "./list.js";
import { complaint } from "./message.js";
import { modelOf } from "./model.js";
import { type Notebook, openNotebook, type Page, type Wanted } from "./notebook.js";
import type { Sort } from "./queries.js";
import { editTags } from "./tag-editor.js";

const STORAGES = ["opfs", "indexeddb", "memory"] as const;

void start();

async function start(): Promise<void> {
  keepOffline();
  try {
    // `?storage=indexeddb` tries another one.
    const asked = new URLSearchParams(location.search).get("storage");
    const storage = STORAGES.find((storage) => storage === asked) ?? "auto";
    // Notes with comments are more than the small engine knows.
    const [notebook] = await Promise.all([openNotebook(modelOf(chosenVersion()), storage, tellPlace), ready()]);
    await show(notebook);
  } catch (error) {
    const place = byId("fatal");
    place.textContent = `The notes could not be opened: ${complaint(error)}`;
    place.hidden = false;
    byId("place").textContent = "";
    byId("notebook").removeAttribute("aria-busy");
    byId("notebook").inert = true;
  }
}

async function show(notebook: Notebook): Promise<void> {
  const search = byId<HTMLInputElement>("q");
  const sort = byId<HTMLSelectElement>("sort");
  let page: Page | undefined;
  let last = 0;

  const refresh = async (): Promise<void> => {
    const wanted = wantedHere();
    const number = ++last;
    const shown = await readList(notebook, wanted);
    // Somebody wants something else by now.
    if (number !== last) return;
    page = shown.page;
    // What a person is typing is theirs.
    if (document.activeElement !== search) search.value = wanted.search;
    sort.value = wanted.sort;
    showList(shown, wanted, notebook.model.version === 2, {
      open: (id) => void attempt(editNote(notebook, id, done)),
      pin: ({ id, pinned }) => void attempt(notebook.pin(id, pinned !== true).then(() => done(pinned ? "Unpinned." : "Pinned."))),
    });
    byId("notebook").removeAttribute("aria-busy");
    void tellUsage();
  };
  const go = (change: Partial<Wanted>): void => {
    const address = addressOf({ ...wantedHere(), page: 1, ...change });
    // Each letter of a search is no step to go back to.
    if (change.search !== undefined) history.replaceState(null, "", address);
    else history.pushState(null, "", address);
    void attempt(refresh());
  };
  const turn = (by: number): void => {
    go({ page: (page?.page ?? 1) + by });
    byId("list-title").focus();
  };
  const done = (what: string): void => {
    say(what);
    void attempt(refresh());
  };

  byId("search").addEventListener("submit", (event) => event.preventDefault());
  search.addEventListener("input", () => go({ search: search.value }));
  sort.addEventListener("change", () => go({ sort: sort.value as Sort }));
  byId("previous").addEventListener("click", () => turn(-1));
  byId("next").addEventListener("click", () => turn(1));
  byId("new-note").addEventListener("click", () => void attempt(editNote(notebook, undefined, done)));
  byId("manage-tags").addEventListener("click", () => void attempt(editTags(notebook, done)));
  // A tag was chosen, or the back button: what is found may be out of sight.
  addEventListener("hashchange", () => void attempt(refresh().then(() => byId("list-title").focus())));
  preparePanel(notebook, say, refresh);
  await refresh();
}

async function attempt(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    say(complaint(error), true);
  }
}

function say(what: string, isBad = false): void {
  const place = byId("message");
  place.textContent = what;
  place.className = isBad ? "notice alarm" : "notice fine";
}
