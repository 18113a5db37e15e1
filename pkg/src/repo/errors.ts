import { EctomorphError } from "../errors.js";

/** What kind of thing went wrong in a repo. */
export type RepoErrorKind =
  | "aborted" | "change" | "closed" | "constraint" | "database" | "environment" | "in_use" | "interrupted" | "invalid" | "load" | "migration" | "mistake"
  | "multiple_results" | "no_results" | "over" | "query" | "rolled_back" | "stale" | "timeout" | "unsupported";

/** What is known of an error of the repo. */
export interface RepoErrorDetails {
  readonly kind: RepoErrorKind;
  /** Ecto's exception: `Ecto.StaleEntryError`. */
  readonly name: string;
  readonly message: string;
  /** PostgreSQL's five-letter code of it, where there is one. */
  readonly code?: string;
  /** The constraint that is violated, and its kind. */
  readonly constraint?: string;
  readonly constraint_kind?: string;
  readonly table?: string;
  /** What the adapter can't do. */
  readonly feature?: string;
  /** Whether there is no more room to store anything. */
  readonly full?: boolean;
}

/**
 * An error of a repo: everything but an invalid changeset, which is data.
 *
 * @example
 * try { await repo.update(changeset); }
 * catch (error) { if (error instanceof RepoError && error.kind === "stale") reloadPage(); else throw error; }
 */
export class RepoError extends EctomorphError {
  readonly kind: RepoErrorKind;
  /** Ecto's exception of the same meaning: `Ecto.StaleEntryError`. */
  readonly exception: string;
  readonly details: RepoErrorDetails;

  constructor(details: RepoErrorDetails) {
    super(details.message);
    this.kind = details.kind;
    this.exception = details.name;
    this.details = details;
  }
}

/** What a tab is told that another kept the database for, when that has gone. */
export function interrupted(what: string): RepoError {
  return repoError("interrupted", "RuntimeError", `the tab that kept the database has gone: ${what}`);
}

/** An error that is found here, and not by the engine. */
export function repoError(kind: RepoErrorKind, name: string, message: string): RepoError {
  return new RepoError({ kind, name, message });
}
