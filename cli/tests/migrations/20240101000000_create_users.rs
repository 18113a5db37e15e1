use ectomorph::migration::{Migration, unique_index};

pub fn migration() -> Migration {
    ectomorph::migration!(20240101000000, create_users, |m| {
        m.create("users", |t| t.add("email", "string").timestamps());
        m.create_index(unique_index("users", ["email"]));
    })
}
