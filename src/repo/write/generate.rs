//! Values that a write makes: keys and times.

use super::Action;
use crate::adapter::Environment;
use crate::changeset::Parts;
use crate::repo::{Repo, RepoError};
use crate::schema::{Autogenerate, Field, FieldKind, Schema};
use crate::types::{Type, uuid};
use crate::value::{Str, UtcDatetime, Value};

/// What the clock says once for a write, so that all its times are the same.
pub(super) struct Clock<'a> {
    environment: &'a dyn Environment,
    now: Option<i64>,
}

impl<'a> Clock<'a> {
    pub fn new(environment: &'a dyn Environment) -> Self {
        Clock { environment, now: None }
    }

    fn microseconds(&mut self) -> i64 {
        *self.now.get_or_insert_with(|| self.environment.unix_microseconds())
    }

    /// The time as a value of a type.
    fn time(&mut self, kind: &Type) -> Option<Value> {
        let now = self.microseconds();
        let precise = UtcDatetime::from_unix(now, 6)?;
        let seconds = UtcDatetime::from_unix(now.div_euclid(1_000_000) * 1_000_000, 0)?;
        Some(match kind.base() {
            Type::NaiveDatetime => seconds.naive().into(),
            Type::NaiveDatetimeUsec => precise.naive().into(),
            Type::UtcDatetimeUsec => precise.into(),
            Type::Time => seconds.naive().time().into(),
            Type::TimeUsec => precise.naive().time().into(),
            Type::Date => precise.naive().date().into(),
            Type::Id | Type::Integer => now.div_euclid(1_000_000).into(),
            Type::UtcDatetime => seconds.into(),
            _ => return None,
        })
    }

    /// A new UUID: random, or random after the time.
    pub fn uuid(&mut self, by_time: bool) -> Str {
        if by_time {
            let mut random = [0; 10];
            self.environment.fill(&mut random);
            let milliseconds = u64::try_from(self.microseconds() / 1000).unwrap_or(0);
            return uuid::v7(milliseconds, random);
        }
        let mut random = [0; 16];
        self.environment.fill(&mut random);
        uuid::v4(random)
    }

    /// The value that a field without one gets on `action`; `None` if it gets none here.
    pub fn value(
        &mut self,
        schema: &Schema,
        field: &Field,
        action: Action,
    ) -> Result<Option<Value>, RepoError> {
        let FieldKind::Value(kind) = &field.kind else { return Ok(None) };
        let how = match field.autogenerate {
            None | Some(Autogenerate::Id) => return Ok(None),
            Some(how) => how,
        };
        let made = match how {
            Autogenerate::UpdatedAt => self.time(kind),
            _ if action != Action::Insert => return Ok(None),
            Autogenerate::InsertedAt => self.time(kind),
            Autogenerate::UuidV7 => Some(self.uuid(true).into()),
            _ => Some(self.uuid(false).into()),
        };
        match made {
            Some(value) => Ok(Some(value)),
            None => Err(RepoError::mistake(format!(
                "`{}.{}` can't be generated: {} is no type of times",
                schema.name(),
                field.name,
                kind.describe()
            ))),
        }
    }
}

/// The fields of a changeset that get a value, by position; those that change already get none.
pub(super) fn generated(
    repo: &Repo,
    parts: &Parts,
    action: Action,
) -> Result<Vec<(usize, Value)>, RepoError> {
    let is_given = |at| parts.changes.get(at).is_some();
    generated_beside(repo.environment(), parts.schema(), action, &is_given)
}

/// The fields that get a value from a write, by position, but for those that are given one.
pub(crate) fn generated_beside(
    environment: &dyn Environment,
    schema: &Schema,
    action: Action,
    is_given: &dyn Fn(usize) -> bool,
) -> Result<Vec<(usize, Value)>, RepoError> {
    let mut clock = Clock::new(environment);
    let mut values = Vec::new();
    for (at, field) in schema.fields().iter().enumerate() {
        if field.autogenerate.is_none() || is_given(at) {
            continue;
        }
        if let Some(value) = clock.value(schema, field, action)? {
            values.push((at, value));
        }
    }
    Ok(values)
}
