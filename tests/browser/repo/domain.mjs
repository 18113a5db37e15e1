// The users and posts of the tests in a page.
import { schema, t } from "/pkg/dist/browser/index.js";
import * as repo from "/pkg/dist/browser/repo/index.js";

export * from "/pkg/dist/browser/index.js";
export * from "/pkg/dist/browser/repo/index.js";

export const User = schema("users", { name: t.string(), email: t.string() });
export const registration = User.changeset((c) =>
  c.cast("name", "email").validateRequired("name").validateLength("name", { max: 20 }).uniqueConstraint("email"));

export const migrations = [
  repo.migration(1, "create_users", (m) =>
    m.create("users", (t) => t.add("name", "text").add("email", "string")).createIndex("users", ["email"], { unique: true })),
];

/** Opens a database, with what happened meanwhile. */
export async function open(options = {}) {
  const events = [];
  const opened = await repo.openRepo({
    name: "hello", schemas: [User], migrations, onEvent: (event) => events.push(event), ...options,
  });
  return { repo: opened, events };
}

/** What a promise is refused with, as plain data. */
export async function refusal(promise) {
  try {
    return { value: await promise };
  } catch (error) {
    const { kind, details, message } = error;
    return { name: error instanceof repo.RepoError ? "RepoError" : error.name, kind, message, ...(details?.full ? { full: true } : {}) };
  }
}
