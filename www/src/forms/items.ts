import { embedsMany, ready, schema, t } from "ectomorph";
import { bindForm } from "ectomorph/form";
import { page } from "./page.js";

await ready();

const Line = schema.embedded({ sku: t.string(), qty: t.integer().default(1) });
const Order = schema("orders", {
  lines: embedsMany(Line, { onReplace: "delete" }),
}, { name: "Order" });

const edit = Order.changeset((c) =>
  c.cast()
    .castEmbed("lines", {
      with: (line) =>
        line.cast("sku", "qty")
          .validateRequired("sku")
          .validateNumber("qty", { greaterThan: 0 }),
      sortParam: "lines_sort",
      dropParam: "lines_drop",
    })
    .validateLength("lines", { max: 4 }));

const { form, show } = page("items");

bindForm(form, edit, {
  data: Order.loaded({
    id: 1,
    lines: [
      { id: "0194e9a0-0000-7000-8000-00000000000a", sku: "PEN", qty: 2 },
      { id: "0194e9a0-0000-7000-8000-00000000000b", sku: "INK", qty: 1 },
    ],
  }),
  onChange: show,
  onSubmit: (_, { params }) => show(params),
});
