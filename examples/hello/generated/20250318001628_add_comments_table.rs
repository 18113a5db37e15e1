use ectomorph::migration::Migration;

pub fn migration() -> Migration {
    ectomorph::migration!(20250318001628, add_comments_table, |_m| {})
}
