import type { Constraint, Source } from "./changeset.js";
import { type Description, type FieldDescription, isEmbed } from "./describe.js";
import { fieldOf, fromNotation, isObject } from "./notation.js";
import type { Step } from "./rules.js";

/** What steps declare of every changeset they make, as the whole engine reports it. */
export interface Declared {
  /** The required fields, those named last first. */
  readonly required: readonly string[];
  /** The rules, the last first. */
  readonly validations: readonly (readonly [field: string, name: string, argument: unknown])[];
  /** The constraints, the last first. */
  readonly constraints: readonly Constraint[];
}

const SILENT = /^(cast|cast_embed|cast_assoc|put_change|force_change|delete_change|update_change|change|set_action|set_action_if|put_index|put_embed|put_assoc|add_error)$/;

type About = Pick<Source, "core" | "schema">;

/** What is declared by the rules of a changeset, if that is the same for all; undefined if it is not. */
export function declaredBy(about: About, steps: readonly Step[]): Declared | undefined {
  let required: string[] = [];
  const validations: (readonly [string, string, unknown])[] = [];
  const constraints: Constraint[] = [];
  for (const [step, field, first, second] of steps) {
    if (step === "validate_required" || (isCast(step) && (first as CastRelation | undefined)?.required === true)) {
      required = [...namesOf(field), ...required];
    } else if (step.endsWith("_constraint")) {
      const constraint = constraintOf(about, step.replace("_constraint", ""), namesOf(field), (first ?? {}) as Options);
      if (constraint === undefined) return undefined;
      constraints.unshift(constraint);
    } else if (step.startsWith("validate_")) {
      const isCustom = step === "validate_change";
      // Errors that are written down are no rule.
      if (isCustom && isObject(first)) continue;
      const name = isCustom ? String(first) : step.slice("validate_".length);
      const argument = argumentOf(name, isCustom ? (second ?? null) : (first ?? {}));
      if (argument === undefined) return undefined;
      validations.unshift([String(field), name, argument]);
    } else if (!SILENT.test(step)) return undefined;
  }
  return { required, validations, constraints };
}

interface Options {
  readonly [option: string]: unknown;
}

function constraintOf(about: About, kind: string, fields: readonly string[], options: Options): Constraint | undefined {
  const { name, match = "exact", message, error_key: key } = options;
  const [, usual, type = kind, error = kind] = KINDS[kind] as readonly [string, string, string?, string?];
  const constraint = name ?? nameOf(about, kind, fields);
  if (constraint === undefined) return undefined;
  const isMany = fieldOf(about.schema, fields[0] as string)?.cardinality === "many";
  return {
    type,
    constraint: typeof constraint === "string" ? constraint : patternOf(constraint),
    match: match as Constraint["match"],
    field: (key ?? fields[0]) as string,
    error_message: (message ?? (kind === "no_assoc" && isMany ? usual.replace("is", "are") : usual)) as string,
    error_type: error,
  };
}

/** The name that migrations give a constraint. */
function nameOf({ core, schema }: About, kind: string, fields: readonly string[]): string | undefined {
  const { schema: document } = core.document;
  const suffix = KINDS[kind]?.[0];
  if (suffix) {
    const columns = (document["field_sources"] ?? {}) as { readonly [field: string]: string };
    return schema.source === null ? undefined : [schema.source, ...fields.map((field) => columns[field] ?? field), suffix].join("_");
  }
  const field = fieldOf(schema, fields[0] as string);
  if (field?.schema === undefined || isEmbed(field)) return undefined;
  const relations = document[String(field.relation)] as { readonly [name: string]: { foreign_key?: string } };
  const key = relations[field.name]?.foreign_key ?? `${field.name}_id`;
  return `${kind === "assoc" ? schema.source : field.schema.source}_${key}_fkey`;
}

/** The options of a relation's cast, as documents write them. */
export interface CastRelation {
  readonly with?: readonly Step[];
  readonly required?: boolean;
  readonly sort_param?: string;
  readonly drop_param?: string;
}

/** The options that a relation is cast with; undefined if it is not. */
export function castOf(steps: readonly Step[], { name, schema }: FieldDescription): CastRelation | undefined {
  const cast = steps.find(([step, field]) => isCast(step) && field === name);
  const own = schema?.changeset && { with: schema.changeset };
  return cast && { ...own, ...(cast[2] as CastRelation | undefined) };
}

const isCast = (step: string): boolean => step === "cast_embed" || step === "cast_assoc";

/** Whether params may change a field. */
export function permits(steps: readonly Step[], name: string): boolean {
  return steps.some(([step, fields]) => step === "cast" && namesOf(fields).includes(name));
}

/** Whether a field must have a value, if rules come that far. */
export function requires(steps: readonly Step[], name: string): boolean {
  return steps.some(([step, fields]) => step === "validate_required" && namesOf(fields).includes(name));
}

/** Whether every changeset goes through all of the steps, and those of children. */
export function isUnconditional(steps: readonly Step[], schema: Description): boolean {
  return steps.every(([step, name]) => {
    if (isCast(step)) {
      const field = fieldOf(schema, name as string) as FieldDescription;
      return isUnconditional(castOf(steps, field)?.with ?? [], field.schema as Description);
    }
    return SILENT.test(step) || step === "validate_required" || /^validate_|_constraint$/.test(step);
  });
}

/** Of each kind of constraint the end of its name, the message, what a database calls it, and its name in metadata. */
const KINDS: { readonly [kind: string]: readonly [suffix: string, message: string, type?: string, error?: string] } = {
  unique: ["index", "has already been taken"],
  foreign_key: ["fkey", "does not exist", "foreign_key", "foreign"],
  check: ["", "is invalid"],
  exclusion: ["exclusion", "violates an exclusion constraint"],
  assoc: ["", "does not exist", "foreign_key"],
  no_assoc: ["", "is still associated with this entry", "foreign_key"],
};

/** The fields of a step, which may name one without a list. */
export function namesOf(names: unknown): readonly string[] {
  return (Array.isArray(names) ? names : [names]) as readonly string[];
}

/** The argument of a rule, as the engine writes it. */
function argumentOf(rule: string, argument: unknown): unknown {
  if (rule === "format") return patternOf(argument);
  if (rule === "number") {
    const pairs = (Array.isArray(argument) ? argument : Object.entries(argument as object)) as [string, unknown][];
    const read = pairs.map(([key, value]) => [key, key === "message" ? messageOf(value) : fromNotation(value)]);
    return read.some(([, value]) => value === undefined) ? undefined : read;
  }
  if (rule === "inclusion" || rule === "exclusion" || rule === "subset") {
    return isObject(argument) && "$range" in argument ? argument : fromNotation(argument);
  }
  if (!/^(length|acceptance|confirmation)$/.test(rule)) return fromNotation(argument);
  const given = Object.entries(argument as object).filter(([, value]) => value !== null);
  return Object.fromEntries(given.map(([key, value]) => [key, key === "message" ? messageOf(value) : value]));
}

function patternOf(pattern: unknown): unknown {
  const { $regex, flags } = isObject(pattern) ? pattern : { $regex: pattern };
  return flags ? { $regex, flags } : { $regex };
}

/** A message, whose metadata are left out if there are none. */
function messageOf(message: unknown): unknown {
  return Array.isArray(message) && Object.keys(message[1] as object).length === 0 ? (message[0] as unknown) : message;
}
