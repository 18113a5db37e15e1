import type { Changeset } from "./changeset.js";
import type { RecordOf } from "./fields.js";
import type { Rules } from "./run.js";
import type { Schema } from "./schema.js";

/**
 * The type of the records of a schema, of rules, or of a changeset.
 *
 * @example
 * type User = Infer<typeof User>;
 */
export type Infer<S> = S extends Schema<infer F> ? RecordOf<F>
  : S extends Changeset<infer F> ? RecordOf<F>
  : S extends Rules<infer F> ? RecordOf<F>
  : never;
