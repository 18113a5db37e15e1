//! The rules document: a schema and the steps of a changeset, portable between Rust and JavaScript.
//!
//! ```json
//! {
//!   "version": 1,
//!   "name": "registration",
//!   "schema": {"name": "User", "source": "users", "fields": {"name": "string", "age": "integer"}},
//!   "steps": [["cast", ["name", "age"]], ["validate_required", ["name"]]]
//! }
//! ```
//!
//! It fails closed: a version, key, step, option, validator or field that is not known is refused by name, so that no
//! rule is passed over silently. Values that JSON lacks are written in the [notation](crate::value::notation).

mod check;
mod read;
mod write;

pub use check::check;

use crate::changeset::{Changeset, IntoChangeset, Params, Rules};
use crate::mistake::Mistake;
use crate::rules::Step;
use crate::schema::{HasSchema, Record, Schema};
use crate::value::Str;
use alloc::sync::Arc;

/// The version of documents that is written, and the newest that is read.
pub const VERSION: i64 = 1;

/// How many bytes a document may have as JSON.
pub const MAX_BYTES: usize = 1_000_000;

/// A schema and the steps of a changeset of it.
///
/// ```
/// use ectomorph::document::Document;
/// use ectomorph::rules::NoValidators;
/// use ectomorph::schema::Record;
/// use ectomorph::types::Types;
/// use ectomorph::value::Map;
///
/// let json = r#"{
///     "version": 1,
///     "schema": {"name": "Comment", "source": "comments", "fields": {"body": "string"}},
///     "steps": [["cast", ["body"]], ["validate_length", "body", {"min": 3}]]
/// }"#;
/// let comment = Document::from_json(json, &Types::default(), &NoValidators)?;
/// let changeset = comment.apply(Record::new(&comment.schema), &Map::from([("body", "no")]));
/// assert_eq!(changeset.errors[0].text(), "should be at least 3 character(s)");
/// # Ok::<(), ectomorph::mistake::Mistake>(())
/// ```
#[derive(Clone, Debug)]
pub struct Document {
    /// What it is called, if anything: `registration`.
    pub name: Option<Str>,
    /// The schema.
    pub schema: Arc<Schema>,
    /// The steps.
    pub steps: Arc<[Step]>,
}

impl Document {
    /// A document of steps for a schema, without a name.
    ///
    /// # Errors
    ///
    /// As [`check`].
    pub fn new(schema: Arc<Schema>, steps: impl Into<Arc<[Step]>>) -> Result<Document, Mistake> {
        let steps = steps.into();
        check(&schema, &steps)?;
        Ok(Document { name: None, schema, steps })
    }

    /// Gives it a name.
    pub fn named(mut self, name: impl Into<Str>) -> Document {
        self.name = Some(name.into());
        self
    }

    /// Goes through the steps with the params, on a record of the schema.
    pub fn apply<'p>(&self, data: impl IntoChangeset<Record>, params: impl Into<Params<'p>>) -> Changeset {
        self.rules().apply(data, params)
    }

    /// The steps as rules.
    pub fn rules(&self) -> Rules {
        Rules::from(self.steps.to_vec())
    }
}

impl<T: HasSchema> Rules<T> {
    /// The rules with the schema of `T`, portable.
    ///
    /// # Errors
    ///
    /// As [`check`].
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// use ectomorph::{Rules, Schema};
    ///
    /// #[derive(Schema)]
    /// #[schema(source = "comments")]
    /// struct Comment {
    ///     id: Option<i64>,
    ///     body: Option<String>,
    /// }
    ///
    /// let rules = Rules::cast([Comment::body]).validate_required(Comment::body);
    /// let json = rules.document().and_then(|document| document.to_json());
    /// assert_eq!(
    ///     json.as_deref(),
    ///     Ok(concat!(
    ///         r#"{"version":1,"schema":{"name":"Comment","source":"comments","fields":{"body":"string"}},"#,
    ///         r#""steps":[["cast",["body"]],["validate_required",["body"]]]}"#
    ///     ))
    /// );
    /// # }
    /// ```
    pub fn document(&self) -> Result<Document, Mistake> {
        Document::new(T::schema(), self.steps())
    }
}
