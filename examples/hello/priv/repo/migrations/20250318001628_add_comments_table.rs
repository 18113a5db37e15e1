use ectomorph::migration::Migration;

pub fn migration() -> Migration {
    ectomorph::migration!(20250318001628, add_comments_table, |m| {
        m.create("comments", |t| t.add("body", "string").add("word_count", "integer").timestamps());
    })
}
