import type { StandardJSONSchemaV1, StandardSchemaV1 } from "@standard-schema/spec";
import { schema, t } from "../src/index.js";
import { withJsonSchema } from "../src/json-schema/index.js";

// Rules are what the specification's own types ask for.

const User = schema("users", { name: t.string(), age: t.integer() });
const registration = User.changeset((c) => c.cast("name", "age").validateRequired("name"));

export const standard: StandardSchemaV1 = registration;
export const json: StandardJSONSchemaV1 & StandardSchemaV1 = withJsonSchema(registration);
export const output: StandardSchemaV1.InferOutput<typeof registration> = { id: 1, name: "Ada", age: null };
// @ts-expect-error a name is text
export const wrong: StandardSchemaV1.InferOutput<typeof registration> = { id: 1, name: 1, age: null };
