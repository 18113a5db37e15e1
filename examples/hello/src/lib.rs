//! Ecto's guide, step by step, in Rust: the schema and the migrations that it makes, and the session that it shows.
//!
//! [`user`] is the schema, [`migrations`] its table and those of posts and comments, [`repo`] the database; [`guide`] is what
//! the guide does with them, a function a chapter.

pub mod beyond;
pub mod guide;
pub mod migrations;
pub mod repo;
pub mod user;
