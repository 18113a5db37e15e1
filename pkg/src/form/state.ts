import type { Changeset } from "../changeset.js";
import type { AnyFields, Data } from "../fields.js";
import type { Rules } from "../run.js";
import { type ErrorTree, errorsOf, messagesIn } from "./answer.js";
import { type Check, Checks } from "./checks.js";
import { type Control, isUnread, unreadMessage } from "./controls.js";
import { type FormDescription, type FormError, type FormField, form as describe } from "./describe.js";
import { Held, type Many } from "./held.js";
import { Press } from "./press.js";
import type { ChildrenView, Dialect, ErrorView, FieldView, FormView, ItemView, PartView, SubmittedEvent } from "./view.js";

/** How a form is made of rules. */
export interface FormStateOptions<F = AnyFields> {
  /** What the names of the inputs start with: `user` of `user[email]`; the schema's name in snake case otherwise. */
  readonly as?: string;
  /** What the ids of the inputs start with; the same as the names otherwise. */
  readonly id?: string;
  /** The record to change; a new one otherwise. */
  readonly data?: Data<F>;
  /**
   * What only a server knows, by field: asked once a person has left it with a value that the rules accept, and before
   * the form is sent. The signal says that the value is another by now. Answers with messages, or with nothing.
   */
  readonly checks?: { readonly [field: string]: Check };
  /**
   * Sends a valid form. A response with the status 422, an object with `errors`, or what a repo says of a changeset that
   * it refused, puts these on the fields.
   */
  readonly onSubmit?: (changeset: Changeset<F>, submission: { readonly params: { readonly [name: string]: unknown } }) => unknown;
}

/**
 * A form that a framework shows: what was typed, what is shown of it, and when. Each change makes another view, which is
 * told to those who subscribed.
 *
 * @example
 * const state = new FormState(registration, { onSubmit: (changeset) => repo.insert(changeset) }, dialect);
 * state.subscribe(() => render(state.view));
 */
export class FormState<F = AnyFields> {
  #rules: Rules<F>;
  #options: FormStateOptions<F>;
  readonly #dialect: Dialect;
  readonly #listeners = new Set<(view: FormView<F>) => void>();
  readonly #checks = new Checks();
  #held = new Held("");
  #unheard = new AbortController();
  #changeset: Changeset<F>;
  #description: FormDescription;
  #submitted = false;
  #busy = false;
  #sent = false;
  /** While someone listens, and there is a page. */
  #press: Press | undefined;
  #view: FormView<F>;

  constructor(rules: Rules<F>, options: FormStateOptions<F>, dialect: Dialect) {
    this.#rules = rules;
    this.#options = options;
    this.#dialect = dialect;
    [this.#changeset, this.#description] = this.#make();
    this.#adopt(this.#held, this.#description);
    this.#view = this.#show();
  }

  /** What is shown; the same object until something changes. */
  get view(): FormView<F> {
    return this.#view;
  }

  /** Calls back with each new view, until the answer is called. */
  readonly subscribe = (listener: (view: FormView<F>) => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#press === undefined && typeof document !== "undefined") this.#press = new Press(() => this.#tell(), this.#unheard.signal);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#unheard.abort();
      this.#unheard = new AbortController();
      this.#press = undefined;
    };
  };

  /** Goes on with other rules or other functions: a component that is rendered anew brings new ones. */
  use(rules: Rules<F>, options: FormStateOptions<F>): void {
    this.#options = options;
    if (rules === this.#rules) return;
    this.#rules = rules;
    this.#refresh();
  }

  #make(): [Changeset<F>, FormDescription] {
    const { as, id, data = this.#rules.schema.build() } = this.#options;
    const changeset = this.#rules(data, this.#held.params());
    return [changeset, describe(changeset, { as, id, action: "validate" })];
  }

  /** Holds a child for each that the data have. */
  #adopt(held: Held, description: FormDescription): void {
    for (const [relation, { many, forms }] of Object.entries(description.nested)) {
      if (!many) {
        if (forms[0] !== undefined) this.#adopt(this.#one(held, relation, forms[0]), forms[0]);
        continue;
      }
      const children = this.#many(held, relation);
      for (const form of forms) {
        const child = new Held(String(children.next++), hiddenOf(form));
        children.items.push(child);
        this.#adopt(child, form);
      }
    }
  }

  #many(held: Held, relation: string): Many {
    let many = held.many.get(relation);
    if (many === undefined) held.many.set(relation, (many = { items: [], touched: false, next: 0 }));
    return many;
  }

  #one(held: Held, relation: string, form: FormDescription): Held {
    let one = held.one.get(relation);
    if (one === undefined) held.one.set(relation, (one = new Held("", hiddenOf(form))));
    return one;
  }

  /** Makes the changeset anew, and shows it. */
  #refresh(): void {
    this.#sent = false;
    [this.#changeset, this.#description] = this.#make();
    this.#tell();
  }

  #tell(): void {
    this.#view = this.#show();
    for (const listener of this.#listeners) listener(this.#view);
  }

  #show(): FormView<F> {
    const { submit, reset } = this.#dialect;
    const events = { [submit]: (event: SubmittedEvent) => void this.#submit(event), [reset]: () => this.#reset() };
    return {
      ...(this.#part(this.#held, this.#description) as PartView<F>),
      changeset: this.#changeset,
      valid: this.#changeset.valid,
      submitted: this.#submitted,
      busy: this.#busy,
      sent: this.#sent,
      // Of the form as a whole, or of children that nobody can see.
      errors: saidOf(this.#held, ""),
      // The rules say what is wrong, in their words; the attributes tell people and their tools beforehand.
      props: { id: this.#description.id, [this.#dialect.attributes["novalidate"] ?? "novalidate"]: true, "aria-busy": this.#busy, ...events },
      submit: (event) => this.#submit(event),
      reset: () => this.#reset(),
      showErrors: (errors) => this.#showErrors(errors),
    };
  }

  #part(held: Held, description: FormDescription): PartView {
    const { id, name, fields, nested } = description;
    return {
      id,
      name,
      field: (field) => this.#field(held, field, fields[field] ?? unknownField(description, field)),
      children: (relation) => this.#children(held, relation, nested[relation]),
    };
  }

  #field(held: Held, name: string, field: FormField): FieldView {
    const shown = this.#submitted || held.used.has(name) ? field.errors.map(errorView) : [];
    const errors = [...(held.unread.has(name) ? [{ message: unreadMessage() }] : saidOf(held, name)), ...shown];
    const errorId = `${field.id}_errors`;
    const set = (value: unknown, unread = false): void => {
      held.values[name] = value;
      held.forget(name);
      if (unread) held.unread.add(name);
      if (held === this.#held) this.#checks.callOff(name);
      this.#refresh();
    };
    const { id, type, value, options } = field;
    return {
      id, name: field.name, type, value, errors, errorId, set: (value) => set(value), ...(options === undefined ? {} : { options }),
      input: {
        id,
        name: field.name,
        ...(type === "select" ? {} : { type }),
        ...(type === "checkbox" ? { checked: value === "true", value: "true" } : { value }),
        ...this.#attributes(field),
        "aria-invalid": errors.length > 0 ? true : undefined,
        "aria-describedby": errors.length > 0 ? errorId : undefined,
        [this.#dialect.input]: (event: { readonly target: unknown }) => {
          const control = event.target as Control;
          set(valueOf(control), isUnread(control));
        },
        [this.#dialect.blur]: () => {
          if (!(name in held.values)) return;
          held.used.add(name);
          if (held === this.#held) void this.#check(name);
          if (this.#press === undefined) this.#tell();
          else this.#press.actOnceUp();
        },
      },
    };
  }

  #attributes({ attributes }: FormField): Record<string, unknown> {
    return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [this.#dialect.attributes[name] ?? name, value]));
  }

  #children(held: Held, relation: string, described: FormDescription["nested"][string] | undefined): ChildrenView {
    const many = described?.many === false ? undefined : this.#many(held, relation);
    const change = (how: (items: Held[]) => void): void => {
      if (many === undefined) return;
      how(many.items);
      many.touched = true;
      held.forget(relation);
      this.#refresh();
    };
    const forms = described?.forms ?? [];
    const item = (child: Held, index: number): ItemView[] => {
      const form = forms[index];
      if (form === undefined) return [];
      const swap = (by: number): void => change((items) => {
        const at = items.indexOf(child);
        const other = items[at + by];
        if (other !== undefined) [items[at], items[at + by]] = [other, child];
      });
      // Its names are those of its key, which stays when it is moved.
      const named = described?.many === true ? renamed(form, described, child.key) : form;
      return [{
        ...this.#part(child, named),
        key: child.key,
        remove: () => change((items) => void items.splice(items.indexOf(child), 1)),
        up: () => swap(-1),
        down: () => swap(1),
      }];
    };
    const inside = many?.items ?? (forms[0] === undefined ? [] : [this.#one(held, relation, forms[0])]);
    return {
      items: inside.flatMap(item),
      errors: [...saidOf(held, relation), ...(this.#submitted || many?.touched === true ? (described?.errors ?? []).map(errorView) : [])],
      add: () => change((items) => void items.push(new Held(String((many as Many).next++)))),
    };
  }

  /** Asks the check of a field, if the rules accept its value, and it was not asked of the same before. */
  async #check(name: string): Promise<void> {
    const check = this.#options.checks?.[name];
    const value = this.#held.values[name];
    if (check === undefined || value === undefined || (this.#description.fields[name]?.errors.length ?? 0) > 0) return;
    return this.#checks.ask(name, check, value, (messages) => {
      if (messages.length > 0) this.#held.said.set(name, messages);
      this.#tell();
    });
  }

  async #submit(event?: SubmittedEvent): Promise<boolean> {
    event?.preventDefault?.();
    const form = event?.currentTarget as HTMLFormElement | undefined;
    if (this.#busy) return false;
    this.#submitted = true;
    this.#held.forgetAll();
    // What they said is forgotten, so they are asked again, sent or not.
    this.#checks.callOffAll();
    this.#busy = true;
    this.#refresh();
    try {
      if (this.#changeset.valid && !this.#held.isUnread) {
        await this.#checks.askAll(this.#options.checks, (name) => this.#check(name), () => this.#changeset);
        if (this.#held.said.size === 0 && this.#changeset.valid && !this.#held.isUnread) {
          const answer = await this.#options.onSubmit?.(this.#changeset, { params: this.#held.params() });
          const errors = await errorsOf(answer);
          if (errors === undefined) return (this.#sent = true);
          this.#answer(errors as ErrorTree, this.#held);
        }
      }
      // Once the page shows which.
      setTimeout(() => form?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
      return false;
    } finally {
      this.#busy = false;
      this.#tell();
    }
  }

  #showErrors(errors: unknown): void {
    this.#held.forgetAll();
    this.#answer(errors as ErrorTree, this.#held);
    this.#tell();
  }

  /** Puts what a server said where it belongs. */
  #answer(errors: ErrorTree, held: Held, path = ""): void {
    for (const [field, value] of Object.entries(errors)) {
      const messages = messagesIn(value);
      const many = held.many.get(field)?.items;
      const one = held.one.get(field);
      const isKnown = many !== undefined || one !== undefined || held !== this.#held || field in this.#description.fields;
      if (messages.length > 0 && isKnown) held.said.set(field, messages);
      else if (messages.length > 0) this.#held.said.set("", [...(this.#held.said.get("") ?? []), ...messages.map((message) => `${path}${field} ${message}`)]);
      else if (Array.isArray(value)) many?.forEach((item, index) => this.#answer((value[index] ?? {}) as ErrorTree, item, `${field} `));
      else if (one !== undefined) this.#answer(value as ErrorTree, one, `${field} `);
    }
  }

  #reset(): void {
    this.#checks.callOffAll();
    this.#held = new Held("");
    this.#submitted = this.#sent = false;
    [this.#changeset, this.#description] = this.#make();
    this.#adopt(this.#held, this.#description);
    this.#tell();
  }
}

function saidOf(held: Held, field: string): ErrorView[] {
  return (held.said.get(field) ?? []).map((message) => ({ message }));
}

function errorView({ message, metadata }: FormError): ErrorView {
  const rule = metadata["validation"];
  return typeof rule === "string" ? { message, rule } : { message };
}

/** A field that the rules know nothing of, such as a confirmation that was not asked for. */
function unknownField({ id, name }: FormDescription, field: string): FormField {
  return { id: `${id}_${field}`, name: name === "" ? field : `${name}[${field}]`, type: "text", value: "", used: false, errors: [], attributes: {} };
}

/** The keys of a child of the data. */
function hiddenOf({ hidden, name }: FormDescription): Record<string, unknown> {
  const own = hidden.filter(([key]) => !key.endsWith("[_persistent_id]"));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(name.length + 1, -1), value]));
}

/** A child's form whose names are of its key, in place of its position. */
function renamed(form: FormDescription, of: { readonly id: string; readonly name: string }, key: string): FormDescription {
  const [id, name] = [`${of.id}_${key}`, `${of.name}[${key}]`];
  const rename = <T extends { readonly id: string; readonly name: string }>(one: T): T => ({
    ...one, id: id + one.id.slice(form.id.length), name: name + one.name.slice(form.name.length),
  });
  const within = (inner: FormDescription): FormDescription => ({
    ...rename(inner),
    fields: mapped(inner.fields, rename),
    nested: mapped(inner.nested, (relation) => ({ ...rename(relation), forms: relation.forms.map(within) })),
  });
  return within(form);
}

function mapped<T>(record: { readonly [name: string]: T }, map: (value: T) => T): { readonly [name: string]: T } {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

/** What an input holds, as a form would send it. */
function valueOf(control: Control): unknown {
  if (control.type === "select-multiple") return Array.from((control as HTMLSelectElement).selectedOptions, (option) => option.value);
  const { checked, files } = control as HTMLInputElement;
  if (control.type === "checkbox") return checked ? "true" : "false";
  return control.type === "file" ? (files?.[0] ?? "") : control.value;
}
