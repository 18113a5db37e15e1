use ectomorph::migration::{Migration, Timestamps, array, column, references, table, unique_index};

pub fn migration() -> Migration {
    ectomorph::migration!(20170523151118, create_accounts, |m| {
        m.create(table("accounts").prefix("bank").no_primary_key(), |t| {
            t.add("id", column("binary_id").primary_key())
                .add("type", "string")
                .add("active", column("boolean").default(false).null(false))
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
                .add("devices", array("uuid"))
                .add("user_id", references("users").column_type("binary_id"))
                .timestamps_with(Timestamps::new().of_type("utc_datetime_usec"))
        });
        m.create_index(unique_index("accounts", ["token"]).prefix("bank"));
        m.create_index(unique_index("accounts", ["user_id"]).prefix("bank"));
    })
}
