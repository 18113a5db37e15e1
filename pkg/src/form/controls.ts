import type { FormField } from "./describe.js";

/** An input, a choice or a text area. */
export type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/**
 * Whether a browser keeps what was typed to itself, since it is no number or date: the form has nothing there, so the
 * rules can't see what a cast would refuse.
 */
export function isUnread(control: Control): boolean {
  return control.validity?.badInput === true;
}

/** The attributes that rules gave an element, to be taken back when they don't any more. */
const given = new WeakMap<Element, readonly string[]>();
/** The choices that rules filled. */
const filled = new WeakSet<Element>();

/** The inputs of a form, by name; those that nobody sees are left out. */
export function controlsOf(form: HTMLFormElement): Map<string, Control[]> {
  const controls = new Map<string, Control[]>();
  for (const element of form.elements) {
    const control = element as Control;
    if (!element.matches("input:not([type=hidden]),select,textarea") || control.name === "") continue;
    const name = control.name.replace(/\[\]$/, "");
    controls.set(name, [...(controls.get(name) ?? []), control]);
  }
  return controls;
}

/** Gives a control what follows from the rules: attributes, a type where it has none, choices. */
export function apply(control: Control, field: FormField, label: (choice: string) => string): void {
  const attributes: Record<string, unknown> = { ...field.attributes };
  const before = given.get(control) ?? [];
  if (control instanceof HTMLInputElement && (before.includes("type") || !control.hasAttribute("type"))) {
    attributes["type"] = field.type;
  }
  for (const name of before) if (!(name in attributes)) control.removeAttribute(name);
  for (const [name, value] of Object.entries(attributes)) {
    const text = value === true ? "" : String(value);
    if (control.getAttribute(name) !== text) control.setAttribute(name, text);
  }
  given.set(control, Object.keys(attributes));
  if (control instanceof HTMLSelectElement && field.options !== undefined) fill(control, field.options, label);
}

function fill(select: HTMLSelectElement, choices: readonly string[], label: (choice: string) => string): void {
  const own = [...select.options].filter((option) => option.value !== "");
  if (own.length > 0 && !filled.has(select)) return;
  filled.add(select);
  if (own.map((option) => option.value).join("\n") === choices.join("\n")) return;
  const { value } = select;
  for (const option of own) option.remove();
  select.append(...choices.map((choice) => new Option(label(choice), choice)));
  select.value = value;
  if (select.selectedIndex < 0) select.selectedIndex = 0;
}

/** Shows a value in a control that has none of its own. */
export function show(control: Control, value: unknown): void {
  if (control instanceof HTMLInputElement && /^(checkbox|radio)$/.test(control.type)) {
    const values = Array.isArray(value) ? value : [value];
    if (values.includes(control.value) || (control.value === "on" && value === "true")) control.checked = true;
  } else if (control instanceof HTMLSelectElement) {
    const options = [...control.options];
    if (options.some((option) => option.defaultSelected)) return;
    for (const option of options) if (Array.isArray(value) ? value.includes(option.value) : value === option.value) option.selected = true;
  } else if (control.value === "" && typeof value === "string") {
    control.value = value;
  }
}

/** Says below a control what is wrong with it, to people who see it and to those who hear it. */
export function complain(controls: readonly Control[], id: string, messages: readonly string[]): void {
  const last = controls.at(-1) as Control;
  write(id, messages, (place) => (last.closest("label") ?? last).after(place));
  for (const control of controls) {
    if (messages.length > 0) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
    refer(control, id, messages.length > 0);
  }
}

/** Says at the end of a container what is wrong with the children as a whole. */
export function complainOfAll(container: Element, id: string, messages: readonly string[]): void {
  write(id, messages, (place) => container.append(place));
  container.toggleAttribute("data-invalid", messages.length > 0);
  refer(container, id, messages.length > 0);
}

/** Whether an element is described by another, among others. */
function refer(element: Element, id: string, on: boolean): void {
  const before = (element.getAttribute("aria-describedby") ?? "").split(/\s+/);
  const others = before.filter((other) => other !== "" && other !== id);
  if (on) others.unshift(id);
  if (others.length > 0) element.setAttribute("aria-describedby", others.join(" "));
  else element.removeAttribute("aria-describedby");
}

/** Writes messages, a line each, into the element of that id, which is made where there is none. */
export function write(id: string, messages: readonly string[], insert: (place: Element) => void): void {
  let place = document.getElementById(id);
  if (place === null) {
    if (messages.length === 0) return;
    place = Object.assign(document.createElement("p"), { id, className: "error" });
    place.setAttribute("aria-live", "polite");
    insert(place);
  }
  const text = messages.join("\n");
  if (place.textContent !== text) place.textContent = text;
  place.hidden = text === "";
}
