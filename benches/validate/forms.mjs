// The forms that every peer validates, and inputs for them. Every input value is a string, as a form or a CSV sends it.
//
// user    the guide's form: name, email with an "@", bio of 2 to 140 characters, number_of_pets
// signup  email, username, password and its confirmation, age 18..120, country, acceptance of the terms
// order   number, status, placed_on and 20 lines of sku, name, qty 1..100, price from 0 up, gift
// row     id, name, email, quantity 0..1000, price, active, date, country: a line of a CSV
//
// All fields are required, and a blank string is no value.

export const HAS_AT = /@/;
export const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
export const USERNAME = /^[a-z0-9_]+$/;
export const ORDER_NUMBER = /^ORD-\d+$/;
export const SKU = /^[A-Z]{2}-\d+$/;
export const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
export const STATUSES = ["draft", "paid", "sent"];
// ISO 3166-1 alpha-2.
export const COUNTRIES = (
  "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC " +
  "CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD " +
  "GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH " +
  "KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW " +
  "MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC " +
  "SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY " +
  "UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
).split(" ");

const NAMES = ["Ada", "Grace", "Katherine", "Barbara", "Frances", "Margaret", "Radia", "Hedy"];
const pick = (list, i) => list[i % list.length];
const day = (i) => `2024-${String((i % 12) + 1).padStart(2, "0")}-${String((i % 28) + 1).padStart(2, "0")}`;

const user = {
  input: (i) => ({
    name: `${pick(NAMES, i)} Lovelace`,
    email: `${pick(NAMES, i).toLowerCase()}${i}@example.com`,
    bio: `Writes programs for machines that do not exist yet, number ${i}.`,
    number_of_pets: String(i % 7),
  }),
  value: (input) => ({ ...input, number_of_pets: Number(input.number_of_pets) }),
  spoil: (input) => ({ ...input, name: "", email: "example.com", bio: "A", number_of_pets: "many" }),
  paths: ["bio", "email", "name", "number_of_pets"],
  read: (value) => value.name.length + value.email.length + value.bio.length + value.number_of_pets,
};

const signup = {
  input: (i) => ({
    email: `${pick(NAMES, i).toLowerCase()}${i}@example.com`,
    username: `${pick(NAMES, i).toLowerCase()}_${i}`,
    password: `correct horse ${i}`,
    password_confirmation: `correct horse ${i}`,
    age: String(18 + (i % 90)),
    country: pick(COUNTRIES, i * 17),
    terms: "true",
  }),
  // The confirmation is compared, not kept.
  value: ({ email, username, password, age, country }) => ({
    email,
    username,
    password,
    age: Number(age),
    country,
    terms: true,
  }),
  spoil: (input) => ({
    ...input,
    email: "ada at example.com",
    username: "ad",
    password: "short",
    age: "17",
    country: "XX",
    terms: "false",
  }),
  paths: ["age", "country", "email", "password", "password_confirmation", "terms", "username"],
  read: (value) => value.email.length + value.username.length + value.age + value.country.length,
};

const order = {
  input: (i) => ({
    number: `ORD-${1000 + i}`,
    status: pick(STATUSES, i),
    placed_on: day(i),
    lines: Array.from({ length: 20 }, (_, line) => ({
      sku: `AB-${i}${line}`,
      name: `Difference engine, part ${line}`,
      qty: String(1 + ((i + line) % 100)),
      price: `${line}.${10 + line}`,
      gift: line % 3 === 0 ? "true" : "false",
    })),
  }),
  value: (input) => ({
    ...input,
    lines: input.lines.map((line) => ({
      ...line,
      qty: Number(line.qty),
      price: Number(line.price),
      gift: line.gift === "true",
    })),
  }),
  spoil: (input) => {
    const lines = [...input.lines];
    lines[3] = { ...lines[3], qty: "0" };
    lines[7] = { ...lines[7], sku: "ab 7" };
    lines[11] = { ...lines[11], price: "-1" };
    lines[17] = { ...lines[17], name: "" };
    return { ...input, number: "1000", status: "lost", lines };
  },
  paths: ["lines.11.price", "lines.17.name", "lines.3.qty", "lines.7.sku", "number", "status"],
  read: (value) => {
    let sum = value.number.length + value.placed_on.length;
    for (const line of value.lines) sum += line.sku.length + line.qty + line.price + (line.gift ? 1 : 0);
    return sum;
  },
};

const row = {
  input: (i) => ({
    id: String(i + 1),
    name: `${pick(NAMES, i)} ${i}`,
    email: `${pick(NAMES, i).toLowerCase()}${i}@example.com`,
    quantity: String(i % 1001),
    price: `${i % 500}.${10 + (i % 90)}`,
    active: i % 2 === 0 ? "true" : "false",
    date: day(i),
    country: pick(COUNTRIES, i),
  }),
  value: (input) => ({
    ...input,
    id: Number(input.id),
    quantity: Number(input.quantity),
    price: Number(input.price),
    active: input.active === "true",
  }),
  spoil: (input) => ({ ...input, email: "nobody", quantity: "1001" }),
  paths: ["email", "quantity"],
  read: (value) => value.id + value.name.length + value.quantity + value.price + value.country.length,
};

export const FORMS = { user, signup, order, row };

// Through JSON, so that strings are flat in memory as those of a request are, and nothing is shared.
const fresh = (value) => JSON.parse(JSON.stringify(value));

/** What is measured: the inputs of one operation after the other, and how many rows an operation is. */
export const CASES = [
  ...["user", "signup", "order"].flatMap((form) => [
    { name: `${form} valid`, form, unit: "ns", inputs: () => inputs(form, 64, () => false) },
    { name: `${form} invalid`, form, unit: "ns", inputs: () => inputs(form, 64, () => true) },
  ]),
  { name: "10k rows valid", form: "row", unit: "ms", inputs: () => inputs("row", 10_000, () => false) },
  { name: "10k rows 10% bad", form: "row", unit: "ms", inputs: () => inputs("row", 10_000, (i) => i % 10 === 0) },
  // The same rows as a batch: all records and all errors of a call in lists. Of peers, that is a loop.
  { name: "batch valid", form: "row", unit: "ms", batch: "rows", target: 2.5, inputs: () => inputs("row", 10_000, () => false) },
  { name: "batch 10% bad", form: "row", unit: "ms", batch: "rows", target: 2.5, inputs: () => inputs("row", 10_000, (i) => i % 10 === 0) },
  // And as the bytes of a CSV.
  { name: "CSV valid", form: "row", unit: "ms", batch: "csv", target: 4, inputs: () => csv(inputs("row", 10_000, () => false)) },
  { name: "CSV 10% bad", form: "row", unit: "ms", batch: "csv", target: 4, inputs: () => csv(inputs("row", 10_000, (i) => i % 10 === 0)) },
];

function csv(rows) {
  return new TextEncoder().encode([Object.keys(rows[0]), ...rows.map(Object.values)].map((cells) => `${cells.join(",")}\r\n`).join(""));
}

function inputs(form, count, spoiled) {
  const { input, spoil } = FORMS[form];
  return fresh(Array.from({ length: count }, (_, i) => (spoiled(i) ? spoil(input(i)) : input(i))));
}

/** Inputs beside the measured ones, on which validators differ: what should happen, by path of the error. */
export const EDGES = [
  { form: "user", what: "a name of spaces", with: { name: "   " }, paths: ["name"] },
  { form: "user", what: "an empty number", with: { number_of_pets: "" }, paths: ["number_of_pets"] },
  { form: "user", what: "a fraction as an integer", with: { number_of_pets: "1.5" }, paths: ["number_of_pets"] },
  { form: "user", what: "a hexadecimal integer", with: { number_of_pets: "0x10" }, paths: ["number_of_pets"] },
  { form: "user", what: "a bio of 140 characters outside the BMP", with: { bio: "🦀".repeat(140) }, paths: [] },
  { form: "user", what: "a bio of one family emoji", with: { bio: "👩‍👩‍👧" }, paths: ["bio"] },
  { form: "user", what: "no name at all", without: ["name"], paths: ["name"] },
  { form: "signup", what: "only a wrong confirmation", with: { password_confirmation: "other" }, paths: ["password_confirmation"] },
  { form: "signup", what: "terms as \"1\"", with: { terms: "1" }, paths: [] },
  { form: "row", what: "a 30th of February", with: { date: "2024-02-30" }, paths: ["date"] },
  { form: "row", what: "a word as a boolean", with: { active: "yes please" }, paths: ["active"] },
];
