// The rules of an order, from the server, and where an order goes: what the three forms share.
import { type RulesDocument, load, ready } from "ectomorph";
import type { FormStateOptions } from "ectomorph/react";

const [document, articles] = await Promise.all([
  fetch("/rules/order.json").then((answer): Promise<RulesDocument> => answer.json()),
  fetch("/articles.json").then((answer): Promise<string[]> => answer.json()),
  ready(),
]);

/** Written in Rust, run here. */
export const order = load(document, {
  validators: { known_sku: (_field, sku) => (articles.includes(String(sku)) ? [] : ["is not an article we have"]) },
});

/** Sends a valid order; what the server refuses lands on the fields. The page has the form three times, so ids differ. */
export const options = (id: string): FormStateOptions => ({
  as: "order",
  id,
  async onSubmit(_changeset, { params }) {
    const answer = await fetch("/orders", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ order: params }),
    });
    if (answer.status !== 422 && !answer.ok) throw new Error(`the server answered ${answer.status}`);
    return answer;
  },
});
