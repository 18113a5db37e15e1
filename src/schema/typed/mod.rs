//! Rust types that have a schema: what `#[derive(Schema)]` implements, and what it stands on.

mod assoc;
mod children;
#[cfg(feature = "derive")]
pub mod derive;
mod field_value;
mod fields;
mod many;
mod name;

pub use assoc::Assoc;
pub use children::{AssocMany, AssocOne, Associated, Children, EmbedMany, EmbedOne};
pub use field_value::FieldValue;
pub use fields::Fields;
pub use many::Many;
pub use name::{FieldName, Named, Names};

use super::{Record, Schema};
use crate::mistake::Mistake;
use crate::value::Value;
use alloc::boxed::Box;
use alloc::sync::Arc;
use core::any::Any;

/// A Rust type whose values are records of one schema. `#[derive(Schema)]` implements it.
///
/// `Default` gives a new record, with the defaults of the schema: Ecto's `%User{}`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no schema",
    label = "a schema is needed here",
    note = "write `#[derive(Schema)]` on `{Self}`"
)]
pub trait HasSchema: Default + Send + 'static {
    /// Whether each default is certainly like the one before, so that its record need be made only once.
    #[doc(hidden)]
    const SAME_DEFAULT: bool = false;

    /// The schema, the same one at each call.
    fn schema() -> Arc<Schema>;

    /// The record that a changeset works on.
    fn to_record(&self) -> Record;

    /// Reads it from what has its fields.
    ///
    /// # Errors
    ///
    /// As [`HasSchema::from_record`]; what is stored is none of a field's type.
    fn read(fields: &mut dyn Fields) -> Result<Self, Mistake>;

    /// The way back from a record.
    ///
    /// # Errors
    ///
    /// A [`Mistake`] that names the field whose value the Rust type can't hold (an integer beyond its `i32`), or
    /// both schemas, if the record is one of another.
    fn from_record(mut record: &Record) -> Result<Self, Mistake> {
        Self::read(&mut record)
    }

    /// The value of the field at a position.
    #[doc(hidden)]
    fn value_at(&self, position: usize) -> Value {
        self.to_record().slot(position).value().clone()
    }

    /// An empty list for the records of the association at a position, if [`HasSchema::fill`] takes them.
    #[doc(hidden)]
    fn related(_position: usize) -> Option<Box<dyn Many>> {
        None
    }

    /// Puts records of a pool into the association at a position.
    #[doc(hidden)]
    fn fill(&mut self, _position: usize, _pool: &mut dyn Any, _of: &[usize]) -> Result<(), Mistake> {
        Ok(())
    }
}
