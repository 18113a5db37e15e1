import { ask } from "../accessors.js";
import { Changeset } from "../changeset.js";
import { translate } from "../messages.js";
import { isObject } from "../notation.js";
import { ownForm } from "./own.js";

/** How a form is to be described. */
export interface FormOptions {
  /** What the names of its inputs start with: `user` of `user[email]`; the schema's name in snake case otherwise. */
  readonly as?: string | undefined;
  /** What their ids start with; the same as the names otherwise. */
  readonly id?: string | undefined;
  /** The action, in place of the changeset's. Without any, no errors are shown. */
  readonly action?: string | undefined;
  /** Input types to use for fields: `{ bio: "textarea" }`. */
  readonly types?: { readonly [field: string]: unknown } | undefined;
}

/** A form as data: what a page needs to show a changeset in inputs. */
export interface FormDescription {
  readonly id: string;
  readonly name: string;
  readonly method: "post" | "put";
  readonly action: string | null;
  readonly valid: boolean;
  /** The position among its siblings, if it is the form of one child of many. */
  readonly index?: number;
  /** Names and values of inputs that go along unseen. */
  readonly hidden: readonly (readonly [name: string, value: string])[];
  readonly fields: { readonly [field: string]: FormField };
  readonly nested: { readonly [relation: string]: NestedForms };
}

/** A field of a form. */
export interface FormField {
  readonly id: string;
  readonly name: string;
  /** The type of its input. */
  readonly type: string;
  /** What its input holds: what was typed, else the change, else the data. */
  readonly value: unknown;
  readonly used: boolean;
  readonly errors: readonly FormError[];
  /** HTML attributes that follow from the rules and are never stricter than they. */
  readonly attributes: { readonly [attribute: string]: string | number | boolean };
  /** What there is to choose from, if there is a choice. */
  readonly options?: readonly string[];
}

/** The forms of the children of a relation. */
export interface NestedForms {
  readonly id: string;
  readonly name: string;
  readonly many: boolean;
  readonly used: boolean;
  /** The errors of the relation itself. */
  readonly errors: readonly FormError[];
  /** The names of the inputs that say in which order children come, and which to leave out. */
  readonly sort?: string;
  readonly drop?: string;
  readonly forms: readonly FormDescription[];
}

/** An error as a person reads it. */
export interface FormError {
  readonly message: string;
  readonly template: string;
  readonly metadata: { readonly [key: string]: unknown };
}

/**
 * A changeset as a form: of each field the id, name, value, errors and HTML attributes.
 *
 * @example
 * const { fields } = form(registration(User.build(), params), { as: "user", action: "validate" });
 * fields.email.errors; // [{ message: "can't be blank", ... }]
 */
export function form<F>(changeset: Changeset<F>, options: FormOptions = {}): FormDescription {
  const { as, id, action, types } = options;
  const plain = [as, id, action].every((option) => option === undefined || typeof option === "string");
  const isKnown = plain && (types === undefined || isObject(types));
  const own = isKnown ? ownForm(Changeset.source(changeset), options) : undefined;
  if (own !== undefined) return own;
  const given = Object.entries({ name: as, id, action, types }).filter(([, option]) => option !== undefined);
  return translated(ask(changeset, ["form", Object.fromEntries(given)])) as FormDescription;
}

/** With messages in the user's language. */
function translated(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(translated);
  if (typeof value !== "object" || value === null) return value;
  if ("template" in value && "metadata" in value) {
    const { template, metadata } = value as FormError;
    return { message: translate({ field: "", message: template, metadata }), template, metadata };
  }
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, translated(part)]));
}
