//! What the columns of an answer hold.

use crate::adapter::{SchemaMeta, Statement};
use crate::params::{Limits, from_json, to_json};
use crate::query::plan::Load;
use crate::schema::FieldKind;
use crate::types::Type;
use crate::value::{Str, Value};

/// What a column of an answer holds.
#[derive(Clone, Copy, Debug)]
pub enum Kind<'a> {
    /// What the database says.
    Any,
    /// A value of a type; if it is one.
    Type(&'a Type),
    /// Records inside the row: JSON.
    Embed,
}

impl<'a> Kind<'a> {
    /// Those of a statement's answer.
    pub(super) fn of(statement: &'a Statement<'a>) -> Vec<Kind<'a>> {
        let (meta, columns) = match statement {
            Statement::Query(query) => {
                let kind = |load: &'a Load| match load {
                    Load::Any => Kind::Any,
                    Load::Type(kind) | Load::Try(kind) => Kind::Type(kind),
                    Load::Embed(..) => Kind::Embed,
                };
                return query.plan.fields.iter().map(|field| kind(&field.load)).collect();
            }
            Statement::Insert(insert) => (insert.meta, insert.returning),
            Statement::InsertAll(insert) => (insert.meta, insert.returning),
            Statement::Update(update) => (update.meta, update.returning),
            Statement::Delete(delete) => (delete.meta, delete.returning),
        };
        columns.iter().map(|column| Kind::of_column(meta, column)).collect()
    }

    /// That of a column of a table.
    pub(in crate::adapters) fn of_column(meta: &'a SchemaMeta, column: &Str) -> Kind<'a> {
        let fields = meta.schema.iter().flat_map(|schema| schema.fields());
        match fields.filter(|field| field.column() == column).map(|field| &field.kind).next() {
            Some(FieldKind::Value(kind)) => Kind::Type(kind),
            Some(FieldKind::Relation(_)) => Kind::Embed,
            _ => Kind::Any,
        }
    }
}

/// Whether a statement answers with rows.
pub(super) fn has_rows(statement: &Statement<'_>) -> bool {
    use crate::query::Operation;
    match statement {
        Statement::Query(query) => {
            matches!(query.plan.operation, Operation::All | Operation::InsertAll)
                || !query.plan.fields.is_empty()
        }
        Statement::Insert(insert) => !insert.returning.is_empty(),
        Statement::InsertAll(insert) => !insert.returning.is_empty(),
        Statement::Update(update) => !update.returning.is_empty(),
        Statement::Delete(delete) => !delete.returning.is_empty(),
    }
}

/// The value of JSON that a database keeps; text that is no JSON stays text.
pub fn json(text: &str) -> Value {
    let limits = Limits { bytes: usize::MAX, depth: usize::MAX, entries: usize::MAX };
    from_json(text, &limits).unwrap_or_else(|_| text.into())
}

/// JSON as databases keep it: dates, decimals and the like are text.
pub fn text_of_json(value: &Value) -> String {
    to_json(value)
}
