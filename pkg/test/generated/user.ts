import { type Infer, schema, t } from "ectomorph";

export const User = schema(
  "users",
  {
    name: t.string(),
    email: t.string(),
    bio: t.string(),
    number_of_pets: t.integer(),
    role: t.enum("admin", "user"),
    team_id: t.id(),
    tags: t.array(t.string()),
    secret: t.string().redact(),
  },
  { name: "User", timestamps: true },
);
export type User = Infer<typeof User>;

/** The rules of a changeset. */
export const userChangeset = User.changeset((c) =>
  c.cast("name", "email", "bio", "number_of_pets", "role", "tags", "secret")
    .validateRequired("name", "email", "bio", "number_of_pets", "role", "secret")
    .uniqueConstraint("email"),
);
