import Type from "typebox";
import { Compile } from "typebox/compile";
import { COUNTRIES, DATE, EMAIL, HAS_AT, ORDER_NUMBER, SKU, STATUSES, USERNAME } from "../forms.mjs";
import { versionOf } from "../version.mjs";

export const name = "typebox";
export const version = versionOf("typebox");

const required = Type.String({ pattern: "\\S" });
const matching = (pattern, more) => Type.String({ pattern: pattern.source, ...more });
const integer = (minimum, maximum) => Type.Integer(minimum === undefined ? {} : { minimum, maximum });
// An enum of 249 members converts a hundred thousand times slower than a pattern of them tests.
const country = Type.String({ pattern: `^(${COUNTRIES.join("|")})$` });

const schemas = {
  user: Type.Object({
    name: required,
    email: matching(HAS_AT),
    bio: Type.String({ minLength: 2, maxLength: 140 }),
    number_of_pets: integer(),
  }),
  signup: Type.Refine(
    Type.Object({
      email: matching(EMAIL),
      username: matching(USERNAME, { minLength: 3, maxLength: 20 }),
      password: Type.String({ minLength: 8, maxLength: 72 }),
      password_confirmation: Type.String(),
      age: integer(18, 120),
      country,
      terms: Type.Refine(Type.Boolean(), (accepted) => accepted, () => "must be accepted"),
    }),
    (form) => form.password === form.password_confirmation,
    () => "does not match confirmation",
  ),
  order: Type.Object({
    number: matching(ORDER_NUMBER),
    status: Type.Enum(STATUSES),
    placed_on: matching(DATE),
    lines: Type.Array(
      Type.Object({
        sku: matching(SKU),
        name: matching(/\S/, { maxLength: 80 }),
        qty: integer(1, 100),
        price: Type.Number({ minimum: 0 }),
        gift: Type.Boolean(),
      }),
    ),
  }),
  row: Type.Object({
    id: integer(),
    name: required,
    email: matching(EMAIL),
    quantity: integer(0, 1000),
    price: Type.Number(),
    active: Type.Boolean(),
    date: matching(DATE),
    country,
  }),
};

// Conversion writes into what it is given, so the input is copied first: the copy is part of the work.
const flat = (input) => ({ ...input });
const deep = (input) => ({ ...input, lines: input.lines.map(flat) });

function validator(schema, copy) {
  const compiled = Compile(schema);
  return (input) => {
    const value = compiled.Convert(copy(input));
    if (compiled.Check(value)) return { ok: true, value };
    const errors = compiled.Errors(value);
    return { ok: false, errors: errors.map((error) => ({ path: error.instancePath, message: error.message })) };
  };
}

export const user = validator(schemas.user, flat);
export const signup = validator(schemas.signup, flat);
export const order = validator(schemas.order, deep);
export const row = validator(schemas.row, flat);
