// What is written in zod, and here. `pkg/test/switching.test.mjs` runs both sides of every field, and our side of the code.

const address = `embedsOne(schema.embedded({ city: t.string() }))`;
const lines = `embedsMany(schema.embedded({ sku: t.string() }))`;
const child = (name, key) => `c.cast().castEmbed("x", { with: (${name}) => ${name}.cast("${key}").validateRequired("${key}") })`;

/** Fields: `good` is what both sides accept for `x`, `bad` what both refuse. */
export const fields = [
  { theirs: `z.string()`, field: `t.string()`, good: ["Ada"], bad: [1], differs: "null and absence are fine here, unless `validateRequired` says otherwise" },
  { theirs: `z.string().min(1)`, field: `t.string()`, rules: `c.validateRequired("x")`, good: ["Ada"], bad: ["", undefined], differs: "blank counts as empty, too" },
  { theirs: `z.string().min(2).max(140)`, field: `t.string()`, rules: `c.validateLength("x", { min: 2, max: 140 })`, good: ["Ada"], bad: ["A"], differs: "counts what people see as characters, not UTF-16 units" },
  { theirs: `z.string().length(3)`, field: `t.string()`, rules: `c.validateLength("x", { is: 3 })`, good: ["Ada"], bad: ["Adam"] },
  { theirs: `z.email()`, field: `t.string()`, rules: `c.validateFormat("x", /^[^@\\s]+@[^@\\s]+$/)`, good: ["ada@example.com"], bad: ["ada"], differs: "the pattern is yours: who can send a mail to it knows" },
  { theirs: `z.string().regex(/^[a-z]+$/)`, field: `t.string()`, rules: `c.validateFormat("x", /^[a-z]+$/)`, good: ["ada"], bad: ["Ada"], differs: "no look-around and no back-references, so that servers can't be stalled" },
  { theirs: `z.coerce.number().int()`, field: `t.integer()`, good: ["3", 3], bad: ["many", "1.5"], differs: "an empty input is null, not 0" },
  { theirs: `z.coerce.number().min(0).lt(100)`, field: `t.float()`, rules: `c.validateNumber("x", { greaterThanOrEqualTo: 0, lessThan: 100 })`, good: ["99.5"], bad: ["-1", "100"] },
  { theirs: `z.boolean()`, field: `t.boolean()`, good: [true, false], bad: ["maybe"], differs: "what forms send is cast: `\"true\"`, `\"1\"`, `\"false\"`, `\"0\"`" },
  { theirs: `z.iso.date()`, field: `t.date()`, good: ["2024-02-29"], bad: ["2024-02-30", "soon"], differs: "dates and times are text, in the record as well" },
  { theirs: `z.uuid()`, field: `t.uuid()`, good: ["0194e9a0-0000-7000-8000-000000000001"], bad: ["0194"] },
  { theirs: `z.enum(["draft", "paid"])`, field: `t.enum("draft", "paid")`, good: ["paid"], bad: ["lost"] },
  { theirs: `z.array(z.string())`, field: `t.array(t.string())`, good: [["a", "b"]], bad: ["a", [1]] },
  { theirs: `z.record(z.string(), z.number())`, field: `t.map(t.float())`, good: [{ a: 1.5 }], bad: [{ a: "much" }] },
  { theirs: `z.string().nullish()`, field: `t.string()`, good: ["Ada", null, undefined], bad: [1] },
  { theirs: `z.string().default("draft")`, field: `t.string().default("draft")`, good: ["paid", undefined], bad: [1], differs: "a new record has it, not the params" },
  { theirs: `z.string().trim().toLowerCase()`, field: `t.string()`, rules: `c.updateChange("x", "trim").updateChange("x", "downcase")`, good: [" Ada "], bad: [1] },
  { theirs: `z.string().refine((x) => x !== "root", "is reserved")`, field: `t.string()`, rules: `c.validateChange("x", "not_reserved", (_field, x) => x === "root" && "is reserved")`, good: ["ada"], bad: ["root"], differs: "with a name, the rule can be sent to another place" },
  { theirs: `z.literal("true")`, field: `t.boolean()`, rules: `c.validateAcceptance("x")`, good: ["true"], bad: ["false"], differs: "for terms: the param is looked at, no field is needed" },
  { theirs: `z.object({ city: z.string().min(1) })`, field: address, rules: child("a", "city"), good: [{ city: "Graz" }], bad: [{ city: "" }, "Graz"], differs: "a child has a changeset of its own", isRelation: true },
  { theirs: `z.array(z.object({ sku: z.string().min(1) }))`, field: lines, rules: child("line", "sku"), good: [[{ sku: "PEN" }], []], bad: [[{ sku: "" }]], differs: "what a form sends, `lines[0][sku]`, is a list, too", isRelation: true },
];

/** Code: what is on either side does the same. */
export const code = [
  { theirs: `type User = z.infer<typeof User>;`, ours: `type Person = Infer<typeof User>;` },
  { theirs: `const user = User.parse(params);`, ours: `const result = applyAction(registration(User.build(), params), "insert");\nif (result.ok) result.value;`, differs: "bad input is never an exception" },
  { theirs: `const { success } = User.safeParse(params);`, ours: `const { valid } = registration(User.build(), params);` },
  { theirs: `const { fieldErrors } = z.flattenError(error);`, ours: `const fieldErrors = traverseErrors(changeset);`, differs: "children's errors are nested like the children" },
  { theirs: `User.pick({ email: true });`, ours: `const change = User.changeset((c) => c.cast("email").validateRequired("email"));`, differs: "one schema, as many sets of rules as there are forms" },
  { theirs: `Stay.refine((o) => o.ends_on >= o.starts_on,\n  { path: ["ends_on"], error: "must not be before the start" });`, ours: `Stay.changeset((c) => c.cast("starts_on", "ends_on")\n  .validate("ends_on", (o) => o.ends_on.gte(o.starts_on), { message: "must not be before the start" }));`, differs: "a condition is data: it runs on the server's side in Rust, too" },
  { theirs: `z.discriminatedUnion("plan", [Free, Paid]);`, ours: `User.changeset((c) => c.cast("plan", "card")\n  .when((o) => o.plan.eq("paid"), (c) => c.validateRequired("card")));`, differs: "one record whose rules depend on it, instead of a union" },
  { theirs: `z.toJSONSchema(User);`, ours: `toJsonSchema(registration);` },
  { theirs: `z.strictObject({ name: z.string() });`, ours: `User.changeset((c) => c.cast("name"));`, differs: "what is not cast is left out, whatever is sent" },
];
