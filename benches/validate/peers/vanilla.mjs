// Written by hand for exactly these forms: the floor. No library reaches it, as it can do nothing else.
import { COUNTRIES, DATE, EMAIL, HAS_AT, ORDER_NUMBER, SKU, STATUSES, USERNAME } from "../forms.mjs";

export const name = "vanilla";
export const version = "by hand";

const countries = new Set(COUNTRIES);
const INTEGER = /^[+-]?\d+$/;
const FLOAT = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const BLANK = /^\s*$/;
const BLANK_MESSAGE = "can't be blank";
const INVALID = "is invalid";
const FORMAT = "has invalid format";

const result = (errors, value) => (errors.length === 0 ? { ok: true, value } : { ok: false, errors });
const blank = (text) => text === undefined || BLANK.test(text);
const boolean = (text) => (text === "true" || text === "1" ? true : text === "false" || text === "0" ? false : undefined);

function text(errors, path, input, pattern) {
  if (blank(input)) errors.push({ path, message: BLANK_MESSAGE });
  else if (pattern && !pattern.test(input)) errors.push({ path, message: FORMAT });
  return input;
}

function sized(errors, path, input, min, max, pattern) {
  if (blank(input)) errors.push({ path, message: BLANK_MESSAGE });
  else if (input.length < min) errors.push({ path, message: `should be at least ${min} character(s)` });
  else if (input.length > max) errors.push({ path, message: `should be at most ${max} character(s)` });
  else if (pattern && !pattern.test(input)) errors.push({ path, message: FORMAT });
  return input;
}

function number(errors, path, input, shape, min, max) {
  if (blank(input)) return void errors.push({ path, message: BLANK_MESSAGE });
  if (!shape.test(input)) return void errors.push({ path, message: INVALID });
  const value = Number(input);
  if (value < min) errors.push({ path, message: `must be greater than or equal to ${min}` });
  else if (value > max) errors.push({ path, message: `must be less than or equal to ${max}` });
  return value;
}

function flag(errors, path, input) {
  const value = boolean(input);
  if (value === undefined) errors.push({ path, message: blank(input) ? BLANK_MESSAGE : INVALID });
  return value;
}

function date(errors, path, input) {
  const days = (year, month) => new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (blank(input)) errors.push({ path, message: BLANK_MESSAGE });
  else if (!DATE.test(input) || (input.slice(8) > "28" && +input.slice(8) > days(+input.slice(0, 4), +input.slice(5, 7))))
    errors.push({ path, message: INVALID });
  return input;
}

function member(errors, path, input, has) {
  if (blank(input)) errors.push({ path, message: BLANK_MESSAGE });
  else if (!has(input)) errors.push({ path, message: INVALID });
  return input;
}

const isCountry = (code) => countries.has(code);
const isStatus = (status) => STATUSES.includes(status);

export function user(input) {
  const errors = [];
  return result(errors, {
    name: text(errors, "name", input.name),
    email: text(errors, "email", input.email, HAS_AT),
    bio: sized(errors, "bio", input.bio, 2, 140),
    number_of_pets: number(errors, "number_of_pets", input.number_of_pets, INTEGER),
  });
}

export function signup(input) {
  const errors = [];
  const value = {
    email: text(errors, "email", input.email, EMAIL),
    username: sized(errors, "username", input.username, 3, 20, USERNAME),
    password: sized(errors, "password", input.password, 8, 72),
    age: number(errors, "age", input.age, INTEGER, 18, 120),
    country: member(errors, "country", input.country, isCountry),
    terms: boolean(input.terms) === true,
  };
  if (input.password_confirmation !== input.password)
    errors.push({ path: "password_confirmation", message: "does not match confirmation" });
  if (!value.terms) errors.push({ path: "terms", message: "must be accepted" });
  return result(errors, value);
}

export function order(input) {
  const errors = [];
  return result(errors, {
    number: text(errors, "number", input.number, ORDER_NUMBER),
    status: member(errors, "status", input.status, isStatus),
    placed_on: date(errors, "placed_on", input.placed_on),
    lines: input.lines.map((line, i) => {
      const before = errors.length;
      const value = {
        sku: text(errors, "sku", line.sku, SKU),
        name: sized(errors, "name", line.name, 1, 80),
        qty: number(errors, "qty", line.qty, INTEGER, 1, 100),
        price: number(errors, "price", line.price, FLOAT, 0),
        gift: flag(errors, "gift", line.gift),
      };
      for (let at = before; at < errors.length; at++) errors[at].path = `lines.${i}.${errors[at].path}`;
      return value;
    }),
  });
}

export function row(input) {
  const errors = [];
  return result(errors, {
    id: number(errors, "id", input.id, INTEGER),
    name: text(errors, "name", input.name),
    email: text(errors, "email", input.email, EMAIL),
    quantity: number(errors, "quantity", input.quantity, INTEGER, 0, 1000),
    price: number(errors, "price", input.price, FLOAT),
    active: flag(errors, "active", input.active),
    date: date(errors, "date", input.date),
    country: member(errors, "country", input.country, isCountry),
  });
}
