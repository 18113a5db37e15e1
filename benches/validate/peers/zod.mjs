import * as z from "zod";
import { COUNTRIES, EMAIL, HAS_AT, ORDER_NUMBER, SKU, STATUSES, USERNAME } from "../forms.mjs";
import { versionOf } from "../version.mjs";

export const name = "zod";
export const version = versionOf("zod");

const required = () => z.string().trim().min(1);
const boolean = () => z.stringbool();

/** The signup form with its refinement, told when it runs. */
export function confirmed(options) {
  const form = z.object({
    email: z.string().regex(EMAIL),
    username: z.string().min(3).max(20).regex(USERNAME),
    password: z.string().min(8).max(72),
    password_confirmation: z.string(),
    age: z.coerce.number().int().min(18).max(120),
    country: z.enum(COUNTRIES),
    terms: boolean().refine((accepted) => accepted, "must be accepted"),
  });
  return form.refine(({ password, password_confirmation }) => password === password_confirmation, options);
}

export const schemas = {
  user: z.object({
    name: required(),
    email: z.string().regex(HAS_AT),
    bio: z.string().min(2).max(140),
    number_of_pets: z.coerce.number().int(),
  }),
  signup: confirmed({
    path: ["password_confirmation"],
    message: "does not match",
    // Otherwise it waits until every field is right.
    when: () => true,
  }),
  order: z.object({
    number: z.string().regex(ORDER_NUMBER),
    status: z.enum(STATUSES),
    placed_on: z.iso.date(),
    lines: z.array(
      z.object({
        sku: z.string().regex(SKU),
        name: required().max(80),
        qty: z.coerce.number().int().min(1).max(100),
        price: z.coerce.number().min(0),
        gift: boolean(),
      }),
    ),
  }),
  row: z.object({
    id: z.coerce.number().int(),
    name: required(),
    email: z.string().regex(EMAIL),
    quantity: z.coerce.number().int().min(0).max(1000),
    price: z.coerce.number(),
    active: boolean(),
    date: z.iso.date(),
    country: z.enum(COUNTRIES),
  }),
};

export const validator = (schema) => (input) => {
  const result = schema.safeParse(input);
  return result.success ? { ok: true, value: result.data } : { ok: false, errors: result.error.issues };
};

export const user = validator(schemas.user);
export const signup = validator(schemas.signup);
export const order = validator(schemas.order);
export const row = validator(schemas.row);
