import { Changeset, interpolate } from "ectomorph";
import { pretty } from "./pretty.js";

interface Row {
  readonly path: string;
  readonly message: string;
  readonly metadata: { readonly [key: string]: unknown };
}

/** What stands beside the form: the changeset, the state of the rules, and below the form the server's answer. */
export class Panel {
  readonly #validity = part("validity");
  readonly #changes = part("changes");
  readonly #errors = part("errors");
  readonly #count = part("error-count");
  readonly #state = part("rules-state");
  readonly #problem = part("rules-problem");
  readonly #editor = part("document");
  readonly #answer = part("answer");

  show(changeset: Changeset): void {
    chip(this.#validity, changeset.valid ? "valid" : "invalid", changeset.valid ? "good" : "bad");
    put(this.#changes, pretty(plain(changeset)));
    const rows = rowsOf(changeset, "");
    put(this.#count, String(rows.length));
    this.#errors.replaceChildren(...(rows.length === 0 ? [nothing()] : rows.map(row)));
  }

  rules(state: string): void {
    chip(this.#state, state, state === "edited here" ? "edited" : "");
    put(this.#problem, "");
    this.#editor.removeAttribute("aria-invalid");
  }

  /** The form keeps to the rules it has. */
  refuse(message: string): void {
    chip(this.#state, "refused", "bad");
    put(this.#problem, `${message}\nThe form keeps to the last rules that were understood.`);
    this.#editor.setAttribute("aria-invalid", "true");
  }

  problem(message: string): void {
    chip(this.#state, "missing", "bad");
    put(this.#problem, message);
  }

  answer(status: number, body: unknown): void {
    const said = { 201: "created", 422: "it has an objection" }[status] ?? "it refused";
    this.#say(`The server answered ${status}: ${said}`, pretty(body), status === 201 ? "good" : "bad");
  }

  unreachable(): void {
    this.#say("The server can't be reached. Nothing was sent; try again.", "", "bad");
  }

  /** What was answered is about a form that is no more. */
  forget(): void {
    this.#answer.replaceChildren();
  }

  #say(text: string, body: string, mood: string): void {
    const line = Object.assign(document.createElement("p"), { textContent: text, className: mood });
    const code = Object.assign(document.createElement("pre"), { textContent: body, className: "code" });
    code.tabIndex = 0;
    this.#answer.replaceChildren(line, ...(body === "" ? [] : [code]));
  }
}

/** The changes, those of children inside. Passwords stay unread. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!(value instanceof Changeset)) return value;
  const hidden = new Set([...document.querySelectorAll<HTMLInputElement>("input[type=password]")].map(lastName));
  return Object.fromEntries(
    Object.entries(value.changes as object).map(([name, change]) => [name, hidden.has(name) ? "••••••••" : plain(change)]),
  );
}

function lastName({ name }: HTMLInputElement): string {
  return name.split("[").at(-1)?.replace("]", "") ?? "";
}

function rowsOf(changeset: Changeset, prefix: string): Row[] {
  const own = changeset.errors.map(({ field, message, metadata }) => ({
    path: prefix + field, message: interpolate(message, metadata), metadata,
  }));
  const below = Object.entries(changeset.changes as object).flatMap(([name, change]) => {
    if (change instanceof Changeset) return rowsOf(change, `${prefix}${name}.`);
    if (!Array.isArray(change)) return [];
    return change.flatMap((child, index) => (child instanceof Changeset ? rowsOf(child, `${prefix}${name}[${index}].`) : []));
  });
  return [...own, ...below];
}

function row({ path, message, metadata }: Row): HTMLElement {
  const line = document.createElement("tr");
  const field = Object.assign(document.createElement("th"), { scope: "row", textContent: path });
  const text = Object.assign(document.createElement("td"), { textContent: message });
  const more = document.createElement("td");
  for (const [key, value] of Object.entries(metadata)) {
    const shown = typeof value === "string" ? value : JSON.stringify(value);
    more.append(Object.assign(document.createElement("code"), { textContent: `${key}: ${shown}` }), " ");
  }
  line.append(field, text, more);
  return line;
}

function nothing(): HTMLElement {
  const line = document.createElement("tr");
  line.append(Object.assign(document.createElement("td"), { colSpan: 3, textContent: "None", className: "none" }));
  return line;
}

function chip(place: HTMLElement, text: string, mood: string): void {
  put(place, text);
  place.className = `chip ${mood}`;
}

function put(place: HTMLElement, text: string): void {
  if (place.textContent !== text) place.textContent = text;
}

function part(id: string): HTMLElement {
  return document.getElementById(id) as HTMLElement;
}
