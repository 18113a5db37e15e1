import { Changeset } from "../changeset.js";
import { traverseErrors } from "../traverse.js";

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

/** Goes through the errors of a server, as Rust's `errors_json` writes them: lists, and the same again for children. */
export function eachError(errors: unknown, tell: (path: readonly string[], messages: readonly string[]) => void, path: readonly string[] = []): void {
  for (const [name, value] of Object.entries((errors ?? {}) as object)) {
    const messages = messagesIn(value);
    const at = [...path, name];
    if (messages.length > 0) tell(at, messages);
    else if (typeof value === "object") eachError(value, tell, at);
  }
}

/** Whether a name of a path is the position of a child. */
export const isPosition = (name: string): boolean => /^\d+$/.test(name);

/** Messages that are shown elsewhere than at their field: with the names that lead there. */
export function elsewhere(path: readonly string[], messages: readonly string[]): string[] {
  return messages.map((message) => [...path.filter((name) => !isPosition(name)), message].join(" "));
}
