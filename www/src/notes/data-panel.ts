// What a person may know of and do with the data as a whole: where it is, how much, export, import, the migrations.
import type { RepoEvent } from "ectomorph/repo";
import { byId, h } from "../element.js";
import { addExamples } from "./examples.js";
import { complaint } from "./message.js";
import type { Notebook } from "./notebook.js";

const VERSION = "notes.version";
const PLACES: { readonly [storage: string]: string } = {
  opfs: "in this browser's private files (OPFS)",
  indexeddb: "in this browser's IndexedDB",
  memory: "in memory alone: they are gone when this page is closed",
};

/** The version of the app that was chosen last. */
export function chosenVersion(): 1 | 2 {
  return localStorage.getItem(VERSION) === "1" ? 1 : 2;
}

/** Says where the notes are, as the repo tells it. */
export function tellPlace(event: RepoEvent): void {
  if (event.type === "storage") {
    const place = byId("place");
    place.textContent = `Your notes are ${PLACES[event.storage] ?? `in ${event.storage}`}.`;
    place.dataset["storage"] = event.storage;
    place.title = event.reason;
  } else if (event.type === "persist") {
    byId("place").append(event.granted ? " The browser promised to keep them." : " The browser may clear them if it runs out of room.");
  }
}

/** Shows how much room is taken. */
export async function tellUsage(): Promise<void> {
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  if (quota > 0) byId("usage").textContent = `This site uses ${size(usage)} of the ${size(quota)} that it may.`;
}

function size(bytes: number): string {
  const units = ["bytes", "KB", "MB", "GB"];
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), 3);
  return `${(bytes / 1000 ** step).toLocaleString("en", { maximumFractionDigits: step === 0 ? 0 : 1 })} ${units[step]}`;
}

/** Makes the buttons work. `changed` is called when the notes are others than before. */
export function preparePanel(notebook: Notebook, say: (what: string, isBad?: boolean) => void, changed: () => Promise<void>): void {
  const on = (id: string, work: () => Promise<string | undefined>) =>
    byId(id).addEventListener("click", async () => {
      try {
        const said = await work();
        if (said !== undefined) {
          await changed();
          say(said);
        }
      } catch (error) {
        say(complaint(error), true);
      }
    });
  on("export", async () => {
    const url = URL.createObjectURL(new Blob([await notebook.repo.export() as Uint8Array<ArrayBuffer>]));
    h("a", { href: url, download: `notes-${new Date().toISOString().slice(0, 10)}.ectomorph` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
    return "The file with all notes is among your downloads.";
  });
  const file = byId<HTMLInputElement>("import-file");
  on("import", async () => {
    file.click();
    return undefined;
  });
  file.addEventListener("change", async () => {
    const [chosen] = file.files ?? [];
    if (chosen === undefined) return;
    try {
      await notebook.repo.import(new Uint8Array(await chosen.arrayBuffer()));
      // The file may be of another version of the app.
      await notebook.repo.migrate();
      await showMigrations(notebook);
      await changed();
      say(`The notes are those of ${chosen.name} now.`);
    } catch (error) {
      say(complaint(error), true);
    } finally {
      file.value = "";
    }
  });
  on("migrate", async () => reopen(notebook, 2));
  on("rollback", async () => {
    await notebook.repo.rollbackMigrations({ step: 1 });
    return reopen(notebook, 1);
  });
  on("examples", async () => {
    await addExamples(notebook, 40);
    return "40 examples were added.";
  });
  void showMigrations(notebook);
  const online = () => {
    byId("network").textContent = navigator.onLine ? "online" : "offline";
    byId("network").classList.toggle("good", navigator.onLine);
  };
  addEventListener("online", online);
  addEventListener("offline", online);
  online();
}

/** The schemas of the app are those of one version, so it starts anew. */
async function reopen(notebook: Notebook, version: 1 | 2): Promise<undefined> {
  localStorage.setItem(VERSION, String(version));
  await notebook.repo.close();
  location.reload();
}

async function showMigrations(notebook: Notebook): Promise<void> {
  const { version } = notebook.model;
  const migrations = await notebook.repo.migrations();
  byId("version").textContent = String(version);
  byId<HTMLButtonElement>("migrate").disabled = version === 2;
  byId<HTMLButtonElement>("rollback").disabled = version === 1;
  byId("migrations").replaceChildren(...migrations.map(({ version, name, up }) =>
    h("tr", {}, h("th", { scope: "row" }, name ?? String(version)), h("td", {}, h("span", { class: up ? "chip good" : "chip" }, up ? "up" : "down")))));
}
