import { migration, references } from "ectomorph/repo";

export default migration(20170523151118, "create_accounts", (m) =>
  m.create("accounts", (t) =>
    t
      .add("id", "binary_id", { primaryKey: true })
      .add("type", "string")
      .add("active", "boolean", { default: false, null: false })
      .add("score", "float")
      .add("balance", "decimal")
      .add("extra", "map")
      .add("born_on", "date")
      .add("wakes_at", "time")
      .add("wakes_exactly_at", "time_usec")
      .add("seen_at", "naive_datetime")
      .add("seen_exactly_at", "naive_datetime_usec")
      .add("paid_at", "utc_datetime")
      .add("paid_exactly_at", "utc_datetime_usec")
      .add("token", "uuid")
      .add("avatar", "binary")
      .add("devices", { array: "uuid" })
      .add("user_id", references("users", { type: "binary_id" }))
      .timestamps({ type: "utc_datetime_usec" }), { prefix: "bank", primaryKey: false })
   .createIndex("accounts", ["token"], { unique: true, prefix: "bank" })
   .createIndex("accounts", ["user_id"], { unique: true, prefix: "bank" }));
