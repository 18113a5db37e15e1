import { schema, t } from "ectomorph";
import { castCsvStream } from "ectomorph/batch";
import { page } from "./page.js";

const Product = schema("products", {
  sku: t.string(),
  price: t.decimal(),
  stock: t.integer().default(0),
});

const importing = Product.changeset((c) =>
  c.cast("sku", "price", "stock")
    .validateRequired("sku", "price")
    .validateFormat("sku", /^[A-Z]{3}$/)
    .validateNumber("price", { greaterThan: 0 }));

const { form, show } = page("csv");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const params = new FormData(form);
  const file = params.get("file");
  const isChosen = file instanceof File && file.size > 0;
  const csv = isChosen ? file : String(params.get("text"));

  const columns = { Article: "sku", Price: "price" };
  const products = [];
  const wrong = [];
  for await (const batch of castCsvStream(importing, csv, { columns })) {
    products.push(...batch.values);
    wrong.push(...batch.errors.map(({ line, column, message }) =>
      `line ${line}: ${column ?? "the row"} ${message}`));
  }
  show({ wrong, products });
});
