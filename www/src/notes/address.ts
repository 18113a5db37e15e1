// What is looked for stands in the address, so that a reload and the back button find it.
import type { Wanted } from "./notebook.js";
import type { Sort } from "./queries.js";

const SORTS: readonly Sort[] = ["changed", "oldest", "title", "discussed"];

/** What the address asks for. */
export function wantedHere(): Wanted {
  const params = new URLSearchParams(location.hash.slice(1));
  const sort = params.get("sort") as Sort;
  return {
    search: params.get("q") ?? "",
    tag: params.get("tag") ?? "",
    sort: SORTS.includes(sort) ? sort : "changed",
    page: Math.max(1, Math.trunc(Number(params.get("page"))) || 1),
  };
}

/** The address of what is looked for, behind `#`. */
export function addressOf({ search, tag, sort, page }: Wanted): string {
  const params = new URLSearchParams();
  if (search !== "") params.set("q", search);
  if (tag !== "") params.set("tag", tag);
  if (sort !== "changed") params.set("sort", sort);
  if (page > 1) params.set("page", String(page));
  return `#${params}`;
}
