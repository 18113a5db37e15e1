import { applyAction, schema, t } from "ectomorph";
import { page } from "./page.js";

const User = schema("users", {
  name: t.string(),
  email: t.string(),
  bio: t.string(),
  number_of_pets: t.integer().default(0),
});

const registration = User.changeset((c) =>
  c.cast("name", "email", "bio", "number_of_pets")
    .validateRequired("name", "email")
    .validateFormat("email", /@/, { message: "needs an @" })
    .validateLength("bio", { min: 2, max: 140 })
    .validateNumber("number_of_pets", { greaterThan: -1, lessThan: 100 })
    .uniqueConstraint("email"));

const { form, show } = page("rules");
const changeset = () => registration(User.build(), new FormData(form));

form.addEventListener("input", () => show(changeset()));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const result = applyAction(changeset(), "insert");
  show(result.ok ? result.value : result.changeset);
});
show(changeset());
