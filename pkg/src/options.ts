import type { EctomorphError } from "./errors.js";

// The options of rules, in JavaScript's words; `rules.ts` writes them in those of documents.

/** Replaces the message of a rule; with metadata that is added to the error's. */
export type Message = string | readonly [message: string, metadata: { readonly [key: string]: unknown }];

/** The option that every validation has. */
export interface MessageOption {
  readonly message?: Message;
}

/** The options of `cast`. */
export interface CastOptions<F> {
  /** What counts as empty, in place of `[""]`. */
  readonly emptyValues?: readonly unknown[];
  /** How text is trimmed for that comparison. */
  readonly trimValues?: "leading" | "none" | "both";
  /** Keep values that equal the data's as changes, too. */
  readonly forceChanges?: boolean;
  /** Messages for values that can't be cast, by field. */
  readonly message?: { readonly [K in keyof F]?: string };
  /** The same, by the word of the field's type. */
  readonly messageByType?: { readonly [type: string]: string };
}

/** The options of `validateLength`. */
export interface LengthOptions extends MessageOption {
  readonly is?: number;
  readonly min?: number;
  readonly max?: number;
  /** What is counted of text; `graphemes`, if nothing is said. */
  readonly count?: "graphemes" | "codepoints" | "bytes";
}

/** The options of `validateNumber`, tried in the order they are written. Bounds of decimals may be text. */
export interface NumberOptions<T = number | bigint | string> extends MessageOption {
  readonly lessThan?: T;
  readonly greaterThan?: T;
  readonly lessThanOrEqualTo?: T;
  readonly greaterThanOrEqualTo?: T;
  readonly equalTo?: T;
  readonly notEqualTo?: T;
}

/** Integers from the first to the last, for `validateInclusion` and its kin. */
export interface Range {
  readonly range: readonly [first: number, last: number];
}

/** The options of constraints. */
export interface ConstraintOptions<F> {
  /** The name in the database; if nothing is said, the one a migration gives. */
  readonly name?: string | RegExp;
  readonly message?: string;
  readonly match?: "exact" | "suffix" | "prefix";
  /** The field that gets the error. */
  readonly errorKey?: keyof F & string;
}

/** The options of `castEmbed` and `castAssoc`. */
export interface CastRelationOptions<With, IsRequired extends boolean = boolean> {
  /** The rules of each child. */
  readonly with?: With;
  readonly required?: IsRequired;
  readonly requiredMessage?: Message;
  readonly invalidMessage?: Message;
  /** The param that lists the order of children by their keys. */
  readonly sortParam?: string;
  /** The param that lists the children to leave out by their keys. */
  readonly dropParam?: string;
  /** Whether a change of a child alone makes a repo write the parent, too; it does, if nothing is said. */
  readonly forceUpdateOnChange?: boolean;
}

/** An error that a validator found: on the field it looked at, unless it names another. */
export interface Finding {
  readonly field?: string;
  readonly message: string;
  readonly metadata?: { readonly [key: string]: unknown };
}

/**
 * What a validator answers: nothing if all is well, a message, a finding, or several. One that throws makes the call
 * that runs the rules throw the same; see [`EctomorphError`] for what throws otherwise.
 */
export type Findings = null | undefined | false | string | Finding | readonly (string | Finding)[];

/** A validator: called when its field changed to something other than null. */
export type ValidateFunction<T> = (field: string, value: T) => Findings;

/** What `updateChange` can do in rules: a name, since rules are data. */
export type Update = "upcase" | "downcase" | "trim" | "increment" | "nil" | "identity" | "reverse_list";

export type { EctomorphError };
