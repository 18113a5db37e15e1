// Rules that no document can hold: functions under the names by which the server's rules call them.
import type { ValidateFunction } from "ectomorph";

/** The functions that the rules name, with what they have to know from the server. */
export async function validators(): Promise<{ readonly [name: string]: ValidateFunction<unknown> }> {
  const answer = await fetch("/articles.json");
  const articles: readonly string[] = await answer.json();
  document.getElementById("articles")?.replaceChildren(...articles.flatMap((article) => [code(article), " "]));
  return { known_sku: (_field, sku) => (articles.includes(String(sku)) ? [] : ["is not an article we have"]) };
}

function code(text: string): HTMLElement {
  return Object.assign(document.createElement("code"), { textContent: text });
}
