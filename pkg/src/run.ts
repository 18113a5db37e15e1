import { Changeset } from "./changeset.js";
import { Core, type RulesDocument } from "./core.js";
import type { AnyFields, Data, RecordOf } from "./fields.js";
import { type Params, readParams } from "./params.js";
import type { Recording } from "./rules.js";
import type { Schema } from "./schema.js";
import { type Standard, standard } from "./standard.js";

/**
 * Rules: a function from data and params to a changeset, and a value: they can be shown, sent as a document, used
 * inside other rules, and handed to any library that takes Standard Schema.
 *
 * @typeParam F The fields of their schema.
 * @typeParam V The records that they let through.
 */
export interface Rules<F = AnyFields, V = RecordOf<F>> {
  /**
   * Applies the rules. Without params, those of a form that was not sent yet: none.
   *
   * @example
   * const changeset = registration(User.build(), formData);
   */
  (data: Data<F>, params?: Params): Changeset<F, V>;
  /** The schema whose records they are for. */
  readonly schema: Schema<F>;
  /** The portable form, the same that Rust reads and writes. */
  readonly document: RulesDocument;
  /** Standard Schema: any library that takes it takes rules. The value is a new record with the changes applied. */
  readonly "~standard": Standard<F, V>;
  /** @internal */
  readonly "~core": Core;
}

/** Rules of recorded steps. */
export function makeRules<F, V>(schema: Schema<F>, recording: Recording): Rules<F, V> {
  return rulesOf(schema, new Core(schema.document, recording));
}

/** The face of rules. */
export function rulesOf<F, V>(schema: Schema<F>, core: Core): Rules<F, V> {
  const apply = (data: Data<F>, params?: Params): Changeset<F, V> =>
    new Changeset<F, V>(core.apply(data, schema.isBlank(data), readParams(params)));
  const rules: Rules<F, V> = Object.freeze(
    Object.defineProperties(apply, {
      schema: { value: schema, enumerable: true },
      document: { get: () => core.written(), enumerable: true },
      "~standard": { value: standard(() => rules) },
      "~core": { value: core },
    }),
  ) as unknown as Rules<F, V>;
  return rules;
}
