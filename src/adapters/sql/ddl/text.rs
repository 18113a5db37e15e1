//! What the dialects share: names, literals, joining.

use crate::adapter::AdapterError;
use crate::migration::{Change, Column, ColumnOptions, Direction, IndexColumn, IndexTerm};
use crate::params::to_json;
use crate::value::{Str, Value, float_text, to_text};

pub(super) type Result<T> = std::result::Result<T, AdapterError>;

/// How a dialect quotes names: the signs before and after.
#[derive(Clone, Copy)]
pub(super) struct Quotes(pub(super) char, pub(super) char);

impl Quotes {
    pub(super) fn name(self, name: &str) -> Result<String> {
        let Quotes(open, close) = self;
        if name.contains([open, close, '\0']) {
            let message = format!("bad name {name:?}: {open} and null bytes are not permitted");
            return Err(AdapterError::query(message));
        }
        Ok(format!("{open}{name}{close}"))
    }

    pub(super) fn qualified(self, prefix: &Option<Str>, name: &str) -> Result<String> {
        match prefix {
            Some(prefix) => Ok(format!("{}.{}", self.name(prefix)?, self.name(name)?)),
            None => self.name(name),
        }
    }

    pub(super) fn names<'a>(self, names: impl IntoIterator<Item = &'a str>) -> Result<String> {
        join(names, ",", |name| self.name(name))
    }

    /// A column or an expression.
    pub(super) fn term(self, term: &IndexTerm) -> Result<String> {
        match term {
            IndexTerm::Column(name) => self.name(name),
            IndexTerm::Expression(text) => Ok(text.to_string()),
        }
    }

    /// A column of an index whose direction may say where nulls are.
    pub(super) fn index_column(self, column: &IndexColumn, nulls: Option<&'static str>) -> Result<String> {
        let term = self.term(&column.term)?;
        let direction = match (column.direction, nulls) {
            (None, _) => "",
            (Some(Direction::Asc), _) => " ASC",
            (Some(Direction::Desc), _) => " DESC",
            (Some(direction), Some(database)) => {
                return Err(unsupported(format!("{} in indexes in {database}", direction.word())));
            }
            (Some(Direction::AscNullsFirst), None) => " ASC NULLS FIRST",
            (Some(Direction::AscNullsLast), None) => " ASC NULLS LAST",
            (Some(Direction::DescNullsFirst), None) => " DESC NULLS FIRST",
            (Some(Direction::DescNullsLast), None) => " DESC NULLS LAST",
        };
        Ok(term + direction)
    }
}

pub(super) fn unsupported(feature: impl Into<String>) -> AdapterError {
    AdapterError::unsupported(feature)
}

/// Writes every item and joins them.
pub(super) fn join<T>(
    items: impl IntoIterator<Item = T>,
    separator: &str,
    mut write: impl FnMut(T) -> Result<String>,
) -> Result<String> {
    let mut joined = String::new();
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            joined.push_str(separator);
        }
        joined.push_str(&write(item)?);
    }
    Ok(joined)
}

/// A text within single quotes.
pub(super) fn single_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A text within single quotes where a backslash escapes.
pub(super) fn backslash_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''").replace('\\', "\\\\"))
}

/// A number or a boolean; none for other values.
pub(super) fn plain_literal(value: &Value) -> Option<String> {
    match value {
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) if number.is_finite() => Some(float_text(*number)),
        Value::Decimal(_) => to_text(value),
        _ => None,
    }
}

/// A map or list as JSON.
pub(super) fn json(value: &Value) -> String {
    to_json(value)
}

pub(super) fn bad_default(value: &Value) -> AdapterError {
    AdapterError::query(format!(
        "unknown default {}: it may be a string, a number, a boolean, a list or map for a column of such a type, or a fragment",
        to_json(value)
    ))
}

/// Refuses text that stands unquoted where the dialect quotes nothing.
pub(super) fn bare_word<'a>(what: &str, word: &'a str) -> Result<&'a str> {
    if !word.is_empty() && word.chars().all(|char| char.is_alphanumeric() || matches!(char, '_' | '.' | '-'))
    {
        Ok(word)
    } else {
        Err(AdapterError::query(format!(
            "bad {what} {word:?}: only letters, digits, `_`, `.` and `-` are permitted"
        )))
    }
}

/// The columns that become the key of a created table.
pub(super) fn key_of(columns: &[Column]) -> Vec<&str> {
    columns.iter().filter(|column| column.options.primary_key).map(|column| column.name.as_str()).collect()
}

/// The columns that become the key of an altered table.
pub(super) fn key_of_changes(changes: &[Change]) -> Vec<&str> {
    let columns = changes.iter().filter_map(|change| match change {
        Change::Add { column, .. } | Change::Modify(column) => Some(column),
        _ => None,
    });
    columns.filter(|column| column.options.primary_key).map(|column| column.name.as_str()).collect()
}

/// ` NOT NULL`, ` NULL` or nothing.
pub(super) fn null(options: &ColumnOptions) -> &'static str {
    match options.null {
        Some(false) => " NOT NULL",
        Some(true) => " NULL",
        None => "",
    }
}

/// The text, if the condition holds.
pub(super) fn when(condition: bool, text: &'static str) -> &'static str {
    if condition { text } else { "" }
}
