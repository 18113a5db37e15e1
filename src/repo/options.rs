//! The options of reads and writes.

use crate::query::{Query, Update};
use crate::value::{Str, Value};
use std::time::Duration;

/// Options, named as in Ecto. Each function heeds those that mean something to it.
///
/// ```
/// use ectomorph::repo::{Conflict, Options};
/// let upsert = Options::new().on_conflict(Conflict::ReplaceAll).conflict_target(["email"]).returning(["id"]);
/// # let _ = upsert;
/// ```
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub(super) prefix: Option<Str>,
    pub(super) returning: Returning,
    pub(super) on_conflict: Conflict,
    pub(super) conflict_target: Target,
    pub(super) keep_target: bool,
    pub(super) force: bool,
    pub(super) allow_stale: bool,
    pub(super) stale_error_field: Option<Str>,
    pub(super) stale_error_message: Option<Str>,
    pub(super) savepoint: bool,
    pub(super) placeholders: Vec<(Str, Value)>,
    pub(super) chunk: Option<usize>,
    pub(super) timeout: Option<Duration>,
    /// Of the reads of preloads: whether nobody depends on the order that they ask for.
    pub(super) any_order: bool,
}

/// What a write gives back of the row.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Returning {
    /// The fields that are read after writes, and a key that the database makes.
    #[default]
    Default,
    /// Every field.
    All,
    /// These fields, too.
    Fields(Vec<Str>),
}

/// What an insert does where a row with the same key is there: Ecto's `on_conflict`.
#[derive(Clone, Debug, Default)]
pub enum Conflict {
    /// The constraint is violated.
    #[default]
    Raise,
    /// The row is left as it is.
    Nothing,
    /// Every field of the row gets its new value.
    ReplaceAll,
    /// Every field but these.
    ReplaceAllExcept(Vec<Str>),
    /// These fields.
    Replace(Vec<Str>),
    /// The row is updated so: `[set: .., inc: ..]`.
    Update(Vec<Update>),
    /// The row is updated as the query says, if its conditions hold.
    Query(Query),
}

/// Which keys a conflict is about: Ecto's `conflict_target`.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Target {
    /// Any, where the adapter admits it.
    #[default]
    Any,
    /// The unique key of these fields.
    Fields(Vec<Str>),
    /// The constraint or index of that name.
    Constraint(Str),
    /// SQL text: Ecto's `{:unsafe_fragment, ..}`.
    Fragment(Str),
}

impl Options {
    /// No options.
    pub fn new() -> Self {
        Options::default()
    }

    /// The prefix (PostgreSQL's schema) of tables that say none.
    pub fn prefix(mut self, prefix: impl Into<Str>) -> Self {
        self.prefix = Some(prefix.into());
        self
    }

    /// Fields to read back from the written row.
    pub fn returning<N: Into<Str>>(mut self, fields: impl IntoIterator<Item = N>) -> Self {
        self.returning = Returning::Fields(fields.into_iter().map(Into::into).collect());
        self
    }

    /// Reads back every field of the written row.
    pub fn returning_all(mut self) -> Self {
        self.returning = Returning::All;
        self
    }

    /// What happens where a row with the same key is there.
    pub fn on_conflict(mut self, conflict: Conflict) -> Self {
        self.on_conflict = conflict;
        self
    }

    /// The unique key that a conflict is about.
    pub fn conflict_target<N: Into<Str>>(mut self, fields: impl IntoIterator<Item = N>) -> Self {
        self.conflict_target = Target::Fields(fields.into_iter().map(Into::into).collect());
        self
    }

    /// The constraint or index that a conflict is about.
    pub fn conflict_constraint(mut self, name: impl Into<Str>) -> Self {
        self.conflict_target = Target::Constraint(name.into());
        self
    }

    /// What a conflict is about, as SQL text.
    pub fn conflict_fragment(mut self, sql: impl Into<Str>) -> Self {
        self.conflict_target = Target::Fragment(sql.into());
        self
    }

    /// Has `ReplaceAll` replace the fields of the conflict target too, which are equal: Ecto's
    /// `replace_changed: false`.
    pub fn replace_target(mut self) -> Self {
        self.keep_target = true;
        self
    }

    /// An update without changes is written; a preload reads what is loaded.
    pub fn force(mut self) -> Self {
        self.force = true;
        self
    }

    /// A row that is gone is no error.
    pub fn allow_stale(mut self) -> Self {
        self.allow_stale = true;
        self
    }

    /// A row that is gone is an error of the changeset, on this field.
    pub fn stale_error_field(mut self, field: impl Into<Str>) -> Self {
        self.stale_error_field = Some(field.into());
        self
    }

    /// The message of that error instead of "is stale".
    pub fn stale_error_message(mut self, message: impl Into<Str>) -> Self {
        self.stale_error_message = Some(message.into());
        self
    }

    /// The statement runs in a savepoint: if it fails, the transaction around it goes on. Ecto's `mode: :savepoint`.
    pub fn savepoint(mut self) -> Self {
        self.savepoint = true;
        self
    }

    /// A value that rows of `insert_all` share: [`RowValue::Placeholder`](super::RowValue::Placeholder).
    pub fn placeholder(mut self, key: impl Into<Str>, value: impl Into<Value>) -> Self {
        self.placeholders.push((key.into(), value.into()));
        self
    }

    /// How long a statement may take on a server; the configuration of the adapter says it of all. One that takes longer is
    /// an error, and its connection is closed. Of a stream it is the time of each portion.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// How many rows a stream fetches at once: Ecto's `max_rows`, 500 unless said otherwise.
    pub fn max_rows(mut self, rows: usize) -> Self {
        self.chunk = Some(rows);
        self
    }

    /// What the writes of associations inherit.
    pub(super) fn inherited(&self) -> Options {
        Options {
            prefix: self.prefix.clone(),
            allow_stale: self.allow_stale,
            timeout: self.timeout,
            ..Options::default()
        }
    }

    /// What the reads of preloads inherit.
    pub(super) fn of_preloads(&self, any_order: bool) -> Options {
        Options { savepoint: self.savepoint, any_order, ..self.inherited() }
    }
}
