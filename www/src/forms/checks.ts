import { schema, t } from "ectomorph";
import { bindForm } from "ectomorph/form";
import { page } from "./page.js";

const Line = schema("lines", { sku: t.string() }, { name: "Line" });

const ordering = Line.changeset((c) =>
  c.cast("sku").validateRequired("sku").validateLength("sku", { max: 10 }));

const { form, show } = page("checks");

bindForm(form, ordering, {
  onChange: show,
  checks: {
    async sku(value, { signal }) {
      const answer = await fetch("/articles.json", { signal });
      const articles = await answer.json();
      return articles.includes(value) ? null : "is not an article we have";
    },
  },
  onSubmit: (_, { params }) => show(params),
});
