import { blank, isEmbed } from "./describe.js";
import { EctomorphError } from "./errors.js";
import type { ChildFields, Data, OwnAssocName, RecordOf } from "./fields.js";
import type { Schema } from "./schema.js";

/**
 * A new record of an association: with the key of its owner, where it holds that, and the `defaults` of the association. Ecto's
 * `build_assoc`.
 *
 * @example
 * const post = buildAssoc(User, user, "posts", { title: "On engines" });
 * await repo.insert(posting(post, params));
 */
export function buildAssoc<F, K extends OwnAssocName<F>>(
  schema: Schema<F>, owner: Data<F>, assoc: K, values: Data<ChildFields<F, K & keyof F>> = {},
): RecordOf<ChildFields<F, K & keyof F>> {
  const field = schema.description.fields.find(({ name }) => name === assoc);
  if (field?.schema === undefined || isEmbed(field)) {
    throw new EctomorphError(`\`${assoc}\` is no association of \`${schema.name}\` that holds records of its own`, { schema: schema.name, field: assoc });
  }
  const relations = schema.document[String(field.relation)] as { readonly [name: string]: { foreign_key?: string; references?: string } };
  const { foreign_key: key, references = "id" } = relations[assoc] ?? {};
  const isHeld = key !== undefined && field.relation !== "belongs_to";
  const held = isHeld ? { [key]: (owner as { readonly [field: string]: unknown })[references] ?? null } : {};
  return { ...blank(field.schema), ...field.defaults, ...values, ...held } as RecordOf<ChildFields<F, K & keyof F>>;
}
