import { bring } from "./bring.js";
import { Core, type RulesDocument } from "./core.js";
import { EctomorphError } from "./errors.js";
import type { AnyFields } from "./fields.js";
import type { ValidateFunction } from "./options.js";
import { validatorOf } from "./rules.js";
import { type Rules, rulesOf } from "./run.js";
import { Schema, type SchemaDocument } from "./schema.js";
import { isSound } from "./sound.js";
import { theWhole } from "./whole.js";

/** What a document can't hold. */
export interface LoadOptions {
  /** The validators that the document names. */
  // biome-ignore lint/suspicious/noExplicitAny: each validator knows the type of its field, which no document says
  readonly validators?: { readonly [name: string]: ValidateFunction<any> };
}

/**
 * The rules of a document, written by Rust or by `rules.document`.
 *
 * @typeParam F The fields of the schema, if the program knows them.
 *
 * @example
 * const registration = load(await (await fetch("/rules/registration.json")).json());
 *
 * @throws EctomorphError for a step, option, version or validator that is not known: rules that are not understood
 * never pass silently.
 */
export function load<F = AnyFields>(document: RulesDocument, options?: LoadOptions): Rules<F>;
/** The rules of several documents, by name. */
export function load<D extends { readonly [name: string]: RulesDocument }>(
  documents: D,
  options?: LoadOptions,
): { readonly [K in keyof D]: Rules<AnyFields> };
export function load(document: object, options: LoadOptions = {}): unknown {
  if ("steps" in document && "schema" in document && !("steps" in (document.schema as object))) {
    return loadOne(document as RulesDocument, options);
  }
  return Object.fromEntries(Object.entries(document).map(([name, each]) => [name, loadOne(each, options)]));
}

function loadOne(document: RulesDocument, { validators = {} }: LoadOptions): Rules {
  if (typeof document !== "object" || document === null || document.version !== 1) {
    const version = JSON.stringify((document as { version?: unknown } | null)?.version);
    throw new EctomorphError(`a rules document must have \`version\` 1, not ${version}; update ectomorph, or write the document anew`);
  }
  const named = Object.entries(validators).map(([name, validate]) => ({
    name,
    portable: true,
    function: validatorOf(validate),
  }));
  const sound = isSound(bring(document.schema));
  const core = new Core(document.schema as SchemaDocument, { steps: document.steps, validators: named }, sound);
  // At once: rules from elsewhere are refused where they come in, not at the first form.
  const description = core.plan === undefined ? theWhole(core.title).compile(core) : undefined;
  return rulesOf(new Schema(document.schema, sound ? undefined : description), core);
}

