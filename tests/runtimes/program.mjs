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
