import assert from "node:assert/strict";
import { test } from "node:test";
import {
  EctomorphError, embedsMany, extend, interpolate, load, schema, setTranslate, t, translate, traverseErrors,
} from "ectomorph";
import { Post, draft, section } from "./domain.mjs";

const Order = schema(
  "orders",
  {
    number: t.string().source("no"),
    status: t.enum("draft", "paid").default("draft"),
    level: t.enum({ low: 1, high: 5 }),
    starts_on: t.date(),
    ends_on: t.date(),
    price: t.decimal().default("0.00"),
    rate: t.float(),
    note: t.string().virtual().redact(),
    lines: embedsMany(schema.embedded({ qty: t.integer() }), { onReplace: "delete", defaults: { qty: 1 } }),
  },
  { timestamps: true, name: "Order" },
);

test("a recording is a document in Ecto's words", () => {
  const rules = Order.changeset((c) =>
    c
      .cast("number", "status", { emptyValues: ["", "-"], trimValues: "both" })
      .validateRequired("number", { message: ["is missing", { code: 1 }] })
      .validateFormat("number", /^\d+$/i)
      .validateNumber("price", { greaterThan: "0.5", lessThan: 10, message: "no" })
      .validateNumber("rate", { lessThanOrEqualTo: 0.5 })
      .validateInclusion("starts_on", ["2024-01-01"])
      .validateExclusion("rate", { range: [1, 3] })
      .castEmbed("lines", { with: (c) => c.cast("qty").putIndex("qty"), required: true, requiredMessage: "none" })
      .validate("ends_on", (o) => o.ends_on.gte(o.starts_on).and(o.starts_on.gt("2024-01-01")).or(o.price.isNil()))
      .when((o) => o.status.in(["draft", "paid"]).not(), (c) => c.putChange("price", "1.50"))
      .when((o) => o.number.changed().and(o.rate.add(0.5).lt(2)), (c) => c.setAction("update"))
      .uniqueConstraint(["number", "status"], { name: /_no$/, errorKey: "number" })
      .checkConstraint("price", { name: "positive", message: "too low" }),
  );
  assert.deepEqual(rules["~core"].document, {
    version: 1,
    schema: {
      source: "orders",
      name: "Order",
      fields: {
        number: "string", status: { enum: ["draft", "paid"] }, level: { enum: [["low", 1], ["high", 5]] },
        starts_on: "date", ends_on: "date", price: "decimal", rate: "float", note: "string",
      },
      field_sources: { number: "no" },
      defaults: { status: "draft", price: { $decimal: "0.00" } },
      virtual: ["note"],
      redact: ["note"],
      embeds_many: {
        lines: {
          schema: { embedded: true, name: "embedded", fields: { qty: "integer" } },
          on_replace: "delete",
          defaults: { qty: 1 },
        },
      },
      timestamps: true,
    },
    steps: [
      ["cast", ["number", "status"], { empty_values: ["", "-"], trim_values: "both" }],
      ["validate_required", ["number"], { message: ["is missing", { code: 1 }] }],
      ["validate_format", "number", { $regex: "^\\d+$", flags: "i" }],
      ["validate_number", "price", [["greater_than", { $decimal: "0.5" }], ["less_than", 10], ["message", "no"]]],
      ["validate_number", "rate", [["less_than_or_equal_to", 0.5]]],
      ["validate_inclusion", "starts_on", [{ $date: "2024-01-01" }]],
      ["validate_exclusion", "rate", { $range: [1, 3] }],
      ["cast_embed", "lines", { required: true, required_message: "none", with: [["cast", ["qty"]], ["put_index", "qty"]] }],
      [
        "validate", "ends_on",
        [
          "or",
          ["and", [">=", ["field", "ends_on"], ["field", "starts_on"]], [">", ["field", "starts_on"], { $date: "2024-01-01" }]],
          ["is_nil", ["field", "price"]],
        ],
      ],
      ["when", ["not", ["in", ["field", "status"], ["list", "draft", "paid"]]], [["put_change", "price", { $decimal: "1.50" }]]],
      [
        "when",
        ["and", ["changed", "number"], ["<", ["+", ["field", "rate"], 0.5], { $float: "2.0" }]],
        [["set_action", "update"]],
      ],
      ["unique_constraint", ["number", "status"], { name: { $regex: "_no$" }, error_key: "number" }],
      ["check_constraint", "price", { name: "positive", message: "too low" }],
    ],
  });
  assert.equal(load(rules.document).document.steps.length, 13);
});

test("a document comes back as it went", () => {
  const { document } = draft;
  const loaded = load(JSON.parse(JSON.stringify(document)));
  assert.deepEqual(loaded.document, document);
  const params = { title: "x", sections: [{ words: "0" }] };
  assert.deepEqual(
    traverseErrors(loaded(loaded.schema.build(), params)),
    traverseErrors(draft(Post.build(), params)),
  );
  assert.deepEqual(load({ draft: document, section: section.document }).section.document, section.document);
});

test("the engine and the builder describe a schema alike", () => {
  for (const { schema } of [draft, section, Order.changeset((c) => c.cast("number"))]) {
    const { description } = load({ version: 1, schema: schema.document, steps: [] }).schema;
    const names = (described) => described.fields.map((field) => [field.name, field.relation ?? field.type, field.schema && names(field.schema)]);
    assert.deepEqual(names(schema.description).sort(), names(description).sort());
    assert.deepEqual({ ...schema.build() }, { ...load({ version: 1, schema: schema.document, steps: [] }).schema.build() });
  }
});

test("what a document can't mean is refused by name", () => {
  assert.throws(() => load({ version: 2, schema: {}, steps: [] }), /version/);
  const refused = (steps, why) => {
    const document = { version: 1, schema: { source: "users", fields: { name: "string" } }, steps };
    assert.throws(() => load(document), why);
  };
  refused([["validate_lenght", "name", {}]], /validate_lenght.*did you mean `validate_length`/);
  refused([["validate_length", "name", { minimum: 1 }]], /minimum/);
  refused([["validate_change", "name", "known"]], /validator `known` is not registered/);
  refused([["validate_format", "name", { $regex: "(?<=a)b" }]], /look/);
});

test("a callback runs once, whatever is applied how often", () => {
  let runs = 0;
  const rules = Post.changeset((c) => {
    runs++;
    return c.cast("title");
  });
  for (const title of ["One", "Two", "Three"]) assert.equal(rules(Post.build(), { title }).changes.title, title);
  assert.equal(runs, 1);
});

test("a validator gets field and value, and answers in any form", () => {
  const rules = (answer) => Post.changeset((c) => c.cast("title", "views").validateChange("views", "answers", answer));
  const errors = (answer) => traverseErrors(rules(answer)(Post.build(), { title: "Hello", views: "5" }));
  const calls = [];
  assert.deepEqual(errors((...call) => void calls.push(call)), {});
  assert.deepEqual(calls, [["views", 5]]);
  assert.deepEqual(errors(() => null), {});
  assert.deepEqual(errors(() => "is odd"), { views: ["is odd"] });
  assert.deepEqual(errors(() => ({ message: "is %{n}", metadata: { n: 5 } })), { views: ["is 5"] });
  assert.deepEqual(errors(() => ["a", { field: "title", message: "b" }]), { views: ["a"], title: ["b"] });
  assert.throws(() => errors(() => 5), /must answer with messages/);
});

test("what a validator throws is thrown, and nothing is left behind", () => {
  let broken = true;
  const rules = Post.changeset((c) =>
    c.cast("title").validateChange("title", "breaks", () => {
      if (broken) throw new RangeError("the list is not there");
      return "is fine";
    }),
  );
  assert.throws(() => rules(Post.build(), { title: "Hello" }), { name: "RangeError", message: "the list is not there" });
  broken = false;
  assert.deepEqual(traverseErrors(rules(Post.build(), { title: "Hello" })), { title: ["is fine"] });
});

test("a validator may use ectomorph itself", () => {
  const rules = Post.changeset((c) =>
    c.cast("title", "body").validateChange("title", "nested", (_, title) => {
      const inner = section({}, { heading: title, words: "0" });
      return Object.values(traverseErrors(inner)).flat();
    }),
  );
  const changeset = rules(Post.build(), { title: "Hello", body: "World" });
  assert.deepEqual(traverseErrors(changeset), { title: ["must be greater than 0"] });
  assert.deepEqual(changeset.changes, { title: "Hello", body: "World" });
});

test("a named validator is portable, a nameless one is not", () => {
  const known = (_, title) => (title === "Hello" ? null : "is unknown");
  const named = Post.changeset((c) => c.cast("title").validateChange("title", "known", known));
  assert.deepEqual(named.document.steps, [["cast", ["title"]], ["validate_change", "title", "known"]]);
  const loaded = load(named.document, { validators: { known } });
  assert.deepEqual(traverseErrors(loaded({}, { title: "Bye" })), { title: ["is unknown"] });
  const nameless = Post.changeset((c) => c.cast("title").validateChange("title", known));
  assert.deepEqual(traverseErrors(nameless(Post.build(), { title: "Bye" })), { title: ["is unknown"] });
  assert.throws(() => nameless.document, { name: "EctomorphError", field: "title", schema: "posts" });
  assert.throws(
    () => Post.changeset((c) => c.validateChange("title", "known", known).validateChange("body", "known", () => null)),
    /two validators are named `known`/,
  );
});

test("rules inside rules bring their validators", () => {
  const odd = (_, words) => (words % 2 === 1 ? null : "must be odd");
  const even = (_, words) => (words % 2 === 0 ? null : "must be even");
  const oddSection = section.schema.changeset((c) => c.cast("words").validateChange("words", odd));
  const rules = Post.changeset((c) =>
    c.cast("views").validateChange("views", even).castEmbed("sections", { with: oddSection }),
  );
  const changeset = rules(Post.build(), { views: "3", sections: [{ words: "3" }, { words: "4" }] });
  assert.deepEqual(traverseErrors(changeset), { views: ["must be even"], sections: [{}, { words: ["must be odd"] }] });
  const stricter = extend(changeset, (c) => c.validateChange("views", "small", () => "is not small"));
  assert.deepEqual(traverseErrors(stricter).views, ["is not small", "must be even"]);
  assert.deepEqual(stricter.validations.map(({ name }) => name)[0], "small");
});

test("rules that were given more are as if they had been", () => {
  const changeset = extend(draft(Post.build(), { title: "Hello" }), (c) => c.validateLength("title", { is: 4 }));
  assert.deepEqual(traverseErrors(changeset), { title: ["should be 4 character(s)"] });
  assert.throws(() => extend(changeset, (c) => c.validateLength("title", { size: 4 })), EctomorphError);
});

test("messages are filled and translated", () => {
  assert.equal(interpolate("%{count} of %{total}, %{more}", { count: 1, total: null }), "1 of , %{more}");
  assert.equal(interpolate("%{constructor}", {}), "%{constructor}");
  setTranslate((message, bindings) => interpolate(message.replace("can't be blank", "fehlt"), bindings));
  try {
    const changeset = draft(Post.build(), {});
    assert.deepEqual(traverseErrors(changeset), { title: ["fehlt"] });
    assert.equal(translate(changeset.errors[0]), "fehlt");
    assert.deepEqual(traverseErrors(changeset, ({ message }) => message), { title: ["can't be blank"] });
  } finally {
    setTranslate(null);
  }
});

test("rules are a Standard Schema", () => {
  const { version, vendor, validate } = draft["~standard"];
  assert.deepEqual([version, vendor], [1, "ectomorph"]);
  assert.deepEqual(validate({ title: "Hello" }), { value: { ...Post.build(), title: "Hello" } });
  assert.deepEqual(validate({ sections: [{ heading: "A" }, { words: 1 }] }), {
    issues: [
      { message: "can't be blank", path: ["title"] },
      { message: "can't be blank", path: ["sections", 1, "heading"] },
    ],
  });
  for (const value of [null, 5, [], true, undefined]) {
    assert.equal(validate(value).issues.length, 1);
  }
});
