// zod's own compiler: code made with `new Function`, so not where a content security policy forbids eval.
import * as z from "zod";
import { confirmed, schemas as plain, validator } from "./zod.mjs";

export { version } from "./zod.mjs";
export const name = "zod compile";

const schemas = {
  ...plain,
  // It compiles no condition on a refinement. Without one the form is compiled, and the confirmation waits.
  signup: confirmed({ path: ["password_confirmation"], message: "does not match" }),
};

/** What the compiler refused, if anything: those schemas run as in plain zod. */
export const notes = [];

function compiled(form) {
  try {
    return z.compile(schemas[form], { strict: true });
  } catch (error) {
    notes.push(`${form} is not compiled: ${error.message}`);
    return z.compile(schemas[form]);
  }
}

export const user = validator(compiled("user"));
export const signup = validator(compiled("signup"));
export const order = validator(compiled("order"));
export const row = validator(compiled("row"));
