// What is written in yup, and here. `pkg/test/switching.test.mjs` runs both sides of every field, and our side of the code.

/** Fields: `good` is what both sides accept for `x`, `bad` what both refuse. */
export const fields = [
  { theirs: `string().required()`, field: `t.string()`, rules: `c.validateRequired("x")`, good: ["Ada"], bad: ["", undefined] },
  { theirs: `string().nullable()`, field: `t.string()`, good: ["Ada", null, undefined], bad: [] , differs: "a number is refused here, and made a text there" },
  { theirs: `string().min(2).max(140)`, field: `t.string()`, rules: `c.validateLength("x", { min: 2, max: 140 })`, good: ["Ada"], bad: ["A"], differs: "counts what people see as characters, not UTF-16 units" },
  { theirs: `string().matches(/^[a-z]+$/)`, field: `t.string()`, rules: `c.validateFormat("x", /^[a-z]+$/)`, good: ["ada"], bad: ["Ada"] },
  { theirs: `string().email()`, field: `t.string()`, rules: `c.validateFormat("x", /^[^@\\s]+@[^@\\s]+$/)`, good: ["ada@example.com"], bad: ["ada"] },
  { theirs: `string().oneOf(["draft", "paid"])`, field: `t.enum("draft", "paid")`, good: ["paid"], bad: ["lost"] },
  { theirs: `string().notOneOf(["root"])`, field: `t.string()`, rules: `c.validateExclusion("x", ["root"])`, good: ["ada"], bad: ["root"] },
  { theirs: `string().trim().lowercase()`, field: `t.string()`, rules: `c.updateChange("x", "trim").updateChange("x", "downcase")`, good: [" Ada "], bad: [] },
  { theirs: `number().integer()`, field: `t.integer()`, good: ["3", 3], bad: ["many", "1.5"] },
  { theirs: `number().min(0).lessThan(100)`, field: `t.float()`, rules: `c.validateNumber("x", { greaterThanOrEqualTo: 0, lessThan: 100 })`, good: ["99.5"], bad: ["-1", "100"] },
  { theirs: `boolean()`, field: `t.boolean()`, good: ["true", false], bad: ["maybe"] },
  { theirs: `boolean().oneOf([true])`, field: `t.boolean()`, rules: `c.validateAcceptance("x")`, good: ["true"], bad: ["false"] },
  { theirs: `date()`, field: `t.utcDatetime()`, good: ["2024-01-31T10:20:30Z"], bad: ["soon"], differs: "instants are text, not `Date`; for days there is `t.date()`" },
  { theirs: `array().of(string())`, field: `t.array(t.string())`, good: [["a", "b"]], bad: ["a"] },
  { theirs: `string().default("draft")`, field: `t.string().default("draft")`, good: ["paid", undefined], bad: [], differs: "a new record has it, not the params" },
  { theirs: `string().test("not-reserved", "is reserved", (x) => x !== "root")`, field: `t.string()`, rules: `c.validateChange("x", "not_reserved", (_field, x) => x === "root" && "is reserved")`, good: ["ada"], bad: ["root"], differs: "rules never wait; what asks a server is a check of the form" },
  { theirs: `object({ city: string().required() })`, field: `embedsOne(schema.embedded({ city: t.string() }))`, rules: `c.cast().castEmbed("x", { with: (a) => a.cast("city").validateRequired("city") })`, good: [{ city: "Graz" }], bad: [{ city: "" }], isRelation: true },
  { theirs: `array().of(object({ sku: string().required() }))`, field: `embedsMany(schema.embedded({ sku: t.string() }))`, rules: `c.cast().castEmbed("x", { with: (line) => line.cast("sku").validateRequired("sku") })`, good: [[{ sku: "PEN" }], []], bad: [[{ sku: "" }]], isRelation: true },
];

/** Code: what is on either side does the same. */
export const code = [
  { theirs: `type User = InferType<typeof User>;`, ours: `type Person = Infer<typeof User>;` },
  { theirs: `await User.validate(params, { abortEarly: false });`, ours: `const changeset = registration(User.build(), params);`, differs: "at once, all errors, and no exception" },
  { theirs: `error.inner.map(({ path, message }) => [path, message]);`, ours: `traverseErrors(changeset);` },
  { theirs: `User.cast(params);`, ours: `applyChanges(registration(User.build(), params));` },
  { theirs: `string().oneOf([ref("password")]);`, ours: `User.changeset((c) => c.cast("password").validateConfirmation("password"));`, differs: "the param is `password_confirmation`, which is no field" },
  { theirs: `string().when("plan", {\n  is: "paid",\n  then: (card) => card.required(),\n});`, ours: `User.changeset((c) => c.cast("plan", "card")\n  .when((o) => o.plan.eq("paid"), (c) => c.validateRequired("card")));` },
  { theirs: `date().min(ref("starts_on"));`, ours: `Stay.changeset((c) => c.cast("starts_on", "ends_on")\n  .validate("ends_on", (o) => o.ends_on.gte(o.starts_on), { message: "must not be before the start" }));` },
  { theirs: `setLocale({ mixed: { required: "fehlt" } });`, ours: `setTranslate((message, bindings) => interpolate(german[message] ?? message, bindings));`, differs: "messages are looked up when they are shown" },
];
