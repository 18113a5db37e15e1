use ectomorph::migration::Migration;

pub fn migration() -> Migration {
    ectomorph::migration!(20170523151118, create_users, |m| {
        m.create("users", |t| {
            t.add("name", "string")
                .add("email", "string")
                .add("bio", "string")
                .add("number_of_pets", "integer")
                .timestamps()
        });
    })
}
