// The same page with its form in React, which is not counted.
import { schema, t } from "ectomorph";
import { useForm } from "ectomorph/react";
import { createElement as h } from "react";

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

export function Registration() {
  const form = useForm(registration);
  const fields = ["name", "email", "bio", "number_of_pets"].map((name) => form.field(name));
  return h("form", form.props, fields.map(({ input, errors, errorId }) => [h("input", input), h("p", { id: errorId }, errors.map(({ message }) => message))]));
}
