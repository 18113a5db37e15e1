import {
  Changeset, type Infer, type InferParams, type Json, applyAction, applyChanges, belongsTo, embedsMany, embedsOne, extend, getChange,
  getField, hasMany, putChange, type Rules, schema, schemaless, t,
} from "../src/index.js";
import { LineItem, Post, User } from "./domain.js";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function holds<_T extends true>(): void {}

// Records of a schema.
type LineRecord = { id: string | null; sku: string | null; qty: number | null; price: string | null };
holds<Equal<Infer<typeof LineItem>, LineRecord>>();

type PostRecord = {
  id: number | null;
  title: string | null;
  views: number | null;
  tags: readonly string[] | null;
};
holds<Equal<Infer<typeof Post>, PostRecord>>();

type UserRecord = Infer<typeof User>;
holds<Equal<UserRecord["id"], number | null>>();
holds<Equal<UserRecord["status"], "draft" | "active" | null>>();
holds<Equal<UserRecord["level"], "low" | "high" | null>>();
holds<Equal<UserRecord["admin"], boolean | null>>();
holds<Equal<UserRecord["balance"], string | null>>();
holds<Equal<UserRecord["extra"], { readonly [key: string]: Json } | null>>();
holds<Equal<UserRecord["settings"], { theme: "light" | "dark" | null } | null>>();
holds<Equal<UserRecord["lines"], readonly LineRecord[]>>();
// An association is there only when it was loaded.
holds<Equal<UserRecord["posts"], readonly PostRecord[] | undefined>>();
// What relations and options bring.
holds<Equal<UserRecord["company_id"], number | null>>();
holds<Equal<UserRecord["inserted_at"], string | null>>();

// Keys.
const Keyed = schema("keyed", { code: t.uuid().primaryKey(), name: t.string() });
holds<Equal<Infer<typeof Keyed>, { code: string | null; name: string | null }>>();
const Keyless = schema("keyless", { name: t.string() }, { primaryKey: false });
holds<Equal<Infer<typeof Keyless>, { name: string | null }>>();
const Named = schema("named", { name: t.string() }, { primaryKey: { name: "uuid", type: t.uuid() } });
holds<Equal<Infer<typeof Named>, { uuid: string | null; name: string | null }>>();
const Owned = schema("owned", { owner: belongsTo(User, { foreignKey: "user" }) }, { primaryKey: false });
holds<Equal<Infer<typeof Owned>["user"], number | null>>();
const Big = schema("big", { views: t.integer<number | bigint>() }, { primaryKey: false });
holds<Equal<Infer<typeof Big>, { views: number | bigint | null }>>();
const Stamped = schema("stamped", {}, { primaryKey: false, timestamps: { insertedAt: "made_at", updatedAt: false } });
holds<Equal<Infer<typeof Stamped>, { made_at: string | null }>>();

// Changesets.
const rules = User.changeset((c) => c.cast("name"));
const changeset = rules(User.build(), {});
holds<Equal<Infer<typeof rules>, UserRecord>>();
holds<Equal<Infer<typeof changeset>, UserRecord>>();
holds<Equal<(typeof changeset)["changes"]["name"], string | null | undefined>>();
type LineChanges = NonNullable<(typeof changeset)["changes"]["lines"]>[number]["changes"];
holds<Equal<LineChanges["qty"], number | null | undefined>>();
holds<Equal<(typeof changeset)["data"], UserRecord>>();
// @ts-expect-error there is no such field
changeset.changes.nmae;
// @ts-expect-error changesets don't change
changeset.valid = true;
// @ts-expect-error nor do their changes
changeset.changes.name = "Ada";

// Functions on changesets.
holds<Equal<ReturnType<typeof getField<typeof User["~fields"], "age">>, number | null>>();
const age: number | null = getField(changeset, "age");
const name: string | null = getChange(changeset, "name");
const otherwise: string | null | 5 = getChange(changeset, "name", 5);
putChange(changeset, "age", 36);
putChange(changeset, "lines", [{ sku: "a" }]);
// @ts-expect-error a number is no name
putChange(changeset, "name", 5);
// @ts-expect-error there is no such field
putChange(changeset, "nmae", "Ada");
// @ts-expect-error lines have no such field
putChange(changeset, "lines", [{ skew: "a" }]);
holds<Equal<ReturnType<typeof applyChanges<typeof User["~fields"]>>, UserRecord>>();
const applied = applyAction(changeset, "insert");
if (applied.ok) holds<Equal<typeof applied.value, UserRecord>>();
else {
  const invalid: Changeset<(typeof User)["~fields"]> = applied.changeset;
  void invalid;
}
// @ts-expect-error it is not known yet whether there is a value
applied.value;

// Data and records.
User.build({ name: "Ada" });
// @ts-expect-error a number is no name
User.build({ name: 5 });
// @ts-expect-error there is no such field
User.build({ nmae: "Ada" });
// @ts-expect-error a number is no name
rules({ name: 5 }, {});

// Schemaless.
const search = schemaless({ q: t.string(), page: t.integer().default(1) }).changeset((c) => c.cast("q", "page"));
holds<Equal<Infer<typeof search>, { q: string | null; page: number | null }>>();

// Definitions.
// @ts-expect-error the default of text is text
t.string().default(5);
// @ts-expect-error not one of the names
t.enum("draft", "paid").default("sent");
// @ts-expect-error an enum has names
t.enum();
void [age, name, otherwise];

// What rules require is there, in what they let through.
const Order = schema("orders", {
  number: t.string(),
  status: t.enum("draft", "paid").default("draft"),
  starts_on: t.date(),
  settings: embedsOne(LineItem),
  main: embedsOne(LineItem),
  lines: embedsMany(LineItem),
  notes: embedsMany(LineItem),
  posts: hasMany(Post, { foreignKey: "order_id" }),
});
const lineItem = LineItem.changeset((c) => c.cast("sku", "qty").validateRequired("sku").validateNumber("qty", { lessThan: 9 }));
const placeOrder = Order.changeset((c) =>
  c.cast("number", "status").validateRequired("number", "status", { message: "is missing" })
    .when((o) => o.status.eq("paid"), (c) => c.validateRequired("starts_on"))
    .castEmbed("settings", { with: lineItem })
    .castEmbed("main", { with: (c) => c.cast("qty").validateRequired(["qty"]), required: true })
    .castEmbed("lines", { with: lineItem, required: true })
    .castEmbed("notes")
    .castAssoc("posts", { with: (c) => c.cast("title").validateRequired("title") }),
);
type Line = { id: string | null; sku: string; qty: number | null; price: string | null };
type Placed = {
  id: number | null;
  number: string;
  status: "draft" | "paid";
  starts_on: string | null;
  settings: Line | null;
  main: { id: string | null; sku: string | null; qty: number; price: string | null };
  lines: readonly Line[];
  notes: readonly LineRecord[];
  posts?: readonly { id: number | null; title: string; views: number | null; tags: readonly string[] | null }[];
};
holds<Equal<Infer<typeof placeOrder>, Placed>>();
const placed = placeOrder(Order.build(), {});
holds<Equal<Infer<typeof placed>, Placed>>();
const done = applyAction(placed, "insert");
if (done.ok) holds<Equal<typeof done.value, Placed>>();
const checked = placeOrder["~standard"].validate({});
if (checked.issues === undefined) holds<Equal<typeof checked.value, Placed>>();
// What may be wrong may be null.
holds<Equal<ReturnType<typeof getField<(typeof Order)["~fields"], "number">>, string | null>>();
holds<Equal<ReturnType<typeof applyChanges<(typeof Order)["~fields"]>>["number"], string | null>>();
// More rules require more; what is put afterwards may be anything.
holds<Equal<Infer<ReturnType<typeof stricter>>["starts_on"], string>>();
function stricter(changeset: typeof placed) {
  return extend(changeset, (c) => c.validateRequired("starts_on"));
}
const emptied = putChange(placed, "number", null);
holds<Equal<Infer<typeof emptied>["number"], string | null>>();
// Rules that require something are rules.
const anyRules: Rules<(typeof Order)["~fields"]> = placeOrder;
// @ts-expect-error a callback that gives nothing back requires nothing
const silent: Rules<(typeof Order)["~fields"], Placed> = Order.changeset((c) => { c.validateRequired("number"); });
// @ts-expect-error there is no such field
Order.changeset((c) => c.validateRequired("nmber"));
// @ts-expect-error nor such an option
Order.changeset((c) => c.castEmbed("lines", { with: lineItem, requird: true }));

// Changesets by their schema, or by their rules.
const bySchema: Changeset<typeof Order> = placed;
const byRules: Changeset<typeof placeOrder> = placed;
holds<Equal<(typeof bySchema)["changes"]["status"], "draft" | "paid" | null | undefined>>();
holds<Equal<(typeof bySchema)["changes"], (typeof byRules)["changes"]>>();
holds<Equal<NonNullable<(typeof bySchema)["changes"]["lines"]>[number]["changes"]["sku"], string | null | undefined>>();
putChange(bySchema, "status", "paid");
// @ts-expect-error not one of the words
putChange(bySchema, "status", "gone");
// @ts-expect-error a changeset of another schema
const other: Changeset<typeof Post> = placed;
if ((placed as object) instanceof Changeset) placed.changes;

// Params.
const params: InferParams<typeof placeOrder> = {
  number: "A-1", status: "paid", starts_on: "2024-01-31", lines: [{ sku: "PEN", qty: "2", price: 1.5 }, { qty: 3 }], main: null,
};
const byIndex: InferParams<typeof Order> = { lines: { 0: { sku: "PEN" } }, status: "", posts: [{ title: "On engines", tags: ["a"] }] };
const userParams: InferParams<typeof User> = { age: "36", admin: "true", balance: "1.50", born_on: null, settings: { theme: "dark" } };
// @ts-expect-error there is no such field
const misspelled: InferParams<typeof Order> = { nmber: "A-1" };
// @ts-expect-error not one of the words
const unknownWord: InferParams<typeof Order> = { status: "gone" };
// @ts-expect-error a child is no text
const noChild: InferParams<typeof Order> = { lines: ["PEN"] };
placeOrder(Order.build(), params);
void [anyRules, silent, byRules, other, byIndex, userParams, misspelled, unknownWord, noChild];
