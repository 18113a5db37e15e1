import { Changeset } from "../changeset.js";
import { traverseErrors } from "../traverse.js";

/** Errors of a server, as Rust's `errors_json` writes them: lists, and the same again for children. */
export type ErrorTree = { readonly [field: string]: unknown };

/**
 * The errors in what came of sending a form: a response with the status 422, an object with `errors`, or what a repo
 * says of a changeset that it refused. Undefined if there are none.
 */
export async function errorsOf(answer: unknown): Promise<unknown> {
  if (answer instanceof Response) {
    if (answer.status !== 422) return undefined;
    answer = await answer.clone().json();
  }
  const { errors, changeset } = (answer ?? {}) as { errors?: unknown; changeset?: unknown };
  return changeset instanceof Changeset && !changeset.valid ? traverseErrors(changeset) : errors;
}

/** The messages in a list of errors: texts, or objects with a `message`. Empty if it is a list of children. */
export function messagesIn(errors: unknown): string[] {
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((error: unknown) => {
    const message = typeof error === "string" ? error : (error as { message?: unknown } | null)?.message;
    return typeof message === "string" ? [message] : [];
  });
}
