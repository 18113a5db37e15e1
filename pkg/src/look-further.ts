import { bare, boundsOf, type Facts, giveFacts, GOOD, type Look, LOOK, UNCERTAIN } from "./look.js";

// Looks at params of the types that not every page has.

const DATE = /^\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)$/;
/** Datetimes on days that every month has, in the one notation that is given back. */
const MOMENT = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ?$/;
/** How much longer a datetime is than its kind is large. */
const MOMENT_LENGTH = 11;
const DECIMAL = /^(?:0|[1-9]\d{0,8})(?:\.\d{1,6})?$/;

/** Brings them. */
export function lookFurther(): void {
  giveFacts(LOOK.decimal, decimalFacts);
  giveFacts(LOOK.date, dateFacts);
  giveFacts(LOOK.naive, momentFacts);
  giveFacts(LOOK.utc, momentFacts);
}

function decimalFacts(look: Look, text: unknown): number {
  if (typeof text !== "string" || text === "") return bare(text);
  return DECIMAL.test(text) ? boundsOf(look, Number(text)) : UNCERTAIN;
}

function dateFacts(look: Look, text: unknown): number {
  if (typeof text !== "string" || text === "") return bare(text);
  return !(look.held !== null && text === look.held) && DATE.test(text) ? GOOD : UNCERTAIN;
}

function momentFacts(look: Look, text: unknown): number {
  if (typeof text !== "string" || text === "") return bare(text);
  return !(look.held !== null && text === look.held) && text.length === look.kind + MOMENT_LENGTH && MOMENT.test(text) ? GOOD : UNCERTAIN;
}
