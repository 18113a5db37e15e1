//! Ecto.Type: what a value means for a field. Cast, dump, load, equal.

// The table of contents of this folder; filled in by the family files.
use crate::value::{Map, Value};
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// The type of a field.
#[derive(Clone, Debug)]
pub enum Type {
    /// An integer that identifies a row.
    Id,
    /// A binary or UUID that identifies a row, as text.
    BinaryId,
    Integer,
    Float,
    Boolean,
    String,
    Binary,
    /// A map with values of any kind.
    Map,
    /// A map whose values all have one type.
    MapOf(Box<Type>),
    /// A list whose elements all have one type.
    Array(Box<Type>),
    Decimal,
    Date,
    Time,
    TimeUsec,
    NaiveDatetime,
    NaiveDatetimeUsec,
    UtcDatetime,
    UtcDatetimeUsec,
    Uuid,
    Enum(Arc<Enum>),
    Any,
    Custom(Custom),
}

/// Why a value could not be cast: Ecto's `:error` (both empty) or `{:error, metadata}`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CastError {
    /// Where in a list or map the bad element stands, outermost first: indexes and keys.
    pub source: Vec<Value>,
    /// Metadata that goes into the error of the changeset (an enum gives `validation` and `enum`).
    /// A key `message` replaces the default message.
    pub metadata: Map,
}

/// An enum of names; filled in by its own file.
#[derive(Clone, Debug)]
pub struct Enum;

/// A type of the application; filled in by its own file.
#[derive(Clone, Debug)]
pub struct Custom;
