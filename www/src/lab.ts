// The page of a form: fetches the rules, binds the form, and shows the changeset and the rules beside it.
import { type Changeset, EctomorphError, load, ready, type RulesDocument, setTranslate } from "ectomorph";
import { bindForm, type Submission } from "ectomorph/form";
import { gettext } from "ectomorph/gettext";
import { Panel } from "./panel.js";
import { pretty } from "./pretty.js";
import type { RulesByName } from "./rules.js";
import { validators } from "./validators.js";
import { fromDocuments, fromRust } from "./ways.js";

const form = document.querySelector<HTMLFormElement>("form[data-rules]");
if (form !== null) void start(form);

async function start(form: HTMLFormElement): Promise<void> {
  const source = form.dataset["rules"] ?? "";
  const editor = element<HTMLTextAreaElement>("document");
  const restore = element<HTMLButtonElement>("restore");
  const panel = new Panel();
  element<HTMLAnchorElement>("rules-link").href = source;

  // The editor takes any rules, and names what is wrong with them: only the whole engine can.
  const [known, answer] = await Promise.all([validators(), fetch(source), ready()]);
  const options = { validators: known };
  if (!answer.ok) return panel.problem(`the rules could not be fetched: the server answered ${answer.status}`);
  const original: RulesDocument = await answer.json();
  const binding = bindForm(form, load(original, options), {
    as: form.dataset["as"] ?? "",
    label: countryName,
    onChange: (changeset) => panel.show(changeset),
    onSubmit: (changeset, submission) => send(form, changeset, submission, panel),
  });

  const text = pretty(original);
  editor.value = text;
  panel.rules("from the server");
  const way = element<HTMLSelectElement>("way");
  way.addEventListener("change", async () => {
    const isRust = way.value === "rust";
    editor.value = text;
    editor.disabled = isRust;
    restore.disabled = true;
    try {
      const rules = await (isRust ? fromRust() : fromDocuments());
      // Meanwhile somebody may have chosen the other way.
      if (isRust !== (way.value === "rust")) return;
      binding.use(rules[form.dataset["as"] as keyof RulesByName]);
      panel.rules(isRust ? "in WebAssembly" : "from the server");
    } catch (error) {
      panel.refuse(String(error));
    }
  });
  editor.addEventListener("input", () => {
    restore.disabled = editor.value === text;
    try {
      binding.use(load(JSON.parse(editor.value) as RulesDocument, options));
      panel.rules(restore.disabled ? "from the server" : "edited here");
    } catch (error) {
      if (!(error instanceof EctomorphError || error instanceof SyntaxError)) throw error;
      panel.refuse(error instanceof SyntaxError ? `not JSON: ${error.message}` : error.message);
    }
  });
  restore.addEventListener("click", () => {
    editor.value = text;
    editor.dispatchEvent(new Event("input"));
    editor.focus();
  });
  const language = element<HTMLSelectElement>("language");
  language.addEventListener("change", async () => {
    const { value } = language;
    setTranslate(value === "" ? null : gettext(await (await fetch(`errors.${value}.po`)).text()));
    form.lang = value || "en";
    binding.refresh();
  });
  form.addEventListener("input", () => panel.forget());
  form.addEventListener("reset", () => panel.forget());
}

/** Sends what is valid. The answer goes back to the form, which shows the errors of a 422. */
async function send(
  form: HTMLFormElement, _changeset: Changeset, { body, params }: Submission, panel: Panel,
): Promise<Response | undefined> {
  const asJson = form.dataset["send"] === "json";
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      ...(asJson ? { body: JSON.stringify(params), headers: { "content-type": "application/json" } } : { body }),
    });
    panel.answer(answer.status, await answer.clone().json());
    return answer;
  } catch {
    panel.unreachable();
    return undefined;
  }
}

function countryName(code: string): string {
  try {
    return new Intl.DisplayNames(["en"], { type: "region" }).of(code.toUpperCase()) ?? code;
  } catch {
    return code;
  }
}

function element<E extends HTMLElement>(id: string): E {
  return document.getElementById(id) as E;
}
