/** Of which type a value is, or what its text looks like. */
export type Kind = "string" | "integer" | "float" | "boolean" | RegExp;

const DATE = "\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8])";
const TIME = "(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d";

/** Days that some months lack are looked at elsewhere; so is what has more than one text. */
export const KINDS: { readonly [type: string]: Kind | undefined } = {
  string: "string", id: "integer", integer: "integer", float: "float", boolean: "boolean",
  date: new RegExp(`^${DATE}$`), naive_datetime: new RegExp(`^${DATE}T${TIME}$`), naive_datetime_usec: new RegExp(`^${DATE}T${TIME}\\.\\d{6}$`),
  utc_datetime: new RegExp(`^${DATE}T${TIME}Z$`), utc_datetime_usec: new RegExp(`^${DATE}T${TIME}\\.\\d{6}Z$`),
};

/** Whether a value is one of its kind, written as the engines write it. */
export function isOfKind(kind: Kind | undefined, value: unknown): boolean {
  switch (kind) {
    case "string":
      return typeof value === "string";
    case "integer":
      return Number.isSafeInteger(value) && !Object.is(value, -0);
    case "float":
      return Number.isFinite(value) && !Object.is(value, -0);
    case "boolean":
      return typeof value === "boolean";
    case undefined:
      return false;
    default:
      return typeof value === "string" && kind.test(value);
  }
}
