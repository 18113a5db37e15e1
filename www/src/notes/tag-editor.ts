// The dialog in which tags are renamed and deleted.
import { traverseErrors } from "ectomorph";
import { bindForm } from "ectomorph/form";
import { from } from "ectomorph/repo";
import { byId, h } from "../element.js";
import { complaint } from "./message.js";
import { Tag, tagging } from "./model.js";
import type { Notebook } from "./notebook.js";

/** Opens the dialog. `changed` is called after each change. */
export async function editTags(notebook: Notebook, changed: (what: string) => void): Promise<void> {
  const dialog = byId<HTMLDialogElement>("tag-editor");
  const tags = await notebook.repo.all(from(Tag).orderBy("name"));
  const refused = h("p", { class: "notice alarm", role: "alert", hidden: true });
  const list = h("ul", { class: "tag-forms" }, ...tags.map((tag) => h("li", {}, tagForm(notebook, tag, (error) => {
    refused.textContent = complaint(error);
    refused.hidden = false;
  }, changed))));
  dialog.replaceChildren(
    h("div", { class: "head" },
      h("h2", { id: "tag-editor-title" }, "Tags"),
      h("button", { type: "button", class: "icon", "aria-label": "Close", title: "Close", onclick: () => dialog.close() }, "×")),
    refused,
    tags.length === 0 ? h("p", { class: "hint" }, "There are no tags yet. Notes bring them.") : list,
  );
  dialog.showModal();
}

function tagForm(
  notebook: Notebook, tag: { readonly id: number | null; readonly name: string | null }, refuse: (error: unknown) => void,
  changed: (what: string) => void,
): HTMLFormElement {
  const form = (byId<HTMLTemplateElement>("tag-form").content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLFormElement;
  const input = form.querySelector("input") as HTMLInputElement;
  form.id = `tag_${tag.id}`;
  input.id = `tag_${tag.id}_name`;
  input.value = tag.name ?? "";
  const label = form.querySelector("label") as HTMLLabelElement;
  label.htmlFor = input.id;
  label.textContent = `Name of the tag ${tag.name}`;
  bindForm(form, tagging, {
    as: "tag",
    data: tag,
    onSubmit: async (changeset) => {
      try {
        const renamed = await notebook.repo.update(changeset);
        if (!renamed.ok) return { errors: traverseErrors(renamed.changeset) };
        changed(`The tag is called ${renamed.value.name} now.`);
      } catch (error) {
        refuse(error);
      }
      return undefined;
    },
  });
  form.querySelector("[data-delete]")?.addEventListener("click", async () => {
    try {
      await notebook.deleteTag(tag.id as number);
      form.closest("li")?.remove();
      changed(`The tag ${tag.name} is gone; the notes stay.`);
    } catch (error) {
      refuse(error);
    }
  });
  return form;
}
