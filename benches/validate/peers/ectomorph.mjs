import { embedsMany, schema, t } from "ectomorph";
import { castAll, castCsv } from "ectomorph/batch";
import { COUNTRIES, EMAIL, HAS_AT, ORDER_NUMBER, SKU, USERNAME } from "../forms.mjs";
import { versionOf } from "../version.mjs";

export const name = "ectomorph";
export const version = versionOf("ectomorph");
export const notes = ["is asked as Standard Schema asks: values, or paths and messages; the next row asks for a changeset and makes both of it"];

const User = schema("users", { name: t.string(), email: t.string(), bio: t.string(), number_of_pets: t.integer() });
const registration = User.changeset((c) =>
  c
    .cast("name", "email", "bio", "number_of_pets")
    .validateRequired("name", "email", "bio", "number_of_pets")
    .validateLength("bio", { min: 2, max: 140 })
    .validateFormat("email", HAS_AT),
);

const Account = schema("accounts", {
  email: t.string(),
  username: t.string(),
  password: t.string(),
  age: t.integer(),
  country: t.string(),
  terms: t.boolean(),
});
const signing = Account.changeset((c) =>
  c
    .cast("email", "username", "password", "age", "country", "terms")
    .validateRequired("email", "username", "password", "age", "country")
    .validateFormat("email", EMAIL)
    .validateLength("username", { min: 3, max: 20 })
    .validateFormat("username", USERNAME)
    .validateLength("password", { min: 8, max: 72 })
    .validateConfirmation("password", { required: true })
    .validateNumber("age", { greaterThanOrEqualTo: 18, lessThanOrEqualTo: 120 })
    .validateInclusion("country", COUNTRIES)
    .validateAcceptance("terms"),
);

const Line = schema.embedded({
  sku: t.string(),
  name: t.string(),
  qty: t.integer(),
  price: t.float(),
  gift: t.boolean(),
});
const line = Line.changeset((c) =>
  c
    .cast("sku", "name", "qty", "price", "gift")
    .validateRequired("sku", "name", "qty", "price", "gift")
    .validateFormat("sku", SKU)
    .validateLength("name", { max: 80 })
    .validateNumber("qty", { greaterThanOrEqualTo: 1, lessThanOrEqualTo: 100 })
    .validateNumber("price", { greaterThanOrEqualTo: 0 }),
);
const Order = schema("orders", {
  number: t.string(),
  status: t.enum("draft", "paid", "sent"),
  placed_on: t.date(),
  lines: embedsMany(Line),
});
const placing = Order.changeset((c) =>
  c
    .cast("number", "status", "placed_on")
    .validateRequired("number", "status", "placed_on")
    .validateFormat("number", ORDER_NUMBER)
    .castEmbed("lines", { with: line, required: true }),
);

const Row = schema("rows", {
  id: t.integer(),
  name: t.string(),
  email: t.string(),
  quantity: t.integer(),
  price: t.float(),
  active: t.boolean(),
  date: t.date(),
  country: t.string(),
}, { primaryKey: false });
const importing = Row.changeset((c) =>
  c
    .cast("id", "name", "email", "quantity", "price", "active", "date", "country")
    .validateRequired("id", "name", "email", "quantity", "price", "active", "date", "country")
    .validateFormat("email", EMAIL)
    .validateNumber("quantity", { greaterThanOrEqualTo: 0, lessThanOrEqualTo: 1000 })
    .validateInclusion("country", COUNTRIES),
);

/** Each form's schema and rules. */
export const forms = { user: [User, registration], signup: [Account, signing], order: [Order, placing], row: [Row, importing] };

function validator([, { "~standard": { validate } }]) {
  return (input) => {
    const result = validate(input);
    return result.issues === undefined ? { ok: true, value: result.value } : { ok: false, errors: result.issues };
  };
}

export const user = validator(forms.user);
export const signup = validator(forms.signup);
export const order = validator(forms.order);
export const row = validator(forms.row);
export const rows = (inputs) => castAll(importing, inputs);
export const csv = (bytes) => castCsv(importing, bytes);
