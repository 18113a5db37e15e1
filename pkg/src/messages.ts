import type { FieldError } from "./result.js";

/** A template and the values that fill it, as text in the user's language. */
export type Translate = (message: string, bindings: FieldError["metadata"]) => string;

let translation: Translate | undefined = undefined;

/**
 * Says how messages become text, everywhere: `gettext` of your choice. It gets Ecto's own messages as they are
 * (`"should be at least %{count} character(s)"`), so the catalogues of Phoenix projects fit. Without it, or with
 * `null`, messages are English.
 *
 * @example
 * setTranslate((message, bindings) => interpolate(german[message] ?? message, bindings));
 */
export function setTranslate(translate: Translate | null): void {
  translation = translate ?? undefined;
}

/** Whether messages are as the rules have them. */
export function isEnglish(): boolean {
  return translation === undefined;
}

/** The text of an error: translated, if the program says how, and with its values filled in. */
export function translate(error: FieldError): string {
  if (translation !== undefined) return translation(error.message, error.metadata);
  if (!error.message.includes("%{")) return error.message;
  // The errors of rules are the same objects every time.
  let text = filled.get(error);
  if (text === undefined) filled.set(error, (text = interpolate(error.message, error.metadata)));
  return text;
}

const filled = /* @__PURE__ */ new WeakMap<FieldError, string>();

/** Fills `%{key}` with the value of that key; what has none stays. */
export function interpolate(message: string, bindings: FieldError["metadata"]): string {
  if (!message.includes("%{")) return message;
  return message.replace(/%\{([^}]*)\}/g, (whole, key: string) => {
    const value = texts.get(bindings)?.[key] ?? (Object.hasOwn(bindings, key) ? bindings[key] : undefined);
    if (value === null) return "";
    // Lists and maps have no text that a user should read.
    return value === undefined || typeof value === "object" ? whole : String(value);
  });
}

/** Of metadata, the texts of values that JavaScript writes otherwise than Ecto does. */
export const texts = /* @__PURE__ */ new WeakMap<object, { readonly [key: string]: string }>();
