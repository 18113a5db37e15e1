import { TAG } from "./pack.js";
import type { FieldError } from "./recipe.js";
import { type Reader, setOwn } from "./unpack.js";

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

/** The text of an error: translated, if the program says how, and with its values filled in. */
export function translate(error: FieldError): string {
  return translation === undefined ? interpolate(error.message, error.metadata) : translation(error.message, error.metadata);
}

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
const texts = /* @__PURE__ */ new WeakMap<object, { readonly [key: string]: string }>();

/** Reads the metadata of an error. */
export function readMetadata(reader: Reader): FieldError["metadata"] {
  const metadata = {};
  let written: Record<string, string> | undefined;
  reader.u8();
  for (let count = reader.u32(); count > 0; count--) {
    const key = reader.word();
    const tag = reader.u8();
    const value = tag === TAG.string ? reader.word() : reader.valueOf(tag);
    setOwn(metadata, key, value);
    if (tag === TAG.f64) (written ??= Object.create(null) as Record<string, string>)[key] = floatText(value as number);
    else if (tag === TAG.naiveDatetime || tag === TAG.utcDatetime) {
      (written ??= Object.create(null) as Record<string, string>)[key] = String(value).replace("T", " ");
    }
  }
  if (written !== undefined) texts.set(metadata, written);
  return metadata;
}

/** A float as Elixir writes it: always with a point; scientific where that is shorter, or digits would be made up. */
function floatText(value: number): string {
  const [mantissa, exponent] = Math.abs(value).toExponential().split("e") as [string, string];
  const digits = mantissa.replace(".", "");
  const power = Number(exponent);
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const scientific = `${digits[0]}.${digits.slice(1) || "0"}e${power}`;
  const positional =
    power < 0 ? `0.${"0".repeat(-power - 1)}${digits}`
    : `${digits.slice(0, power + 1).padEnd(power + 1, "0")}.${digits.slice(power + 1) || "0"}`;
  const exact = Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  return sign + (exact && positional.length <= scientific.length ? positional : scientific);
}
