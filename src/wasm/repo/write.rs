//! Writes.

use super::answer::Reply;
use super::error::Failed;
use super::open::Open;
use super::options;
use super::request::{query_of, source_of, unfit};
use crate::changeset::{Changeset, read_record};
use crate::mistake::Mistake;
use crate::query::{Query, SourceKind};
use crate::repo::{Output, Repo, RowValue, RowsInput, UniqueOptions, WriteError};
use crate::schema::{Record, RecordState, Schema, Slot};
use crate::value::{Map, Str, Value, notation};
use crate::wasm::exports::{AnyValidator, find};
use crate::wasm::of_host::value_of_host;
use crate::wasm::recipe;
use crate::wasm::unpack::Reader;
use std::sync::Arc;

type Result<T = Reply> = core::result::Result<T, Failed>;

/// `[.., rules, options, recipe]`: makes the changeset and writes it.
pub(super) fn changeset(open: &Open, repo: Repo, op: &'static str, reader: &mut Reader<'_>) -> Result {
    let (rules, options) = (reader.value(None)?, options::read(&reader.value(None)?)?);
    let changeset = made(op, &rules, reader)?;
    open.run(async move {
        let written = match op {
            "insert" => repo.insert_with(changeset, &options).await,
            "update" => repo.update_with(changeset, &options).await,
            "delete" => repo.delete_with(changeset, &options).await,
            _ => repo.insert_or_update_with(changeset, &options).await,
        };
        match written {
            Ok(written) => Ok(Arc::new(written).into()),
            Err(WriteError::Invalid(changeset)) => Err(Failed::Invalid(Box::new(changeset.into_parts()))),
            Err(WriteError::Failed(error)) => Err(Failed::Repo(error)),
        }
    })
}

/// `[.., rules, options, recipe]`: the error of a changeset whose values are there already, or null.
pub(super) fn unique(open: &Open, repo: Repo, reader: &mut Reader<'_>) -> Result {
    let op = "unsafe_validate_unique";
    let (rules, given) = (reader.value(None)?, reader.value(None)?);
    let Value::Map(given) = given else { return Err(unfit(op, "options")) };
    let text = |key: &str| given.get(key).and_then(Value::as_str);
    let mut options = UniqueOptions::new();
    if let Some(message) = text("message") {
        options = options.message(message);
    }
    if let Some(field) = text("error_key") {
        options = options.error_key(field);
    }
    if let Some(prefix) = text("prefix") {
        options = options.prefix(prefix);
    }
    if given.get("nulls_distinct") == Some(&Value::Bool(false)) {
        options = options.nulls_are_equal();
    }
    if let Some(query) = given.get("query").filter(|query| !query.is_null()) {
        options = options.query(query_of(query)?);
    }
    let names = given.get("fields").and_then(Value::as_list).unwrap_or_default();
    let fields: Vec<Str> = names.iter().filter_map(Value::as_str).map(Str::from).collect();
    let changeset = made(op, &rules, reader)?;
    let errors = changeset.errors.len();
    open.run(async move {
        let fields: Vec<&str> = fields.iter().map(Str::as_str).collect();
        let checked = repo.unsafe_validate_unique(changeset, fields, &options).await?;
        let error = checked.errors.first().filter(|_| checked.errors.len() > errors);
        Ok(Reply::Value(error.map_or(Value::Null, |error| {
            let (field, message) = (error.field.clone(), error.message.clone());
            Value::List(vec![field.into(), message.into(), error.metadata.clone().into()])
        })))
    })
}

/// The changeset of `rules` and a recipe.
fn made(op: &str, rules: &Value, reader: &mut Reader<'_>) -> Result<Changeset<Record>> {
    let Value::Integer(rules) = rules else { return Err(unfit(op, "compiled rules")) };
    let compiled = find(u32::try_from(*rules).unwrap_or(0))?;
    let mut parts = recipe::make(&compiled, reader, &AnyValidator)?;
    if parts.data.state == RecordState::Built {
        make_new(&mut parts.data);
    }
    Ok(Changeset::of_parts(parts))
}

/// The host does not say of the children of a record whether the database has them. Those of a new record without a key
/// are new, too.
fn make_new(record: &mut Arc<Record>) {
    let has_loaded = |slot: &Slot| slot.records().iter().any(|child| child.state == RecordState::Loaded);
    let count = record.schema().fields().len();
    if !(0..count).any(|at| has_loaded(record.slot(at))) {
        return;
    }
    let record = Arc::make_mut(record);
    for at in 0..count {
        let mut slot = record.slot(at).clone();
        match &mut slot {
            Slot::One(Some(child)) => made_new(child),
            Slot::Many(children) => children.iter_mut().for_each(made_new),
            _ => continue,
        }
        record.set_slot(at, slot);
    }
}

fn made_new(child: &mut Arc<Record>) {
    if child.primary_key().iter().all(Value::is_null) {
        Arc::make_mut(child).state = RecordState::Built;
        make_new(child);
    }
}

/// `[.., schema or table, options, header, rows]`; without a header each row is a list of `[field, value]`, without
/// rows there is a query in their place.
pub(super) fn insert_all(open: &Open, repo: Repo, reader: &mut Reader<'_>) -> Result {
    let target = reader.value(None)?;
    let schema = match &target {
        Value::Map(map) => match map.get("schema") {
            Some(Value::String(name)) => Some(open.schema(name)?),
            _ => None,
        },
        _ => None,
    };
    let query = source_of(open, &target)?;
    let options = options::read(&reader.value(None)?)?;
    let header = reader.value(None)?;
    let rows = match &header {
        Value::List(names) => {
            let names: Vec<Str> = names.iter().filter_map(Value::as_str).map(Str::from).collect();
            RowsInput::Rows(rows(reader, &names, schema.as_deref())?)
        }
        Value::Map(_) => RowsInput::Query(query_of(&header)?),
        _ => return Err(unfit("insert_all", "rows or a query")),
    };
    open.run(async move { counted(repo.insert_all_with::<Output>(query, rows, &options).await?) })
}

/// The values of so many rows are read before rows are made of them.
const TOGETHER: usize = 1024;

/// Rows of as many values as there are names.
fn rows(
    reader: &mut Reader<'_>,
    names: &[Str],
    schema: Option<&Schema>,
) -> Result<Vec<Vec<(Str, RowValue)>>> {
    let kinds: Vec<_> = names.iter().map(|name| schema.and_then(|schema| schema.field_type(name))).collect();
    let count = reader.list()?;
    let mut rows = Vec::with_capacity(count.min(1 << 16));
    // First the values of many rows, then rows of them: so what stays, the texts, lies close together in memory.
    let mut values = Vec::new();
    let mut widths = Vec::new();
    for left in (0..count).rev() {
        let start = values.len();
        for (name, kind) in names.iter().zip(&kinds) {
            // What a row leaves out has the default of its column.
            let Some(value) = reader.given()? else { continue };
            let value = match value {
                Value::Map(map) if map.len() == 1 => cell(map)?,
                value @ (Value::List(_) | Value::Map(_)) => RowValue::Value(decoded(value)?),
                value => RowValue::Value(value),
            };
            let value = match (value, kind) {
                (RowValue::Value(value), Some(kind)) => RowValue::Value(value_of_host(kind, value)),
                (value, _) => value,
            };
            values.push((name.clone(), value));
        }
        widths.push(values.len() - start);
        if widths.len() == TOGETHER || left == 0 {
            let mut values = values.drain(..);
            rows.extend(widths.drain(..).map(|width| values.by_ref().take(width).collect::<Vec<_>>()));
        }
    }
    Ok(rows)
}

/// A value, a placeholder or a query.
fn cell(map: Map) -> Result<RowValue> {
    match (map.get("$placeholder"), map.get("$query")) {
        (Some(Value::String(key)), _) => Ok(RowValue::Placeholder(key.clone())),
        (_, Some(query)) => Ok(RowValue::Query(query_of(query)?)),
        _ => Ok(RowValue::Value(decoded(Value::Map(map))?)),
    }
}

fn decoded(value: Value) -> Result<Value> {
    notation::decode(value).map_err(|error| Mistake::new(error.message()).into())
}

/// `[.., query, options]`; updates are part of the query.
pub(super) fn bulk(open: &Open, repo: Repo, op: &str, reader: &mut Reader<'_>) -> Result {
    let query = query_of(&reader.value(None)?)?;
    let options = options::read(&reader.value(None)?)?;
    let updates = op == "update_all";
    open.run(async move {
        counted(if updates {
            repo.update_all_with::<Output>(query, &[], &options).await?
        } else {
            repo.delete_all_with::<Output>(query, &options).await?
        })
    })
}

fn counted((count, outputs): (usize, Option<Vec<Output>>)) -> Result {
    Ok(Reply::Counted(count, outputs))
}

/// The schema of the first source of a query.
pub(super) fn schema_of(repo: &Repo, query: &Query) -> Result<Arc<Schema>> {
    match &query.parts().from.kind {
        SourceKind::Table { schema: Some(schema), .. } => Ok(repo.schemas().resolve(schema)?),
        _ => Err(unfit("preload", "records of a schema")),
    }
}

/// A record that the host has from the database.
pub(super) fn loaded(schema: &Arc<Schema>, data: &Value) -> Result<Record> {
    let state = Value::from("loaded");
    let record =
        read_record(schema, data, Some(&state), &|kind, value| Ok(value_of_host(kind, value.clone())))?;
    Ok(record)
}
