// What the examples of the tutorial and the recipes stand on: the form beside the code, and a place to show things.
import { Changeset, traverseErrors } from "ectomorph";
import { plain } from "../panel.js";
import { pretty } from "../pretty.js";

/** The form of an example, and what shows a changeset, or any value, below it. */
export function page(id: string): { readonly form: HTMLFormElement; readonly show: (value: unknown) => void } {
  const form = document.querySelector<HTMLFormElement>(`#${id} form`);
  const outcome = document.querySelector(`#${id} .outcome`);
  if (form === null || outcome === null) throw new Error(`the page has no example #${id} with a form`);
  return { form, show: (value) => void (outcome.textContent = told(value)) };
}

function told(value: unknown): string {
  if (!(value instanceof Changeset)) return pretty(value);
  return `valid: ${value.valid}\n\nchanges: ${pretty(plain(value))}\n\nerrors: ${pretty(traverseErrors(value))}`;
}
