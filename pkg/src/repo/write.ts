import { paramsOf } from "../captured.js";
import { Changeset, type Source } from "../changeset.js";
import type { Core, Validator } from "../core.js";
import { EctomorphError } from "../errors.js";
import { toNotation } from "../notation.js";
import type { Packet } from "../packet.js";
import { Planned } from "../planned.js";
import { documentOf } from "../query/write.js";
import { Queryable } from "../query/queryable.js";
import { Schema, schemaOf, stateOf } from "../schema.js";
import type { TypeNotation } from "../types.js";
import { isMap } from "../values.js";
import { ready } from "../whole.js";
import type { Writer } from "../whole/pack.js";
import type { Shape } from "../whole/shape.js";

/** A value of rows that many share: its key among the option `placeholders`. */
export class Placeholder {
  constructor(readonly key: string) {}
}

/**
 * A value that rows of `insertAll` share.
 *
 * @example
 * await repo.insertAll(Post, rows.map((row) => ({ ...row, inserted_at: placeholder("now") })), { placeholders: { now } });
 */
export function placeholder(key: string): Placeholder {
  return new Placeholder(key);
}

/** The changeset that is meant: a record that came from a repo stands for one without changes. */
export function changesetOf(given: unknown, op: string): Changeset {
  if (given instanceof Changeset) return given;
  const schema = isMap(given) ? schemaOf(given) : undefined;
  if (schema === undefined) {
    throw new EctomorphError(`${op} takes a changeset, or a record that came from a repo: repo.${op}(User.change(record))`);
  }
  return schema.change(given as never);
}

/** The validators that the rules of a changeset, and what was added to them, call by number. */
export function validatorsOf(source: Source): readonly Validator[] {
  if (source instanceof Planned) return source.core.validators;
  const { core, extraValidators } = source.recipe("a repo");
  return extraValidators.length === 0 ? core.validators : [...core.validators, ...extraValidators];
}

/** Writes what a changeset is made of: `[data, state, params, more steps]`. Gives the files that are meant in it. */
export function writeChangeset(writer: Writer, source: Source, shape: Shape): readonly Blob[] | undefined {
  if (!(source instanceof Planned)) {
    const recipe = source.recipe("a repo");
    recipe.write(writer);
    return recipe.files;
  }
  writer.list(4);
  if (source.isBlank) {
    writer.null().null();
  } else {
    writer.notation = true;
    writer.value(source.kept).value(stateOf(source.kept));
    writer.notation = false;
  }
  if (source.params === null) writer.null();
  else writer.shaped(paramsOf(source.result), shape);
  writer.null();
  return undefined;
}

/** The rules that a changeset went through. */
export function coreOf(source: Source): Core {
  return source instanceof Planned ? source.core : source.recipe("a repo").core;
}

/** The changeset as the repo left it: with the errors of violated constraints. */
export async function failedChangeset(source: Source, packet: Packet): Promise<Changeset> {
  // What it is asked from now on only the whole engine knows.
  await ready();
  return new Changeset(source.recipe("an invalid changeset").answered(packet));
}

/** The types of the fields that placeholders stand in. */
export function placeholderTypes(rows: readonly object[] | Queryable, schema: Schema | undefined): Map<string, TypeNotation> {
  const types = new Map<string, TypeNotation>();
  if (schema === undefined || rows instanceof Queryable) return types;
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      if (!(value instanceof Placeholder) || types.has(value.key)) continue;
      const type = schema.description.fields.find((field) => field.name === name)?.type;
      if (type !== undefined) types.set(value.key, type);
    }
  }
  return types;
}

/** Writes header and rows, or the query that gives them. */
export function writeRows(writer: Writer, rows: readonly object[] | Queryable, schema: Schema | undefined): void {
  if (rows instanceof Queryable) {
    writer.value(documentOf(rows));
    return;
  }
  const names = new Set<string>();
  for (const row of rows) for (const name in row) names.add(name);
  const header = [...names];
  writer.list(header.length);
  for (const name of header) writer.string(name);
  const types = header.map((name) => schema?.description.fields.find((field) => field.name === name)?.type);
  writer.list(rows.length);
  writer.notation = true;
  for (const row of rows as readonly { readonly [name: string]: unknown }[]) {
    for (let index = 0; index < header.length; index++) {
      const value = row[header[index] as string];
      if (value === undefined) writer.missing();
      else if (typeof value !== "object" || value === null) writer.value(value);
      else writeCell(writer, value, types[index]);
    }
  }
  writer.notation = false;
}

function writeCell(writer: Writer, value: object, type: Parameters<typeof toNotation>[1]): void {
  writer.notation = false;
  if (value instanceof Placeholder) writer.value({ $placeholder: value.key });
  else if (value instanceof Queryable) writer.value({ $query: documentOf(value) });
  else if (value instanceof Uint8Array) writer.value(value);
  else writer.value(toNotation(value, type));
  writer.notation = true;
}

