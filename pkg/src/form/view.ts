import type { Changeset } from "../changeset.js";
import type { AnyFields, ChildFields, RelationName } from "../fields.js";

/** A field as a page shows it. */
export interface FieldView {
  readonly id: string;
  readonly name: string;
  /** The type of its input. */
  readonly type: string;
  /** What its input holds: text, or a list of texts. */
  readonly value: unknown;
  /** Whether a person has left it after typing something. */
  readonly used: boolean;
  /** What is wrong with it: empty until a person has left the input, or the form was sent. */
  readonly errors: readonly ErrorView[];
  /** What to spread into an input: `<input {...field.input} />`. */
  readonly input: { readonly [property: string]: unknown };
  /** What there is to choose from, if there is a choice. */
  readonly options?: readonly string[];
  /** The id of the element that shows the errors: the input refers to it. */
  readonly errorId: string;
  /** Holds another value, as if it had been typed. */
  set(value: unknown): void;
}

/** An error as a page shows it. */
export interface ErrorView {
  /** The text. */
  readonly message: string;
  /** The rule that found it: `required`, `length`; nothing if a server or a check did. */
  readonly rule?: string;
}

/** What is shown of a form, or of one child. */
export interface PartView<F = AnyFields> {
  readonly id: string;
  readonly name: string;
  /** A field, by name. */
  field(name: (keyof F & string) | (string & {})): FieldView;
  /** The children of a relation. */
  children<K extends RelationName<F>>(relation: K): ChildrenView<ChildFields<F, K & keyof F>>;
}

/** The children of a relation. */
export interface ChildrenView<F = AnyFields> {
  readonly items: readonly ItemView<F>[];
  readonly errors: readonly ErrorView[];
  /** Adds an empty one behind the others. */
  add(): void;
}

/** One child. */
export interface ItemView<F = AnyFields> extends PartView<F> {
  /** What it is called as long as it is there, wherever it is moved: the key of lists. */
  readonly key: string;
  /** Takes it out of the list. */
  remove(): void;
  /** Swaps it with the one before it; the first stays. */
  up(): void;
  /** Swaps it with the one behind it; the last stays. */
  down(): void;
}

/** What is shown of a whole form; another object whenever something changes. */
export interface FormView<F = AnyFields> extends PartView<F> {
  /** The changeset of what the form holds. */
  readonly changeset: Changeset<F>;
  readonly valid: boolean;
  /** Whether it was sent, or that was tried. */
  readonly submitted: boolean;
  /** Whether it is being sent. */
  readonly busy: boolean;
  /** Whether it went through, and nothing has changed since. */
  readonly sent: boolean;
  /** What was said that belongs to no field. */
  readonly errors: readonly ErrorView[];
  /** What to spread into the form element: `<form {...form.props}>`. */
  readonly props: { readonly [property: string]: unknown };
  /** Sends the form; true if it went through. */
  submit(event?: SubmittedEvent): Promise<boolean>;
  /** Begins anew. */
  reset(): void;
  /** Shows the errors of a server's answer on their fields, each until its field changes. */
  showErrors(errors: unknown): void;
}

/** What of an event a form looks at. */
export interface SubmittedEvent {
  preventDefault?(): void;
  readonly currentTarget?: unknown;
}

/** How a framework calls what is spread into elements. */
export interface Dialect {
  readonly input: string;
  readonly blur: string;
  readonly submit: string;
  readonly reset: string;
  /** The names of attributes that are other than in HTML. */
  readonly attributes: { readonly [attribute: string]: string };
}
