use ectomorph::migration::{Migration, array, index, references, unique_index};

pub fn migration() -> Migration {
    ectomorph::migration!(20170523151118, create_users, |m| {
        m.create("users", |t| {
            t.add("name", "string")
                .add("email", "string")
                .add("bio", "text")
                .add("number_of_pets", "integer")
                .add("role", "string")
                .add("team_id", references("teams"))
                .add("tags", array("string"))
                .add("secret", "string")
                .timestamps()
        });
        m.create_index(unique_index("users", ["email"]));
        m.create_index(index("users", ["team_id"]));
    })
}
