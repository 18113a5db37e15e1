/**
 * Forms: a changeset as a form, and a form of a page bound to rules.
 *
 * @module
 */
export { type Binding, bindForm, type BindOptions, type Submission } from "./bind.js";
export type { Check } from "./checks.js";
export { form, type FormDescription, type FormError, type FormField, type FormOptions, type NestedForms } from "./describe.js";
