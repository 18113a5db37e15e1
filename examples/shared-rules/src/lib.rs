//! A server whose rules are also those of its pages.
//!
//! The crate [`rules`] says what a good user, sign-up and order are. The server hands these rules out as documents
//! (`GET /rules/user.json`), which the pages load and check their forms by, and checks what the pages send by the same
//! rules ([`server`]). What is valid goes into the [`database`]. What only that can know, such as an email that is taken, is
//! answered on the same field: a unique index refuses the row, and the repo makes an error of the changeset of it.

pub mod database;
pub mod server;
