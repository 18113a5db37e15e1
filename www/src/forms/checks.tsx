import { schema, t } from "ectomorph";
import { useForm } from "ectomorph/react";

const Line = schema.embedded({ sku: t.string() }, { name: "Line" });
const ordering = Line.changeset((c) =>
  c.cast("sku").validateRequired("sku").validateLength("sku", { max: 10 }));

export function Ordering() {
  const form = useForm(ordering, {
    checks: {
      async sku(value, { signal }) {
        const answer = await fetch("/articles.json", { signal });
        const articles = await answer.json();
        return articles.includes(value) ? null : "is not an article we have";
      },
    },
  });
  const sku = form.field("sku");
  return (
    <form {...form.props}>
      <label>Article <input {...sku.input} autoComplete="off" /></label>
      {sku.errors.map(({ message }) =>
        <p key={message} className="error" id={sku.errorId}>{message}</p>)}
      <button>Order</button>
      <p role="status">{form.sent ? "Ordered" : ""}</p>
    </form>
  );
}
