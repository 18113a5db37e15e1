import * as z from "zod/mini";
import { COUNTRIES, EMAIL, HAS_AT, ORDER_NUMBER, SKU, STATUSES, USERNAME } from "../forms.mjs";
import { validator } from "./zod.mjs";

export { version } from "./zod.mjs";
export const name = "zod/mini";

// The mini build has no messages of its own until a locale is loaded.
z.config(z.locales.en());

const required = (...more) => z.string().check(z.trim(), z.minLength(1), ...more);
const matching = (pattern, ...more) => z.string().check(...more, z.regex(pattern));
const number = (...more) => (more.length > 0 ? z.coerce.number().check(...more) : z.coerce.number());
const int = (...more) => number(z.multipleOf(1), ...more);

const schemas = {
  user: z.object({
    name: required(),
    email: matching(HAS_AT),
    bio: z.string().check(z.minLength(2), z.maxLength(140)),
    number_of_pets: int(),
  }),
  signup: z
    .object({
      email: matching(EMAIL),
      username: matching(USERNAME, z.minLength(3), z.maxLength(20)),
      password: z.string().check(z.minLength(8), z.maxLength(72)),
      password_confirmation: z.string(),
      age: int(z.minimum(18), z.maximum(120)),
      country: z.enum(COUNTRIES),
      terms: z.stringbool().check(z.refine((accepted) => accepted, "must be accepted")),
    })
    .check(
      z.refine((form) => form.password === form.password_confirmation, {
        path: ["password_confirmation"],
        message: "does not match",
        when: () => true,
      }),
    ),
  order: z.object({
    number: matching(ORDER_NUMBER),
    status: z.enum(STATUSES),
    placed_on: z.iso.date(),
    lines: z.array(
      z.object({
        sku: matching(SKU),
        name: required(z.maxLength(80)),
        qty: int(z.minimum(1), z.maximum(100)),
        price: number(z.minimum(0)),
        gift: z.stringbool(),
      }),
    ),
  }),
  row: z.object({
    id: int(),
    name: required(),
    email: matching(EMAIL),
    quantity: int(z.minimum(0), z.maximum(1000)),
    price: number(),
    active: z.stringbool(),
    date: z.iso.date(),
    country: z.enum(COUNTRIES),
  }),
};

export const user = validator(schemas.user);
export const signup = validator(schemas.signup);
export const order = validator(schemas.order);
export const row = validator(schemas.row);
