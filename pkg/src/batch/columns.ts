import { automatonOf } from "../automaton.js";
import { namesOf } from "../declared.js";
import { blank, type FieldDescription } from "../describe.js";
import { describeSchema } from "../described.js";
import { hasLead, isLetter, isWellFormed, MAX_LOOK } from "../look.js";
import { fromNotation, isObject } from "../notation.js";
import type { Step } from "../rules.js";
import type { Rules } from "../run.js";
import { type Blocks, nextBlocks } from "./blocks.js";

// Of rules on flat records, what a look at a text must see to be certain that it is right, and what it is cast to. What is
// not certainly right is no error yet: the row goes to an engine, as every row of other rules does.

/** What a column is cast to; `unsure`: what only an engine can tell. */
export const KIND = { unsure: 0, text: 1, integer: 2, float: 3, boolean: 4, date: 5, uuid: 6 } as const;

/** A field that is cast, and what its rules ask of it. */
export class Column {
  /** Whether nothing is an answer, too. */
  blank = true;
  /** Of texts: so many characters at the start must be ones that can be seen, and are a grapheme each. */
  lead = 1;
  /** The most UTF-16 units, and code points. */
  max = 0xffff_ffff;
  patterns: RegExp[] = [];
  /** The same as tables of states. */
  tables: Uint8Array[] = [];
  /** Once all is known no more than one: of the texts with which no other rule finds fault. */
  among: ReadonlySet<unknown>[] = [];
  notAmong: ReadonlySet<unknown>[] = [];
  /** Of numbers. */
  atLeast = -Infinity;
  above = -Infinity;
  atMost = Infinity;
  below = Infinity;
  /** The same as words, once somebody asked for them. */
  described: readonly number[] | undefined = undefined;

  constructor(
    readonly name: string,
    public kind: number,
    /** What a new record holds. */
    readonly held: unknown,
  ) {}
}

/** Rules on flat records: what a new record is, and its columns. */
export interface Columns {
  readonly template: { readonly [field: string]: unknown };
  readonly names: readonly string[];
  readonly list: readonly Column[];
  /** What makes their records. */
  readonly blocks: Blocks;
  /** One record, for its shape. */
  readonly kept: object;
}

const known = /* @__PURE__ */ new WeakMap<Rules, Columns | null>();

/** The columns of rules; undefined where a look can tell nothing. */
export function columnsOf(rules: Rules): Columns | undefined {
  let columns = known.get(rules);
  if (columns === undefined) known.set(rules, (columns = find(rules) ?? null));
  return columns ?? undefined;
}

function find(rules: Rules): Columns | undefined {
  const core = rules["~core"];
  const description = core.plan === undefined ? undefined : describeSchema(core.document.schema);
  if (description === undefined || description.schemaless === true) return undefined;
  const template = blank(description);
  if (Object.hasOwn(template, "__proto__") || Object.values(template).some((held) => typeof held === "object" && held !== null)) return undefined;
  const [cast, ...steps] = core.document.steps;
  // With the usual meaning of empty, and once: what a second cast does depends on the first.
  if (cast?.[0] !== "cast" || cast.length > 2) return undefined;
  const columns = new Map<string, Column>();
  for (const name of namesOf(cast[1])) {
    const field = description.fields.find((field) => field.name === name) as FieldDescription;
    columns.set(name, columnOf(field, template[name]));
  }
  if (!steps.every((step) => narrow(columns, step))) return undefined;
  for (const column of columns.values()) if (column.among.length > 0) settle(column);
  const names = [...columns.keys()];
  const blocks = nextBlocks();
  return { template, names, list: [...columns.values()], blocks, kept: blocks.sampleOf(template, names) };
}

/** Of a text that must be among some, which of these are right. */
function settle(column: Column): void {
  const members = [...(column.among[0] as ReadonlySet<unknown>)];
  column.among = [new Set(members.filter((text) => text !== "" && isSeen(column, text as string)))];
  column.lead = 1;
  column.max = 0xffff_ffff;
  column.patterns = [];
  column.tables = [];
  column.notAmong = [];
}

/** Whether no rule on texts can find fault with one. */
export function isSeen({ lead, max, patterns, among, notAmong }: Column, text: string): boolean {
  const { length } = text;
  if (length > max || length < lead || (patterns.length > 0 && length > MAX_LOOK)) return false;
  if (!isLetter(text.charCodeAt(0)) || (lead > 1 && !hasLead(text, lead)) || !isWellFormed(text)) return false;
  for (let index = 0; index < notAmong.length; index++) if ((notAmong[index] as ReadonlySet<unknown>).has(text)) return false;
  for (let index = 0; index < patterns.length; index++) if (!(patterns[index] as RegExp).test(text)) return false;
  for (let index = 0; index < among.length; index++) if (!(among[index] as ReadonlySet<unknown>).has(text)) return false;
  return true;
}

function columnOf({ name, type }: FieldDescription, held: unknown): Column {
  if (isObject(type) && "enum" in type) {
    const column = new Column(name, KIND.text, held);
    column.among.push(new Set((type.enum as readonly (string | readonly [string, unknown])[]).map((member) => (typeof member === "string" ? member : member[0]))));
    return column;
  }
  switch (type) {
    case "string":
      return new Column(name, KIND.text, held);
    case "id":
    case "integer":
      return new Column(name, KIND.integer, held);
    case "float":
      return new Column(name, KIND.float, held);
    case "boolean":
      return new Column(name, KIND.boolean, held);
    case "date":
      return new Column(name, KIND.date, held);
    case "uuid":
    case "binary_id":
      return new Column(name, KIND.uuid, held);
    default:
      return new Column(name, KIND.unsure, held);
  }
}

/** Takes a step into the columns; false where no look can tell what it does. Steps are those of a plan, so they are sound. */
function narrow(columns: Map<string, Column>, [step, ...args]: Step): boolean {
  if (/_constraint$/.test(step)) return true;
  if (step === "validate_required") {
    return namesOf(args[0]).every((name) => {
      const column = columns.get(name);
      if (column !== undefined) column.blank = false;
      return column !== undefined;
    });
  }
  const look = LOOKS[step];
  const column = columns.get(args[0] as string);
  if (look === undefined || column === undefined) return false;
  if (!look(column, args.slice(1))) column.kind = KIND.unsure;
  return true;
}

/** What rules on one field ask of a look; false where it can't answer. */
const LOOKS: { readonly [step: string]: (column: Column, args: readonly unknown[]) => boolean } = {
  validate_length(column, [options]) {
    const { is, min, max, count } = options as { readonly [key: string]: unknown };
    if (column.kind !== KIND.text || is != null || count === "bytes") return false;
    column.lead = Math.max(column.lead, Number(min ?? 0));
    column.max = Math.min(column.max, Number(max ?? Infinity));
    return column.lead <= MAX_LOOK;
  },
  validate_format(column, [pattern]) {
    const { $regex: source, flags = "" } = (isObject(pattern) ? pattern : { $regex: pattern }) as { $regex: string; flags?: string };
    const automaton = automatonOf(source, flags);
    if (column.kind !== KIND.text || automaton?.quick === undefined) return false;
    column.patterns.push(automaton.quick);
    column.tables.push(automaton.table);
    return true;
  },
  validate_inclusion(column, [given]) {
    if (isObject(given) && Array.isArray(given["$range"])) return ranged(column, given["$range"] as readonly number[]);
    if (column.kind !== KIND.text || !areTexts(given)) return false;
    column.among.push(new Set(given));
    return true;
  },
  validate_exclusion(column, [given]) {
    if (column.kind !== KIND.text || !areTexts(given)) return false;
    column.notAmong.push(new Set(given));
    return true;
  },
  validate_number(column, [options]) {
    if (column.kind !== KIND.integer && column.kind !== KIND.float) return false;
    const pairs = Array.isArray(options) ? (options as readonly (readonly [string, unknown])[]) : Object.entries(options as object);
    return pairs.every(([key, value]) => key === "message" || bounded(column, key, fromNotation(value)));
  },
};

function ranged(column: Column, [first, last]: readonly number[]): boolean {
  return column.kind === KIND.integer && bounded(column, "greater_than_or_equal_to", first) && bounded(column, "less_than_or_equal_to", last);
}

function bounded(column: Column, key: string, bound: unknown): boolean {
  if (typeof bound !== "number") return false;
  if (key === "greater_than_or_equal_to") column.atLeast = Math.max(column.atLeast, bound);
  else if (key === "greater_than") column.above = Math.max(column.above, bound);
  else if (key === "less_than_or_equal_to") column.atMost = Math.min(column.atMost, bound);
  else if (key === "less_than") column.below = Math.min(column.below, bound);
  else return false;
  return true;
}

function areTexts(given: unknown): given is readonly string[] {
  return Array.isArray(given) && given.every((each) => typeof each === "string");
}
