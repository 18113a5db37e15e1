import { schema, t } from "ectomorph";
import { bindForm } from "ectomorph/form";
import { page } from "./page.js";

const User = schema("users", {
  name: t.string(),
  email: t.string(),
  bio: t.string(),
  role: t.enum("reader", "author").default("reader"),
}, { name: "User" });

const registration = User.changeset((c) =>
  c.cast("name", "email", "bio", "role")
    .validateRequired("name", "email")
    .validateFormat("email", /@/)
    .validateLength("bio", { min: 2, max: 140 }));

const { form, show } = page("bind");

bindForm(form, registration, {
  onChange: show,
  onSubmit: (_, { params }) => show(params),
});
