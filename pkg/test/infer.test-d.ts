import {
  type Changeset, type Infer, type Json, applyAction, applyChanges, belongsTo, getChange, getField, putChange, schema,
  schemaless, t,
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
