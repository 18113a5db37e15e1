//! `unsafe_validate_unique`: asking beforehand whether a row with the same values is there.

use crate::changeset::{Changeset, Data, FieldError};
use crate::query::{Expr, Function, Query};
use crate::repo::queryable::{call, field, filter, filter_eq, pin};
use crate::repo::{Queryable, Repo, RepoError};
use crate::schema::{Names, RecordState};
use crate::value::{Map, Str, Value};

/// The options of [`Repo::unsafe_validate_unique`].
#[derive(Clone, Debug, Default)]
pub struct UniqueOptions {
    message: Option<Str>,
    error_key: Option<Str>,
    query: Option<Query>,
    prefix: Option<Str>,
    nulls_are_equal: bool,
}

impl UniqueOptions {
    /// The defaults.
    pub fn new() -> Self {
        UniqueOptions::default()
    }

    /// Replaces the message.
    pub fn message(mut self, message: impl Into<Str>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// The field that gets the error, instead of the first.
    pub fn error_key(mut self, field: impl Into<Str>) -> Self {
        self.error_key = Some(field.into());
        self
    }

    /// The rows to look among, instead of all of the schema.
    pub fn query(mut self, query: Query) -> Self {
        self.query = Some(query);
        self
    }

    /// The prefix to look in.
    pub fn prefix(mut self, prefix: impl Into<Str>) -> Self {
        self.prefix = Some(prefix.into());
        self
    }

    /// Two nulls count as the same: Ecto's `nulls_distinct: false`.
    pub fn nulls_are_equal(mut self) -> Self {
        self.nulls_are_equal = true;
        self
    }
}

impl Repo {
    /// Adds an error if a row with the same values of `fields` is there already. It is for early feedback: only a unique
    /// index, with `unique_constraint`, is safe.
    ///
    /// Nothing is asked if none of the fields changes, one has an error, or one is null.
    ///
    /// # Errors
    /// As [`Repo::all`].
    pub async fn unsafe_validate_unique<T: Data>(
        &self,
        changeset: Changeset<T>,
        fields: impl Names<T>,
        options: &UniqueOptions,
    ) -> Result<Changeset<T>, RepoError> {
        let fields: Vec<Str> = fields.names();
        if changeset.mistake.is_some() {
            return Ok(changeset);
        }
        let Some(first) = fields.first().cloned() else {
            return Err(RepoError::mistake("unsafe_validate_unique needs a field"));
        };
        let schema = changeset.schema().clone();
        let mut values = Vec::with_capacity(fields.len());
        let mut changed = false;
        for name in &fields {
            let at = schema.expect_position(name)?;
            changed |= changeset.changes.get(at).is_some();
            values.push((name, changeset.field_value(at).clone()));
        }
        let any_null = !options.nulls_are_equal && values.iter().any(|(_, value)| value.is_null());
        if !changed || any_null || fields.iter().any(|name| changeset.has_error(name)) {
            return Ok(changeset);
        }
        let mut query = match &options.query {
            Some(query) => query.clone(),
            None => (&schema).to_query(),
        };
        for (name, value) in values {
            match value {
                Value::Null => filter(&mut query, Expr::Call(Function::IsNil, vec![field(0, name)])),
                value => filter_eq(&mut query, name, value),
            }
        }
        if changeset.data.state == RecordState::Loaded {
            exclude_itself(&mut query, &changeset.data);
        }
        if let Some(prefix) = &options.prefix {
            query.parts_mut().prefix = Some(prefix.clone());
        }
        if !self.exists(query).await? {
            return Ok(changeset);
        }
        let mut parts = changeset.into_parts();
        let metadata = Map::from([
            ("validation", Value::from("unsafe_unique")),
            ("fields", Value::List(fields.iter().map(Value::from).collect())),
        ]);
        let message = options.message.clone().unwrap_or(Str::Static("has already been taken"));
        let field = options.error_key.clone().unwrap_or(first);
        parts.errors.insert(0, FieldError { field, message, metadata });
        parts.valid = false;
        Ok(Changeset::of_parts(parts))
    }
}

fn exclude_itself(query: &mut Query, record: &crate::schema::Record) {
    let schema = record.schema();
    let same = schema.primary_key().iter().filter_map(|at| {
        let value = record.slot(*at).value();
        let key = field(0, &schema.fields()[*at].name);
        (!value.is_null()).then(|| call(Function::Eq, key, pin(value.clone())))
    });
    let same = same.reduce(|left, right| call(Function::And, left, right));
    if let Some(same) = same {
        filter(query, Expr::Call(Function::Not, vec![same]));
    }
}
