//! What changesets are made of: data, params, patterns.

use super::Changeset;
use crate::mistake::Mistake;
use crate::params::Json;
use crate::pattern::Pattern;
use crate::schema::{Fields, HasSchema, Record};
use crate::value::{Map, Value};
use alloc::sync::Arc;

/// Data that a changeset can be of: a type with `#[derive(Schema)]`, or a [`Record`].
pub trait Data: Sized {
    /// The record that the changeset works on.
    fn into_record(self) -> Arc<Record>;

    /// The way back.
    ///
    /// # Errors
    ///
    /// As [`HasSchema::from_record`].
    fn of_record(record: Arc<Record>) -> Result<Self, Mistake>;

    /// Reads it from what has its fields.
    #[doc(hidden)]
    fn of_fields(fields: &mut dyn Fields) -> Result<Self, Mistake> {
        Self::of_record(Arc::new(fields.to_record()?))
    }
}

impl<T: HasSchema> Data for T {
    fn into_record(self) -> Arc<Record> {
        Arc::new(self.to_record())
    }

    fn of_record(record: Arc<Record>) -> Result<Self, Mistake> {
        T::from_record(&record)
    }

    fn of_fields(fields: &mut dyn Fields) -> Result<Self, Mistake> {
        T::read(fields)
    }
}

impl Data for Record {
    fn into_record(self) -> Arc<Record> {
        Arc::new(self)
    }

    fn of_record(record: Arc<Record>) -> Result<Self, Mistake> {
        Ok(Arc::unwrap_or_clone(record))
    }
}

/// What a cast starts from: data, or a changeset that is cast further.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no data of a `Changeset<{T}>`",
    label = "neither a `{T}` nor a `Changeset<{T}>`"
)]
pub trait IntoChangeset<T> {
    /// The changeset, without changes if this is data.
    fn into_changeset(self) -> Changeset<T>;
}

impl<T: Data> IntoChangeset<T> for T {
    fn into_changeset(self) -> Changeset<T> {
        Changeset::new(self.into_record())
    }
}

impl<T: Data> IntoChangeset<T> for Changeset<T> {
    fn into_changeset(self) -> Changeset<T> {
        self
    }
}

impl IntoChangeset<Record> for Arc<Record> {
    fn into_changeset(self) -> Changeset<Record> {
        Changeset::new(self)
    }
}

/// The params of a cast. A map, mostly; `From` takes a `&Map`, a `&Value`, or a [`&Json`](Json).
#[derive(Clone, Copy, Debug)]
pub enum Params<'a> {
    /// Field to value.
    Valid(&'a Map),
    /// JSON text, whose strings lie in the text.
    Json(&'a Json<'a>),
    /// Params that are known to be invalid as a whole: Ecto's `:invalid`. Nothing is cast, the changeset isn't valid.
    Invalid,
    /// Something that is no map, which a cast takes for a mistake of the program: what it is.
    NoMap(&'static str),
}

impl<'a> Params<'a> {
    /// The value that the changeset is made of, where there is none yet.
    pub(super) fn made(self) -> Option<Value> {
        match self {
            Params::Json(json) => Some(json.to_value()),
            _ => None,
        }
    }

    /// These params, with the value that was made of them.
    pub(super) fn with<'b>(self, made: &'b Option<Value>) -> Params<'b>
    where
        'a: 'b,
    {
        made.as_ref().map_or(self, Params::from)
    }

    pub(super) fn map(self) -> Result<Option<&'a Map>, Mistake> {
        match self {
            Params::Valid(map) => Ok(Some(map)),
            Params::Invalid => Ok(None),
            Params::Json(_) => Err(Mistake::new("cast: params as JSON text were not made a value")),
            Params::NoMap(kind) => Err(Mistake::about("cast: params must be a map, got %", &[kind])),
        }
    }
}

impl<'a> From<&'a Map> for Params<'a> {
    fn from(map: &'a Map) -> Self {
        Params::Valid(map)
    }
}

impl<'a> From<&'a Value> for Params<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Map(map) => Params::Valid(map),
            other => Params::NoMap(other.kind()),
        }
    }
}

impl<'a> From<&'a Json<'a>> for Params<'a> {
    fn from(json: &'a Json<'a>) -> Self {
        Params::Json(json)
    }
}

/// What `validate_format` matches: a [`Pattern`], or its source.
pub trait IntoPattern {
    /// The pattern.
    ///
    /// # Errors
    ///
    /// A [`Mistake`] that says what is wrong with the source.
    fn into_pattern(self) -> Result<Pattern, Mistake>;
}

impl IntoPattern for Pattern {
    fn into_pattern(self) -> Result<Pattern, Mistake> {
        Ok(self)
    }
}

impl IntoPattern for &str {
    fn into_pattern(self) -> Result<Pattern, Mistake> {
        Pattern::new(self, "").map_err(|error| Mistake::new(error.message()))
    }
}

/// Source and flags.
impl IntoPattern for (&str, &str) {
    fn into_pattern(self) -> Result<Pattern, Mistake> {
        Pattern::new(self.0, self.1).map_err(|error| Mistake::new(error.message()))
    }
}
