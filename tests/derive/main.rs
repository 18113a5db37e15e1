//! `#[derive(Schema)]`, typed changesets and rules, as a program uses them.

mod blog;
mod changeset;
mod document;
mod schema;
mod straight;
