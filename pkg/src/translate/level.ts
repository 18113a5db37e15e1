import { type Description, type FieldDescription, blank } from "../describe.js";
import type { Level } from "../level.js";
import { type Look, LOOK, lookAt } from "../look.js";
import { fieldOf } from "../notation.js";
import { Answers } from "../recall.js";
import type { SchemaDocument } from "../schema.js";
import { nextSeer } from "../seers.js";
import { straightLooks } from "../straight.js";
import type { TypeNotation } from "../types.js";
import type { Translator } from "./index.js";
import { type Literal, literal, NULL, shownOf } from "./literal.js";
import { expect, listOf, type Metadata, messageOf, namesOf, type Options, stepOf, textOf, uncertain } from "./reading.js";
import { step } from "./steps.js";
import { isFirst, typeCode } from "./types.js";

/** No slot of an error. */
const NO_SLOT = 0xffff;

/** How a level is reached. */
export interface Relation {
  readonly defaults: { readonly [field: string]: Literal };
  readonly indexed: boolean;
  readonly depth: number;
}

let levels = 0;

/** A name as V8 keeps those of keys: places in the code learn no others. */
function internal(name: string): string {
  return Object.keys({ [name]: 0 })[0] as string;
}

/** Makes the plan of one level: the records of a schema. */
export class LevelTranslator {
  readonly translator: Translator;
  readonly document: SchemaDocument;
  readonly schema: Description;
  /** The relation that leads here. */
  readonly relation: Relation | undefined;
  readonly place: string;
  readonly #number = levels++;
  readonly slots: FieldDescription[] = [];
  readonly slotNumbers = new Map<string, number>();
  /** Params that are no slot's, by name. */
  readonly #extra: string[] = [];
  readonly childLevels = new Map<string, { level: Level; packed: unknown }>();
  readonly permitted = new Set<string>();
  /** Params that are read as values. */
  readonly #asValue = new Set<string>();
  readonly #ops: unknown[] = [];
  /** How params are looked at; null where that can't tell what rules see. */
  readonly looks = new Map<number, Look | null>();
  /** Whether answers depend on facts of params alone. */
  isFactual = true;
  /** Whether they depend on what the record holds beyond its being something. */
  asksData = false;
  action: string | null = null;
  hasCustom = false;

  constructor(translator: Translator, document: SchemaDocument, schema: Description, relation: Relation | undefined, place: string) {
    this.translator = translator;
    this.document = document;
    this.schema = schema;
    this.relation = relation;
    this.place = place;
  }

  translate(steps: unknown): { level: Level; packed: unknown } {
    const list = listOf(steps).map(stepOf);
    // Slots are in the order of casts, which is mostly that of the changes.
    for (const [name, fields] of list) {
      if (name === "cast") for (const field of namesOf(fields)) this.slot(field);
      else if (name === "cast_embed" || name === "cast_assoc") this.slot(textOf(fields));
    }
    // Every field that is touched has its slot before params that are no field's get their numbers.
    for (const [name, field] of list) {
      if (/^validate_(?!acceptance|confirmation)|^(put|force)_change$/.test(name)) {
        for (const each of namesOf(field)) this.slot(each);
      }
    }
    const keys = this.keys();
    for (const key of keys) if (this.slotNumbers.has(key)) this.permitted.add(key);
    list.forEach(([name, ...args], index) => step(this, name, args, index));
    for (const name of this.childLevels.keys()) expect(!this.#asValue.has(name));
    const cast = new Set([...this.permitted, ...this.childLevels.keys()]);
    const params = [...this.slots.map(({ name }) => (cast.has(name) || this.#asValue.has(name) ? name : undefined)), ...this.#extra];
    expect(!params.includes("$invalid"));
    const children = params.map((name) => (name === undefined ? undefined : this.childLevels.get(name)));
    const record = this.relation?.defaults ?? {};
    const looks = params.map((_, param) => this.#finished(param, record));
    const levels = children.map((child) => child?.level);
    const many = params.map((name) => name !== undefined && fieldOf(this.schema, name)?.cardinality === "many");
    const answers = new Answers();
    const isFactual = this.isFactual && params.length > 0;
    const names = this.slots.map(({ name }) => internal(name));
    const template = { ...blank(this.schema), ...shownOf(record) };
    const lists = this.schema.fields.filter(({ relation }) => relation === "embeds_many").map(({ name }) => name);
    const straight = straightLooks([...names, ...this.#extra.map(internal)], params, looks, levels, many);
    const { see, make } = nextSeer({ ...straight, answers, template, lists, slots: names.length });
    const isWhole = this.#isWhole(levels, shownOf(record));
    const level: Level = {
      looks,
      answers: isFactual ? answers : undefined,
      besideData: this.childLevels.size === 0 && !this.asksData,
      nothing: params.map(() => undefined),
      params,
      children: levels,
      many,
      counted: new Set([...params.filter((name) => name !== undefined), ...(this.relation ? keys : [])]).size,
      slots: this.slots,
      related: this.slots.flatMap(({ relation }, slot) => (relation === undefined ? [] : [slot])),
      see: isFactual && !params.some((name) => name !== undefined && name in Object.prototype) ? see : undefined,
      make: isWhole ? make : undefined,
      kept: isWhole ? make([]) : undefined,
      action: this.relation ? "insert" : this.action,
      record: shownOf(record),
    };
    const slots = this.slots.map((field) => {
      if (field.relation !== undefined) return [null, field.cardinality === "many", null];
      const given = this.#default(field);
      const built = Object.hasOwn(record, field.name) ? (record[field.name] as Literal) : given;
      const type = field.type as TypeNotation;
      this.translator.further ||= !isFirst(type);
      return [typeCode(type), given.packed, built.packed];
    });
    const key = keys.length > 0 && keys.every((name) => this.slotNumbers.has(name)) ? keys.map((name) => this.slotNumbers.get(name)) : [];
    return { level, packed: [children.map((child) => child?.packed ?? null), slots, key, this.#ops] };
  }

  /** Whether all that changes do to a new record is to go into it. */
  #isWhole(children: readonly (Level | undefined)[], given: object): boolean {
    const { fields, schemaless } = this.schema;
    return (
      schemaless !== true &&
      fields.every(({ name, relation, default: held }) => name !== "__proto__" && relation !== "through" && (held === null || typeof held !== "object")) &&
      this.slots.every(({ relation }, slot) => relation !== "belongs_to" && (relation === undefined || children[slot]?.make !== undefined)) &&
      Object.values(given).every((value) => value === null || typeof value !== "object")
    );
  }

  /** The fields of the primary key. One that is never cast must be null in a new record. */
  keys(): readonly string[] {
    const keys = this.schema.fields.filter((field) => field.primary_key === true);
    if (this.relation !== undefined) {
      for (const field of keys) {
        expect(field.default == null && !Object.hasOwn(this.relation.defaults, field.name));
      }
    }
    return keys.map((field) => field.name);
  }

  /** A param that is cast once, by the usual meaning of empty, is looked at. */
  lookAtCast(slot: number, type: TypeNotation, usual: boolean): void {
    this.asksData ||= !usual;
    const isFirst = !this.looks.has(slot) && usual && this.#ops.length === 0;
    this.looks.set(slot, (isFirst && lookAt(type)) || null);
  }

  /** What a rule adds to the look at a param, if that can tell whether the rule holds. */
  look(param: number, add: (look: Look) => boolean): void {
    const look = this.looks.get(param);
    if (look == null || !add(look)) this.looks.set(param, null);
  }

  /** The look at a param, with what a new record holds there. */
  #finished(param: number, record: { readonly [field: string]: Literal }): Look | undefined {
    const look = this.looks.get(param);
    if (look == null) return undefined;
    const field = this.slots[param];
    if (field === undefined || look.kind === LOOK.children) return look;
    const { shown } = Object.hasOwn(record, field.name) ? (record[field.name] as Literal) : this.#default(field);
    if (shown !== null && (look.kind === LOOK.decimal || look.kind >= LOOK.naive || typeof shown === "object")) return undefined;
    look.held = shown;
    return look;
  }

  /** The default of a field, as a literal. */
  #default({ name }: FieldDescription): Literal {
    const defaults = (this.document["defaults"] ?? {}) as Options;
    return this.schema.schemaless === true || !Object.hasOwn(defaults, name) ? NULL : literal(defaults[name]);
  }

  op(...op: unknown[]): void {
    this.#ops.push(op);
  }

  /** The slot of a field that is known. */
  slot(name: string): number {
    let slot = this.slotNumbers.get(name);
    if (slot === undefined) {
      const field = fieldOf(this.schema, name) ?? uncertain();
      expect(this.#extra.length === 0 && field.relation !== "through" && (field.relation === undefined || field.schema !== undefined));
      slot = this.slots.push(field) - 1;
      this.slotNumbers.set(name, slot);
    }
    return slot;
  }

  /** The slot of a field that holds a value. */
  value(name: string): number {
    const slot = this.slot(name);
    expect(this.slots[slot]?.relation === undefined);
    return slot;
  }

  /** The number of a param that is read as a value. */
  param(name: string): number {
    this.#asValue.add(name);
    const slot = this.slotNumbers.get(name);
    if (slot !== undefined) {
      expect(this.slots[slot]?.relation === undefined);
      return slot;
    }
    let at = this.#extra.indexOf(name);
    if (at < 0) at = this.#extra.push(name) - 1;
    return this.slots.length + at;
  }

  /** The error of a rule, whose message the step may replace. */
  error(field: string, custom: unknown, message: string, metadata: Metadata): number {
    const [text, extra] = messageOf(custom);
    return this.found(field, text ?? message, { ...metadata, ...extra });
  }

  found(field: string, message: string, metadata: Metadata): number {
    return this.translator.error(field, message, metadata, this.slotNumbers.get(field) ?? NO_SLOT, this.#number);
  }
}
