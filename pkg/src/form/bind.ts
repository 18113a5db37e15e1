import type { Changeset } from "../changeset.js";
import { EctomorphError } from "../errors.js";
import type { AnyFields, Data } from "../fields.js";
import { decodeForm } from "../params.js";
import type { Rules } from "../run.js";
import { type ErrorTree, errorsOf, messagesIn } from "./answer.js";
import { type Check, Checks } from "./checks.js";
import { type Control, apply, complain, complainOfAll, controlsOf, isUnread, show, unreadMessage, write } from "./controls.js";
import { type FormDescription, type FormError, type FormField, form as describe } from "./describe.js";
import { Items, hidden, toolOf } from "./items.js";
import { Press } from "./press.js";

/** How a form is bound. */
export interface BindOptions<F = AnyFields> {
  /** What the names of the inputs start with: `user` of `user[email]`; the schema's name in snake case otherwise. */
  readonly as?: string;
  /** The record to change; a new one otherwise. */
  readonly data?: Data<F>;
  /**
   * What only a server knows, by field: asked once a person has left it with a value that the rules accept, and before the
   * form is sent. The signal says that the value is another by now. Answers with messages, or with nothing.
   */
  readonly checks?: { readonly [field: string]: Check };
  /** The text of a choice that rules give; the choice itself otherwise. */
  readonly label?: (choice: string, field: string) => string;
  /** Called whenever the changeset is made anew. */
  readonly onChange?: (changeset: Changeset<F>, form: FormDescription) => void;
  /**
   * Sends a valid form. A response with the status 422, an object with `errors`, or what a repo says of a changeset that it
   * refused, puts these on the fields. Without
   * this, the browser sends a valid form as it would any.
   */
  readonly onSubmit?: (changeset: Changeset<F>, submission: Submission) => unknown;
}

/** What is sent. */
export interface Submission {
  readonly form: HTMLFormElement;
  /** The form, urlencoded: the body of a request. */
  readonly body: URLSearchParams;
  /** The same as nested params, for a request in JSON. */
  readonly params: { readonly [name: string]: unknown };
}

/** A bound form. */
export interface Binding<F = AnyFields> {
  /** The changeset of what the form holds. */
  readonly changeset: Changeset<F>;
  /** Checks by other rules from now on. If they are refused, the old ones stay. */
  use(rules: Rules<F>): void;
  /** Makes the changeset anew, after a program changed inputs. */
  refresh(): void;
  /** Shows the errors of a server's answer on their fields, each until its field changes. */
  showErrors(errors: unknown): void;
  /** Lets go of the form. */
  release(): void;
}

type Place = Control | Element;

/**
 * Binds a form of the page to rules: as it is filled in, the changeset is made, the errors of the inputs that a person
 * has left are shown (of all, once it was sent), and inputs get the attributes that follow from the rules.
 *
 * Inputs are found by name: `user[email]`. The children of a relation stand in an element with `data-many="lines"`:
 * they are the elements in its `[data-items]`, new ones are copies of its `<template>`, where inputs have a `data-name`;
 * the buttons `data-add`, `data-remove`, `data-up` and `data-down` work. Moving needs rules with a `sortParam` of
 * `lines_sort`, removing the last one a `dropParam` of `lines_drop`.
 *
 * @example
 * bindForm(document.querySelector("form"), registration, {
 *   onSubmit: (changeset, { body }) => fetch("/users", { method: "POST", body }),
 * });
 *
 * @throws EctomorphError for `null`, which is what `querySelector` gives where there is no form.
 */
export function bindForm<F>(form: HTMLFormElement | null, rules: Rules<F>, options: BindOptions<F> = {}): Binding<F> {
  if (form === null) throw new EctomorphError("bindForm was given null for a form: is there one in the page, and before the script that looks for it?");
  return new Bound(form, rules, options);
}

class Bound<F> implements Binding<F> {
  readonly #form: HTMLFormElement;
  readonly #options: BindOptions<F>;
  readonly #unbind = new AbortController();
  #rules: Rules<F>;
  #changeset: Changeset<F>;
  #description: FormDescription;
  readonly #containers = new Map<Element, Items>();
  /** Inputs that were left after something was typed into them. */
  #used = new WeakSet<Element>();
  #submitted = false;
  #busy = false;
  /** Whether the browser is to send the form, as it is. */
  #passed = false;
  readonly #checks = new Checks();
  readonly #press = new Press(() => this.refresh(), this.#unbind.signal);
  /** What a server said, by the input, the container or the form it is about. */
  readonly #answered = new Map<Place, readonly string[]>();

  constructor(form: HTMLFormElement, rules: Rules<F>, options: BindOptions<F>) {
    this.#form = form;
    this.#rules = rules;
    this.#options = options;
    [this.#changeset, this.#description] = this.#make(rules, {});
    // The rules say what is wrong, in their words; the attributes tell people and their tools beforehand.
    form.noValidate = true;
    this.#fill();
    this.refresh();
    const on = <E extends Event>(type: string, listener: (event: E) => void): void =>
      form.addEventListener(type, listener as EventListener, { signal: this.#unbind.signal });
    on("input", ({ target }) => this.#typed(target as Control));
    on("change", ({ target }) => this.#left(target as Control));
    on("click", ({ target }) => this.#pressed(target));
    on("submit", (event) => void this.#submit(event));
    // The inputs are empty only after the event.
    on("reset", () => void setTimeout(() => this.#reset()));
  }

  get changeset(): Changeset<F> {
    return this.#changeset;
  }

  use(rules: Rules<F>): void {
    [this.#changeset, this.#description] = this.#make(rules, this.#params());
    this.#rules = rules;
    this.#render();
  }

  refresh(): void {
    this.use(this.#rules);
  }

  showErrors(errors: unknown): void {
    this.#answered.clear();
    this.#answer(errors as ErrorTree, this.#description, this.#description.name, this.#form);
    this.#render();
    this.#focusOnError();
  }

  release(): void {
    this.#unbind.abort();
    this.#checks.callOffAll();
  }

  #make(rules: Rules<F>, params: object): [Changeset<F>, FormDescription] {
    const { data = rules.schema.build(), as } = this.#options;
    const changeset = rules(data, params);
    return [changeset, describe(changeset, { as, action: "validate" })];
  }

  #params(): object {
    const { name } = this.#description;
    const params = decodeForm(new FormData(this.#form));
    const own = name === "" ? params : Object.hasOwn(params, name) ? params[name] : {};
    return typeof own === "object" && own !== null ? own : {};
  }

  /** Shows the data: values in inputs that are empty, and an item for each child. */
  #fill(): void {
    const { name, id } = this.#description;
    this.#adopt(this.#form, name, id, this.#description);
  }

  /** Takes on the containers in an item or the form, and shows what is in the description of it, if there is one. */
  #adopt(scope: Element, prefix: string, id: string, description?: FormDescription): void {
    for (const [container, name] of this.#nested(scope)) {
      const { forms = [] } = description?.nested[name] ?? {};
      const items = this.#containers.get(container) ?? new Items(container, prefix, id);
      this.#containers.set(container, items);
      while (items.elements.length < forms.length && items.add() !== undefined);
      for (const [index, item] of items.elements.entries()) {
        const child = forms[index];
        const names = items.names(item);
        // A child of the data is known by its key.
        for (const [key, value] of child?.hidden ?? []) {
          if (!key.endsWith("[_persistent_id]")) item.prepend(hidden(names.prefix + key.slice(child?.name.length), value));
        }
        this.#adopt(item, names.prefix, names.id, child);
      }
    }
    const controls = controlsOf(this.#form);
    for (const [name, field] of Object.entries(description?.fields ?? {})) {
      for (const control of controls.get(inside(prefix, name)) ?? []) {
        this.#apply(control, field, name);
        show(control, field.value);
      }
    }
    for (const [name, { many, forms }] of Object.entries(description?.nested ?? {})) {
      if (!many && forms[0] !== undefined) this.#adopt(scope, inside(prefix, name), forms[0].id, forms[0]);
    }
  }

  #apply(control: Control, field: FormField, name: string): void {
    apply(control, field, (choice) => this.#options.label?.(choice, name) ?? choice);
  }

  #render(): void {
    const controls = controlsOf(this.#form);
    const homeless: string[] = [...(this.#answered.get(this.#form) ?? [])];
    const render = (description: FormDescription, prefix: string, scope: Element): void => {
      for (const [name, field] of Object.entries(description.fields)) {
        const own = controls.get(inside(prefix, name));
        if (own === undefined) {
          if (this.#submitted) homeless.push(...field.errors.map((error) => `${name} ${error.message}`));
          continue;
        }
        for (const control of own) this.#apply(control, field, name);
        const said = this.#answered.get(own[0] as Control) ?? [];
        const shown = this.#submitted || own.some((control) => this.#used.has(control));
        const wrong = own.some(isUnread) ? [unreadMessage()] : texts(field.errors);
        complain(own, `${own[0]?.id || field.id}_errors`, [...said, ...(shown ? wrong : [])]);
      }
      const containers = new Map(this.#nested(scope).map(([container, name]) => [name, container]));
      for (const [name, relation] of Object.entries(description.nested)) {
        const container = containers.get(name);
        const items = container && this.#containers.get(container);
        if (items === undefined) {
          if (this.#submitted) homeless.push(...texts(relation.errors).map((text) => `${name} ${text}`));
          if (!relation.many && relation.forms[0] !== undefined) render(relation.forms[0], inside(prefix, name), scope);
          continue;
        }
        const said = this.#answered.get(items.container) ?? [];
        const shown = this.#submitted || this.#used.has(items.container);
        complainOfAll(items.container, `${items.id}_${name}_errors`, [...said, ...(shown ? texts(relation.errors) : [])]);
        items.elements.forEach((item, index) => {
          const child = relation.forms[index];
          if (child !== undefined) render(child, items.names(item).prefix, item);
        });
      }
    };
    render(this.#description, this.#description.name, this.#form);
    write(`${this.#form.id || this.#description.id || "form"}_errors`, homeless, (place) => this.#form.prepend(place));
    this.#options.onChange?.(this.#changeset, this.#description);
  }

  /** The containers of children right below an item or the form. */
  #nested(scope: Element): [Element, string][] {
    const below = [...scope.querySelectorAll("[data-many]")];
    const own = below.filter((one) => (one.parentElement?.closest("[data-item]") ?? this.#form) === scope);
    return own.map((one) => [one, one.getAttribute("data-many") ?? ""]);
  }

  #typed(control: Control): void {
    this.#forget(control);
    this.#checks.callOff(this.#fieldOf(control));
    this.refresh();
  }

  #left(control: Control): void {
    this.#used.add(control);
    void this.#check(this.#fieldOf(control));
    this.#press.actOnceUp();
  }

  /** The field that a control is for; children's have none. */
  #fieldOf({ name }: Control): string {
    const { fields, name: prefix } = this.#description;
    return Object.keys(fields).find((field) => inside(prefix, field) === name.replace(/\[\]$/, "")) ?? "";
  }

  /** Asks the check of a field, if the rules accept its value. */
  async #check(name: string): Promise<void> {
    const { fields, name: prefix } = this.#description;
    const check = this.#options.checks?.[name];
    const [control] = controlsOf(this.#form).get(inside(prefix, name)) ?? [];
    const value = (this.#params() as { readonly [field: string]: unknown })[name];
    // An input that holds nothing has nothing to be asked about.
    if (check === undefined || control === undefined || value === undefined || value === "" || (fields[name]?.errors.length ?? 0) > 0) return;
    return this.#checks.ask(name, check, value, (messages) => {
      if (messages.length > 0) this.#answered.set(control, messages);
      this.#render();
    });
  }

  #pressed(target: EventTarget | null): void {
    const tool = toolOf(target);
    const items = tool && this.#containers.get(tool.container);
    if (tool === undefined || items === undefined) return;
    items.press(tool.button, tool.item);
    this.#forget(items.container);
    const added = tool.item === undefined ? items.elements.at(-1) : undefined;
    if (added === undefined) {
      this.#used.add(items.container);
    } else {
      // An item may hold containers of its own.
      const names = items.names(added);
      this.#adopt(added, names.prefix, names.id);
    }
    this.refresh();
  }

  /** What a server said of a field holds until it changes. */
  #forget(place: Place): void {
    const same = "name" in place ? controlsOf(this.#form).get(place.name.replace(/\[\]$/, "")) : undefined;
    for (const one of [place, ...(same ?? [])]) this.#answered.delete(one);
    for (let up = place.parentElement; up !== null; up = up.parentElement) this.#answered.delete(up);
  }

  /** Whether the rules accept what it holds, and the browser can read all of it. */
  #isSound(): boolean {
    return this.#changeset.valid && ![...controlsOf(this.#form).values()].flat().some(isUnread);
  }

  async #submit(event: Event): Promise<void> {
    const { checks, onSubmit } = this.#options;
    if (this.#passed) return;
    if (this.#busy) return event.preventDefault();
    this.#submitted = true;
    this.#answered.clear();
    // What they said is forgotten, so they are asked again, sent or not.
    this.#checks.callOffAll();
    this.refresh();
    if (!this.#isSound()) {
      event.preventDefault();
      return this.#focusOnError();
    }
    if (onSubmit === undefined && checks === undefined) return;
    event.preventDefault();
    this.#busy = true;
    this.#form.setAttribute("aria-busy", "true");
    try {
      await this.#checks.askAll(checks, (name) => this.#check(name), () => this.#changeset);
      if (this.#answered.size > 0 || !this.#isSound()) return this.#focusOnError();
      if (onSubmit === undefined) {
        // Not within this very event, of which the browser would take no second one.
        return void setTimeout(() => {
          this.#passed = true;
          try {
            this.#form.requestSubmit((event as SubmitEvent).submitter);
          } finally {
            // Of a button that is gone by now the browser makes no event, and the next one is not to pass.
            this.#passed = false;
          }
        });
      }
      const entries = [...new FormData(this.#form)].filter((entry): entry is [string, string] => typeof entry[1] === "string");
      const body = new URLSearchParams(entries);
      const answer = await onSubmit(this.#changeset, { form: this.#form, body, params: decodeForm(body) });
      const errors = await errorsOf(answer);
      if (errors !== undefined) this.showErrors(errors);
    } finally {
      this.#busy = false;
      this.#form.removeAttribute("aria-busy");
    }
  }

  #reset(): void {
    this.#submitted = false;
    this.#checks.callOffAll();
    this.#used = new WeakSet();
    this.#answered.clear();
    for (const items of this.#containers.values()) items.clear();
    [this.#changeset, this.#description] = this.#make(this.#rules, {});
    this.#fill();
    this.refresh();
  }

  #answer(errors: ErrorTree, description: FormDescription, prefix: string, scope: Element): void {
    const controls = controlsOf(this.#form);
    const containers = new Map(this.#nested(scope).map(([container, name]) => [name, container]));
    for (const [field, value] of Object.entries(errors)) {
      const container = containers.get(field);
      const items = container && this.#containers.get(container);
      if (!Array.isArray(value)) {
        const [child] = description.nested[field]?.forms ?? [];
        if (child) this.#answer(value as ErrorTree, child, inside(prefix, field), scope);
        continue;
      }
      const said = messagesIn(value);
      if (said.length > 0) {
        const place = controls.get(inside(prefix, field))?.[0] ?? container;
        if (place) this.#answered.set(place, said);
        else this.#answered.set(this.#form, [...(this.#answered.get(this.#form) ?? []), ...said.map((one) => `${field} ${one}`)]);
        continue;
      }
      items?.elements.forEach((item, index) => {
        const child = description.nested[field]?.forms[index];
        if (child && value[index]) this.#answer(value[index] as ErrorTree, child, items.names(item).prefix, item);
      });
    }
  }

  #focusOnError(): void {
    this.#form.querySelector<HTMLElement>("[aria-invalid=true],[data-invalid] [data-add]")?.focus();
  }
}

function inside(prefix: string, field: string): string {
  return prefix === "" ? field : `${prefix}[${field}]`;
}

function texts(errors: readonly FormError[]): string[] {
  return errors.map((error) => error.message);
}
