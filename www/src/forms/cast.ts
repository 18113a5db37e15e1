import { schema, t } from "ectomorph";
import { page } from "./page.js";

const User = schema("users", {
  name: t.string(),
  email: t.string(),
  number_of_pets: t.integer(),
});

const registration = User.changeset((c) =>
  c.cast("name", "email", "number_of_pets"));

const { form, show } = page("cast");
const check = () => show(registration(User.build(), new FormData(form)));

form.addEventListener("input", check);
check();
