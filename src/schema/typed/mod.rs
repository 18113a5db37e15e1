//! Rust types that have a schema: what `#[derive(Schema)]` implements, and what it stands on.

mod assoc;
mod children;
#[cfg(feature = "derive")]
pub mod derive;
mod field_value;
mod name;

pub use assoc::Assoc;
pub use children::{AssocMany, AssocOne, Associated, Children, EmbedMany, EmbedOne};
pub use field_value::FieldValue;
pub use name::{FieldName, Named, Names};

use super::{Record, Schema};
use crate::mistake::Mistake;
use alloc::sync::Arc;

/// A Rust type whose values are records of one schema. `#[derive(Schema)]` implements it.
///
/// `Default` gives a new record, with the defaults of the schema: Ecto's `%User{}`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no schema",
    label = "a schema is needed here",
    note = "write `#[derive(Schema)]` on `{Self}`"
)]
pub trait HasSchema: Default + 'static {
    /// The schema, the same one at each call.
    fn schema() -> Arc<Schema>;

    /// The record that a changeset works on.
    fn to_record(&self) -> Record;

    /// The way back.
    ///
    /// # Errors
    ///
    /// A [`Mistake`] that names the field whose value the Rust type can't hold (an integer beyond its `i32`), or
    /// both schemas, if the record is one of another.
    fn from_record(record: &Record) -> Result<Self, Mistake>;
}
