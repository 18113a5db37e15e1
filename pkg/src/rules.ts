import type { Changeset } from "./changeset.js";
import type { Validator } from "./core.js";
import { EctomorphError } from "./errors.js";
import { type Conditions, Expr, conditions } from "./expr.js";
import type {
  AnyFields, ChildFields, EmbedName, Kept, NameOfKind, OfChildren, OwnAssocName, Present, PutOf, RecordOf, RelationName, Requiring,
  ValueName,
} from "./fields.js";
import { fieldOf, toNotation, toPattern } from "./notation.js";
import type {
  CastOptions, CastRelationOptions, ConstraintOptions, Findings, LengthOptions, MessageOption, NumberOptions, Range,
  Update, ValidateFunction,
} from "./options.js";
import { putToNotation } from "./put.js";
import type { Repo } from "./repo/repo.js";
import type { Rules } from "./run.js";
import type { Schema } from "./schema.js";

/** A step in a rules document: its name, then its arguments. */
export type Step = readonly [name: string, ...args: unknown[]];

/** What a recording gave: the steps, and the validators they name. */
export interface Recording {
  readonly steps: readonly Step[];
  readonly validators: readonly NamedValidator[];
  /** What a repo does before it writes. */
  readonly prepared?: readonly Preparation[];
}

/** Looks at a changeset in the transaction that writes it, and gives the one to write. */
export type Preparation<F = AnyFields> = (changeset: Changeset<F>, repo: Repo) => Changeset<F> | Promise<Changeset<F>>;

/** A validator with the name that steps call it by, and whether the user gave it. */
export interface NamedValidator {
  readonly name: string;
  readonly portable: boolean;
  readonly function: Validator;
  /** The field that it was first given for. */
  readonly field?: string | undefined;
}

type Textual = "string" | "uuid" | "binary_id" | "enum" | "any";
type Countable = "string" | "binary" | "array" | "map" | "any";
type Numeric = "integer" | "float" | "decimal" | "id" | "any";
type ElementOf<T> = T extends readonly (infer E)[] ? E : never;
/** The rules of children: made before, or recorded in place. */
export type ChildRules<C> = Rules<C> | RulesCallback<C>;
/** Records rules in place. */
export type RulesCallback<F, C = unknown> = (c: Recorder<F>) => C;
/** What recorded rules require, if the callback gives the recorder back. */
export type RequiredIn<C> = C extends Recorder<AnyFields, infer R> ? R : unknown;

/** What a recorder must know of a schema. */
export type Recorded = Pick<Schema, "name" | "description">;

/**
 * Records what `rules` calls. Steps added to a changeset call validators by number, of which `from` are taken; steps of
 * a document by name.
 */
export function record<F>(schema: Recorded, rules: (c: Recorder<F>) => unknown, from?: number): Recording {
  const recorder = new Recorder<F>(schema, [], from);
  rules(recorder);
  return Recorder.recording(recorder);
}

/**
 * Records rules: every method is the changeset function of that name, and adds a step.
 *
 * @example
 * User.changeset((c) => c.cast("name", "bio").validateRequired("name").validateLength("bio", { min: 2, max: 140 }));
 */
export class Recorder<F, R = unknown> {
  declare readonly "~required": R;
  readonly #schema: Recorded;
  readonly #steps: Step[] = [];
  readonly #validators: NamedValidator[];
  readonly #from: number | undefined;
  readonly #prepared: Preparation[] = [];

  constructor(schema: Recorded, validators: NamedValidator[], from: number | undefined) {
    this.#schema = schema;
    this.#validators = validators;
    this.#from = from;
  }

  static recording<F>(recorder: Recorder<F>): Recording {
    return { steps: recorder.#steps, validators: recorder.#validators, prepared: recorder.#prepared };
  }

  /** Takes these fields of the params, casts them to their types, and keeps what differs from the data. */
  cast(...fields: ValueName<F>[]): this;
  cast(...fieldsAndOptions: [...fields: ValueName<F>[], options: CastOptions<F>]): this;
  cast(fields: readonly ValueName<F>[], options?: CastOptions<F>): this;
  cast(...args: unknown[]): this {
    const [fields, options] = namesAndOptions<CastOptions<F>>(args);
    return this.#rule("cast", [fields], castOptions(options));
  }

  /** `cast` with params of its own. */
  castParams(params: object, fields: readonly ValueName<F>[], options?: CastOptions<F>): this {
    return this.#rule("cast_params", [toNotation(params, undefined), fields], castOptions(options));
  }

  /** Puts changes, in the order of the keys. */
  change(changes: { readonly [K in keyof F]?: PutOf<F, K> } = {}): this {
    return this.#step("change", Object.entries(changes).map(([field, value]) => [field, this.#put(field, value)]));
  }

  /** Puts a change, unless it equals the data. */
  putChange<K extends keyof F & string>(field: K, value: PutOf<F, K>): this {
    return this.#step("put_change", field, this.#put(field, value));
  }

  /** Puts a change, even if it equals the data. */
  forceChange<K extends keyof F & string>(field: K, value: PutOf<F, K>): this {
    return this.#step("force_change", field, this.#put(field, value));
  }

  /** Takes a change back. */
  deleteChange(field: keyof F & string): this {
    return this.#step("delete_change", field);
  }

  /** Changes a change, if there is one. */
  updateChange(field: ValueName<F>, update: Update): this {
    return this.#step("update_change", field, update);
  }

  /** Merges the changeset that other rules make of the same record and params. */
  merge(rules: RulesCallback<F>): this;
  merge(rules: Rules<F>): this;
  merge(rules: ChildRules<F>): this {
    return this.#step("merge", this.#nested(this.#schema, rules));
  }

  /** Sets the action. */
  setAction(action: string | null): this {
    return this.#step("set_action", action);
  }

  /** Sets the action, if a field is changed to the value: `c.setActionIf("delete", true, "delete")`. */
  setActionIf<K extends ValueName<F>>(field: K, value: Present<F, K & keyof F> | null, action: string): this {
    return this.#step("set_action_if", field, this.#literal(field, value), action);
  }

  /** In rules of children: puts the child's position among its siblings. */
  putIndex(field: NameOfKind<F, "integer">): this {
    return this.#step("put_index", field);
  }

  /** Adds an error. */
  addError(field: (keyof F & string) | (string & {}), message: string, metadata?: { readonly [key: string]: unknown }): this {
    return this.#rule("add_error", [field, message], metadata && (toNotation(metadata, undefined) as object));
  }

  /** These fields must have a value that is not empty. */
  validateRequired<K extends keyof F & string>(...fields: K[]): Recorder<F, R & Requiring<K>>;
  validateRequired<K extends keyof F & string>(
    ...fieldsAndOptions: [...fields: K[], options: MessageOption]
  ): Recorder<F, R & Requiring<K>>;
  validateRequired<K extends keyof F & string>(fields: readonly K[], options?: MessageOption): Recorder<F, R & Requiring<K>>;
  validateRequired(...args: unknown[]): unknown {
    const [fields, options] = namesAndOptions<MessageOption>(args);
    return this.#rule("validate_required", [fields], options);
  }

  /** Bounds of a length: graphemes of text, bytes of a binary, elements of a list or map. */
  validateLength(field: NameOfKind<F, Countable> | RelationName<F>, options: LengthOptions): this {
    return this.#rule("validate_length", [field], options);
  }

  /** Text must match a pattern. It means the same in browsers and on servers; look-around and back-references are refused. */
  validateFormat(field: NameOfKind<F, Textual>, pattern: RegExp | string, options?: MessageOption): this {
    return this.#rule("validate_format", [field, toPattern(pattern)], options);
  }

  /** Bounds of a number. The first that fails is reported. */
  validateNumber<K extends NameOfKind<F, Numeric>>(field: K, options: NumberOptions): this {
    const type = this.#type(field);
    const pairs = Object.entries(options)
      .filter(([, value]) => value !== undefined)
      .map(([option, value]) =>
        option === "message" ? [option, value] : [snakeCase(option), toNotation(value, numberType(value, type))],
      );
    return this.#step("validate_number", field, pairs);
  }

  /** One of these values. */
  validateInclusion<K extends ValueName<F>>(field: K, list: readonly Present<F, K & keyof F>[] | Range, options?: MessageOption): this {
    return this.#rule("validate_inclusion", [field, this.#list(field, list)], options);
  }

  /** None of these values. */
  validateExclusion<K extends ValueName<F>>(field: K, list: readonly Present<F, K & keyof F>[] | Range, options?: MessageOption): this {
    return this.#rule("validate_exclusion", [field, this.#list(field, list)], options);
  }

  /** A list with none but these values. */
  validateSubset<K extends NameOfKind<F, "array">>(field: K, list: readonly ElementOf<Present<F, K & keyof F>>[] | Range, options?: MessageOption): this {
    const type = this.#type(field);
    const element = typeof type === "object" && "array" in type ? type.array : type;
    const written = "range" in list ? { $range: list.range } : list.map((item) => toNotation(item, element));
    return this.#rule("validate_subset", [field, written], options);
  }

  /** The param must be ticked: terms of service. */
  validateAcceptance(field: (keyof F & string) | (string & {}), options?: MessageOption): this {
    return this.#rule("validate_acceptance", [field], options);
  }

  /** The param `<field>_confirmation` must say the same. */
  validateConfirmation(field: ValueName<F>, options?: MessageOption & { readonly required?: boolean }): this {
    return this.#rule("validate_confirmation", [field], options);
  }

  /**
   * A rule of your own. Named, it is portable: a document holds the name, and whoever loads the document registers a
   * function under it. Nameless, it works here alone.
   *
   * @example
   * c.validateChange("sku", "known_sku", (field, sku) => (skus.has(sku) ? null : "is unknown"))
   */
  validateChange<K extends keyof F & string>(field: K, name: string, validate: ValidateFunction<Present<F, K>>): this;
  validateChange<K extends keyof F & string>(field: K, validate: ValidateFunction<Present<F, K>>): this;
  validateChange(field: string, ...rest: unknown[]): this {
    const [name, validate] = rest.length === 1 ? [undefined, rest[0]] : rest;
    if (typeof validate !== "function") {
      throw new EctomorphError(`validateChange on \`${field}\` needs a function`, { schema: this.#schema.name, field });
    }
    const validator = validatorOf(validate as ValidateFunction<unknown>);
    return this.#step("validate_change", field, this.#register(field, name as string | undefined, validator));
  }

  /**
   * A condition over fields that must not be false; the error is on `field`.
   *
   * @example
   * c.validate("ends_on", (o) => o.ends_on.gte(o.starts_on), { message: "must not be before the start" })
   */
  validate(field: keyof F & string, condition: (o: Conditions<F>) => Expr<boolean>, options?: MessageOption): this {
    return this.#rule("validate", [field, this.#condition(condition)], options);
  }

  /** Rules that hold only if a condition is true. */
  when(condition: (o: Conditions<F>) => Expr<boolean>, rules: (c: Recorder<F>) => unknown): this {
    return this.#step("when", this.#condition(condition), this.#nested(this.#schema, rules));
  }

  /** A violation of this unique index becomes an error of the (first) field. */
  uniqueConstraint(field: (keyof F & string) | readonly (keyof F & string)[], options?: ConstraintOptions<F>): this {
    return this.#constraint("unique_constraint", field, options);
  }

  /** A violation of this foreign key becomes an error of the field. */
  foreignKeyConstraint(field: keyof F & string, options?: ConstraintOptions<F>): this {
    return this.#constraint("foreign_key_constraint", field, options);
  }

  /** A violation of this check becomes an error of the field. */
  checkConstraint(field: keyof F & string, options: ConstraintOptions<F> & { readonly name: string | RegExp }): this {
    return this.#constraint("check_constraint", field, options);
  }

  /** A violation of this exclusion constraint becomes an error of the field. */
  exclusionConstraint(field: keyof F & string, options?: ConstraintOptions<F>): this {
    return this.#constraint("exclusion_constraint", field, options);
  }

  /** The row that a `belongsTo` refers to must exist. */
  assocConstraint(field: OwnAssocName<F>, options?: ConstraintOptions<F>): this {
    return this.#constraint("assoc_constraint", field, options);
  }

  /** No row may refer to this one when it is deleted. */
  noAssocConstraint(field: OwnAssocName<F>, options?: ConstraintOptions<F>): this {
    return this.#constraint("no_assoc_constraint", field, options);
  }

  /** An update holds only if the row still has the value of this field, which it counts on. */
  optimisticLock(field: ValueName<F>): this {
    return this.#step("optimistic_lock", field);
  }

  /**
   * Has a repo call a function before it writes the changeset, in the same transaction; the first that was recorded comes first.
   *
   * @example
   * Comment.changeset((c) => c.cast("body", "post_id").prepareChanges(async (changeset, repo) => {
   *   await repo.updateAll(from(Post).where({ id: getField(changeset, "post_id") }), { inc: { comment_count: 1 } });
   *   return changeset;
   * }));
   */
  prepareChanges(prepare: Preparation<F>): this {
    this.#prepared.push(prepare);
    return this;
  }

  /** Casts the children of an embed, each by its own rules, from the params that `cast` took in: `c.cast()` if no field is cast. */
  castEmbed<K extends EmbedName<F>, C = unknown, IsRequired extends boolean = false>(
    field: K,
    options?: CastRelationOptions<RulesCallback<ChildFields<F, K & keyof F>, C>, IsRequired>,
  ): Recorder<F, R & OfChildren<K, Kept<ChildFields<F, K & keyof F>, RequiredIn<C>>, IsRequired>>;
  castEmbed<K extends EmbedName<F>, V = RecordOf<ChildFields<F, K & keyof F>>, IsRequired extends boolean = false>(
    field: K,
    options: CastRelationOptions<Rules<ChildFields<F, K & keyof F>, V>, IsRequired>,
  ): Recorder<F, R & OfChildren<K, V, IsRequired>>;
  castEmbed(field: string, options?: CastRelationOptions<unknown>): unknown {
    return this.#castRelation("cast_embed", field, options);
  }

  /** Casts the children of an association, each by its own rules, from the params that `cast` took in: `c.cast()` if no field is cast. */
  castAssoc<K extends OwnAssocName<F>, C = unknown, IsRequired extends boolean = false>(
    field: K,
    options?: CastRelationOptions<RulesCallback<ChildFields<F, K & keyof F>, C>, IsRequired>,
  ): Recorder<F, R & OfChildren<K, Kept<ChildFields<F, K & keyof F>, RequiredIn<C>>, IsRequired>>;
  castAssoc<K extends OwnAssocName<F>, V = RecordOf<ChildFields<F, K & keyof F>>, IsRequired extends boolean = false>(
    field: K,
    options: CastRelationOptions<Rules<ChildFields<F, K & keyof F>, V>, IsRequired>,
  ): Recorder<F, R & OfChildren<K, V, IsRequired>>;
  castAssoc(field: string, options?: CastRelationOptions<unknown>): unknown {
    return this.#castRelation("cast_assoc", field, options);
  }

  /** Puts the children of an embed: records, attributes or changesets. */
  putEmbed<K extends EmbedName<F>>(field: K, value: PutOf<F, K & keyof F>): this {
    return this.#step("put_embed", field, this.#put(field, value));
  }

  /** Puts the children of an association: records, attributes or changesets. */
  putAssoc<K extends OwnAssocName<F>>(field: K, value: PutOf<F, K & keyof F>): this {
    return this.#step("put_assoc", field, this.#put(field, value));
  }

  #step(name: string, ...args: unknown[]): this {
    this.#steps.push([name, ...args]);
    return this;
  }

  /** A step with options, which are left out if they say nothing. */
  #rule(name: string, args: unknown[], options: object | undefined): this {
    const given = Object.entries(options ?? {}).filter(([, option]) => option !== undefined);
    return given.length === 0 ? this.#step(name, ...args) : this.#step(name, ...args, Object.fromEntries(given));
  }

  #constraint(step: string, field: string | readonly string[], options: ConstraintOptions<F> | undefined): this {
    const { name, message, match, errorKey } = options ?? {};
    const pattern = name instanceof RegExp ? toPattern(name) : name;
    return this.#rule(step, [field], { name: pattern, message, match, error_key: errorKey });
  }

  #castRelation(step: string, field: string, options: CastRelationOptions<unknown> = {}): this {
    const { with: rules, ...rest } = options;
    const written: Record<string, unknown> = Object.fromEntries(Object.entries(rest).map(([key, value]) => [snakeCase(key), value]));
    if (rules !== undefined) written["with"] = this.#nested(this.#childSchema(field), rules as ChildRules<unknown>);
    return this.#rule(step, [field], written);
  }

  /** The steps of rules inside these rules; their validators become ours. */
  #nested<C>(schema: Recorded, rules: ChildRules<C>): readonly Step[] {
    if ("~core" in rules) {
      const { steps, validators, prepared = [] } = rules["~core"].recording;
      refusePrepared(prepared, schema.name);
      const names = new Map(validators.map((validator) => [validator.name, this.#adopt(validator)]));
      return rename(steps, names);
    }
    const recorder = new Recorder<C>(schema, this.#validators, this.#from);
    rules(recorder);
    refusePrepared(recorder.#prepared, schema.name);
    return recorder.#steps;
  }

  #childSchema(field: string): Recorded {
    const described = fieldOf(this.#schema.description, field)?.schema;
    if (described === undefined) {
      throw new EctomorphError(`\`${field}\` is no relation of \`${this.#schema.name}\``, { schema: this.#schema.name, field });
    }
    return { name: described.name, description: described };
  }

  #adopt({ field, name, portable, function: validate }: NamedValidator): string {
    return this.#register(field, portable ? name : undefined, validate);
  }

  #register(field: string | undefined, name: string | undefined, validate: Validator): string {
    const known = this.#validators.find((validator) => name !== undefined && validator.name === name);
    if (known !== undefined && this.#from === undefined) {
      if (known.function === validate) return known.name;
      throw new EctomorphError(`two validators are named \`${name}\`; give each its own name`, { schema: this.#schema.name });
    }
    const number = `#${(this.#from ?? 0) + this.#validators.length}`;
    this.#validators.push({ name: name ?? number, portable: name !== undefined, function: validate, field });
    return this.#from === undefined ? (name ?? number) : number;
  }

  #condition(condition: (o: Conditions<F>) => Expr<boolean>): unknown {
    return Expr.document(condition(conditions<F>(this.#schema.description)));
  }

  #type(field: string) {
    return fieldOf(this.#schema.description, field)?.type;
  }

  #literal(field: string, value: unknown): unknown {
    return toNotation(value, this.#type(field));
  }

  #list(field: string, list: readonly unknown[] | Range): unknown {
    return "range" in list ? { $range: list.range } : list.map((item) => this.#literal(field, item));
  }

  #put(field: string, value: unknown): unknown {
    return putToNotation(value, fieldOf(this.#schema.description, field), {});
  }
}

const validators = /* @__PURE__ */ new WeakMap<ValidateFunction<unknown>, Validator>();

/** A validator as the engine calls it; the same for the same function. */
export function validatorOf(validate: ValidateFunction<unknown>): Validator {
  let validator = validators.get(validate);
  if (validator === undefined) {
    validator = (field, value) => findings(field, validate(field, value));
    validators.set(validate, validator);
  }
  return validator;
}

/** What a validator answered, as the engine takes it. */
function findings(field: string, found: Findings): [string, string, unknown?][] {
  if (found === null || found === undefined || found === false) return [];
  const list = Array.isArray(found) ? found : [found];
  return list.map((entry: unknown) => {
    if (typeof entry === "string") return [field, entry];
    const { field: at = field, message, metadata } = entry as { field?: string; message?: unknown; metadata?: unknown };
    if (typeof message !== "string") {
      throw new EctomorphError(`a validator of \`${field}\` must answer with messages`, { field });
    }
    return metadata === undefined ? [at, message] : [at, message, metadata];
  });
}

/** `(a, b, options)`, `(a, b)` and `([a, b], options)`. */
function namesAndOptions<O>(args: unknown[]): [string[], O | undefined] {
  if (Array.isArray(args[0])) return [[...(args[0] as string[])], args[1] as O | undefined];
  const last = args.at(-1);
  if (typeof last === "object" && last !== null) return [args.slice(0, -1) as string[], last as O];
  return [args as string[], undefined];
}

function castOptions<F>(options: CastOptions<F> | undefined): object {
  if (options === undefined) return {};
  const { emptyValues, trimValues, forceChanges, message, messageByType } = options;
  return {
    empty_values: emptyValues && toNotation(emptyValues, undefined),
    trim_values: trimValues,
    force_changes: forceChanges,
    message,
    message_by_type: messageByType,
  };
}

/** Bounds that are text are decimals; numbers are what they look like. */
function numberType(value: unknown, type: unknown): "decimal" | "float" | undefined {
  if (typeof value === "string") return "decimal";
  return type === "float" && typeof value === "number" && !Number.isSafeInteger(value) ? "float" : undefined;
}

/** Steps that call their validators by other names. */
export function rename(steps: unknown, names: ReadonlyMap<string, string>): readonly Step[] {
  const walk = (value: unknown): unknown => {
    if (!Array.isArray(value)) {
      if (typeof value !== "object" || value === null || !("with" in value)) return value;
      return { ...value, with: walk(value.with) };
    }
    if (value[0] === "validate_change" && typeof value[2] === "string") {
      return [value[0], value[1], names.get(value[2]) ?? value[2], ...value.slice(3)];
    }
    return value.map(walk);
  };
  return walk(steps) as readonly Step[];
}

export const snakeCase = (word: string): string => word.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Only the rules of a whole changeset may say what a repo is to do beforehand. */
export function refusePrepared(prepared: readonly Preparation[], schema: string): void {
  if (prepared.length > 0) throw new EctomorphError("prepareChanges is for the rules of a whole changeset: schema.changeset((c) => ..)", { schema });
}
