import Joi from "joi";
import { COUNTRIES, DATE, EMAIL, HAS_AT, ORDER_NUMBER, SKU, STATUSES, USERNAME } from "../forms.mjs";
import { versionOf } from "../version.mjs";

export const name = "joi";
export const version = versionOf("joi");

const required = () => Joi.string().trim().required();
const matching = (pattern) => Joi.string().pattern(pattern).required();
const integer = () => Joi.number().integer().required();
const country = Joi.string()
  .valid(...COUNTRIES)
  .required();

const schemas = {
  user: Joi.object({
    name: required(),
    email: matching(HAS_AT),
    bio: Joi.string().min(2).max(140).required(),
    number_of_pets: integer(),
  }),
  signup: Joi.object({
    email: matching(EMAIL),
    username: matching(USERNAME).min(3).max(20),
    password: Joi.string().min(8).max(72).required(),
    password_confirmation: Joi.string().valid(Joi.ref("password")).required(),
    age: integer().min(18).max(120),
    country,
    terms: Joi.boolean().valid(true).required(),
  }),
  order: Joi.object({
    number: matching(ORDER_NUMBER),
    status: Joi.string()
      .valid(...STATUSES)
      .required(),
    placed_on: matching(DATE),
    lines: Joi.array()
      .items(
        Joi.object({
          sku: matching(SKU),
          name: required().max(80),
          qty: integer().min(1).max(100),
          price: Joi.number().min(0).required(),
          gift: Joi.boolean().required(),
        }),
      )
      .required(),
  }),
  row: Joi.object({
    id: integer(),
    name: required(),
    email: matching(EMAIL),
    quantity: integer().min(0).max(1000),
    price: Joi.number().required(),
    active: Joi.boolean().required(),
    date: matching(DATE),
    country,
  }),
};

const OPTIONS = { abortEarly: false };

const validator = (schema) => (input) => {
  const { value, error } = schema.validate(input, OPTIONS);
  return error ? { ok: false, errors: error.details } : { ok: true, value };
};

export const user = validator(schemas.user);
export const signup = validator(schemas.signup);
export const order = validator(schemas.order);
export const row = validator(schemas.row);
