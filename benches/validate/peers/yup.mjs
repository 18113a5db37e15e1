import * as yup from "yup";
import { COUNTRIES, DATE, EMAIL, HAS_AT, ORDER_NUMBER, SKU, STATUSES, USERNAME } from "../forms.mjs";
import { versionOf } from "../version.mjs";

export const name = "yup";
export const version = versionOf("yup");

const required = () => yup.string().trim().required();
const integer = () => yup.number().integer().required();
// Its date() would make a Date: the value here is the text.
const date = () => yup.string().matches(DATE).required();

const schemas = {
  user: yup.object({
    name: required(),
    email: yup.string().matches(HAS_AT).required(),
    bio: yup.string().min(2).max(140).required(),
    number_of_pets: integer(),
  }),
  signup: yup.object({
    email: yup.string().matches(EMAIL).required(),
    username: yup.string().min(3).max(20).matches(USERNAME).required(),
    password: yup.string().min(8).max(72).required(),
    password_confirmation: yup.string().oneOf([yup.ref("password")]).required(),
    age: integer().min(18).max(120),
    country: yup.string().oneOf(COUNTRIES).required(),
    terms: yup.boolean().oneOf([true]).required(),
  }),
  order: yup.object({
    number: yup.string().matches(ORDER_NUMBER).required(),
    status: yup.string().oneOf(STATUSES).required(),
    placed_on: date(),
    lines: yup
      .array()
      .of(
        yup.object({
          sku: yup.string().matches(SKU).required(),
          name: required().max(80),
          qty: integer().min(1).max(100),
          price: yup.number().min(0).required(),
          gift: yup.boolean().required(),
        }),
      )
      .required(),
  }),
  row: yup.object({
    id: integer(),
    name: required(),
    email: yup.string().matches(EMAIL).required(),
    quantity: integer().min(0).max(1000),
    price: yup.number().required(),
    active: yup.boolean().required(),
    date: date(),
    country: yup.string().oneOf(COUNTRIES).required(),
  }),
};

const OPTIONS = { abortEarly: false };

const validator = (schema) => (input) => {
  try {
    return { ok: true, value: schema.validateSync(input, OPTIONS) };
  } catch (error) {
    return { ok: false, errors: error.inner };
  }
};

export const user = validator(schemas.user);
export const signup = validator(schemas.signup);
export const order = validator(schemas.order);
export const row = validator(schemas.row);
