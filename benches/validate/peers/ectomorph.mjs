import { readFileSync } from "node:fs";
import { applyAction, embedsMany, schema, t, traverseErrors } from "ectomorph";
import { castAll, castCsv } from "ectomorph/batch";
import { COUNTRIES, EMAIL, HAS_AT, ORDER_NUMBER, SKU, USERNAME } from "../forms.mjs";

export const name = "ectomorph";
export const version = JSON.parse(readFileSync(new URL("../../../pkg/package.json", import.meta.url), "utf8")).version;

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

const validator = (schema, rules) => (input) => {
  const result = applyAction(rules(schema.build(), input), "insert");
  return result.ok ? result : { ok: false, errors: flatten(traverseErrors(result.changeset), "", []) };
};

// { number: ["can't be blank"], lines: [{}, { qty: ["must be ..."] }] } as a list of paths and messages.
function flatten(tree, prefix, errors) {
  for (const field in tree) {
    const path = prefix + field;
    const found = tree[field];
    for (let i = 0; i < found.length; i++) {
      if (typeof found[i] === "string") errors.push({ path, message: found[i] });
      else flatten(found[i], `${path}.${i}.`, errors);
    }
  }
  return errors;
}

export const user = validator(User, registration);
export const signup = validator(Account, signing);
export const order = validator(Order, placing);
export const row = validator(Row, importing);
export const rows = (inputs) => castAll(importing, inputs);
export const csv = (bytes) => castCsv(importing, bytes);
