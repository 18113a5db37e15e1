import { migration, references } from "ectomorph/repo";

export default migration(20170523151118, "create_users", (m) =>
  m.create("users", (t) =>
    t
      .add("name", "string")
      .add("email", "string")
      .add("bio", "text")
      .add("number_of_pets", "integer")
      .add("role", "string")
      .add("team_id", references("teams"))
      .add("tags", { array: "string" })
      .add("secret", "string")
      .timestamps())
   .createIndex("users", ["email"], { unique: true })
   .createIndex("users", ["team_id"]));
