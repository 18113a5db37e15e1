/**
 * Rules as JSON Schema: of the params that go in, and of the records that come out.
 *
 * @module
 */
import { EctomorphError } from "../errors.js";
import type { AnyFields } from "../fields.js";
import type { Rules } from "../run.js";
import type { Standard } from "../standard.js";
import { Writer } from "./objects.js";
import { type JsonSchema, type Target, finish, isTarget, TARGETS } from "./target.js";

export type { JsonSchema, Target } from "./target.js";

/** What a schema is written of, and how. */
export interface JsonSchemaOptions {
  /** The words it is written in; `draft-2020-12`, if nothing is said. */
  readonly target?: Target;
  /** Whether it says what params go in, or what records come out; `input`, if nothing is said. */
  readonly io?: "input" | "output";
  /**
   * What params it accepts. `json`: what a client that sends JSON should be told, numbers as numbers, and no texts that
   * are empty. `all`: never stricter than the rules, for checks before them: also numbers as text, what counts as empty,
   * and texts whose length only counting graphemes could tell.
   */
  readonly accepts?: "json" | "all";
}

/**
 * The JSON Schema of rules: types, what is required, lengths, bounds, patterns, choices, and children by their rules.
 * What it can't say is left out: conditions, functions, constraints of a database. New records are meant, so a field
 * with a default is not required.
 *
 * @example
 * const body = toJsonSchema(registration, { target: "openapi-3.0" });
 *
 * @throws EctomorphError for a target that is not known, and where rules lead to themselves and the target is
 * `openapi-3.0`, which has no place for parts with names within a schema.
 */
export function toJsonSchema<F = AnyFields>(rules: Rules<F>, options: JsonSchemaOptions = {}): JsonSchema {
  const { target = "draft-2020-12", io = "input", accepts = "json" } = options;
  if (!isTarget(target)) {
    throw new EctomorphError(`JSON Schema has no target \`${String(target)}\`; there are ${TARGETS.join(", ")}`);
  }
  const writer = new Writer(io === "output" ? "output" : accepts);
  const { schema } = rules;
  return finish(writer.root(schema.description, rules["~core"].recording.steps, schema.document), target, schema.name);
}

/** What Standard JSON Schema asks of a library: https://standardschema.dev/json-schema */
export interface StandardJsonSchema {
  /** The schema of params. */
  readonly input: (options: { readonly target: string }) => JsonSchema;
  /** The schema of records. */
  readonly output: (options: { readonly target: string }) => JsonSchema;
}

/**
 * Rules as a value with both Standard Schema and its JSON Schema part, for libraries that ask for it. The rules
 * themselves have the first alone, so that a page that needs no JSON Schema does not carry it.
 *
 * @example
 * const tool = { name: "register", inputSchema: withJsonSchema(registration) };
 */
export function withJsonSchema<F>(rules: Rules<F>): { readonly "~standard": Standard<F> & { readonly jsonSchema: StandardJsonSchema } } {
  const write = (io: "input" | "output") => ({ target }: { readonly target: string }): JsonSchema =>
    toJsonSchema(rules, { target: target as Target, io });
  return { "~standard": { ...rules["~standard"], jsonSchema: { input: write("input"), output: write("output") } } };
}
