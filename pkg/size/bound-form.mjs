// The same page with its form bound: messages below the fields, attributes from the rules.
import { schema, t } from "ectomorph";
import { bindForm } from "ectomorph/form";

const User = schema("users", {
  name: t.string(),
  email: t.string(),
  bio: t.string(),
  number_of_pets: t.integer(),
});

const registration = User.changeset((c) =>
  c
    .cast("name", "email", "bio", "number_of_pets")
    .validateRequired("name", "email", "bio", "number_of_pets")
    .validateLength("bio", { min: 2, max: 140 })
    .validateFormat("email", /@/),
);

bindForm(document.querySelector("form"), registration);
