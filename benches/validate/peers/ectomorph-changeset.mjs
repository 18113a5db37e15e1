// The same rules through a changeset: what a form has that shows its fields, its errors, and what it was made of.
import { applyAction, traverseErrors } from "ectomorph";
import { forms, version } from "./ectomorph.mjs";

export const name = "ectomorph changeset";
export { version };

const validator = ([schema, rules]) => (input) => {
  const result = applyAction(rules(schema.build(), input), "insert");
  return result.ok ? result : { ok: false, errors: flatten(traverseErrors(result.changeset), "", []) };
};

// { number: ["can't be blank"], lines: [{}, { qty: ["must be ..."] }] } as a list of paths and messages.
function flatten(tree, prefix, errors) {
  for (const field in tree) {
    const path = prefix + field;
    const found = tree[field];
    for (let i = 0; i < found.length; i++) {
      if (typeof found[i] === "string") errors.push({ path, message: found[i] });
      else flatten(found[i], `${path}.${i}.`, errors);
    }
  }
  return errors;
}

export const user = validator(forms.user);
export const signup = validator(forms.signup);
export const order = validator(forms.order);
export const row = validator(forms.row);
export { csv, rows } from "./ectomorph.mjs";
