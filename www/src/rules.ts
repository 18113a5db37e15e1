// Made by `ectomorph gen types` from rules documents. Change those, and make this file anew.
import type { Field, Kept, OfChildren, RecordOf, Relation, Requiring, Rules } from "ectomorph";

/** The fields of `LineItem`. */
export interface LineItemFields {
  sku: Field<string, "string", false>;
  qty: Field<number, "integer", false>;
  price: Field<string, "decimal", false>;
}

/** A record of `LineItem`. */
export type LineItem = RecordOf<LineItemFields>;

/** The fields of `Order`. */
export interface OrderFields {
  id: Field<number, "id", true>;
  number: Field<string, "string", false>;
  starts_on: Field<string, "date", false>;
  ends_on: Field<string, "date", false>;
  lines: Relation<LineItemFields, "embeds_many", never>;
}

/** A record of `Order`. */
export type Order = RecordOf<OrderFields>;

/** The fields of `Signup`. */
export interface SignupFields {
  id: Field<number, "id", true>;
  email: Field<string, "string", false>;
  username: Field<string, "string", false>;
  password: Field<string, "string", false>;
  age: Field<number, "integer", false>;
  country: Field<"at" | "be" | "br" | "ca" | "ch" | "de" | "dk" | "es" | "fi" | "fr" | "gb" | "in" | "it" | "jp" | "mx" | "nl" | "no" | "pl" | "pt" | "se" | "us", "enum", false>;
}

/** A record of `Signup`. */
export type Signup = RecordOf<SignupFields>;

/** The fields of `User`. */
export interface UserFields {
  id: Field<number, "id", true>;
  name: Field<string, "string", false>;
  email: Field<string, "string", false>;
  bio: Field<string, "string", false>;
  number_of_pets: Field<number, "integer", false>;
}

/** A record of `User`. */
export type User = RecordOf<UserFields>;

/** The rules of the documents, by name. */
export interface RulesByName {
  order: Rules<OrderFields, Kept<OrderFields, Requiring<"number"> & OfChildren<"lines", Kept<LineItemFields, Requiring<"qty" | "sku">>, true>>>;
  signup: Rules<SignupFields, Kept<SignupFields, Requiring<"age" | "country" | "email" | "password" | "username">>>;
  user: Rules<UserFields, Kept<UserFields, Requiring<"bio" | "email" | "name">>>;
}
