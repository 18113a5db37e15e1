import { paramsOf } from "../captured.js";
import type { Source } from "../changeset.js";
import { type CastRelation, castOf, isUnconditional, permits } from "../declared.js";
import type { Description, FieldDescription } from "../describe.js";
import { floatText } from "../float-text.js";
import { fromNotation } from "../notation.js";
import { Outcome } from "../outcome.js";
import type { Child, FieldError, ReadParams, Result } from "../result.js";
import type { Step } from "../rules.js";
import { stateOf } from "../schema.js";
import type { TypeNotation } from "../types.js";
import { isMap, setOwn } from "../values.js";

/** A rule of a field: its step's name, and the arguments behind the field. */
export type Rule = readonly [step: string, ...args: unknown[]];

/** What a form shows of a changeset, or of a child that no params are about. */
export class Part {
  /** What counts as empty. */
  readonly emptyValues: readonly unknown[];

  constructor(
    readonly schema: Description,
    readonly steps: readonly Step[],
    readonly result: Result,
    readonly data: object,
    /** The params that the rules read; null if there are none. */
    readonly params: ReadParams,
  ) {
    const [first] = steps;
    const { empty_values: own } = ((first?.[0] === "cast" ? first[2] : undefined) ?? {}) as { empty_values?: unknown };
    this.emptyValues = (own === undefined || params === null ? [""] : fromNotation(own)) as readonly unknown[];
  }

  /** Of a changeset that the steps alone say everything about; undefined of others. */
  static of(source: Source): Part | undefined {
    const { inputs, result, schema } = source;
    if (inputs === undefined || !isUnconditional(inputs.steps, schema)) return undefined;
    return new Part(schema, inputs.steps, result, inputs.record, inputs.hasParams ? paramsOf(inputs.outcome) : null);
  }

  /** Of a child with the steps it was cast by; undefined if it is one of the data, or the steps are not known. */
  static ofChild({ result, record }: Child, schema: Description, steps: readonly Step[] | undefined): Part | undefined {
    if (steps === undefined || !(result instanceof Outcome) || typeof record === "number") return undefined;
    return new Part(schema, steps, result, record, paramsOf(result));
  }

  /** Whether a database has the record. */
  get isLoaded(): boolean {
    return stateOf(this.data) === "loaded";
  }

  /** The rules of a field, the oldest first. */
  rules(name: string): Rule[] {
    return this.steps.flatMap(([step, field, ...args]) => (field === name && step.startsWith("validate_") ? [[step, ...args] as const] : []));
  }

  field(name: string): FieldDescription | undefined {
    return this.schema.fields.find((field) => field.name === name);
  }

  /** The change of a field; undefined if there is none. */
  change(name: string): unknown {
    return this.result.changes.find(([field]) => field.name === name)?.[1];
  }

  errors(name: string): FieldError[] {
    return this.result.errors.filter((error) => error.field === name);
  }

  /** What the record holds. */
  datum(name: string): unknown {
    const field = this.field(name);
    if (field === undefined || field.relation !== undefined) return null;
    const isHeld = Object.hasOwn(this.data, name);
    return (isHeld ? (this.data as Record<string, unknown>)[name] : undefined) ?? (isHeld ? null : (field.default ?? null));
  }

  /** What was typed, else the change, else the data: as it is, and whether it was typed. */
  value(name: string): readonly [value: unknown, typed: boolean] {
    if (this.params !== null && Object.hasOwn(this.params, name)) return [this.params[name], true];
    const change = this.field(name)?.relation === undefined ? this.change(name) : undefined;
    return [change === undefined ? this.datum(name) : change, false];
  }

  /** The text of the value, or lists and maps of texts. */
  text(name: string): unknown {
    const [value, typed] = this.value(name);
    return textOf(value, typed ? undefined : this.field(name)?.type);
  }

  /** Whether a person has been at the input: its param is there, and no companion says otherwise. */
  isUsed(name: string): boolean {
    const { params } = this;
    return params !== null && Object.hasOwn(params, name) && isUsed(params, name);
  }

  /** Whether the params may change a field. */
  isPermitted(name: string): boolean {
    return permits(this.steps, name);
  }

  /** Whether rules may see another value of a field than the one typed, or see none. */
  isRewritten(name: string): boolean {
    const rewrites = ([step, about]: Step): boolean =>
      /^(put_change|force_change|delete_change|update_change|put_index)$/.test(step)
        ? about === name
        : step === "change" && (about as readonly (readonly [string, unknown])[]).some(([field]) => field === name);
    return !this.isPermitted(name) || this.steps.some(rewrites);
  }

  /** The options that a relation is cast with; undefined if it is not. */
  cast(field: FieldDescription): CastRelation | undefined {
    return castOf(this.steps, field);
  }
}

function isUsed(params: Readonly<Record<string, unknown>>, name: string): boolean {
  if (name.startsWith("_unused_") || Object.hasOwn(params, `_unused_${name}`)) return false;
  const value = params[name];
  return !isMap(value) || Object.keys(value).some((key) => isUsed(value as Record<string, unknown>, key));
}


/** A value as an input holds it: text, or lists and maps of text. Null is empty. */
export function textOf(value: unknown, type: TypeNotation | undefined): unknown {
  switch (typeof value) {
    case "string":
      return type === "utc_datetime" || type === "utc_datetime_usec" ? value.replace("Z", "") : value.replace(/\p{Surrogate}/gu, "\ufffd");
    case "number":
      return type === "float" || !Number.isSafeInteger(value) ? floatText(value) : String(value);
    case "bigint":
    case "boolean":
      return String(value);
    case "object":
      break;
    default:
      return "";
  }
  if (value === null) return "";
  const [element] = typeof type === "object" ? (Object.values(type) as [TypeNotation]) : [undefined];
  if (Array.isArray(value)) return value.map((item) => textOf(item, element));
  if (value instanceof Date) return value.toISOString().replace("Z", "");
  if (value instanceof Uint8Array) return bytesText(value);
  const texts = {};
  for (const [key, item] of Object.entries(value)) setOwn(texts, key, textOf(item, element));
  return texts;
}

/** Bytes that are not text are left out. */
function bytesText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return "";
  }
}
