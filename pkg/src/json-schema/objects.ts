import { type CastRelation, castOf, permits, requires } from "../declared.js";
import type { Description, FieldDescription } from "../describe.js";
import type { Rule } from "../form/part.js";
import { fieldOf, fromNotation, isObject } from "../notation.js";
import { relationIn } from "../record.js";
import type { Step } from "../rules.js";
import type { SchemaDocument } from "../schema.js";
import { setOwn } from "../values.js";
import { constrained } from "./constraints.js";
import { DEFS, type JsonSchema } from "./target.js";
import { BLANK, either, orNull, valuesOf, type Whose } from "./values.js";

type Properties = Record<string, JsonSchema>;

/** Writes the objects that rules take or give, in the words of draft 2020-12. */
export class Writer {
  readonly #whose: Whose;
  /** The objects that are being written, and those that were asked for again within themselves. */
  readonly #open: { readonly schema: Description; readonly steps: readonly Step[]; readonly name: string }[] = [];
  readonly #named = new Map<string, JsonSchema | undefined>();

  constructor(whose: Whose) {
    this.#whose = whose;
  }

  root(schema: Description, steps: readonly Step[], document: SchemaDocument): JsonSchema {
    const written = this.#object(schema, steps, document);
    if (this.#named.size === 0) return written;
    return { ...written, $defs: Object.fromEntries(this.#named) };
  }

  /** The object of a record and its rules; the place of one that is being written. */
  #object(schema: Description, steps: readonly Step[], document?: SchemaDocument): JsonSchema {
    const again = this.#open.findIndex((open) => open.schema === schema && sameSteps(open.steps, steps));
    if (again === 0) return { $ref: "#" };
    if (again > 0) {
      const { name } = this.#open[again] as { name: string };
      this.#named.set(name, undefined);
      return { $ref: `${DEFS}${name}` };
    }
    const name = this.#nameOf(schema);
    this.#open.push({ schema, steps, name });
    const object = this.#whose === "output" ? this.#record(schema, flat(steps), document) : this.#params(schema, flat(steps));
    this.#open.pop();
    if (!this.#named.has(name)) return object;
    this.#named.set(name, object);
    return { $ref: `${DEFS}${name}` };
  }

  #nameOf({ name }: Description): string {
    const taken = (tried: string): boolean => this.#named.has(tried) || this.#open.some((open) => open.name === tried);
    const plain = name.replace(/[^\w.-]/g, "_");
    let tried = plain;
    for (let number = 2; taken(tried); number++) tried = `${plain}${number}`;
    return tried;
  }

  /** What params are read of: fields that are cast, and what else rules ask for. */
  #params(schema: Description, steps: readonly Step[]): JsonSchema {
    const properties: Properties = {};
    const required: string[] = [];
    for (const field of schema.fields) {
      const cast = field.relation === undefined ? undefined : castOf(steps, field);
      if (field.schema !== undefined && cast !== undefined) {
        const isRequired = isAsked(field, steps, cast);
        if (isRequired) required.push(field.name);
        setOwn(properties, field.name, this.#relation(field, cast, isRequired));
      } else if (field.relation === undefined && permits(steps, field.name)) {
        const isRequired = isAsked(field, steps);
        if (isRequired) required.push(field.name);
        setOwn(properties, field.name, this.#field(field, steps, isRequired));
      }
    }
    this.#strangers(schema, steps, properties, required);
    return { type: "object", properties, ...(required.length > 0 ? { required } : {}) };
  }

  #field(field: FieldDescription, steps: readonly Step[], isRequired: boolean): JsonSchema {
    const { type } = field;
    const values = constrained(valuesOf(type, this.#whose), rulesOf(field.name, steps), type, this.#whose);
    const empty = emptyValues(field.name, steps);
    if (this.#whose !== "all") {
      if (!isRequired) return this.#orDefault(orNull(values), field);
      return empty === undefined || empty.includes("") ? filled(values, type) : values;
    }
    const choices = [values, BLANK, ...(empty === undefined ? [] : [{ enum: empty }, ...empty.flatMap(padded)])];
    const kept = field.default ?? null;
    if (kept !== null) choices.push({ enum: [kept] });
    return isRequired ? either(...choices) : orNull(either(...choices));
  }

  /** A default that is kept when nothing is sent. */
  #orDefault(values: JsonSchema, field: FieldDescription): JsonSchema {
    const kept = field.default ?? null;
    return this.#whose === "json" && kept !== null && !isObject(kept) ? { ...values, default: kept } : values;
  }

  #relation(field: FieldDescription, cast: CastRelation, isRequired: boolean): JsonSchema {
    const child = this.#object(field.schema as Description, cast.with ?? []);
    if (this.#whose !== "all") {
      if (field.cardinality === "many") return { type: "array", items: child, ...(isRequired ? { minItems: 1 } : {}) };
      return isRequired ? child : either(child, { type: "null" });
    }
    // Children that are dropped need not be right, nor what a form sends for none; lists also come as maps by position.
    const hasParams = cast.drop_param !== undefined || cast.sort_param !== undefined;
    const many = hasParams ? { type: ["array", "object"] } : { type: ["array", "object"], items: child, additionalProperties: child };
    return orNull(either(field.cardinality === "many" ? many : child, BLANK));
  }

  /** Params that are no fields: boxes to tick, and confirmations. */
  #strangers(schema: Description, steps: readonly Step[], properties: Properties, required: string[]): void {
    for (const [step, field, options] of steps) {
      const name = field as string;
      if (step === "validate_acceptance") {
        setOwn(properties, name, this.#whose === "all" ? { enum: [true, "true", "1"] } : { const: true });
        if (!required.includes(name)) required.push(name);
      } else if (step === "validate_confirmation" && fieldOf(schema, `${name}_confirmation`) === undefined) {
        const isRequired = isObject(options) && options["required"] === true && this.#whose !== "all";
        setOwn(properties, `${name}_confirmation`, this.#whose === "all" ? {} : valuesOf(fieldOf(schema, name)?.type, this.#whose));
        if (isRequired) required.push(`${name}_confirmation`);
      }
    }
  }

  /** A record with the changes applied. */
  #record(schema: Description, steps: readonly Step[], document: SchemaDocument | undefined): JsonSchema {
    const properties: Properties = {};
    const required: string[] = [];
    for (const field of schema.fields) {
      if (field.relation === "through") continue;
      const isEmbed = field.relation?.startsWith("embeds") === true;
      // Associations are there when they were loaded, or cast.
      if ((field.relation === undefined || isEmbed) && schema.schemaless !== true) required.push(field.name);
      setOwn(properties, field.name, this.#value(field, steps, document));
    }
    return { type: "object", properties, ...(required.length > 0 ? { required } : {}) };
  }

  #value(field: FieldDescription, steps: readonly Step[], document: SchemaDocument | undefined): JsonSchema {
    if (field.schema !== undefined) {
      const cast = castOf(steps, field);
      // Children that were there before the cast, or are put, went through no rules of these.
      const written = document === undefined ? undefined : relationIn(document, field);
      const isBound = written?.defaults_to_struct !== true && !isRewritten(steps, field.name);
      const child = this.#object(field.schema, (isBound ? cast?.with : undefined) ?? [], written?.schema);
      if (field.cardinality === "many") return { type: "array", items: child };
      return isAsked(field, steps, cast) ? child : either(child, { type: "null" });
    }
    const { type } = field;
    const values = valuesOf(type, "output");
    const isKept = (field.default ?? null) === null && !isRewritten(steps, field.name);
    // What is not cast is not looked at; a default is not, either.
    const bounded = isKept ? constrained(values, rulesOf(field.name, steps), type, "output") : values;
    return isKept && isAsked(field, steps) ? bounded : orNull(bounded);
  }
}

/** The steps that every changeset goes through: those of merged rules, too, and none of conditions. */
function flat(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) => (step[0] === "merge" ? flat(step[1] as readonly Step[]) : [step]));
}

function sameSteps(one: readonly Step[], other: readonly Step[]): boolean {
  return one === other || (one.length === 0 && other.length === 0);
}

/** Whether rules see another value of a field than the one that was sent. */
function isRewritten(steps: readonly Step[], name: string): boolean {
  return steps.some(([step, about, inner]) => {
    switch (step) {
      case "change":
        return (about as readonly (readonly [string, unknown])[]).some(([field]) => field === name);
      case "cast_params":
        return [inner].flat().includes(name);
      case "when":
        return Array.isArray(inner) && isRewritten(flat(inner as Step[]), name);
      default:
        return about === name && /^(put|force|delete|update)_/.test(step);
    }
  });
}

/** The rules that a value which is sent goes through: those behind its cast. */
function rulesOf(name: string, steps: readonly Step[]): Rule[] {
  if (isRewritten(steps, name)) return [];
  const cast = steps.findIndex(([step, fields]) => step === "cast" && [fields].flat().includes(name));
  return cast < 0 ? [] : steps.slice(cast).flatMap(([step, field, ...args]) => (field === name ? [[step, ...args] as const] : []));
}

/** Whether a field must be sent: it is required, and nothing else gives it a value. */
function isAsked(field: FieldDescription, steps: readonly Step[], cast?: CastRelation): boolean {
  if ((field.default ?? null) !== null || isRewritten(steps, field.name)) return false;
  if (cast?.required === true) return true;
  const isRead = cast !== undefined || permits(steps, field.name);
  return isRead && requires(steps, field.name);
}

/** A value that must be there is no empty text. */
function filled(values: JsonSchema, type: unknown): JsonSchema {
  if (type !== "string" || (values["minLength"] as number | undefined ?? 0) >= 1 || "enum" in values) return values;
  return { ...values, minLength: 1 };
}

/** Text that counts as empty also with white space around it. */
function padded(empty: unknown): JsonSchema[] {
  if (typeof empty !== "string") return [];
  return [{ type: "string", pattern: String.raw`^\s*${empty.replace(/[$()*+./?[\\\]^{|}]/g, String.raw`\$&`)}\s*$` }];
}

/** What counts as empty for a field, where its cast says so. */
function emptyValues(name: string, steps: readonly Step[]): unknown[] | undefined {
  const own = steps.flatMap(([step, fields, options]) =>
    step === "cast" && [fields].flat().includes(name) && isObject(options) && "empty_values" in options
      ? (fromNotation(options["empty_values"]) as unknown[] | undefined) ?? []
      : []);
  return own.length === 0 ? undefined : own;
}
