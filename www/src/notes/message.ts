// What a person is told when something could not be done.
import { RepoError } from "ectomorph/repo";

/** What went wrong, and what to do about it. */
export function complaint(error: unknown): string {
  if (!(error instanceof RepoError)) return error instanceof Error ? error.message : String(error);
  if (error.details.full === true) {
    return "This browser has no more room for the notes. Nothing was changed, and what you wrote is still here: delete what you don't need, then try again.";
  }
  switch (error.kind) {
    case "stale":
      return "This note was changed or deleted meanwhile. Close it and open it again.";
    case "environment":
      return `The browser's storage refused: ${error.message}. Nothing was changed.`;
    default:
      return error.message;
  }
}
