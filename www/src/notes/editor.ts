// The form of a note, in a dialog: checked while it is filled in, written by the repo.
import { traverseErrors } from "ectomorph";
import { bindForm } from "ectomorph/form";
import { byId } from "../element.js";
import { complaint } from "./message.js";
import type { Note, Notebook } from "./notebook.js";

interface Params {
  readonly tags?: { readonly [key: string]: { readonly name?: string } };
}

/** Opens the form of a note, a new one without an id. `done` is told what happened. */
export async function editNote(notebook: Notebook, id: number | undefined, done: (what: string) => void): Promise<void> {
  const note = id === undefined ? (notebook.model.Post.build() as Note) : await notebook.note(id);
  if (note === null) return done("This note is gone.");
  const dialog = byId<HTMLDialogElement>("editor");
  dialog.replaceChildren(byId<HTMLTemplateElement>("note-form").content.cloneNode(true));
  const form = byId<HTMLFormElement>("note");
  byId("editor-title").textContent = id === undefined ? "New note" : "Edit note";
  if (notebook.model.version === 1) form.querySelector("[data-pinned]")?.remove();
  const finish = (what: string) => {
    dialog.close();
    done(what);
  };
  const binding = bindForm(form, notebook.model.drafting, {
    as: "post",
    data: note,
    onChange: () => labelItems(form),
    onSubmit: async (_changeset, { params }) => {
      refuse(form, "");
      try {
        const post = (params["post"] ?? {}) as Params;
        const saved = await notebook.save(note, post, namesOf(post));
        if (!saved.ok) return { errors: traverseErrors(saved.changeset) };
        finish(id === undefined ? `Saved “${saved.value.title}”.` : `Changed “${saved.value.title}”.`);
      } catch (error) {
        refuse(form, complaint(error));
      }
      return undefined;
    },
  });
  labelItems(form);
  for (const close of form.querySelectorAll("[data-close]")) close.addEventListener("click", () => dialog.close());
  // Escape is pressed by mistake; what was written goes only when it is pressed again.
  let isWarned = false;
  const warn = (event: Event): void => {
    if (isWarned || Object.keys(binding.changeset.changes).length === 0) return;
    event.preventDefault();
    isWarned = true;
    refuse(form, "What you wrote is not saved. Press Escape once more to throw it away.");
  };
  dialog.addEventListener("cancel", warn);
  prepareDeletion(form, id, async () => {
    await notebook.delete(note);
    finish(`Deleted “${note.title}”.`);
  });
  dialog.addEventListener("close", () => {
    dialog.removeEventListener("cancel", warn);
    binding.release();
    dialog.replaceChildren();
  }, { once: true });
  dialog.showModal();
  form.querySelector<HTMLInputElement>("#post_title")?.focus();
}

/** The tags that the form names, each once. */
function namesOf({ tags = {} }: Params): string[] {
  return [...new Set(Object.values(tags).map(({ name = "" }) => name.trim()))].filter((name) => name !== "");
}

/** Says above the form what the database refused; nothing, with an empty text. */
function refuse(form: HTMLFormElement, text: string): void {
  const place = form.querySelector<HTMLElement>("[data-refused]") as HTMLElement;
  place.textContent = text;
  place.hidden = text === "";
  if (text !== "") place.scrollIntoView({ block: "nearest" });
}

/** Items get their ids when they are added; their labels must point to them. */
function labelItems(form: HTMLFormElement): void {
  for (const list of form.querySelectorAll("[data-items]")) {
    [...list.children].forEach((item, index) => {
      const label = item.querySelector<HTMLLabelElement>("[data-label]");
      const control = item.querySelector<HTMLElement>("[data-name]");
      if (label === null || control === null) return;
      const word = control instanceof HTMLTextAreaElement ? "Comment" : "Tag";
      label.htmlFor = control.id;
      label.textContent = `${word} ${index + 1}`;
    });
  }
}

/** The button that deletes asks once more. */
function prepareDeletion(form: HTMLFormElement, id: number | undefined, remove: () => Promise<void>): void {
  const button = form.querySelector<HTMLButtonElement>("[data-delete]") as HTMLButtonElement;
  if (id === undefined) return button.remove();
  button.addEventListener("click", async () => {
    if (button.dataset["sure"] === undefined) {
      button.dataset["sure"] = "";
      button.textContent = "Delete it for good?";
      return;
    }
    try {
      await remove();
    } catch (error) {
      refuse(form, complaint(error));
    }
  });
  button.addEventListener("blur", () => {
    delete button.dataset["sure"];
    button.textContent = "Delete";
  });
}
