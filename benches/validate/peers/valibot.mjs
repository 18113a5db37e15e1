import * as v from "valibot";
import { COUNTRIES, EMAIL, HAS_AT, ORDER_NUMBER, SKU, STATUSES, USERNAME } from "../forms.mjs";
import { versionOf } from "../version.mjs";

export const name = "valibot";
export const version = versionOf("valibot");

const required = (...more) => v.pipe(v.string(), v.trim(), v.minLength(1), ...more);
const matching = (pattern, ...more) => v.pipe(v.string(), ...more, v.regex(pattern));
const number = (...more) => v.pipe(v.string(), v.toNumber(), ...more);
const boolean = (...more) => v.pipe(v.string(), v.parseBoolean(), ...more);

const schemas = {
  user: v.object({
    name: required(),
    email: matching(HAS_AT),
    bio: v.pipe(v.string(), v.minLength(2), v.maxLength(140)),
    number_of_pets: number(v.integer()),
  }),
  signup: v.pipe(
    v.object({
      email: matching(EMAIL),
      username: matching(USERNAME, v.minLength(3), v.maxLength(20)),
      password: v.pipe(v.string(), v.minLength(8), v.maxLength(72)),
      password_confirmation: v.string(),
      age: number(v.integer(), v.minValue(18), v.maxValue(120)),
      country: v.picklist(COUNTRIES),
      terms: boolean(v.literal(true)),
    }),
    v.forward(
      v.partialCheck(
        [["password"], ["password_confirmation"]],
        (form) => form.password === form.password_confirmation,
        "does not match",
      ),
      ["password_confirmation"],
    ),
  ),
  order: v.object({
    number: matching(ORDER_NUMBER),
    status: v.picklist(STATUSES),
    placed_on: v.pipe(v.string(), v.isoDate()),
    lines: v.array(
      v.object({
        sku: matching(SKU),
        name: required(v.maxLength(80)),
        qty: number(v.integer(), v.minValue(1), v.maxValue(100)),
        price: number(v.minValue(0)),
        gift: boolean(),
      }),
    ),
  }),
  row: v.object({
    id: number(v.integer()),
    name: required(),
    email: matching(EMAIL),
    quantity: number(v.integer(), v.minValue(0), v.maxValue(1000)),
    price: number(),
    active: boolean(),
    date: v.pipe(v.string(), v.isoDate()),
    country: v.picklist(COUNTRIES),
  }),
};

const validator = (schema) => (input) => {
  const result = v.safeParse(schema, input);
  if (result.success) return { ok: true, value: result.output };
  return {
    ok: false,
    errors: result.issues.map((issue) => ({ path: issue.path.map((item) => item.key), message: issue.message })),
  };
};

export const user = validator(schemas.user);
export const signup = validator(schemas.signup);
export const order = validator(schemas.order);
export const row = validator(schemas.row);
