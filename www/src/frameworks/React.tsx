import { createRoot } from "react-dom/client";
import { type FieldView, useForm } from "ectomorph/react";
import { options, order } from "./order.js";

function Field({ label, field }: { readonly label: string; readonly field: FieldView }) {
  return (
    <div className="field">
      <label htmlFor={field.id}>{label}</label>
      <input {...field.input} autoComplete="off" />
      {field.errors.length > 0 && (
        <p className="error" id={field.errorId}>{field.errors.map(({ message }) => message).join("\n")}</p>
      )}
    </div>
  );
}

function OrderForm() {
  const form = useForm(order, options("react"));
  const lines = form.children("lines");
  return (
    <form {...form.props}>
      <Field label="Number" field={form.field("number")} />
      <div className="pair">
        <Field label="Starts on" field={form.field("starts_on")} />
        <Field label="Ends on" field={form.field("ends_on")} />
      </div>
      <ol className="lines">
        {lines.items.map((line) => (
          <li key={line.key} className="line">
            <div className="tools">
              <button type="button" className="icon" aria-label="Move up" onClick={line.up}>↑</button>
              <button type="button" className="icon" aria-label="Remove" onClick={line.remove}>×</button>
            </div>
            <Field label="Article" field={line.field("sku")} />
            <Field label="Quantity" field={line.field("qty")} />
            <Field label="Price" field={line.field("price")} />
          </li>
        ))}
      </ol>
      {lines.errors.map(({ message }) => <p key={message} className="error">{message}</p>)}
      <div className="actions">
        <button type="submit">Place order</button>
        <button type="button" className="quiet" onClick={lines.add}>Add a line</button>
      </div>
      <p role="status">{form.sent ? "Placed" : ""}</p>
    </form>
  );
}

export function mount(target: Element): void {
  createRoot(target).render(<OrderForm />);
}
