import { Ajv } from "ajv";
import formats from "ajv-formats";
import { COUNTRIES, EMAIL, HAS_AT, ORDER_NUMBER, SKU, STATUSES, USERNAME } from "../forms.mjs";
import { versionOf } from "../version.mjs";

export const name = "ajv";
export const version = versionOf("ajv");

const ajv = new Ajv({ allErrors: true, coerceTypes: true, $data: true });
formats.default(ajv);

const object = (properties) => ({ type: "object", properties, required: Object.keys(properties) });
const text = (more) => ({ type: "string", ...more });
const matching = (pattern, more) => text({ pattern: pattern.source, ...more });
const integer = (minimum, maximum) => ({ type: "integer", ...(minimum !== undefined && { minimum, maximum }) });

const schemas = {
  user: object({
    name: matching(/\S/),
    email: matching(HAS_AT),
    bio: text({ minLength: 2, maxLength: 140 }),
    number_of_pets: integer(),
  }),
  signup: object({
    email: matching(EMAIL),
    username: matching(USERNAME, { minLength: 3, maxLength: 20 }),
    password: text({ minLength: 8, maxLength: 72 }),
    password_confirmation: text({ const: { $data: "1/password" } }),
    age: integer(18, 120),
    country: text({ enum: COUNTRIES }),
    terms: { type: "boolean", const: true },
  }),
  order: object({
    number: matching(ORDER_NUMBER),
    status: text({ enum: STATUSES }),
    placed_on: text({ format: "date" }),
    lines: {
      type: "array",
      items: object({
        sku: matching(SKU),
        name: matching(/\S/, { maxLength: 80 }),
        qty: integer(1, 100),
        price: { type: "number", minimum: 0 },
        gift: { type: "boolean" },
      }),
    },
  }),
  row: object({
    id: integer(),
    name: matching(/\S/),
    email: matching(EMAIL),
    quantity: integer(0, 1000),
    price: { type: "number" },
    active: { type: "boolean" },
    date: text({ format: "date" }),
    country: text({ enum: COUNTRIES }),
  }),
};

// Coercion writes into what it validates, so the input is copied first: the copy is part of the work.
const flat = (input) => ({ ...input });
const deep = (input) => ({ ...input, lines: input.lines.map(flat) });

function validator(schema, copy) {
  const validate = ajv.compile(schema);
  return (input) => {
    const value = copy(input);
    if (validate(value)) return { ok: true, value };
    const errors = validate.errors.map((error) => ({
      // A missing property is an error of the object around it.
      path: error.keyword === "required" ? `${error.instancePath}/${error.params.missingProperty}` : error.instancePath,
      message: error.message,
    }));
    return { ok: false, errors };
  };
}

export const user = validator(schemas.user, flat);
export const signup = validator(schemas.signup, flat);
export const order = validator(schemas.order, deep);
export const row = validator(schemas.row, flat);
