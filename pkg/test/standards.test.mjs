// Rules handed to libraries that take a Standard Schema, as their users would.
import assert from "node:assert/strict";
import { test } from "node:test";
import { standardSchemaResolver } from "@hookform/resolvers/standard-schema";
import { FormApi } from "@tanstack/form-core";
import { initTRPC } from "@trpc/server";
import { embedsMany, schema, t } from "ectomorph";
import { withJsonSchema } from "ectomorph/json-schema";

const Item = schema.embedded({ sku: t.string(), qty: t.integer() }, { primaryKey: false });
const Order = schema("orders", { email: t.string(), total: t.decimal(), items: embedsMany(Item) });
const order = Order.changeset((c) =>
  c
    .cast("email", "total")
    .validateRequired("email")
    .validateFormat("email", /@/)
    .castEmbed("items", { with: (i) => i.cast("sku", "qty").validateRequired("sku").validateNumber("qty", { greaterThan: 0 }) }),
);
const valid = { email: "a@b", total: "1.50", items: [{ sku: "x", qty: "2" }] };
const invalid = { email: "ab", items: [{ sku: "x", qty: "1" }, { sku: "", qty: 0 }] };

test("the face is that of the specification", () => {
  const { "~standard": face } = order;
  assert.equal(face.version, 1);
  assert.equal(face.vendor, "ectomorph");
  assert.deepEqual(Object.keys(face.validate(valid)), ["value"]);
  const { issues } = face.validate(invalid);
  assert.deepEqual(
    issues.map(({ message, path }) => [message, path]),
    [
      ["has invalid format", ["email"]],
      ["can't be blank", ["items", 1, "sku"]],
      ["must be greater than 0", ["items", 1, "qty"]],
    ],
  );
  for (const hostile of [null, undefined, 1, "x", [], () => {}, new Map(), Promise.resolve({})]) assert.equal(face.validate(hostile).issues.length > 0, true);
});

test("react-hook-form: standardSchemaResolver gives values as they were cast, and errors by name", async () => {
  const resolve = standardSchemaResolver(order);
  const options = { fields: {}, shouldUseNativeValidation: false };
  const good = await resolve(valid, undefined, options);
  assert.deepEqual(good.errors, {});
  assert.equal(good.values.items[0].qty, 2);
  const bad = await resolve(invalid, undefined, options);
  assert.equal(bad.errors.email.message, "has invalid format");
  assert.equal(bad.errors.items[1].sku.message, "can't be blank");
  assert.equal(bad.errors.items[1].qty.message, "must be greater than 0");
  assert.equal(bad.errors.items[0], undefined);
});

test("TanStack Form: rules are the form's validator", async () => {
  const sent = [];
  const submit = async (defaultValues) => {
    const form = new FormApi({ defaultValues, validators: { onSubmit: order }, onSubmit: ({ value }) => sent.push(value) });
    form.mount();
    await form.handleSubmit();
    return form.state.errorMap.onSubmit;
  };
  const errors = await submit(invalid);
  assert.deepEqual(sent, []);
  assert.equal(errors.email[0].message, "has invalid format");
  assert.equal(errors["items[1].sku"][0].message, "can't be blank");
  assert.equal(await submit(valid), undefined);
  assert.deepEqual(sent, [valid]);
});

test("tRPC: rules are the input of a procedure, which gets the record", async () => {
  const { router, procedure, createCallerFactory } = initTRPC.create();
  const orders = router({ place: procedure.input(order).mutation(({ input }) => ({ qty: input.items[0].qty, total: input.total })) });
  const caller = createCallerFactory(orders)({});
  assert.deepEqual(await caller.place(valid), { qty: 2, total: "1.50" });
  await assert.rejects(caller.place(invalid), (error) => error.code === "BAD_REQUEST" && /has invalid format/.test(error.message));
});

test("the JSON Schema part is that of the specification", () => {
  const { "~standard": face } = withJsonSchema(order);
  for (const target of ["draft-2020-12", "draft-07", "openapi-3.0"]) {
    assert.equal(face.jsonSchema.input({ target }).type, "object");
    assert.equal(face.jsonSchema.output({ target }).type, "object");
  }
});
