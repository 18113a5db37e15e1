import { type Infer, load } from "../src/index.js";
import { LineItem, Post, User } from "./domain.js";

// Every misspelt field and every option of a wrong type is an error when the program is compiled.

User.changeset((c) => c.cast("name", "email").cast("name", { forceChanges: true }).cast(["name"], { trimValues: "both" }));
// @ts-expect-error there is no such field
User.changeset((c) => c.cast("nmae"));
// @ts-expect-error relations are cast by castEmbed and castAssoc
User.changeset((c) => c.cast("lines"));
// @ts-expect-error there is no such option
User.changeset((c) => c.cast("name", { force: true }));
// @ts-expect-error there is no such field
User.changeset((c) => c.cast(["nmae"]));

User.changeset((c) => c.validateRequired("name", "lines").validateRequired("name", { message: "is missing" }));
// @ts-expect-error there is no such field
User.changeset((c) => c.validateRequired("nmae"));
// @ts-expect-error a message is text
User.changeset((c) => c.validateRequired("name", { message: 5 }));

User.changeset((c) => c.validateLength("name", { min: 2, max: 140, count: "bytes" }).validateLength("tags", { is: 2 }));
// @ts-expect-error a number has no length
User.changeset((c) => c.validateLength("age", { min: 2 }));
// @ts-expect-error a bound is a number
User.changeset((c) => c.validateLength("name", { min: "2" }));
// @ts-expect-error there is no such bound
User.changeset((c) => c.validateLength("name", { minimum: 2 }));
// @ts-expect-error there is no such count
User.changeset((c) => c.validateLength("name", { min: 2, count: "chars" }));

User.changeset((c) => c.validateFormat("email", /@/).validateFormat("email", "@", { message: ["must be one", { a: 1 }] }));
// @ts-expect-error a number has no format
User.changeset((c) => c.validateFormat("age", /1/));

User.changeset((c) => c.validateNumber("age", { greaterThan: 17 }).validateNumber("balance", { greaterThan: "0.5" }));
// @ts-expect-error text is no number
User.changeset((c) => c.validateNumber("name", { greaterThan: 17 }));
// @ts-expect-error there is no such bound
User.changeset((c) => c.validateNumber("age", { min: 17 }));

User.changeset((c) => c.validateInclusion("status", ["draft"]).validateInclusion("age", { range: [0, 99] }));
// @ts-expect-error not one of the names
User.changeset((c) => c.validateInclusion("status", ["paid"]));
// @ts-expect-error an age is a number
User.changeset((c) => c.validateExclusion("age", ["1"]));
User.changeset((c) => c.validateSubset("tags", ["rust", "ecto"]));
// @ts-expect-error a tag is text
User.changeset((c) => c.validateSubset("tags", [1]));
// @ts-expect-error a name is no list
User.changeset((c) => c.validateSubset("name", ["a"]));

User.changeset((c) => c.validateChange("age", "adult", (_field, age) => (age < 18 ? "is too young" : null)));
User.changeset((c) => c.validateChange("age", (_field, age) => [{ message: "%{n}", metadata: { n: age } }]));
// @ts-expect-error an age has no trim
User.changeset((c) => c.validateChange("age", (_field, age) => age.trim()));
// @ts-expect-error a number is no finding
User.changeset((c) => c.validateChange("age", () => 5));

// Conditions.
User.changeset((c) => c.validate("born_on", (o) => o.born_on.lte("2024-01-31"), { message: "must be in the past" }));
User.changeset((c) => c.when((o) => o.status.eq("active").and(o.age.gte(18)), (c) => c.validateRequired("email")));
User.changeset((c) => c.when((o) => o.email.changed().or(o.name.isNil().not()), (c) => c.validateRequired("email")));
User.changeset((c) => c.validate("tags", (o) => o.tags.length().lte(5)));
User.changeset((c) => c.validate("age", (o) => o.age.add(1).in([1, 2])));
User.changeset((c) => c.validate("name", (o) => o.name.in(o.tags)));
// @ts-expect-error there is no such field
User.changeset((c) => c.validate("age", (o) => o.agee.gte(18)));
// @ts-expect-error an age is no text
User.changeset((c) => c.validate("age", (o) => o.age.gte("18")));
// @ts-expect-error not one of the names
User.changeset((c) => c.when((o) => o.status.eq("paid"), (c) => c.cast("name")));
// @ts-expect-error a condition is true or false
User.changeset((c) => c.validate("age", (o) => o.age));
// @ts-expect-error text and numbers don't compare
User.changeset((c) => c.validate("age", (o) => o.age.gte(o.name)));
// @ts-expect-error only text is like a pattern
User.changeset((c) => c.validate("age", (o) => o.age.like("1%")));

// Relations.
const line = LineItem.changeset((c) => c.cast("sku"));
const post = Post.changeset((c) => c.cast("title"));
User.changeset((c) => c.castEmbed("lines", { with: line, required: true }).castAssoc("posts", { with: post }));
User.changeset((c) => c.castEmbed("lines", { with: (c) => c.cast("sku", "qty") }));
// @ts-expect-error lines have no such field
User.changeset((c) => c.castEmbed("lines", { with: (c) => c.cast("skew") }));
// @ts-expect-error posts are an association
User.changeset((c) => c.castEmbed("posts", { with: post }));
// @ts-expect-error these are the rules of posts
User.changeset((c) => c.castEmbed("lines", { with: post }));
// @ts-expect-error lines are no association
User.changeset((c) => c.castAssoc("lines", { with: line }));

// Constraints.
User.changeset((c) => c.uniqueConstraint("email").uniqueConstraint(["email", "name"], { name: /email/ }));
// @ts-expect-error there is no such field
User.changeset((c) => c.uniqueConstraint("emial"));
// @ts-expect-error a check has a name
User.changeset((c) => c.checkConstraint("age", {}));
// @ts-expect-error there is no such way to match
User.changeset((c) => c.uniqueConstraint("email", { match: "fuzzy" }));

// Rules of a document know no fields; rules that say theirs do.
const untyped = load({ version: 1, schema: {}, steps: [] });
untyped(untyped.schema.build({ anything: 1 }), {}).changes["whatever"];
const typed = load<(typeof User)["~fields"]>({ version: 1, schema: {}, steps: [] });
const record: Infer<typeof User> = typed.schema.build();
// @ts-expect-error there is no such field
typed(record, {}).changes.nmae;
const { registration } = load({ registration: { version: 1, schema: {}, steps: [] } });
registration(registration.schema.build(), "name=Ada").valid;
