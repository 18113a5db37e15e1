import { EctomorphError } from "../../errors.js";
import { RepoError } from "../errors.js";
import type { ErrorForm } from "./protocol.js";

/** An error as it can be sent to another thread. */
export function formOf(error: unknown): ErrorForm {
  if (error instanceof RepoError) return { kind: "repo", details: error.details };
  if (error instanceof EctomorphError) {
    return { kind: "ectomorph", message: error.message, schema: error.schema, field: error.field };
  }
  if (error instanceof Error) return { kind: "other", name: error.name, message: error.message };
  return { kind: "other", name: "Error", message: String(error) };
}

/** The error that was sent. */
export function errorOf(form: ErrorForm): Error {
  if (form.kind === "repo") return new RepoError(form.details);
  if (form.kind === "ectomorph") return new EctomorphError(form.message, form);
  return new RepoError({ kind: "environment", name: form.name, message: form.message });
}
