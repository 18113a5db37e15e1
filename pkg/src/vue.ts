/**
 * Forms in Vue.
 *
 * @module
 */
import { type ShallowRef, onScopeDispose, shallowRef } from "vue";
import type { AnyFields } from "./fields.js";
import { formState, type FormStateOptions } from "./form/state.js";
import type { Dialect, FormView } from "./form/view.js";
import type { Rules } from "./run.js";

export type { Check } from "./form/checks.js";
export type { FormStateOptions } from "./form/state.js";
export type { ChildrenView, ErrorView, FieldView, FormView, ItemView, PartView } from "./form/view.js";

const DIALECT: Dialect = { input: "onInput", blur: "onBlur", submit: "onSubmit", reset: "onReset", attributes: {} };

/**
 * A form of rules: what to bind to inputs, and what is wrong.
 *
 * @example
 * const form = useForm(registration, { onSubmit: (changeset) => repo.insert(changeset) });
 * // <form v-bind="form.props">
 * //   <input v-bind="form.field('email').input">
 * //   <p v-for="{ message } in form.field('email').errors">{{ message }}</p>
 * // </form>
 */
export function useForm<F = AnyFields>(rules: Rules<F>, options: FormStateOptions<F> = {}): Readonly<ShallowRef<FormView<F>>> {
  const state = formState(rules, options, DIALECT);
  const view = shallowRef(state.view) as ShallowRef<FormView<F>>;
  onScopeDispose(state.subscribe((next) => (view.value = next)));
  return view;
}
