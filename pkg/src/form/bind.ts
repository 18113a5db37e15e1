import type { Changeset } from "../changeset.js";
import { EctomorphError } from "../errors.js";
import type { AnyFields, Data } from "../fields.js";
import { decodeForm } from "../params.js";
import type { Rules } from "../run.js";
import { eachError, elsewhere, errorsOf } from "./answer.js";
import { type Check, checking } from "./checks.js";
import { type Control, apply, complain, complainOfAll, controlsOf, isUnread, show, write } from "./controls.js";
import { type FormDescription, type FormField, form as describe } from "./describe.js";
import { Items, hidden, toolOf } from "./items.js";
import { named } from "./own.js";
import { onceUp } from "./press.js";

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
  return bound(form, rules, options);
}

function bound<F>(form: HTMLFormElement, rules: Rules<F>, options: BindOptions<F>): Binding<F> {
  const unbind = new AbortController();
  let changeset: Changeset<F>;
  let description: FormDescription;
  const containers = new Map<Element, Items>();
  /** Inputs that were left after something was typed into them. */
  let used = new WeakSet<Element>();
  let submitted = false;
  let busy = false;
  /** Whether the browser is to send the form, as it is. */
  let passed = false;
  /** What a server or a check said, by the input, the container or the form it is about. */
  const said = new Map<Place, readonly string[]>();
  /** The inputs and containers that show errors, by the names that lead there. */
  const places = new Map<string, Place>();

  const make = (by: Rules<F>, params: object): void => {
    const { data = by.schema.build(), as } = options;
    const made = by(data, params);
    description = describe(made, { as, action: "validate" });
    [changeset, rules] = [made, by];
  };

  const use = (by: Rules<F>): void => {
    make(by, paramsOf());
    render();
  };
  const refresh = (): void => use(rules);
  const later = onceUp(refresh, unbind.signal);

  const checks = checking(
    () => options.checks,
    (name) => {
      // An input that holds nothing has nothing to be asked about.
      const isAsked = places.has(name) && !description.fields[name]?.errors.length;
      return isAsked ? paramsOf()[name] || undefined : undefined;
    },
    (name, messages) => {
      if (messages.length > 0) said.set(places.get(name) ?? form, messages);
      render();
    },
  );

  const paramsOf = (): { readonly [name: string]: unknown } => {
    const { name } = description;
    const data = new FormData(form);
    // To the rules it is something that no field can be cast from.
    for (const [, controls] of controlsOf(form)) for (const control of controls) if (isUnread(control)) data.set(control.name, new Blob());
    const params = decodeForm(data);
    const own = name === "" ? params : Object.hasOwn(params, name) ? params[name] : {};
    return (typeof own === "object" && own !== null ? own : {}) as { readonly [name: string]: unknown };
  };

  /** Shows the data: values in inputs that are empty, and an item for each child. */
  const fill = (): void => {
    adopt(form, description.name, description.id, description);
    refresh();
  };

  /** Takes on the containers in an item or the form, and shows what is in the description of it, if there is one. */
  const adopt = (scope: Element, prefix: string, id: string, { fields, nested }: Partial<FormDescription> = {}): void => {
    for (const [name, container] of nestedIn(scope)) {
      const forms = nested?.[name]?.forms ?? [];
      const items = containers.get(container) ?? new Items(container, prefix, id);
      containers.set(container, items);
      while (items.elements.length < forms.length && items.add() !== undefined);
      for (const [index, item] of items.elements.entries()) {
        const child = forms[index];
        const names = items.names(item);
        // A child of the data is known by its key.
        for (const [key, value] of child?.hidden ?? []) {
          if (!key.endsWith("[_persistent_id]")) item.prepend(hidden(names.prefix + key.slice(child?.name.length), value));
        }
        adopt(item, names.prefix, names.id, child);
      }
    }
    const controls = controlsOf(form);
    for (const [name, field] of Object.entries(fields ?? {})) {
      for (const control of controls.get(named(prefix, name)) ?? []) {
        give(control, field, name);
        show(control, field.value);
      }
    }
    for (const [name, { many, forms: [child] }] of Object.entries(nested ?? {})) {
      if (!many && child !== undefined) adopt(scope, named(prefix, name), child.id, child);
    }
  };

  const give = (control: Control, field: FormField, name: string): void =>
    apply(control, field, (choice) => options.label?.(choice, name) ?? choice);

  const render = (): void => {
    const controls = controlsOf(form);
    const homeless = [...(said.get(form) ?? [])];
    places.clear();
    /** What is shown at a place; what has none is shown with the form. */
    const shown = (path: readonly string[], errors: FormField["errors"], at: readonly Place[]): readonly string[] => {
      const [place] = at;
      const found = submitted || at.some((one) => used.has(one)) ? errors.map(({ message }) => message) : [];
      if (place === undefined) homeless.push(...elsewhere(path, found));
      else places.set(path.join(" "), place);
      return [...(said.get(place as Place) ?? []), ...found];
    };
    const renderPart = ({ fields, nested }: FormDescription, prefix: string, scope: Element, path: readonly string[]): void => {
      for (const [name, field] of Object.entries(fields)) {
        const own = controls.get(named(prefix, name)) ?? [];
        for (const control of own) give(control, field, name);
        const messages = shown([...path, name], field.errors, own);
        if (own[0] !== undefined) complain(own, `${own[0].id || field.id}_errors`, messages);
      }
      const inside = nestedIn(scope);
      for (const [name, { errors, forms, many }] of Object.entries(nested)) {
        const at = [...path, name];
        const items = containers.get(inside.get(name) as Element);
        const messages = shown(at, errors, items ? [items.container] : []);
        if (items !== undefined) {
          complainOfAll(items.container, `${items.id}_${name}_errors`, messages);
          items.elements.forEach((item, index) => {
            if (forms[index] !== undefined) renderPart(forms[index], items.names(item).prefix, item, [...at, `${index}`]);
          });
        } else if (!many && forms[0] !== undefined) {
          renderPart(forms[0], named(prefix, name), scope, at);
        }
      }
    };
    renderPart(description, description.name, form, []);
    write(`${form.id || description.id || "form"}_errors`, homeless, (place) => form.prepend(place));
    options.onChange?.(changeset, description);
  };

  /** The containers of children right below an item or the form, by relation. */
  const nestedIn = (scope: Element): Map<string, Element> => {
    const below = [...scope.querySelectorAll<HTMLElement>("[data-many]")];
    const own = below.filter((one) => (one.parentElement?.closest("[data-item]") ?? form) === scope);
    return new Map(own.map((one) => [one.dataset["many"] as string, one]));
  };

  /** The field that a control is for, or the names that lead to one of a child. Containers have no name, and are no field's. */
  const fieldOf = ({ name }: Control): string => (name && [...places].find(([, place]) => (place as Control).name === name)?.[0]) || "";

  /** What a server said of a field, and of what is around it, holds until it changes. */
  const forget = (place: Place): void => {
    said.delete(places.get(fieldOf(place as Control)) ?? place);
    for (let up: Element | null = place; up !== null; up = up.parentElement) said.delete(up);
  };

  const press = (target: EventTarget | null): void => {
    const tool = toolOf(target);
    const items = tool && containers.get(tool.container);
    if (tool === undefined || items === undefined) return;
    items.press(tool.button, tool.item);
    forget(items.container);
    const added = tool.item === undefined ? items.elements.at(-1) : undefined;
    if (added === undefined) {
      used.add(items.container);
    } else {
      // An item may hold containers of its own.
      const names = items.names(added);
      adopt(added, names.prefix, names.id);
    }
    refresh();
  };

  const submit = async (event: Event): Promise<void> => {
    const { onSubmit } = options;
    if (passed) return;
    if (busy) return event.preventDefault();
    submitted = true;
    said.clear();
    // What they said is forgotten, so they are asked again, sent or not.
    checks.callOff();
    refresh();
    if (changeset.valid && onSubmit === undefined && options.checks === undefined) return;
    event.preventDefault();
    if (!changeset.valid) return focusOnError();
    busy = true;
    form.setAttribute("aria-busy", "true");
    try {
      await checks.askAll(() => changeset);
      if (said.size > 0 || !changeset.valid) return focusOnError();
      if (onSubmit === undefined) {
        // Not within this very event, of which the browser would take no second one.
        return void setTimeout(() => {
          passed = true;
          try {
            form.requestSubmit((event as SubmitEvent).submitter);
          } finally {
            // Of a button that is gone by now the browser makes no event, and the next one is not to pass.
            passed = false;
          }
        });
      }
      const entries = [...new FormData(form)].filter((entry): entry is [string, string] => typeof entry[1] === "string");
      const body = new URLSearchParams(entries);
      const errors = await errorsOf(await onSubmit(changeset, { form, body, params: decodeForm(body) }));
      if (errors !== undefined) showErrors(errors);
    } finally {
      busy = false;
      form.removeAttribute("aria-busy");
    }
  };

  const showErrors = (errors: unknown): void => {
    said.clear();
    eachError(errors, (path, messages) => {
      const place = places.get(path.join(" "));
      if (place !== undefined) said.set(place, messages);
      else said.set(form, [...(said.get(form) ?? []), ...elsewhere(path, messages)]);
    });
    render();
    focusOnError();
  };

  const focusOnError = (): void => form.querySelector<HTMLElement>("[aria-invalid=true],[data-invalid] [data-add]")?.focus();

  const reset = (): void => {
    submitted = false;
    checks.callOff();
    used = new WeakSet();
    said.clear();
    for (const items of containers.values()) items.clear();
    make(rules, {});
    fill();
  };

  const on = <E extends Event>(type: string, listener: (event: E) => void): void =>
    form.addEventListener(type, listener as EventListener, { signal: unbind.signal });

  make(rules, {});
  // The rules say what is wrong, in their words; the attributes tell people and their tools beforehand.
  form.noValidate = true;
  fill();
  on("input", ({ target }) => {
    forget(target as Control);
    checks.callOff(fieldOf(target as Control));
    refresh();
  });
  on("change", ({ target }) => {
    used.add(target as Control);
    void checks.ask(fieldOf(target as Control));
    later();
  });
  on("click", ({ target }) => press(target));
  on("submit", (event) => void submit(event));
  // The inputs are empty only after the event.
  on("reset", () => void setTimeout(reset));
  return {
    get changeset() {
      return changeset;
    },
    use,
    refresh,
    showErrors,
    release() {
      unbind.abort();
      checks.callOff();
    },
  };
}
