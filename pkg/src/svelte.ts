/**
 * Forms in Svelte.
 *
 * @module
 */
import type { AnyFields } from "./fields.js";
import { formState, type FormStateOptions } from "./form/state.js";
import type { Dialect, FormView } from "./form/view.js";
import type { Rules } from "./run.js";

export type { Check } from "./form/checks.js";
export type { FormStateOptions } from "./form/state.js";
export type { ChildrenView, ErrorView, FieldView, FormView, ItemView, PartView } from "./form/view.js";

const DIALECT: Dialect = { input: "oninput", blur: "onblur", submit: "onsubmit", reset: "onreset", attributes: {} };

/** A store, as Svelte reads it with `$form`. */
export interface FormStore<F> {
  /** Calls back with the form as it is, and with each new one, until the answer is called. */
  subscribe(run: (form: FormView<F>) => void): () => void;
}

/**
 * A form of rules, as a store: what to spread into inputs, and what is wrong.
 *
 * @example
 * const form = createForm(registration, { onSubmit: (changeset) => repo.insert(changeset) });
 * // <form {...$form.props}>
 * //   <input {...$form.field("email").input}>
 * //   {#each $form.field("email").errors as { message }}<p>{message}</p>{/each}
 * // </form>
 */
export function createForm<F = AnyFields>(rules: Rules<F>, options: FormStateOptions<F> = {}): FormStore<F> {
  const state = formState(rules, options, DIALECT);
  return {
    subscribe(run) {
      run(state.view);
      return state.subscribe(run);
    },
  };
}
