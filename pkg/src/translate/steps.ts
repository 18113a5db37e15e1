import { automatonOf } from "../automaton.js";
import type { FieldDescription } from "../describe.js";
import { Look, LOOK, MAX_LOOK } from "../look.js";
import { fieldOf, isObject } from "../notation.js";
import { TAG } from "../pack.js";
import { related } from "../related.js";
import type { TypeNotation } from "../types.js";
import { Tagged } from "../values.js";
import type { LevelTranslator } from "./level.js";
import { decimalOf, literal, literalsOf } from "./literal.js";
import { entriesOf, expect, flagOf, listOf, messageOf, namesOf, objectOf, oneOf, optionsOf, textOf, uncertain } from "./reading.js";
import { isInOrder, membersOf } from "./types.js";

const NUMBER_KINDS = "less_than greater_than less_than_or_equal_to greater_than_or_equal_to equal_to not_equal_to".split(" ");
const NUMBER_WORDS = ["less than", "greater than", "less than or equal to", "greater than or equal to", "equal to", "not equal to"];
const COUNTS = ["graphemes", "codepoints", "bytes"];
const TRIMS = ["leading", "none", "both"];
const LENGTHS = ["is", "min", "max"];
const LENGTH_WORDS = ["", "at least ", "at most "];

/** Translates a step. */
export function step(level: LevelTranslator, name: string, args: readonly unknown[], index: number): void {
  switch (name) {
    case "cast":
      return cast(level, args, index);
    case "validate_required": {
      const { message } = optionsOf(args, 2, ["message"]);
      const fields = namesOf(args[0]).map((field) => {
        const slot = level.slot(field);
        return [slot, level.error(field, message, "can't be blank", { validation: "required" })];
      });
      return level.op(1, fields);
    }
    case "validate_length":
      return lengthRule(level, args);
    case "validate_number":
      return numberRule(level, args);
    case "validate_format":
      return formatRule(level, args);
    case "validate_inclusion":
      return memberRule(level, args, 0, "is invalid", "inclusion");
    case "validate_exclusion":
      return memberRule(level, args, 1, "is reserved", "exclusion");
    case "validate_subset":
      return memberRule(level, args, 2, "has an invalid entry", "subset");
    case "validate_acceptance": {
      const field = textOf(args[0]);
      const { message } = optionsOf(args, 2, ["message"]);
      const error = level.error(field, message, "must be accepted", { validation: "acceptance" });
      const param = level.param(field);
      if (param >= level.slots.length && !level.looks.has(param)) level.looks.set(param, new Look(LOOK.boolean, undefined));
      level.look(param, (look) => look.kind === LOOK.boolean && (look.accepted = true));
      return level.op(6, param, error);
    }
    case "validate_confirmation": {
      const field = textOf(args[0]);
      const { message, required } = optionsOf(args, 2, ["message", "required"]);
      const confirming = `${field}_confirmation`;
      const mismatch = level.error(confirming, message, "does not match confirmation", { validation: "confirmation" });
      const missing = flagOf(required) ? level.error(confirming, message, "can't be blank", { validation: "required" }) : null;
      const [param, other] = [level.param(field), level.param(confirming)];
      level.looks.set(other, other < level.slots.length || level.looks.has(other) ? null : new Look(LOOK.confirmation, undefined, param));
      return level.op(7, param, other, mismatch, missing);
    }
    case "validate_change":
      return changeRule(level, args);
    case "add_error": {
      expect(args.length <= 3);
      const metadata = literalsOf(args[2] ?? {});
      return level.op(10, level.found(textOf(args[0]), textOf(args[1]), metadata));
    }
    case "put_change":
    case "force_change": {
      expect(args.length === 2);
      const slot = level.value(textOf(args[0]));
      level.looks.set(slot, null);
      level.asksData = true;
      return level.op(11, slot, fitting(level, slot, args[1]), name === "force_change");
    }
    case "change": {
      expect(args.length <= 1);
      for (const pair of listOf(args[0] ?? [])) {
        const [field, value, ...more] = listOf(pair);
        expect(more.length === 0 && listOf(pair).length === 2);
        const slot = level.value(textOf(field));
        level.looks.set(slot, null);
        level.asksData = true;
        level.op(11, slot, fitting(level, slot, value), false);
      }
      return undefined;
    }
    case "put_index": {
      expect(args.length === 1 && level.relation?.indexed === true);
      const slot = level.value(textOf(args[0]));
      level.isFactual = false;
      return level.op(12, slot);
    }
    case "delete_change": {
      expect(args.length === 1);
      const field = textOf(args[0]);
      if (fieldOf(level.schema, field) !== undefined) level.op(13, level.slot(field));
      return undefined;
    }
    case "set_action": {
      expect(args.length === 1);
      const [action] = args;
      expect(action === null || typeof action === "string");
      // A child with another action might not be a new one.
      expect(level.relation === undefined || action === null || action === "insert");
      level.action = action as string | null;
      return undefined;
    }
    case "cast_embed":
    case "cast_assoc":
      return (related()?.castRelation ?? uncertain)(level, name === "cast_embed", args);
    default:
      return constraint(level, name, args);
  }
}

/** Params cast to the types of their fields. */
function cast(level: LevelTranslator, args: readonly unknown[], index: number): void {
  const options = optionsOf(args, 2, ["empty_values", "trim_values", "force_changes", "message", "message_by_type"]);
  const messages = objectOf(options["message"] ?? {});
  const byType = objectOf(options["message_by_type"] ?? {});
  // Errors of validators can't be compared with those of a cast.
  expect(!level.hasCustom);
  const fields = namesOf(args[0]).map((name) => {
    const slot = level.value(name);
    level.permitted.add(name);
    const { type } = level.slots[slot] as FieldDescription & { type: TypeNotation };
    const own = Object.hasOwn(messages, name) ? messages[name] : typeof type === "string" && Object.hasOwn(byType, type) ? byType[type] : undefined;
    const message = typeof own === "string" ? own : "is invalid";
    const error = level.found(name, message, { validation: "cast", type });
    const names = membersOf(type);
    level.lookAtCast(slot, type, options["empty_values"] === undefined);
    const inner = names === undefined ? error : level.found(name, message, { validation: "inclusion", enum: names, type });
    return [slot, slot, error, inner];
  });
  const empty = options["empty_values"] === undefined ? null : listOf(options["empty_values"]).map((value) => literal(value).packed);
  const trim = options["trim_values"] == null ? 0 : oneOf(TRIMS, options["trim_values"]);
  level.op(0, fields, empty, trim, flagOf(options["force_changes"]), index === 0);
}

/** The length of what is changed. */
function lengthRule(level: LevelTranslator, args: readonly unknown[]): void {
  const name = textOf(args[0]);
  const slot = level.slot(name);
  const options = optionsOf(args, 2, ["is", "min", "max", "count", "message"]);
  const count = options["count"] == null ? 0 : oneOf(COUNTS, options["count"]);
  const { type, relation } = level.slots[slot] as FieldDescription;
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
    return [[at, bound, level.error(name, options["message"], message, metadata)]];
  });
  level.op(2, slot, count, bounds);
  const { is, min, max } = options as { readonly [key: string]: number | null | undefined };
  level.look(slot, (look) => {
    const given = [is, min, max].filter((bound) => bound != null);
    const can = look.kind === LOOK.text && look.members === undefined && count !== 2 && look.min + look.max + look.is === -3;
    if (!can || (min ?? 0) > MAX_LOOK) return false;
    [look.is, look.min, look.max] = [is ?? -1, min ?? -1, max ?? -1];
    return look.counts(given.length);
  });
}

/** A number within bounds. */
function numberRule(level: LevelTranslator, args: readonly unknown[]): void {
  const name = textOf(args[0]);
  const slot = level.value(name);
  expect(args.length <= 2);
  const { type } = level.slots[slot] as FieldDescription;
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
    // What is not compared as it is becomes decimals.
    if (type === "float" ? typeof packed === "bigint" : typeof packed !== "bigint" && !Number.isSafeInteger(packed)) level.translator.further = true;
    const number = type === "decimal" ? decimalOf(bound) : bound;
    level.look(slot, (look) => {
      const { bounds, kind: type } = look;
      const can = typeof packed === "number" && (type === LOOK.integer || type === LOOK.float || (type === LOOK.decimal && Number.isSafeInteger(packed)));
      return can && bounds.push({ kind, bound: packed }) > 0 && look.counts();
    });
    const error = level.error(name, message, `must be ${NUMBER_WORDS[kind]} %{number}`, { validation: "number", kind: key, number });
    return [[kind, packed, error]];
  });
  level.op(3, slot, bounds);
}

/** A pattern. */
function formatRule(level: LevelTranslator, args: readonly unknown[]): void {
  const name = textOf(args[0]);
  const slot = level.value(name);
  const { type } = level.slots[slot] as FieldDescription;
  expect(/^(string|uuid|binary_id)$/.test(String(type)));
  const { message } = optionsOf(args, 3, ["message"], 2);
  const [, pattern] = args;
  const { $regex: source, flags = "" } = isObject(pattern) ? pattern : { $regex: pattern };
  if (typeof source !== "string" || typeof flags !== "string") return uncertain();
  const automaton = automatonOf(source, flags) ?? uncertain();
  const error = level.error(name, message, "has invalid format", { validation: "format" });
  const mistake = `${level.place}: validate_format on \`${name}\` expects a string, got binary data`;
  const { table, quick } = automaton;
  level.op(4, slot, table, error, level.translator.mistake(mistake));
  level.look(slot, (look) => look.kind === LOOK.text && quick !== undefined && look.patterns.push(quick) > 0 && look.counts());
}

/** Among these, or not. */
function memberRule(level: LevelTranslator, args: readonly unknown[], rule: number, message: string, validation: string): void {
  const name = textOf(args[0]);
  const slot = level.value(name);
  const { type } = level.slots[slot] as FieldDescription;
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
  level.op(5, slot, rule, ...choices, isSorted, level.error(name, custom, message, { validation, enum: shown }));
  level.look(slot, (look) => {
    const fits = look.kind === LOOK.text ? type === "string" && isSorted : look.kind === LOOK.integer && choices[0] === false && (choices[1] as unknown[]).every(Number.isSafeInteger);
    return fits && look.lists.push({ values: new Set(shown as readonly unknown[]), among: rule === 0 }) > 0 && look.counts();
  });
}

/** A rule of the user's own, or errors that are written down. */
function changeRule(level: LevelTranslator, args: readonly unknown[]): void {
  const field = textOf(args[0]);
  const slot = level.slot(field);
  const [, what] = args;
  if (typeof what === "string") {
    const validator = level.translator.validators.indexOf(what);
    expect(validator >= 0 && args.length <= 3 && level.slots[slot]?.relation === undefined);
    level.hasCustom = true;
    level.isFactual = false;
    const rule = level.translator.rules.push({ validator, field, slots: level.slotNumbers }) - 1;
    return level.op(9, slot, rule);
  }
  const options = optionsOf(args, 2, ["errors", "when_equals"]);
  const errors = listOf(options["errors"] ?? []).map((entry) => {
    const [at, message, metadata, ...more] = listOf(entry);
    expect(more.length === 0 && (listOf(entry).length < 3 || isObject(metadata)));
    return level.found(textOf(at), textOf(message), literalsOf(metadata ?? {}));
  });
  if (options["when_equals"] === undefined) return level.op(8, slot, errors);
  level.looks.set(slot, null);
  return level.op(8, slot, errors, literal(options["when_equals"]).packed);
}

/** A constraint is only declared; what is checked is that it could be. */
function constraint(level: LevelTranslator, step: string, args: readonly unknown[]): void {
  const kind = /^(unique|foreign_key|check|exclusion)_constraint$/.exec(step)?.[1] ?? uncertain();
  const fields = namesOf(args[0]);
  const { name, message, error_key: key, match } = optionsOf(args, 2, ["name", "message", "error_key", "match"]);
  expect(fields.length > 0 && (message == null || typeof message === "string") && (key == null || typeof key === "string"));
  expect(typeof name === "string" || (name === undefined && level.schema.source !== null && kind !== "check"));
  expect(match == null || /^(exact|suffix|prefix)$/.test(String(match)));
}

/** A value that is put as it is. One of another type might be what a rule was never meant for. */
function fitting(level: LevelTranslator, slot: number, value: unknown): unknown {
  const { type } = level.slots[slot] as FieldDescription;
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
