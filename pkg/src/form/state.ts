import type { Changeset } from "../changeset.js";
import type { AnyFields, Data } from "../fields.js";
import type { Rules } from "../run.js";
import { eachError, elsewhere, errorsOf, isPosition } from "./answer.js";
import { type Check, checking } from "./checks.js";
import { type Control, isUnread } from "./controls.js";
import { type FormDescription, type FormField, form as describe, type NestedForms } from "./describe.js";
import { type Children, Held } from "./held.js";
import { joined, named } from "./own.js";
import { onceUp } from "./press.js";
import type { ChildrenView, Dialect, ErrorView, FieldView, FormView, PartView, SubmittedEvent } from "./view.js";

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

/** A form that a framework shows. */
export interface FormState<F> {
  /** What is shown; the same object until something changes. */
  readonly view: FormView<F>;
  /** Calls back with each new view, until the answer is called. */
  subscribe(listener: (view: FormView<F>) => void): () => void;
  /** Goes on with other rules or other functions: a component that is rendered anew brings new ones. */
  use(rules: Rules<F>, options: FormStateOptions<F>): void;
}

/**
 * A form that a framework shows: what was typed, what is shown of it, and when. Each change makes another view, which is
 * told to those who subscribed.
 *
 * @example
 * const state = formState(registration, { onSubmit: (changeset) => repo.insert(changeset) }, dialect);
 * state.subscribe((view) => render(view));
 */
export function formState<F = AnyFields>(rules: Rules<F>, options: FormStateOptions<F>, dialect: Dialect): FormState<F> {
  const listeners = new Set<(view: FormView<F>) => void>();
  let unheard = new AbortController();
  let held: Held;
  let changeset: Changeset<F>;
  let description: FormDescription;
  let submitted = false;
  let busy = false;
  let sent = false;
  let view: FormView<F>;

  const tell = (): void => {
    view = show();
    for (const listener of listeners) listener(view);
  };
  /** What waits for a press to end, while someone listens and there is a page. */
  let later = tell;

  /** Makes the changeset anew, and shows it. */
  const refresh = (): void => {
    const { as, id, data = rules.schema.build() } = options;
    sent = false;
    changeset = rules(data, held.params() ?? {});
    description = describe(changeset, { as, id, action: "validate" });
    tell();
  };

  const reset = (): void => {
    checks.callOff();
    held = new Held();
    submitted = false;
    refresh();
  };

  const checks = checking(
    () => options.checks,
    (name) => (description.fields[name]?.errors.length ? undefined : held.values[name]),
    (name, messages) => {
      if (messages.length > 0) held.said.set(name, messages);
      tell();
    },
  );

  const show = (): FormView<F> => ({
    ...(part(held, description) as PartView<F>),
    changeset,
    valid: changeset.valid,
    submitted,
    busy,
    sent,
    // Of the form as a whole, or of children that nobody can see.
    errors: said(held, ""),
    props: {
      id: description.id,
      // The rules say what is wrong, in their words; the attributes tell people and their tools beforehand.
      [dialect.attributes["novalidate"] ?? "novalidate"]: true,
      "aria-busy": busy,
      [dialect.submit]: (event: SubmittedEvent) => void submit(event),
      [dialect.reset]: reset,
    },
    submit,
    reset,
    showErrors(errors) {
      answer(errors);
      tell();
    },
  });

  const part = (of: Held, { id, name, fields, nested }: FormDescription): PartView => ({
    id,
    name,
    field: (field) => fieldOf(of, field, fields[field] ?? unknown(id, name, field)),
    children: (relation) => childrenOf(of, relation, nested[relation]),
  });

  const fieldOf = (of: Held, field: string, { id, name, type, value, options, errors: found, attributes }: FormField): FieldView => {
    const used = of.used.has(field);
    const errors = [...said(of, field), ...(submitted || used ? shown(found) : [])];
    const isWrong = errors.length > 0 || undefined;
    const errorId = `${id}_errors`;
    const set = (value: unknown): void => {
      of.values[field] = value;
      of.said.delete(field);
      if (of === held) checks.callOff(field);
      refresh();
    };
    return {
      id, name, type, value, used, errors, errorId, set, ...(options && { options }),
      input: {
        id,
        name,
        ...(type !== "select" && { type }),
        ...(type === "checkbox" ? { checked: value === "true", value: "true" } : { value }),
        ...Object.fromEntries(Object.entries(attributes).map(([attribute, given]) => [dialect.attributes[attribute] ?? attribute, given])),
        "aria-invalid": isWrong,
        "aria-describedby": isWrong && errorId,
        [dialect.input]: ({ target }: { readonly target: Control }) => set(valueOf(target)),
        [dialect.blur]: () => {
          if (!(field in of.values)) return;
          of.used.add(field);
          if (of === held) void checks.ask(field);
          later();
        },
      },
    };
  };

  const childrenOf = (of: Held, relation: string, { forms, many, errors }: Pick<NestedForms, "forms" | "many" | "errors"> = NONE): ChildrenView => {
    let children = of.inside.get(relation);
    // One for each that the data have.
    if (children === undefined) of.inside.set(relation, (children = { items: forms.map(heldOf), many, touched: false, next: forms.length }));
    const known = children;
    const { items } = known;
    const change = (at: number, count: number, ...others: Held[]): void => {
      if (!many || at < 0) return;
      items.splice(at, count, ...others);
      known.touched = true;
      of.said.delete(relation);
      refresh();
    };
    const swap = (at: number): void => change(at, 2, ...items.slice(at, at + 2).reverse());
    return {
      items: items.slice(0, forms.length).map((child, index) => ({
        ...part(child, forms[index] as FormDescription),
        key: child.key,
        remove: () => change(items.indexOf(child), 1),
        up: () => swap(items.indexOf(child) - 1),
        down: () => swap(items.indexOf(child)),
      })),
      errors: [...said(of, relation), ...(submitted || known.touched ? shown(errors) : [])],
      add: () => change(items.length, 0, new Held(`${known.next++}`)),
    };
  };

  const submit = async (event?: SubmittedEvent): Promise<boolean> => {
    event?.preventDefault?.();
    const form = event?.currentTarget as HTMLFormElement | undefined;
    if (busy) return false;
    submitted = busy = true;
    held.forget();
    // What they said is forgotten, so they are asked again, sent or not.
    checks.callOff();
    refresh();
    try {
      if (changeset.valid) {
        await checks.askAll(() => changeset);
        if (held.said.size === 0 && changeset.valid) {
          const errors = await errorsOf(await options.onSubmit?.(changeset, { params: held.params() ?? {} }));
          if (errors === undefined) return (sent = true);
          answer(errors);
        }
      }
      // Once the page shows which.
      setTimeout(() => form?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
      return false;
    } finally {
      busy = false;
      tell();
    }
  };

  /** Puts what a server said where it belongs. */
  const answer = (errors: unknown): void => {
    held.forget();
    eachError(errors, (path, messages) => {
      let of: Held | undefined = held;
      for (const [at, name] of path.slice(0, -1).entries()) {
        const inside: Children | undefined = of?.inside.get(name);
        if (!isPosition(name)) of = inside?.items[inside.many ? Number(path[at + 1]) : 0];
      }
      const field = path.at(-1) as string;
      if (of !== undefined && (of !== held || field in description.fields || of.inside.has(field))) of.said.set(field, messages);
      else held.said.set("", [...(held.said.get("") ?? []), ...elsewhere(path, messages)]);
    });
  };

  reset();
  return {
    get view() {
      return view;
    },
    subscribe(listener) {
      listeners.add(listener);
      if (later === tell && typeof document !== "undefined") later = onceUp(tell, unheard.signal);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        unheard.abort();
        unheard = new AbortController();
        later = tell;
      };
    },
    use(otherRules, otherOptions) {
      options = otherOptions;
      if (rules === otherRules) return;
      rules = otherRules;
      refresh();
    },
  };
}

/** The children of a relation that the rules know nothing of. */
const NONE = { forms: [], errors: [], many: true };

/** A child of the data. */
function heldOf({ name, hidden }: FormDescription, index: number): Held {
  const keys = hidden.map(([key, value]) => [key.slice(name.length + 1, -1), value]);
  return new Held(String(index), Object.fromEntries(keys.filter(([key]) => key !== "_persistent_id")));
}

function said(held: Held, field: string): ErrorView[] {
  return (held.said.get(field) ?? []).map((message) => ({ message }));
}

/** What the rules find. */
function shown(errors: FormField["errors"]): ErrorView[] {
  return errors.map(({ message, metadata: { validation: rule } }) => (typeof rule === "string" ? { message, rule } : { message }));
}

/** A field that the rules know nothing of, such as a confirmation that was not asked for. */
function unknown(id: string, name: string, field: string): FormField {
  return { id: joined(id, field), name: named(name, field), type: "text", value: "", used: false, errors: [], attributes: {} };
}

/** What an input holds, as a form would send it; nothing that is a value of any field, if the browser can't read it. */
function valueOf(control: Control): unknown {
  if (isUnread(control)) return [];
  if (control.type === "select-multiple") return Array.from((control as HTMLSelectElement).selectedOptions, (option) => option.value);
  const { checked, files } = control as HTMLInputElement;
  if (control.type === "checkbox") return checked ? "true" : "false";
  return control.type === "file" ? (files?.[0] ?? "") : control.value;
}
