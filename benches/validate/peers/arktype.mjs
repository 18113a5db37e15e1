import { type } from "arktype";
import { COUNTRIES, DATE, EMAIL, HAS_AT, ORDER_NUMBER, SKU, STATUSES, USERNAME } from "../forms.mjs";
import { versionOf } from "../version.mjs";

export const name = "arktype";
export const version = versionOf("arktype");

const integer = type("string.integer.parse");
const number = type("string.numeric.parse");
const boolean = type("'true' | 'false'").pipe((text) => text === "true");
const country = type.enumerated(...COUNTRIES);
const required = type(/\S/);

const schemas = {
  user: type({
    name: required,
    email: type(HAS_AT),
    bio: "2 <= string <= 140",
    number_of_pets: integer,
  }),
  signup: type({
    email: type(EMAIL),
    username: type(USERNAME).and("3 <= string <= 20"),
    password: "8 <= string <= 72",
    password_confirmation: "string",
    age: integer.to("18 <= number <= 120"),
    country,
    terms: boolean.to("true"),
  }).narrow(
    (form, context) =>
      form.password === form.password_confirmation ||
      context.reject({ expected: "identical to the password", path: ["password_confirmation"] }),
  ),
  order: type({
    number: type(ORDER_NUMBER),
    status: type.enumerated(...STATUSES),
    placed_on: type(DATE),
    lines: type({
      sku: type(SKU),
      name: type(/\S/).and("string <= 80"),
      qty: integer.to("1 <= number <= 100"),
      price: number.to("number >= 0"),
      gift: boolean,
    }).array(),
  }),
  row: type({
    id: integer,
    name: required,
    email: type(EMAIL),
    quantity: integer.to("0 <= number <= 1000"),
    price: number,
    active: boolean,
    date: type(DATE),
    country,
  }),
};

const validator = (schema) => (input) => {
  const value = schema(input);
  return value instanceof type.errors ? { ok: false, errors: value } : { ok: true, value };
};

export const user = validator(schemas.user);
export const signup = validator(schemas.signup);
export const order = validator(schemas.order);
export const row = validator(schemas.row);
