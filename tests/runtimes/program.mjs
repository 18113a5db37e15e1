// What each runtime is asked: one cast of params that are right, and one of params that are not.

/** The program, whose `answer()` says what it made. */
export const PROGRAM = `
import { schema, t, traverseErrors } from "ectomorph";

const User = schema("users", { name: t.string(), age: t.integer() });
const registration = User.changeset((c) =>
  c.cast("name", "age").validateRequired("name").validateNumber("age", { greaterThan: 17 }));

export function answer() {
  const right = registration(User.build(), { name: "Ada", age: "36" });
  const wrong = registration(User.build(), { name: "", age: "7" });
  return JSON.stringify([right.valid, right.changes, wrong.valid, traverseErrors(wrong)]);
}
`;

/** What it must answer. */
export const ANSWER = JSON.stringify([
  true, { name: "Ada", age: 36 }, false, { age: ["must be greater than 17"], name: ["can't be blank"] },
]);

/** What other entries are asked: a batch, a CSV, whose reader is WebAssembly of its own, and a module that exports no rules. */
export const MORE = `
import { schema, t } from "ectomorph";
import { attach } from "ectomorph/attach";
import { castAll, castCsv } from "ectomorph/batch";

const User = schema("users", { name: t.string(), age: t.integer() });
const importing = User.changeset((c) => c.cast("name", "age").validateRequired("name").validateNumber("age", { greaterThan: 17 }));

const told = ({ values, errors }) => [values, errors.map(({ row, column, field, message }) => [row, column ?? null, field, message])];

function refusal() {
  try {
    attach({});
  } catch (error) {
    return [error.name, error.message.split(" ")[0]];
  }
}

export function answer() {
  const all = castAll(importing, [{ name: "Ada", age: "36" }, { name: "", age: "7" }]);
  const csv = castCsv(importing, 'Name,age\\n"Ada ""L""",36\\nEve,x\\n', { columns: { Name: "name" } });
  return JSON.stringify([told(all), told(csv), refusal()]);
}
`;

export const MORE_ANSWER = JSON.stringify([
  [[{ id: null, name: "Ada", age: 36 }], [[1, null, "age", "must be greater than 17"], [1, null, "name", "can't be blank"]]],
  [[{ id: null, name: 'Ada "L"', age: 36 }], [[1, "age", "age", "is invalid"]]],
  ["EctomorphError", "attach"],
]);
