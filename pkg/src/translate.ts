import { automatonOf } from "./automaton.js";
import type { Core } from "./core.js";
import { blank, type Description, type FieldDescription } from "./describe.js";
import { floatText } from "./float-text.js";
import type { CustomRule, Level, Tables } from "./level.js";
import { texts } from "./messages.js";
import { fieldOf, fromNotation, isObject } from "./notation.js";
import { Look, LOOK, lookAt, MAX_LOOK } from "./look.js";
import { Answers } from "./recall.js";
import type { FieldError } from "./result.js";
import { describeSchema } from "./described.js";
import type { SchemaDocument } from "./schema.js";
import type { TypeNotation } from "./types.js";
import { setOwn, Tagged } from "./values.js";
import { Packer, TAG } from "./pack.js";

// From rules documents to plans: every name becomes a number, and every error that can come up is made here, once.
// What is not certain to be what the whole engine would do with it is left to that engine, which says what is wrong.

const PLAIN = "any id binary_id integer float boolean string binary map decimal date time time_usec naive_datetime naive_datetime_usec utc_datetime utc_datetime_usec uuid".split(" ");
const NUMBER_KINDS = "less_than greater_than less_than_or_equal_to greater_than_or_equal_to equal_to not_equal_to".split(" ");
const NUMBER_WORDS = ["less than", "greater than", "less than or equal to", "greater than or equal to", "equal to", "not equal to"];
const COUNTS = ["graphemes", "codepoints", "bytes"];
const TRIMS = ["leading", "none", "both"];
const LENGTHS = ["is", "min", "max"];
const LENGTH_WORDS = ["", "at least ", "at most "];
const TAGS: { readonly [key: string]: number } = { $decimal: TAG.decimal, $date: TAG.date };
const USEC_TAGS: { readonly [key: string]: number } = {
  $time_usec: TAG.time,
  $naive_datetime_usec: TAG.naiveDatetime,
  $utc_datetime_usec: TAG.utcDatetime,
};
/** No slot of an error. */
const NO_SLOT = 0xffff;
const MAX_DEPTH = 8;
/** The version of plans that `src/fast/plan.rs` reads. */
const VERSION = 1;

/** Thrown where only the whole engine can tell. */
const UNCERTAIN = {};

/** A plan in the form that the small engine reads, and what stays here. */
export interface Translated {
  readonly packed: Uint8Array;
  readonly tables: Tables;
  readonly schema: Description;
}

type Options = { readonly [key: string]: unknown };
/** Metadata of an error: each value as it is shown, and its text in messages, where that is another. */
type Metadata = { [key: string]: unknown };

/** Makes a plan of a document. */
export class Translator {
  readonly errors: FieldError[] = [];
  readonly errorSlots: number[] = [];
  readonly mistakes: string[] = [];
  readonly rules: CustomRule[] = [];
  readonly validators: readonly string[];
  /** The steps of schemas that casts came by. */
  readonly translated = new Set<unknown>();
  readonly #known = new Map<string, number>();

  private constructor(validators: readonly string[]) {
    this.validators = validators;
  }

  /** The plan of rules; undefined where only the whole engine can tell. */
  static translate(core: Core): Translated | undefined {
    const { schema: document, steps } = core.document;
    const schema = describeSchema(document);
    if (schema === undefined) return undefined;
    const translator = new Translator(core.recording.validators.map((validator) => validator.name));
    try {
      const { level, packed } = new LevelTranslator(translator, document, schema, undefined, schema.name).translate(steps);
      translator.#understand(document, schema);
      const { errors, errorSlots, mistakes, rules } = translator;
      const { bytes } = new Packer().value([VERSION, packed, errorSlots]).keep();
      return { packed: bytes, tables: { root: level, errors, mistakes, rules }, schema };
    } catch (error) {
      if (error !== UNCERTAIN) throw error;
      return undefined;
    }
  }

  /** Sees to it that the steps of schemas are understood that no cast came by. */
  #understand(document: SchemaDocument, schema: Description): void {
    const steps = document["changeset"];
    if (steps !== undefined && !this.translated.has(steps)) {
      const relation = { defaults: {}, indexed: true, depth: 1 };
      new LevelTranslator(new Translator(this.validators), document, schema, relation, "").translate(steps);
    }
    for (const { name, relation, schema: related } of schema.fields) {
      const inside = related && schemaOf(document, relation as string, name);
      // What a name stands for is understood where it is written.
      if (typeof inside === "object") this.#understand(inside, related as Description);
    }
  }

  /** The number of an error; equal errors have the same. */
  error(field: string, message: string, metadata: Metadata, slot: number, level: number): number {
    const key = JSON.stringify([level, slot, field, message, Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1))], (_, value: unknown) =>
      typeof value === "bigint" ? { $integer: String(value) } : value,
    );
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const number = this.errors.push(Object.freeze({ field, message, metadata: finished(metadata) })) - 1;
    this.errorSlots.push(slot);
    this.#known.set(key, number);
    return number;
  }

  mistake(text: string): number {
    return this.mistakes.push(text) - 1;
  }
}

/** A value that rules hold: as it is shown, as it is packed, and its text in messages where that is another. */
class Literal {
  constructor(
    readonly shown: unknown,
    readonly packed: unknown,
    readonly text: string | undefined,
  ) {}
}

/** Metadata with the values of literals, whose texts are noted. */
function finished(metadata: Metadata): FieldError["metadata"] {
  const made = {};
  let written: Record<string, string> | undefined;
  for (const [key, value] of Object.entries(metadata)) {
    if (!(value instanceof Literal)) {
      setOwn(made, key, value);
      continue;
    }
    setOwn(made, key, value.shown);
    if (value.text !== undefined) (written ??= Object.create(null) as Record<string, string>)[key] = value.text;
  }
  if (written !== undefined) texts.set(made, written);
  return Object.freeze(made);
}

let levels = 0;

class LevelTranslator {
  readonly #translator: Translator;
  readonly #document: SchemaDocument;
  readonly #schema: Description;
  /** The relation that leads here. */
  readonly #relation: Relation | undefined;
  readonly #place: string;
  readonly #number = levels++;
  readonly #slots: FieldDescription[] = [];
  readonly #slotNumbers = new Map<string, number>();
  /** Params that are no slot's, by name. */
  readonly #extra: string[] = [];
  readonly #childLevels = new Map<string, { level: Level; packed: unknown }>();
  readonly #cast = new Set<string>();
  /** Params that are read as values. */
  readonly #asValue = new Set<string>();
  readonly #ops: unknown[] = [];
  /** How params are looked at; null where that can't tell what rules see. */
  readonly #looks = new Map<number, Look | null>();
  /** Whether answers depend on facts of params alone. */
  #isFactual = true;
  #action: string | null = null;
  #hasCustom = false;

  constructor(translator: Translator, document: SchemaDocument, schema: Description, relation: Relation | undefined, place: string) {
    this.#translator = translator;
    this.#document = document;
    this.#schema = schema;
    this.#relation = relation;
    this.#place = place;
  }

  translate(steps: unknown): { level: Level; packed: unknown } {
    const list = listOf(steps).map(stepOf);
    // Slots are in the order of casts, which is mostly that of the changes.
    for (const [name, fields] of list) {
      if (name === "cast") for (const field of namesOf(fields)) this.#slot(field);
      else if (name === "cast_embed" || name === "cast_assoc") this.#slot(textOf(fields));
    }
    // Every field that is touched has its slot before params that are no field's get their numbers.
    for (const [name, field] of list) {
      if (/^validate_(?!acceptance|confirmation)|^(put|force)_change$/.test(name)) {
        for (const each of namesOf(field)) this.#slot(each);
      }
    }
    const keys = this.#keys();
    for (const key of keys) if (this.#slotNumbers.has(key)) this.#cast.add(key);
    list.forEach((step, index) => this.#step(step, index));
    for (const name of this.#childLevels.keys()) expect(!this.#asValue.has(name));
    const cast = new Set([...this.#cast, ...this.#childLevels.keys()]);
    const params = [...this.#slots.map(({ name }) => (cast.has(name) || this.#asValue.has(name) ? name : undefined)), ...this.#extra];
    expect(!params.includes("$invalid"));
    const children = params.map((name) => (name === undefined ? undefined : this.#childLevels.get(name)));
    const record = this.#relation?.defaults ?? {};
    const looks = params.map((_, param) => this.#finished(param, record));
    const fresh = this.#fresh(children.map((child) => child?.level), shownOf(record));
    const level: Level = {
      looks,
      answers: this.#isFactual && params.length > 0 ? new Answers() : undefined,
      nothing: params.map(() => undefined),
      keys: [],
      places: [],
      lacking: params.map((_, param) => param),
      params,
      children: children.map((child) => child?.level),
      many: params.map((name) => name !== undefined && fieldOf(this.#schema, name)?.cardinality === "many"),
      counted: new Set([...params.filter((name) => name !== undefined), ...(this.#relation ? keys : [])]).size,
      slots: this.#slots,
      names: this.#slots.map(({ name }) => name),
      related: this.#slots.flatMap(({ relation }, slot) => (relation === undefined ? [] : [slot])),
      fresh,
      kept: fresh?.(),
      action: this.#relation ? "insert" : this.#action,
      record: shownOf(record),
    };
    const slots = this.#slots.map((field) => {
      if (field.relation !== undefined) return [null, field.cardinality === "many", null];
      const given = this.#default(field);
      const built = Object.hasOwn(record, field.name) ? (record[field.name] as Literal) : given;
      return [typeCode(field.type as TypeNotation), given.packed, built.packed];
    });
    const key = keys.length > 0 && keys.every((name) => this.#slotNumbers.has(name)) ? keys.map((name) => this.#slotNumbers.get(name)) : [];
    return { level, packed: [children.map((child) => child?.packed ?? null), slots, key, this.#ops] };
  }

  /** What makes a new record, where that is all that changes go into. */
  #fresh(children: readonly (Level | undefined)[], given: object): (() => Record<string, unknown>) | undefined {
    const { fields, schemaless } = this.#schema;
    const isPlain = schemaless !== true && fields.every(({ name, default: held }) => name !== "__proto__" && (held === null || typeof held !== "object"));
    const isWhole = this.#slots.every(({ relation }, slot) => relation !== "belongs_to" && (relation === undefined || children[slot]?.fresh !== undefined));
    if (!isPlain || !isWhole || fields.some(({ relation }) => relation === "through")) return undefined;
    if (Object.values(given).some((value) => typeof value === "object" && value !== null)) return undefined;
    const made = { ...blank(this.#schema), ...given };
    const lists = fields.filter(({ relation }) => relation === "embeds_many").map(({ name }) => name);
    if (lists.length === 0) return () => ({ ...made });
    return () => {
      const record: Record<string, unknown> = { ...made };
      for (const list of lists) record[list] = [];
      return record;
    };
  }

  /** The fields of the primary key. One that is never cast must be null in a new record. */
  #keys(): readonly string[] {
    const keys = this.#schema.fields.filter((field) => field.primary_key === true);
    if (this.#relation !== undefined) {
      for (const field of keys) {
        expect(field.default == null && !Object.hasOwn(this.#relation.defaults, field.name));
      }
    }
    return keys.map((field) => field.name);
  }

  #step([name, ...args]: readonly [string, ...unknown[]], index: number): void {
    switch (name) {
      case "cast":
        return this.#castStep(args, index);
      case "validate_required": {
        const { message } = optionsOf(args, 2, ["message"]);
        const fields = namesOf(args[0]).map((field) => {
          const slot = this.#slot(field);
          return [slot, this.#error(field, message, "can't be blank", { validation: "required" })];
        });
        return this.#op(1, fields);
      }
      case "validate_length":
        return this.#length(args);
      case "validate_number":
        return this.#numberRule(args);
      case "validate_format":
        return this.#format(args);
      case "validate_inclusion":
        return this.#member(args, 0, "is invalid", "inclusion");
      case "validate_exclusion":
        return this.#member(args, 1, "is reserved", "exclusion");
      case "validate_subset":
        return this.#member(args, 2, "has an invalid entry", "subset");
      case "validate_acceptance": {
        const field = textOf(args[0]);
        const { message } = optionsOf(args, 2, ["message"]);
        const error = this.#error(field, message, "must be accepted", { validation: "acceptance" });
        const param = this.#param(field);
        if (param >= this.#slots.length && !this.#looks.has(param)) this.#looks.set(param, new Look(LOOK.boolean, undefined));
        this.#look(param, (look) => look.kind === LOOK.boolean && (look.accepted = true));
        return this.#op(6, param, error);
      }
      case "validate_confirmation": {
        const field = textOf(args[0]);
        const { message, required } = optionsOf(args, 2, ["message", "required"]);
        const confirming = `${field}_confirmation`;
        const mismatch = this.#error(confirming, message, "does not match confirmation", { validation: "confirmation" });
        const missing = flagOf(required) ? this.#error(confirming, message, "can't be blank", { validation: "required" }) : null;
        const [param, other] = [this.#param(field), this.#param(confirming)];
        this.#looks.set(other, other < this.#slots.length || this.#looks.has(other) ? null : new Look(LOOK.confirmation, undefined, param));
        return this.#op(7, param, other, mismatch, missing);
      }
      case "validate_change":
        return this.#change(args);
      case "add_error": {
        expect(args.length <= 3);
        const metadata = literalsOf(args[2] ?? {});
        return this.#op(10, this.#found(textOf(args[0]), textOf(args[1]), metadata));
      }
      case "put_change":
      case "force_change": {
        expect(args.length === 2);
        const slot = this.#value(textOf(args[0]));
        this.#looks.set(slot, null);
        return this.#op(11, slot, this.#fitting(slot, args[1]), name === "force_change");
      }
      case "change": {
        expect(args.length <= 1);
        for (const pair of listOf(args[0] ?? [])) {
          const [field, value, ...more] = listOf(pair);
          expect(more.length === 0 && listOf(pair).length === 2);
          const slot = this.#value(textOf(field));
          this.#looks.set(slot, null);
          this.#op(11, slot, this.#fitting(slot, value), false);
        }
        return undefined;
      }
      case "put_index": {
        expect(args.length === 1 && this.#relation?.indexed === true);
        const slot = this.#value(textOf(args[0]));
        this.#isFactual = false;
        return this.#op(12, slot);
      }
      case "delete_change": {
        expect(args.length === 1);
        const field = textOf(args[0]);
        if (fieldOf(this.#schema, field) !== undefined) this.#op(13, this.#slot(field));
        return undefined;
      }
      case "set_action": {
        expect(args.length === 1);
        const [action] = args;
        expect(action === null || typeof action === "string");
        // A child with another action might not be a new one.
        expect(this.#relation === undefined || action === null || action === "insert");
        this.#action = action as string | null;
        return undefined;
      }
      case "cast_embed":
      case "cast_assoc":
        return this.#castRelation(name === "cast_embed", args);
      default:
        return this.#constraint(name, args);
    }
  }

  #castStep(args: readonly unknown[], index: number): void {
    const options = optionsOf(args, 2, ["empty_values", "trim_values", "force_changes", "message", "message_by_type"]);
    const messages = objectOf(options["message"] ?? {});
    const byType = objectOf(options["message_by_type"] ?? {});
    // Errors of validators can't be compared with those of a cast.
    expect(!this.#hasCustom);
    const fields = namesOf(args[0]).map((name) => {
      const slot = this.#value(name);
      this.#cast.add(name);
      const { type } = this.#slots[slot] as FieldDescription & { type: TypeNotation };
      const own = Object.hasOwn(messages, name) ? messages[name] : typeof type === "string" && Object.hasOwn(byType, type) ? byType[type] : undefined;
      const message = typeof own === "string" ? own : "is invalid";
      const error = this.#found(name, message, { validation: "cast", type });
      const names = membersOf(type);
      this.#lookAtCast(slot, type, options["empty_values"] === undefined);
      const inner = names === undefined ? error : this.#found(name, message, { validation: "inclusion", enum: names, type });
      return [slot, slot, error, inner];
    });
    const empty = options["empty_values"] === undefined ? null : listOf(options["empty_values"]).map((value) => literal(value).packed);
    const trim = options["trim_values"] == null ? 0 : oneOf(TRIMS, options["trim_values"]);
    this.#op(0, fields, empty, trim, flagOf(options["force_changes"]), index === 0);
  }

  #length(args: readonly unknown[]): void {
    const name = textOf(args[0]);
    const slot = this.#slot(name);
    const options = optionsOf(args, 2, ["is", "min", "max", "count", "message"]);
    const count = options["count"] == null ? 0 : oneOf(COUNTS, options["count"]);
    const { type, relation } = this.#slots[slot] as FieldDescription;
    const kind =
      relation !== undefined || (isObject(type) && "array" in type) ? "list"
      : isObject(type) && "map" in type ? "map"
      : /^(string|binary|binary_id|uuid)$/.test(String(type)) ? (count === 2 ? "binary" : "string")
      : uncertain();
    const unit = kind === "string" ? "character(s)" : kind === "binary" ? "byte(s)" : "item(s)";
    const verb = kind === "string" || kind === "binary" ? "be" : "have";
    const bounds = LENGTHS.flatMap((key, at) => {
      const bound = options[key];
      if (bound == null) return [];
      expect(Number.isSafeInteger(bound) && (bound as number) >= 0 && (bound as number) <= 0xffff_ffff);
      const message = `should ${verb} ${LENGTH_WORDS[at]}%{count} ${unit}`;
      const metadata = { count: bound, validation: "length", kind: key, type: kind };
      return [[at, bound, this.#error(name, options["message"], message, metadata)]];
    });
    this.#op(2, slot, count, bounds);
    const { is, min, max } = options as { readonly [key: string]: number | null | undefined };
    this.#look(slot, (look) => {
      const given = [is, min, max].filter((bound) => bound != null);
      const can = look.kind === LOOK.text && look.members === undefined && count !== 2 && look.min + look.max + look.is === -3;
      if (!can || (min ?? 0) > MAX_LOOK) return false;
      [look.is, look.min, look.max] = [is ?? -1, min ?? -1, max ?? -1];
      return look.counts(given.length);
    });
  }

  #numberRule(args: readonly unknown[]): void {
    const name = textOf(args[0]);
    const slot = this.#value(name);
    expect(args.length <= 2);
    const { type } = this.#slots[slot] as FieldDescription;
    expect(/^(id|integer|float|decimal)$/.test(String(type)));
    const [, given = []] = args;
    const pairs = Array.isArray(given) ? given.map(listOf) : entriesOf(objectOf(given));
    let message: unknown;
    for (const [key, value] of pairs) if (key === "message") message = value;
    const bounds = pairs.flatMap(([key, value, ...more]) => {
      expect(more.length === 0);
      if (key === "message") {
        messageOf(value);
        return [];
      }
      const kind = oneOf(NUMBER_KINDS, key);
      const bound = literal(value);
      const { packed } = bound;
      expect(typeof packed === "number" || typeof packed === "bigint" || (packed instanceof Tagged && (packed.tag === TAG.decimal || packed.tag === TAG.f64)));
      const number = type === "decimal" ? decimalOf(bound) : bound;
      this.#look(slot, (look) => {
        const { bounds, kind: type } = look;
        const can = typeof packed === "number" && (type === LOOK.integer || type === LOOK.float || (type === LOOK.decimal && Number.isSafeInteger(packed)));
        return can && bounds.push({ kind, bound: packed }) > 0 && look.counts();
      });
      const error = this.#error(name, message, `must be ${NUMBER_WORDS[kind]} %{number}`, { validation: "number", kind: key, number });
      return [[kind, packed, error]];
    });
    this.#op(3, slot, bounds);
  }

  #format(args: readonly unknown[]): void {
    const name = textOf(args[0]);
    const slot = this.#value(name);
    const { type } = this.#slots[slot] as FieldDescription;
    expect(/^(string|uuid|binary_id)$/.test(String(type)));
    const { message } = optionsOf(args, 3, ["message"], 2);
    const [, pattern] = args;
    const { $regex: source, flags = "" } = isObject(pattern) ? pattern : { $regex: pattern };
    if (typeof source !== "string" || typeof flags !== "string") return uncertain();
    const automaton = automatonOf(source, flags) ?? uncertain();
    const error = this.#error(name, message, "has invalid format", { validation: "format" });
    const mistake = `${this.#place}: validate_format on \`${name}\` expects a string, got binary data`;
    const { table, quick } = automaton;
    this.#op(4, slot, table, error, this.#translator.mistake(mistake));
    this.#look(slot, (look) => look.kind === LOOK.text && quick !== undefined && look.patterns.push(quick) > 0 && look.counts());
  }

  #member(args: readonly unknown[], rule: number, message: string, validation: string): void {
    const name = textOf(args[0]);
    const slot = this.#value(name);
    const { type } = this.#slots[slot] as FieldDescription;
    expect(rule < 2 || (isObject(type) && "array" in type));
    const { message: custom } = optionsOf(args, 3, ["message"], 2);
    const [, given] = args;
    let choices: readonly unknown[];
    let shown: unknown;
    let isSorted = false;
    if (isObject(given)) {
      const [first, last, ...more] = listOf(given["$range"]);
      expect(Object.keys(given).length === 1 && more.length === 0 && Number.isSafeInteger(first) && Number.isSafeInteger(last));
      choices = [true, first, last];
      shown = given;
    } else {
      const list = listOf(given).map(literal);
      shown = list.map((each) => each.shown);
      isSorted = rule < 2 && type === "string" && list.every((each) => typeof each.shown === "string" && isInOrder(each.shown));
      const packed = list.map((each) => each.packed);
      choices = [false, isSorted ? (packed as string[]).sort() : packed];
    }
    this.#op(5, slot, rule, ...choices, isSorted, this.#error(name, custom, message, { validation, enum: shown }));
    this.#look(slot, (look) => {
      const fits = look.kind === LOOK.text ? type === "string" && isSorted : look.kind === LOOK.integer && choices[0] === false && (choices[1] as unknown[]).every(Number.isSafeInteger);
      return fits && look.lists.push({ values: new Set(shown as readonly unknown[]), among: rule === 0 }) > 0 && look.counts();
    });
  }

  #change(args: readonly unknown[]): void {
    const field = textOf(args[0]);
    const slot = this.#slot(field);
    const [, what] = args;
    if (typeof what === "string") {
      const validator = this.#translator.validators.indexOf(what);
      expect(validator >= 0 && args.length <= 3 && this.#slots[slot]?.relation === undefined);
      this.#hasCustom = true;
      this.#isFactual = false;
      const rule = this.#translator.rules.push({ validator, field, slots: this.#slotNumbers }) - 1;
      return this.#op(9, slot, rule);
    }
    const options = optionsOf(args, 2, ["errors", "when_equals"]);
    const errors = listOf(options["errors"] ?? []).map((entry) => {
      const [at, message, metadata, ...more] = listOf(entry);
      expect(more.length === 0 && (listOf(entry).length < 3 || isObject(metadata)));
      return this.#found(textOf(at), textOf(message), literalsOf(metadata ?? {}));
    });
    if (options["when_equals"] === undefined) return this.#op(8, slot, errors);
    this.#looks.set(slot, null);
    return this.#op(8, slot, errors, literal(options["when_equals"]).packed);
  }

  #castRelation(embed: boolean, args: readonly unknown[]): void {
    const name = textOf(args[0]);
    const field = fieldOf(this.#schema, name);
    const options = optionsOf(args, 2, [
      "required", "required_message", "invalid_message", "with", "with_arity", "sort_param", "drop_param", "force_update_on_change",
    ]);
    const { relation: kind, schema, cardinality } = field ?? {};
    if (kind === undefined || schema === undefined || kind === "through" || kind === "many_to_many") return uncertain();
    expect(embed === kind.startsWith("embeds") && !this.#childLevels.has(name));
    const many = cardinality === "many";
    const described = objectOf((this.#document[kind] as Options)[name]);
    expect(described["defaults_to_struct"] !== true);
    const indexed = options["with_arity"] === 3;
    const [sort, drop] = [options["sort_param"], options["drop_param"]].map((param) => (param == null ? undefined : textOf(param)));
    expect(many || !(indexed || sort !== undefined || drop !== undefined));
    const document: SchemaDocument = objectOf(described["schema"]);
    const relation: Relation = { defaults: literalsOf(described["defaults"] ?? {}), indexed, depth: (this.#relation?.depth ?? 0) + 1 };
    expect(relation.depth <= MAX_DEPTH);
    const child = new LevelTranslator(this.#translator, document, schema, relation, `${this.#place}: ${name}`);
    if (options["with"] === undefined) this.#translator.translated.add(document["changeset"]);
    const translated = child.translate(options["with"] ?? document["changeset"]);
    this.#childLevels.set(name, translated);
    const slot = this.#slot(name);
    const invalid = this.#error(name, options["invalid_message"], "is invalid", {
      validation: embed ? "embed" : "assoc",
      type: many ? { array: "map" } : "map",
    });
    const required = flagOf(options["required"]) ? this.#error(name, options["required_message"], "can't be blank", { validation: "required" }) : null;
    messageOf(options["required_message"]);
    const taken = many ? child.#keys().filter((key) => child.#slotNumbers.has(key)).map((key) => child.#found(key, "has already been taken", {})) : [];
    // Whether a key comes twice is no fact of any one param.
    if (taken.length > 0) this.#isFactual = false;
    this.#looks.set(slot, this.#looks.has(slot) ? null : new Look(LOOK.children, undefined));
    const loaded = embed;
    const force = options["force_update_on_change"] === undefined || flagOf(options["force_update_on_change"]);
    this.#op(14, slot, slot, many, sort === undefined ? null : this.#param(sort), drop === undefined ? null : this.#param(drop), loaded, required, invalid, taken, force);
  }

  /** A value that is put as it is. One of another type might be what a rule was never meant for. */
  #fitting(slot: number, value: unknown): unknown {
    const { type } = this.#slots[slot] as FieldDescription;
    const { packed } = literal(value);
    const fits =
      packed === null || type === "any" ||
      (/^(string|uuid|binary_id|binary)$/.test(String(type)) && typeof packed === "string") ||
      (/^(id|integer)$/.test(String(type)) && Number.isSafeInteger(packed)) ||
      (type === "boolean" && typeof packed === "boolean") ||
      (type === "float" && packed instanceof Tagged && packed.tag === TAG.f64) ||
      (type === "decimal" && packed instanceof Tagged && packed.tag === TAG.decimal);
    expect(fits);
    return packed;
  }

  /** A param that is cast once, by the usual meaning of empty, is looked at. */
  #lookAtCast(slot: number, type: TypeNotation, usual: boolean): void {
    const isFirst = !this.#looks.has(slot) && usual && this.#ops.length === 0;
    this.#looks.set(slot, (isFirst && lookAt(type)) || null);
  }

  /** What a rule adds to the look at a param, if that can tell whether the rule holds. */
  #look(param: number, add: (look: Look) => boolean): void {
    const look = this.#looks.get(param);
    if (look == null || !add(look)) this.#looks.set(param, null);
  }

  /** The look at a param, with what a new record holds there. */
  #finished(param: number, record: { readonly [field: string]: Literal }): Look | undefined {
    const look = this.#looks.get(param);
    if (look == null) return undefined;
    const field = this.#slots[param];
    if (field === undefined || look.kind === LOOK.children) return look;
    const { shown } = Object.hasOwn(record, field.name) ? (record[field.name] as Literal) : this.#default(field);
    if (shown !== null && (look.kind === LOOK.decimal || typeof shown === "object")) return undefined;
    look.held = shown;
    return look;
  }

  /** A constraint is only declared; what is checked is that it could be. */
  #constraint(step: string, args: readonly unknown[]): void {
    const kind = /^(unique|foreign_key|check|exclusion)_constraint$/.exec(step)?.[1] ?? uncertain();
    const fields = namesOf(args[0]);
    const { name, message, error_key: key, match } = optionsOf(args, 2, ["name", "message", "error_key", "match"]);
    expect(fields.length > 0 && (message == null || typeof message === "string") && (key == null || typeof key === "string"));
    expect(typeof name === "string" || (name === undefined && this.#schema.source !== null && kind !== "check"));
    expect(match == null || /^(exact|suffix|prefix)$/.test(String(match)));
  }

  /** The default of a field, as a literal. */
  #default({ name }: FieldDescription): Literal {
    const defaults = (this.#document["defaults"] ?? {}) as Options;
    return this.#schema.schemaless === true || !Object.hasOwn(defaults, name) ? NULL : literal(defaults[name]);
  }

  #op(...op: unknown[]): void {
    this.#ops.push(op);
  }

  /** The slot of a field that is known. */
  #slot(name: string): number {
    let slot = this.#slotNumbers.get(name);
    if (slot === undefined) {
      const field = fieldOf(this.#schema, name) ?? uncertain();
      expect(this.#extra.length === 0 && field.relation !== "through" && (field.relation === undefined || field.schema !== undefined));
      slot = this.#slots.push(field) - 1;
      this.#slotNumbers.set(name, slot);
    }
    return slot;
  }

  /** The slot of a field that holds a value. */
  #value(name: string): number {
    const slot = this.#slot(name);
    expect(this.#slots[slot]?.relation === undefined);
    return slot;
  }

  /** The number of a param that is read as a value. */
  #param(name: string): number {
    this.#asValue.add(name);
    const slot = this.#slotNumbers.get(name);
    if (slot !== undefined) {
      expect(this.#slots[slot]?.relation === undefined);
      return slot;
    }
    let at = this.#extra.indexOf(name);
    if (at < 0) at = this.#extra.push(name) - 1;
    return this.#slots.length + at;
  }

  /** The error of a rule, whose message the step may replace. */
  #error(field: string, custom: unknown, message: string, metadata: Metadata): number {
    const [text, extra] = messageOf(custom);
    return this.#found(field, text ?? message, { ...metadata, ...extra });
  }

  #found(field: string, message: string, metadata: Metadata): number {
    return this.#translator.error(field, message, metadata, this.#slotNumbers.get(field) ?? NO_SLOT, this.#number);
  }
}

/** The document of the schema that a relation holds. */
function schemaOf(document: SchemaDocument, kind: string, name: string): SchemaDocument {
  return ((document[kind] as Options)[name] as Options)["schema"] as SchemaDocument;
}

interface Relation {
  readonly defaults: { readonly [field: string]: Literal };
  readonly indexed: boolean;
  readonly depth: number;
}

function typeCode(type: TypeNotation): unknown {
  if (typeof type === "string") {
    const code = PLAIN.indexOf(type);
    return code < 0 ? uncertain() : code;
  }
  if ("array" in type) return [18, typeCode(type.array)];
  if ("map" in type) return [19, typeCode(type.map)];
  return [20, ...type.enum.flatMap((member) => (typeof member === "string" ? [member, member] : member))];
}

/** The names of an enum, or of the enum inside of a list or map, in the order of their bytes. */
function membersOf(type: TypeNotation): readonly string[] | undefined {
  if (typeof type === "string") return undefined;
  if ("array" in type) return membersOf(type.array);
  if ("map" in type) return membersOf(type.map);
  const names = type.enum.map((member) => (typeof member === "string" ? member : member[0])).sort();
  expect(names.every(isInOrder));
  return names;
}

/** Whether a text sorts by its UTF-16 as by its bytes: beyond the basic plane it may not. */
function isInOrder(text: string): boolean {
  return !/[\ud800-\udfff]/.test(text);
}

const NULL = /* @__PURE__ */ new Literal(null, null, undefined);

/** A value in the notation of documents. */
function literal(value: unknown): Literal {
  const shown = fromNotation(value);
  if (shown === undefined) return uncertain();
  if (Array.isArray(value)) {
    const list = value.map(literal);
    return new Literal(shown, list.map((each) => each.packed), undefined);
  }
  if (!isObject(value)) {
    const isFloat = typeof value === "number" && !Number.isSafeInteger(value);
    return new Literal(shown, value, isFloat ? floatText(value) : undefined);
  }
  const [key = ""] = Object.keys(value);
  const text = value[key] as string;
  if (key === "$integer") return new Literal(shown, shown, undefined);
  if (key === "$float") return new Literal(shown, new Tagged(TAG.f64, shown as number), floatText(shown as number));
  const tag = TAGS[key] ?? (/\.\d{6}Z?$/.test(text) ? USEC_TAGS[key] : undefined);
  if (tag !== undefined) return new Literal(shown, new Tagged(tag, text), key.startsWith("$n") || key.startsWith("$u") ? text.replace("T", " ") : undefined);
  if (key.startsWith("$") && key !== "$map") return uncertain();
  const map = {};
  for (const [name, each] of Object.entries((key === "$map" ? text : value) as object)) setOwn(map, name, literal(each).packed);
  return new Literal(shown, map, undefined);
}

function literalsOf(map: unknown): { [key: string]: Literal } {
  const literals = {};
  for (const [key, value] of entriesOf(objectOf(map))) setOwn(literals, key, literal(value));
  return literals;
}

function shownOf(literals: { readonly [field: string]: Literal }): { readonly [field: string]: unknown } {
  const shown = {};
  for (const [key, { shown: value }] of Object.entries(literals)) setOwn(shown, key, value);
  return shown;
}

/** A number as the decimal that it is compared as. */
function decimalOf({ shown, packed, text }: Literal): Literal {
  if (packed instanceof Tagged && packed.tag === TAG.decimal) return new Literal(shown, packed, undefined);
  if (text === undefined) return new Literal(String(shown), packed, undefined);
  // With an exponent it would not be written so.
  return text.includes("e") ? uncertain() : new Literal(text, packed, undefined);
}

/** A message: text, or text and what it adds to the metadata. */
function messageOf(message: unknown): readonly [string | undefined, Metadata] {
  if (message == null) return [undefined, {}];
  if (typeof message === "string") return [message, {}];
  const [text, extra, ...more] = listOf(message);
  expect(more.length === 0 && isObject(extra));
  return [textOf(text), literalsOf(extra)];
}

function stepOf(step: unknown): readonly [string, ...unknown[]] {
  const [name, ...args] = listOf(step);
  return [textOf(name), ...args];
}

/** The options at the end of the arguments, which are at most `count`, and no others than these. */
function optionsOf(args: readonly unknown[], count: number, known: readonly string[], at = count - 1): Options {
  expect(args.length <= count);
  const options = objectOf(args[at] ?? {});
  const given = entriesOf(options).filter(([, value]) => value !== undefined);
  expect(given.every(([key]) => known.includes(key)));
  return Object.fromEntries(given);
}

function entriesOf(map: Options): [string, unknown][] {
  return Object.entries(map);
}

function namesOf(names: unknown): readonly string[] {
  return typeof names === "string" ? [names] : listOf(names).map(textOf);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : uncertain();
}

function flagOf(value: unknown): boolean {
  expect(value === undefined || typeof value === "boolean");
  return value === true;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : uncertain();
}

function objectOf(value: unknown): Options {
  return isObject(value) ? value : uncertain();
}

function oneOf(words: readonly string[], word: unknown): number {
  const at = words.indexOf(word as string);
  return at < 0 ? uncertain() : at;
}

function expect(holds: boolean): void {
  if (!holds) uncertain();
}

function uncertain(): never {
  throw UNCERTAIN;
}
