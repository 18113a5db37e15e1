// The types of operands: which fields may be compared, added or matched with which. Nothing here exists when the
// program runs.

import type { Term } from "./term.js";

/** Types of numbers. Decimals are text in JavaScript, but numbers here. */
export type Numeric = "integer" | "id" | "float" | "decimal";
/** Types of text. */
export type Textual = "string";
/** Types with a date and a time. */
export type Moment = "naive_datetime" | "naive_datetime_usec" | "utc_datetime" | "utc_datetime_usec";
/** Types of time, whose values may also be given as a `Date`. */
export type Temporal = Moment | "date" | "time" | "time_usec";
/** What is not known when the program is compiled: fields of tables without a schema, fragments, json. */
export type Unknown = "any";

type Identity = "uuid" | "binary_id";

/** The types that one of a kind may be compared with. */
export type Comparable<Kind extends string> =
  Kind extends Numeric ? Numeric | Unknown
  : Kind extends Moment ? Moment | Unknown
  : Kind extends "time" | "time_usec" ? "time" | "time_usec" | Unknown
  : Kind extends Identity ? Identity | Unknown
  : Kind extends "string" | "enum" ? "string" | "enum" | Unknown
  : Kind extends Unknown ? string
  : Kind | Unknown;

/** A value of JavaScript for a type: what may be given in place of a field. */
export type Input<T, Kind> =
  Kind extends "decimal" ? string | number | bigint
  : Kind extends "integer" | "id" ? number | bigint
  : Kind extends Temporal ? string | Date
  : Kind extends Unknown ? NonNullable<unknown>
  : NonNullable<T>;

/** What stands on the other side of a comparison: a value, or a term of a type that compares with this one. */
export type Operand<T, Kind extends string> = Input<T, Kind> | Term<unknown, Comparable<Kind>>;

/** What may be added to a number: another, of whatever numeric type. */
export type NumberOperand = number | bigint | Term<unknown, Numeric | Unknown>;

/** `null` where a value may be null. */
export type NullOf<T> = T & null;

/** `null` where an operand may be null. Values never are. */
export type NullIn<O> = O extends Term<infer T, infer _Kind> ? NullOf<T> : never;

/** The type of a sum, difference, product or quotient. */
export type Arithmetic<A, B> =
  A extends "float" ? "float"
  : B extends "float" ? "float"
  : A extends "decimal" ? "decimal"
  : B extends "decimal" ? "decimal"
  : A extends Unknown ? Unknown
  : B extends Unknown ? Unknown
  : "integer";

/** The type of an operand; of a value, that of the other side. */
export type KindIn<O, Otherwise> = O extends Term<infer _T, infer Kind> ? Kind : Otherwise;

/** The values of a numeric type. */
export type NumberOf<Kind> = Kind extends "decimal" ? string : Kind extends Unknown ? unknown : number;

/** The type of a sum: of integers an integer, of decimals a decimal. */
export type SumKind<Kind> = Kind extends "id" ? "integer" : Kind;

/** The type of an average: of integers a decimal. */
export type AvgKind<Kind> = Kind extends "integer" | "id" ? "decimal" : Kind;
