// A page that only validates: the user form of the guide. `cargo xtask size` bundles it as a user's bundler would.
import { schema, t, traverseErrors } from "ectomorph";

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

document.querySelector("form").addEventListener("submit", (event) => {
  const changeset = registration(User.build(), new FormData(event.target));
  if (!changeset.valid) {
    event.preventDefault();
    console.log(traverseErrors(changeset));
  }
});
