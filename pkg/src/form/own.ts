import type { Source } from "../changeset.js";
import type { CastRelation } from "../declared.js";
import { blank, type Description, type FieldDescription } from "../describe.js";
import { translate } from "../messages.js";
import { isObject } from "../notation.js";
import { counts } from "../record.js";
import { Child, type FieldError } from "../result.js";
import type { Step } from "../rules.js";
import type { TypeNotation } from "../types.js";
import { setOwn } from "../values.js";
import { attributesOf } from "./attributes.js";
import type { FormDescription, FormError, FormField, FormOptions, NestedForms } from "./describe.js";
import { Part, textOf } from "./part.js";

/** How many empty forms may be nested in each other: a comment may have a reply, and that one a reply, without end. */
const MAX_EMPTY = 3;

/** The form of a changeset that its steps alone say everything about; undefined of others. */
export function ownForm(source: Source, { as, id, action, types }: FormOptions): FormDescription | undefined {
  const part = Part.of(source);
  if (part === undefined) return undefined;
  const name = as ?? nameOf(part.schema);
  return describe({ part, name, id: id ?? name, action: action ?? part.result.action, types: types ?? {} }, MAX_EMPTY);
}

/** A form in the making. */
interface Form {
  readonly part: Part;
  readonly id: string;
  readonly name: string;
  readonly action: string | null;
  readonly types: { readonly [field: string]: unknown };
  /** Of one child of many. */
  readonly index?: number;
}

/** Nothing, if a child is not one that steps say everything about. */
function describe(form: Form, empty: number): FormDescription | undefined {
  const { part, id, name, action, index } = form;
  const fields: Record<string, FormField> = {};
  const nested: Record<string, NestedForms> = {};
  for (const field of part.schema.fields) {
    if (field.relation === undefined) setOwn(fields, field.name, describeField(form, field.name));
    else if (field.schema !== undefined && (part.change(field.name) !== undefined || part.cast(field) !== undefined)) {
      const described = describeRelation(form, field, field.schema, empty);
      if (described === undefined) return undefined;
      setOwn(nested, field.name, described);
    }
  }
  for (const stranger of strangers(part)) {
    if (!Object.hasOwn(fields, stranger) && !Object.hasOwn(nested, stranger)) setOwn(fields, stranger, describeField(form, stranger));
  }
  const hidden: (readonly [string, string])[] = index === undefined ? [] : [[named(name, "_persistent_id"), id.slice(id.lastIndexOf("_") + 1)]];
  for (const { name: key, type, primary_key } of part.schema.fields) {
    const value = primary_key === true ? part.datum(key) : null;
    if (value !== null) hidden.push([named(name, key), textOf(value, type) as string]);
  }
  return {
    id, name, method: part.isLoaded ? "put" : "post", action, valid: part.result.valid, ...(index === undefined ? {} : { index }),
    hidden, fields, nested,
  };
}

/** Fields that the schema does not have but the form may: confirmations, boxes to tick, and what else has an error. */
function strangers(part: Part): string[] {
  const asked = part.steps.flatMap(([step, field]) =>
    step === "validate_acceptance" ? [field as string]
    : step === "validate_confirmation" ? [`${field as string}_confirmation`]
    : []);
  return [...asked, ...part.result.errors.map((error) => error.field)];
}

function describeField(form: Form, field: string): FormField {
  const { part, id, name } = form;
  const type = part.field(field)?.type;
  const own = named(name, field);
  const input = inputOf(form, field);
  const choices = members(type);
  return {
    id: joined(id, field),
    name: isObject(type) && "array" in type ? `${own}[]` : own,
    type: input,
    value: part.text(field),
    used: part.isUsed(field),
    errors: errorsOf(form, field),
    attributes: attributesOf(part, field, input),
    ...(choices === undefined ? {} : { options: choices }),
  };
}

function errorsOf({ part, action }: Form, field: string): FormError[] {
  return action === null || action === "ignore" ? [] : part.errors(field).map(errorOf);
}

function errorOf(error: FieldError): FormError {
  return { message: translate(error), template: error.message, metadata: error.metadata };
}

/** The type of a field's input: the one asked for, or else what the field is. */
function inputOf(form: Form, name: string): string {
  const { part, types } = form;
  if (Object.hasOwn(types, name) && typeof types[name] === "string") return types[name];
  const field = part.field(name);
  const confirmed = name.replace(/_confirmation$/, "");
  if (field === undefined && confirmed !== name && part.rules(confirmed).some(([step]) => step === "validate_confirmation")) {
    return inputOf(form, confirmed);
  }
  if (part.rules(name).some(([step]) => step === "validate_acceptance")) return "checkbox";
  const type = field?.type;
  if (type === undefined) return "text";
  if (members(type) !== undefined) return "select";
  return (typeof type === "string" ? INPUTS[type] : undefined) ?? (field?.redact === true ? "password" : "text");
}

const INPUTS: { readonly [type: string]: string } = {
  integer: "number", id: "number", float: "number", decimal: "number", boolean: "checkbox", date: "date", time: "time",
  naive_datetime: "datetime-local", utc_datetime: "datetime-local",
};

/** The names of an enum, or of a list of one. */
function members(type: TypeNotation | undefined): string[] | undefined {
  if (!isObject(type)) return undefined;
  if ("array" in type) return members(type.array as TypeNotation);
  return "enum" in type ? (type.enum as readonly unknown[]).map((member) => String([member].flat()[0])) : undefined;
}

function describeRelation(form: Form, field: FieldDescription, schema: Description, empty: number): NestedForms | undefined {
  const { part, id, name } = form;
  const options = part.cast(field) ?? {};
  const many = field.cardinality === "many";
  const change = part.change(field.name);
  const madeUp = change === undefined;
  const parts = madeUp ? (many || empty === 0 ? [] : [untouched(field, schema, options)]) : childrenOf(change, schema, options);
  const types = form.types[field.name];
  const common = { action: form.action, types: isObject(types) ? types : {} };
  const [ownId, ownName] = [joined(id, field.name), named(name, field.name)];
  const forms: FormDescription[] = [];
  for (const [index, child] of parts.entries()) {
    if (child === undefined) return undefined;
    const place = many ? { id: `${ownId}_${index}`, name: `${ownName}[${index}]`, index } : { id: ownId, name: ownName };
    const described = describe({ part: child, ...common, ...place }, madeUp ? Math.max(0, empty - 1) : empty);
    if (described === undefined) return undefined;
    forms.push(described);
  }
  const list = (param: string): string => `${named(name, param)}[]`;
  return {
    id: ownId, name: ownName, many, used: part.isUsed(field.name), errors: errorsOf(form, field.name),
    ...(many ? { sort: list(options.sort_param ?? `${field.name}_sort`), drop: list(options.drop_param ?? `${field.name}_drop`) } : {}),
    forms,
  };
}

/** The children of a change that are not on their way out. */
function childrenOf(change: unknown, schema: Description, options: CastRelation): (Part | undefined)[] {
  const children = ([change].flat() as unknown[]).filter((child): child is Child => child instanceof Child && counts(child));
  return children.map((child) => Part.ofChild(child, schema, options.with));
}

/** A child that no params are about: its steps tell the rules, and nothing is wrong with it yet. */
function untouched({ defaults }: FieldDescription, schema: Description, { with: steps }: CastRelation): Part | undefined {
  const plain = (each: readonly Step[]) => each.every(([step]) => /^(cast|cast_embed|cast_assoc|validate_.*|.*_constraint|add_error)$/.test(step));
  if (steps === undefined || !plain(steps)) return undefined;
  const result = { valid: true, force: false, action: null, changes: [], errors: [] };
  return new Part(schema, steps, result, { ...blank(schema), ...defaults }, null);
}

/** The name of an input, and its id. */
export const named = (form: string, field: string): string => (form === "" ? field : `${form}[${field}]`);
export const joined = (form: string, field: string): string => (form === "" ? field : `${form}_${field}`);

/** The name of the form of a schema: `line_item` of `Shop.LineItem`, none for plain data. */
function nameOf({ name, schemaless }: Description): string {
  if (schemaless === true) return "";
  const last = name.slice(name.lastIndexOf(".") + 1);
  return last.replace(/(?<=[^_A-Z])[A-Z]|(?<=[^_])[A-Z](?=[a-z])/g, "_$&").replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
