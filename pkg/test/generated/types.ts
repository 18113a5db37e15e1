// Made by `ectomorph gen types` from rules documents. Change those, and make this file anew.
import type { Field, Json, Kept, RecordOf, Requiring, Rules } from "ectomorph";

/** The fields of `Account`. */
export interface AccountFields {
  id: Field<string, "binary_id", true>;
  type: Field<string, "string", false>;
  active: Field<boolean, "boolean", false>;
  score: Field<number, "float", false>;
  balance: Field<string, "decimal", false>;
  extra: Field<{ readonly [key: string]: Json }, "map", false>;
  born_on: Field<string, "date", false>;
  wakes_at: Field<string, "time", false>;
  wakes_exactly_at: Field<string, "time_usec", false>;
  seen_at: Field<string, "naive_datetime", false>;
  seen_exactly_at: Field<string, "naive_datetime_usec", false>;
  paid_at: Field<string, "utc_datetime", false>;
  paid_exactly_at: Field<string, "utc_datetime_usec", false>;
  token: Field<string, "uuid", false>;
  avatar: Field<Uint8Array | string, "binary", false>;
  devices: Field<readonly (string)[], "array", false>;
  user_id: Field<string, "binary_id", false>;
  inserted_at: Field<string, "utc_datetime_usec", false>;
  updated_at: Field<string, "utc_datetime_usec", false>;
}

/** A record of `Account`. */
export type Account = RecordOf<AccountFields>;

/** The fields of `User`. */
export interface UserFields {
  id: Field<number, "id", true>;
  name: Field<string, "string", false>;
  email: Field<string, "string", false>;
  bio: Field<string, "string", false>;
  number_of_pets: Field<number, "integer", false>;
  role: Field<"admin" | "user", "enum", false>;
  team_id: Field<number, "id", false>;
  tags: Field<readonly (string)[], "array", false>;
  secret: Field<string, "string", false>;
  inserted_at: Field<string, "naive_datetime", false>;
  updated_at: Field<string, "naive_datetime", false>;
}

/** A record of `User`. */
export type User = RecordOf<UserFields>;

/** The rules of the documents, by name. */
export interface RulesByName {
  account: Rules<AccountFields, Kept<AccountFields, Requiring<"avatar" | "balance" | "born_on" | "paid_at" | "paid_exactly_at" | "score" | "seen_at" | "seen_exactly_at" | "token" | "type" | "wakes_at" | "wakes_exactly_at">>>;
  user: Rules<UserFields, Kept<UserFields, Requiring<"bio" | "email" | "name" | "number_of_pets" | "role" | "secret">>>;
}
