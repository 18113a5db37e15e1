use ectomorph::migration::Migration;

pub fn migration() -> Migration {
    ectomorph::migration!(20240102000000, add_age, |_m| {})
}
