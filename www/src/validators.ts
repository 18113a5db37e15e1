// Rules that no document can hold: functions under the names by which the server's rules call them.
import type { ValidateFunction } from "ectomorph";

const articles = ["PEN", "INK", "PAD"];

export const validators: { readonly [name: string]: ValidateFunction<unknown> } = {
  known_sku: (_field, sku) => (articles.includes(String(sku)) ? [] : ["is not an article we have"]),
};
