use ectomorph::migration::Migration;

pub fn migration() -> Migration {
    ectomorph::migration!(20250317170448, create_post, |m| {
        m.create("posts", |t| t.add("title", "string").add("body", "text").timestamps());
    })
}
