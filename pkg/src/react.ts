/**
 * Forms in React.
 *
 * @module
 */
import { useEffect, useRef, useSyncExternalStore } from "react";
import type { AnyFields } from "./fields.js";
import { type FormState, formState, type FormStateOptions } from "./form/state.js";
import type { Dialect, FormView } from "./form/view.js";
import type { Rules } from "./run.js";

export type { Check } from "./form/checks.js";
export type { FormStateOptions } from "./form/state.js";
export type { ChildrenView, ErrorView, FieldView, FormView, ItemView, PartView } from "./form/view.js";

const DIALECT: Dialect = {
  input: "onChange", blur: "onBlur", submit: "onSubmit", reset: "onReset",
  attributes: { minlength: "minLength", maxlength: "maxLength", novalidate: "noValidate" },
};

/**
 * A form of rules: what to spread into inputs, and what is wrong.
 *
 * @example
 * const form = useForm(registration, { onSubmit: (changeset) => repo.insert(changeset) });
 * return (
 *   <form {...form.props}>
 *     <input {...form.field("email").input} />
 *     {form.field("email").errors.map(({ message }) => <p key={message}>{message}</p>)}
 *   </form>
 * );
 */
export function useForm<F = AnyFields>(rules: Rules<F>, options: FormStateOptions<F> = {}): FormView<F> {
  const held = useRef<FormState<F> | null>(null);
  const state = (held.current ??= formState(rules, options, DIALECT));
  useEffect(() => state.use(rules, options));
  const view = (): FormView<F> => state.view;
  return useSyncExternalStore(state.subscribe, view, view);
}
