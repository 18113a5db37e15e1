//! A server whose rules are also those of its pages.
//!
//! [`rules`] says what a good user, sign-up and order are. The server hands these rules out as documents
//! (`GET /rules/user.json`), which the pages load and check their forms by, and checks what the pages send by the same
//! rules ([`server`]). What only the server can know, such as an email that is taken, it answers on the same field.

pub mod rules;
pub mod server;
mod taken;
