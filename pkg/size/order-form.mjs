// A page with what takes the second part of the small engine: decimals, a date, a UUID, and lines inside of an order.
import { embedsMany, schema, t, traverseErrors } from "ectomorph";

const Line = schema.embedded({
  product: t.string(),
  quantity: t.integer(),
  price: t.decimal(),
});

const Order = schema("orders", {
  reference: t.uuid(),
  email: t.string(),
  due_on: t.date(),
  tags: t.array(t.string()),
  lines: embedsMany(Line, { onReplace: "delete" }),
});

const checkout = Order.changeset((c) =>
  c
    .cast("reference", "email", "due_on", "tags")
    .validateRequired("email", "due_on")
    .validateFormat("email", /@/)
    .castEmbed("lines", {
      required: true,
      with: (line) => line.cast("product", "quantity", "price").validateRequired("product", "price").validateNumber("price", { greaterThan: "0" }),
    }),
);

document.querySelector("form").addEventListener("submit", (event) => {
  const changeset = checkout(Order.build(), new FormData(event.target));
  if (!changeset.valid) {
    event.preventDefault();
    console.log(traverseErrors(changeset));
  }
});
