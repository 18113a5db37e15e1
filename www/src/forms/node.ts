import { applyAction, schema, t, traverseErrors } from "ectomorph";

const User = schema("users", { name: t.string(), email: t.string() });
const registration = User.changeset((c) => c.cast("name", "email").validateRequired("name", "email"));

export async function create(request: Request): Promise<Response> {
  const result = applyAction(registration(User.build(), await request.formData()), "insert");
  if (result.ok) return Response.json(result.value, { status: 201 });
  return Response.json({ errors: traverseErrors(result.changeset) }, { status: 422 });
}
