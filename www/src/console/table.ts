// Rows of any shape as a table.
import { h } from "../element.js";

/** More rows than this are counted, not shown. */
export const SHOWN = 200;

/** Shows rows: records and maps by their keys, lists by their places, anything else as it is. */
export function showRows(columns: HTMLElement, body: HTMLElement, rows: readonly unknown[]): void {
  const keys = keysOf(rows);
  columns.replaceChildren(h("tr", {}, ...keys.map((key) => h("th", { scope: "col" }, key))));
  body.replaceChildren(...rows.slice(0, SHOWN).map((row) => h("tr", {}, ...keys.map((key) => cell(at(row, key, keys))))));
}

function keysOf(rows: readonly unknown[]): string[] {
  const [first] = rows;
  if (Array.isArray(first)) return first.map((_, index) => String(index + 1));
  if (typeof first === "object" && first !== null && !(first instanceof Uint8Array)) return Object.keys(first);
  return rows.length === 0 ? [] : ["value"];
}

function at(row: unknown, key: string, keys: readonly string[]): unknown {
  if (Array.isArray(row)) return row[keys.indexOf(key)];
  return typeof row === "object" && row !== null ? (row as Record<string, unknown>)[key] : row;
}

function cell(value: unknown): HTMLElement {
  if (value === null || value === undefined) return h("td", { class: "none" }, "null");
  if (typeof value === "number" || typeof value === "bigint") return h("td", { class: "number" }, String(value));
  if (Array.isArray(value) && value.length === 0) return h("td", { class: "none" }, "none");
  if (Array.isArray(value)) {
    return h("td", {}, h("details", {}, h("summary", {}, `${value.length} of them`), h("pre", { class: "code" }, JSON.stringify(value, null, 1))));
  }
  return h("td", {}, typeof value === "object" ? JSON.stringify(value) : String(value));
}
