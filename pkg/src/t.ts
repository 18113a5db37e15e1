/**
 * The types of fields, all of Ecto's.
 *
 * Decimals, dates and times are text in JavaScript (`"1.50"`, `"2024-01-31"`), so that no digit is lost.
 *
 * @example
 * import { schema, t } from "ectomorph";
 *
 * const Post = schema("posts", { title: t.string(), likes: t.integer().default(0), tags: t.array(t.string()) });
 *
 * @module
 */
import { EctomorphError } from "./errors.js";
import { further } from "./further.js";
import { Field, type Json } from "./types.js";

// A namespace, not an object: bundlers leave out of a page what it does not name. Types that many forms do without
// bring the second part of the small engine with them.

type Plain<T, Kind extends string> = Field<T, Kind, false>;

const plain = <T, Kind extends string>(type: Kind): Plain<T, Kind> => new Field(type);

/** An integer key made by the database. */
export const id = (): Plain<number, "id"> => plain("id");

/** A UUID key. */
export const binaryId = (): Plain<string, "binary_id"> => plain("binary_id");

/** An integer of 64 bits. Beyond 2^53 values are bigints: say `t.integer<number | bigint>()` where that may be. */
export const integer = <T extends number | bigint = number>(): Plain<NoInfer<T>, "integer"> => plain("integer");

/** A float of 64 bits. */
export const float = (): Plain<number, "float"> => plain("float");

/** `true` or `false`; `"true"`, `"1"`, `"false"`, `"0"` are cast. */
export const boolean = (): Plain<boolean, "boolean"> => plain("boolean");

/** Text. */
export const string = (): Plain<string, "string"> => plain("string");

/** Bytes; text that is cast to it stays text. */
export const binary = (): Plain<Uint8Array | string, "binary"> => plain("binary");

/** A map with text keys; with values of one type, if one is given. */
export function map(): Plain<{ readonly [key: string]: Json }, "map">;
export function map<T, Kind extends string>(value: Field<T, Kind>): Plain<{ readonly [key: string]: T }, "map">;
export function map(value?: Field): Plain<unknown, "map"> {
  return further(new Field(value === undefined ? "map" : { map: value.type }));
}

/** A list of values of one type. */
export const array = <T, Kind extends string>(element: Field<T, Kind>): Plain<readonly T[], "array"> =>
  further(new Field({ array: element.type }));

/** A decimal, as text. */
export const decimal = (): Plain<string, "decimal"> => further(plain("decimal"));

/** A date: `"2024-01-31"`. */
export const date = (): Plain<string, "date"> => further(plain("date"));

/** A time of day: `"10:20:30"`. */
export const time = (): Plain<string, "time"> => further(plain("time"));

/** A time of day with microseconds: `"10:20:30.123456"`. */
export const timeUsec = (): Plain<string, "time_usec"> => further(plain("time_usec"));

/** A date and time without zone: `"2024-01-31T10:20:30"`. */
export const naiveDatetime = (): Plain<string, "naive_datetime"> => further(plain("naive_datetime"));

/** The same with microseconds. */
export const naiveDatetimeUsec = (): Plain<string, "naive_datetime_usec"> => further(plain("naive_datetime_usec"));

/** An instant: `"2024-01-31T10:20:30Z"`. */
export const utcDatetime = (): Plain<string, "utc_datetime"> => further(plain("utc_datetime"));

/** The same with microseconds. */
export const utcDatetimeUsec = (): Plain<string, "utc_datetime_usec"> => further(plain("utc_datetime_usec"));

/** A UUID. */
export const uuid = (): Plain<string, "uuid"> => further(plain("uuid"));

function enumOf<const Names extends readonly [string, ...string[]]>(...names: Names): Plain<Names[number], "enum">;
function enumOf<const Stored extends { readonly [name: string]: string | number }>(
  stored: Stored,
): Plain<keyof Stored & string, "enum">;
function enumOf(...names: readonly unknown[]): Plain<string, "enum"> {
  const [first] = names;
  const members = typeof first === "object" && first !== null ? Object.entries(first) : names;
  if (members.length === 0) throw new EctomorphError("an enum needs at least one name: t.enum(\"draft\", \"paid\")");
  return new Field({ enum: members as readonly string[] });
}

/** One of these names; given as an object, each with the value that is stored for it. */
export { enumOf as enum };

/** Anything, as it is; files of forms, too. Never a column. */
export const any = <T = unknown>(): Plain<NoInfer<T>, "any"> => further(plain("any"));
