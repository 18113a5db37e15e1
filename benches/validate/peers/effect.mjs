import { Schema, SchemaGetter } from "effect";
import { COUNTRIES, DATE, EMAIL, HAS_AT, ORDER_NUMBER, SKU, STATUSES, USERNAME } from "../forms.mjs";
import { versionOf } from "../version.mjs";

export const name = "effect";
export const version = versionOf("effect");

const required = Schema.String.check(Schema.isPattern(/\S/));
const matching = (pattern, ...more) => Schema.String.check(...more, Schema.isPattern(pattern));
const sized = (minimum, maximum) => Schema.String.check(Schema.isMinLength(minimum), Schema.isMaxLength(maximum));
const integer = Schema.FiniteFromString.check(Schema.isInt());
const between = (minimum, maximum) => integer.check(Schema.isBetween({ minimum, maximum }));
const boolean = Schema.Literals(["true", "false"]).pipe(
  Schema.decodeTo(Schema.Boolean, {
    decode: SchemaGetter.transform((text) => text === "true"),
    encode: SchemaGetter.transform((value) => String(value)),
  }),
);
const country = Schema.Literals(COUNTRIES);

const schemas = {
  user: Schema.Struct({ name: required, email: matching(HAS_AT), bio: sized(2, 140), number_of_pets: integer }),
  signup: Schema.Struct({
    email: matching(EMAIL),
    username: matching(USERNAME, Schema.isMinLength(3), Schema.isMaxLength(20)),
    password: sized(8, 72),
    password_confirmation: Schema.String,
    age: between(18, 120),
    country,
    terms: boolean.check(Schema.makeFilter((accepted) => accepted || "must be accepted")),
  }).check(
    Schema.makeFilter(
      (form) =>
        form.password === form.password_confirmation || { path: ["password_confirmation"], issue: "does not match" },
    ),
  ),
  order: Schema.Struct({
    number: matching(ORDER_NUMBER),
    status: Schema.Literals(STATUSES),
    placed_on: matching(DATE),
    lines: Schema.Array(
      Schema.Struct({
        sku: matching(SKU),
        name: matching(/\S/, Schema.isMaxLength(80)),
        qty: between(1, 100),
        price: Schema.FiniteFromString.check(Schema.isGreaterThanOrEqualTo(0)),
        gift: boolean,
      }),
    ),
  }),
  row: Schema.Struct({
    id: integer,
    name: required,
    email: matching(EMAIL),
    quantity: between(0, 1000),
    price: Schema.FiniteFromString,
    active: boolean,
    date: matching(DATE),
    country,
  }),
};

function validator(schema) {
  const { validate } = Schema.toStandardSchemaV1(schema, { parseOptions: { errors: "all" } })["~standard"];
  return (input) => {
    const result = validate(input);
    return result.issues ? { ok: false, errors: result.issues } : { ok: true, value: result.value };
  };
}

export const user = validator(schemas.user);
export const signup = validator(schemas.signup);
export const order = validator(schemas.order);
export const row = validator(schemas.row);
