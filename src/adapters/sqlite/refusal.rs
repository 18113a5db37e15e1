//! What SQLite's errors mean.

use super::SqliteConnection;
use crate::adapter::{AdapterError, Row, Statement, Violation, ViolationKind};
use crate::value::{Str, Value};
use sqlx::error::DatabaseError;

/// An error as one of an adapter.
pub fn refused(error: sqlx::Error) -> AdapterError {
    match error {
        sqlx::Error::Database(error) => of_database(&*error),
        sqlx::Error::Encode(error) => AdapterError::query(error.to_string()),
        error => AdapterError::environment(error.to_string()),
    }
}

fn of_database(error: &dyn DatabaseError) -> AdapterError {
    let message = error.message();
    let columns = |text: &str| -> (Str, Vec<Str>) {
        let mut table = Str::default();
        let columns = text.split(", ").map(|column| match column.split_once('.') {
            Some((name, column)) => {
                table = name.into();
                Str::from(column)
            }
            None => column.into(),
        });
        let columns = columns.collect();
        (table, columns)
    };
    let primary: u32 = error.code().and_then(|code| code.parse().ok()).unwrap_or(0);
    if let Some(name) = message.strip_prefix("UNIQUE constraint failed: index ") {
        let name = name.trim_matches('\'');
        return violated(Violation::new(ViolationKind::Unique, "", name));
    }
    if let Some(text) = message.strip_prefix("UNIQUE constraint failed: ") {
        let (table, columns) = columns(text);
        // SQLite does not say which index it was: the name is the one that a migration gives.
        let mut name = format!("{table}");
        columns.iter().for_each(|column| name.push_str(&format!("_{column}")));
        let mut violation = Violation::new(ViolationKind::Unique, table, format!("{name}_index"));
        violation.columns = columns;
        return violated(violation);
    }
    if let Some(text) = message.strip_prefix("NOT NULL constraint failed: ") {
        let (table, columns) = columns(text);
        let name = columns.first().cloned().unwrap_or_default();
        let mut violation = Violation::new(ViolationKind::NotNull, table, name);
        violation.columns = columns;
        return violated(violation);
    }
    if let Some(name) = message.strip_prefix("CHECK constraint failed: ") {
        return violated(Violation::new(ViolationKind::Check, "", name));
    }
    if message == "FOREIGN KEY constraint failed" {
        return violated(Violation::new(ViolationKind::ForeignKey, "", ""));
    }
    let query = |code: &'static str| AdapterError::Query {
        message: message.to_owned(),
        code: (!code.is_empty()).then_some(Str::Static(code)),
    };
    match primary & 0xff {
        // Another connection writes, and did for longer than we wait.
        5 | 6 => query("55P03"),
        1 if message.starts_with("no such table") => query("42P01"),
        1 if message.starts_with("no such column") => query("42703"),
        1 if message.contains("already exists") => query("42P07"),
        1 if message.contains("syntax error") => query("42601"),
        20 => query("42804"),
        25 => query("42P02"),
        1 | 2 | 18 | 19 | 21 => query(""),
        14 => AdapterError::environment(
            "the file of the database can't be opened: see that its folder is there",
        ),
        _ => AdapterError::environment(message),
    }
}

fn violated(violation: Violation) -> AdapterError {
    AdapterError::Constraint(vec![violation])
}

/// An error of a statement, with the name of its foreign key, which SQLite does not say.
pub async fn explained(
    connection: &mut SqliteConnection,
    error: sqlx::Error,
    about: Option<&Statement<'_>>,
) -> AdapterError {
    let mut refused = refused(error);
    let table = about.and_then(Statement::source).unwrap_or_default();
    if let AdapterError::Constraint(violations) = &mut refused
        && let Some(violation) = violations.first_mut()
    {
        if violation.table.is_empty() {
            violation.table = table.into();
        }
        if violation.kind == ViolationKind::ForeignKey
            && let Some(name) = foreign_key(connection, about).await
        {
            violation.name = name;
        }
        if violation.kind == ViolationKind::Unique
            && !violation.columns.is_empty()
            && let Some(name) = index(connection, violation).await
        {
            violation.name = name;
        }
    }
    refused
}

/// The unique index with exactly these columns, if a migration named it itself.
async fn index(connection: &mut SqliteConnection, violation: &Violation) -> Option<Str> {
    let sql = "SELECT l.name, (SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_index_info(l.name) \
               ORDER BY seqno)) FROM pragma_index_list(?) AS l WHERE l.\"unique\" AND l.origin = 'c'";
    let rows = connection.rows(sql, vec![violation.table.to_string().into()]).await?;
    let wanted = violation.columns.iter().map(Str::as_str).collect::<Vec<_>>().join(",");
    Some(rows.iter().find(|row| text(row, 1) == wanted).map(|row| text(row, 0))?.into())
}

/// The foreign key that a write broke: of a row that was written, the first whose parent is not there; of one that was
/// deleted, the first of another table that refers to it.
async fn foreign_key(connection: &mut SqliteConnection, about: Option<&Statement<'_>>) -> Option<Str> {
    let about = about?;
    let table = about.source()?;
    let written = match about {
        Statement::Insert(insert) => &insert.fields,
        Statement::Update(update) => &update.fields,
        Statement::Delete(delete) => return referring(connection, table, &delete.filters).await,
        _ => return referring(connection, table, &[]).await,
    };
    let sql = "SELECT \"table\", \"from\", coalesce(\"to\", 'id') FROM pragma_foreign_key_list(?)";
    let keys = connection.rows(sql, vec![table.into()]).await?;
    for key in keys {
        let (parent, from, to) = (text(&key, 0), text(&key, 1), text(&key, 2));
        let Some((_, value)) = written.iter().find(|(column, _)| column.as_str() == from) else { continue };
        if value.is_null() {
            continue;
        }
        if !exists(connection, parent, to, value).await? {
            return Some(format!("{table}_{from}_fkey").into());
        }
    }
    None
}

/// The foreign key of a table that refers to this one and forbids that rows go: the one in which the row is found, or the
/// only one there is.
async fn referring(connection: &mut SqliteConnection, table: &str, gone: &[(Str, Value)]) -> Option<Str> {
    let sql = "SELECT t.name, k.\"from\", coalesce(k.\"to\", 'id') FROM sqlite_schema AS t, \
               pragma_foreign_key_list(t.name) AS k WHERE t.type = 'table' AND k.\"table\" = ? \
               AND k.on_delete IN ('NO ACTION', 'RESTRICT')";
    let keys = connection.rows(sql, vec![table.into()]).await?;
    for key in &keys {
        let (child, from, to) = (text(key, 0), text(key, 1), text(key, 2));
        let found = match gone.iter().find(|(column, _)| column.as_str() == to) {
            Some((_, value)) => exists(connection, child, from, value).await?,
            None => keys.len() == 1,
        };
        if found {
            return Some(format!("{child}_{from}_fkey").into());
        }
    }
    None
}

/// Whether a table has a row with a value.
async fn exists(connection: &mut SqliteConnection, table: &str, column: &str, value: &Value) -> Option<bool> {
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let sql = format!("SELECT 1 FROM {} WHERE {} = ? LIMIT 1", quoted(table), quoted(column));
    let found = connection.rows(&sql, vec![value.clone()]).await?;
    Some(!found.is_empty())
}

/// The text of a column.
fn text(row: &Row, at: usize) -> &str {
    row.get(at).and_then(Value::as_str).unwrap_or_default()
}
