import { EctomorphError } from "../errors.js";

/** The words that a JSON Schema is written in. */
export type Target = "draft-2020-12" | "draft-07" | "openapi-3.0";

/** A JSON Schema: plain JSON. */
export type JsonSchema = { readonly [keyword: string]: unknown };

export const TARGETS: readonly Target[] = ["draft-2020-12", "draft-07", "openapi-3.0"];

export function isTarget(name: unknown): name is Target {
  return TARGETS.includes(name as Target);
}

/** The place of parts with names, as the writer names it. */
export const DEFS = "#/$defs/";

/** A schema in the words of draft 2020-12, in those of a target. */
export function finish(schema: JsonSchema, target: Target, title: string): JsonSchema {
  if (target === "draft-2020-12") return { $schema: "https://json-schema.org/draft/2020-12/schema", ...schema };
  if (target === "draft-07") return { $schema: "http://json-schema.org/draft-07/schema#", ...(earlier(schema) as JsonSchema) };
  if ("$defs" in schema || JSON.stringify(schema).includes('"$ref":')) {
    throw new EctomorphError(`the rules of \`${title}\` lead to themselves, which a schema of openapi-3.0 can't say; use draft-2020-12`);
  }
  return openApi(schema) as JsonSchema;
}

/** Draft 7 keeps named parts in another place; all else that is written here, it has. */
function earlier(schema: unknown): unknown {
  return mapped(schema, (keyword, value) => {
    if (keyword === "$defs") return [["definitions", eachOf(value, earlier)]];
    if (keyword === "$ref") return [["$ref", (value as string).replace(DEFS, "#/definitions/")]];
    return [[keyword, inner(keyword, value, earlier)]];
  });
}

/** OpenAPI 3.0 says `nullable`, has no lists of types, no `const`, and bounds that are exclusive by a second word. */
function openApi(schema: unknown): unknown {
  const { type, anyOf } = schema as { type?: unknown; anyOf?: readonly JsonSchema[] };
  if (Array.isArray(type)) {
    const types = type.filter((name) => name !== "null");
    const rest = Object.fromEntries(Object.entries(schema as object).filter(([keyword]) => keyword !== "type"));
    const nullable = types.length < type.length ? { nullable: true } : {};
    if (types.length === 1) return { ...(openApi({ type: types[0] as string, ...rest }) as object), ...nullable };
    return { anyOf: types.map((name) => ({ ...(openApi({ type: name, ...rest }) as object), ...nullable })) };
  }
  if (type === "null") return { enum: [null] };
  if (anyOf?.length === 2 && anyOf[1]?.["type"] === "null") {
    const only = openApi(anyOf[0]) as JsonSchema;
    if (typeof only["type"] === "string" && !("enum" in only)) return { ...only, nullable: true };
  }
  return mapped(schema, (keyword, value) => {
    if (keyword === "const") return [["enum", [value]]];
    if (keyword === "exclusiveMinimum") return [["minimum", value], ["exclusiveMinimum", true]];
    if (keyword === "exclusiveMaximum") return [["maximum", value], ["exclusiveMaximum", true]];
    return [[keyword, inner(keyword, value, openApi)]];
  });
}

/** What is inside of a keyword, rewritten. */
function inner(keyword: string, value: unknown, rewrite: (schema: unknown) => unknown): unknown {
  if (keyword === "properties") return eachOf(value, rewrite);
  if (keyword === "anyOf" || keyword === "allOf") return (value as readonly unknown[]).map(rewrite);
  return /^(items|additionalProperties|not)$/.test(keyword) && typeof value === "object" ? rewrite(value) : value;
}

function eachOf(schemas: unknown, rewrite: (schema: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(schemas as object).map(([name, schema]) => [name, rewrite(schema)]));
}

function mapped(schema: unknown, rewrite: (keyword: string, value: unknown) => readonly (readonly [string, unknown])[]): JsonSchema {
  return Object.fromEntries(Object.entries(schema as object).flatMap(([keyword, value]) => rewrite(keyword, value)));
}
