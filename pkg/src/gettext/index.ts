/**
 * Translations in gettext's `.po` files, as Phoenix projects have them.
 *
 * @module
 */
import { type Translate, interpolate } from "../messages.js";
import { ENGLISH, pluralOf } from "./plural.js";
import { readPo } from "./po.js";

/**
 * How messages become text by a `.po` file: Ecto's own messages are its `msgid`s. What it does not translate stays
 * English, and so do entries that are fuzzy or have a context. Of several forms, `count` chooses by the file's
 * `Plural-Forms`; without those, 1 takes the first and all else the second.
 *
 * @example
 * setTranslate(gettext(await (await fetch("/errors.de.po")).text()));
 *
 * @throws EctomorphError that names the line, if the file is none.
 */
export function gettext(file: string): Translate {
  const { entries, plural } = readPo(file);
  const form = plural === undefined ? ENGLISH : pluralOf(plural);
  return (message, bindings) => {
    const texts = entries.get(message);
    const { count } = bindings as { count?: unknown };
    // An entry with forms, for a message that counts nothing, has no right one but the first.
    const chosen = texts === undefined ? undefined : texts[texts.length > 1 && typeof count === "number" ? form(Math.abs(count)) : 0];
    return interpolate(chosen === undefined || chosen === "" ? message : chosen, bindings);
  };
}
