//! The migrations: a file each, whose name begins with the time it was made.

use ectomorph::migration::Migration;

#[path = "../migrations"]
mod files {
    #[rustfmt::skip]
    #[path = "20250318001628_add_comments_table.rs"]
    pub mod add_comments_table;
    #[rustfmt::skip]
    #[path = "20250317170448_create_post.rs"]
    pub mod create_post;
    #[rustfmt::skip]
    #[path = "20170523151118_create_users.rs"]
    pub mod create_users;
}

pub use files::add_comments_table::migration as add_comments_table;
pub use files::create_post::migration as create_post;
pub use files::create_users::migration as create_users;

/// All of them.
pub fn all() -> [Migration; 3] {
    [create_users(), create_post(), add_comments_table()]
}
