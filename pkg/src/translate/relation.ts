import type { SchemaDocument } from "../schema.js";
import { Look, LOOK } from "../look.js";
import { fieldOf } from "../notation.js";
import { within } from "../within.js";
import { LevelTranslator, type Relation } from "./level.js";
import { literalsOf } from "./literal.js";
import { expect, flagOf, messageOf, objectOf, type Options, optionsOf, textOf, uncertain } from "./reading.js";

const MAX_DEPTH = 8;

/** Children cast from a param onto data that has none yet. */
export function castRelation(level: LevelTranslator, embed: boolean, args: readonly unknown[]): void {
  const name = textOf(args[0]);
  const field = fieldOf(level.schema, name);
  const options = optionsOf(args, 2, [
    "required", "required_message", "invalid_message", "with", "with_arity", "sort_param", "drop_param", "force_update_on_change",
  ]);
  const { relation: kind, schema, cardinality } = field ?? {};
  if (kind === undefined || schema === undefined || kind === "through" || kind === "many_to_many") return uncertain();
  expect(embed === kind.startsWith("embeds") && !level.childLevels.has(name));
  level.translator.further = true;
  const many = cardinality === "many";
  const described = objectOf((level.document[kind] as Options)[name]);
  expect(described["defaults_to_struct"] !== true);
  const indexed = options["with_arity"] === 3;
  const [sort, drop] = [options["sort_param"], options["drop_param"]].map((param) => (param == null ? undefined : textOf(param)));
  expect(many || !(indexed || sort !== undefined || drop !== undefined));
  const document: SchemaDocument = objectOf(described["schema"]);
  const relation: Relation = { defaults: literalsOf(described["defaults"] ?? {}), indexed, depth: (level.relation?.depth ?? 0) + 1 };
  expect(relation.depth <= MAX_DEPTH);
  const child = new LevelTranslator(level.translator, document, schema, relation, `${level.place}: ${name}`);
  if (options["with"] === undefined) level.translator.translated.add(document["changeset"]);
  const translated = child.translate(options["with"] ?? document["changeset"]);
  level.childLevels.set(name, translated);
  const slot = level.slot(name);
  const invalid = level.error(name, options["invalid_message"], "is invalid", {
    validation: embed ? "embed" : "assoc",
    type: many ? { array: "map" } : "map",
  });
  const required = flagOf(options["required"]) ? level.error(name, options["required_message"], "can't be blank", { validation: "required" }) : null;
  messageOf(options["required_message"]);
  const taken = many ? child.keys().filter((key) => child.slotNumbers.has(key)).map((key) => child.found(key, "has already been taken", {})) : [];
  // Whether a key comes twice is no fact of any one param.
  if (taken.length > 0) level.isFactual = false;
  const look = new Look(LOOK.children, undefined);
  look.within = within;
  level.looks.set(slot, level.looks.has(slot) ? null : look);
  const loaded = embed;
  const force = options["force_update_on_change"] === undefined || flagOf(options["force_update_on_change"]);
  level.op(14, slot, slot, many, sort === undefined ? null : level.param(sort), drop === undefined ? null : level.param(drop), loaded, required, invalid, taken, force);
}
