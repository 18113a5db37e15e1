//! What steps are given: records, queries, rows, options.

use super::super::{read, schemas, text};
use super::{Stop, names};
use ectomorph::changeset::{Changeset, Input};
use ectomorph::query::{Expr, Pin, Query, TypeSpec, Update, UpdateOp};
use ectomorph::repo::{Conflict, Options, Repo, RepoError, RowValue, RowsInput};
use ectomorph::schema::{Record, Relation, Slot};
use ectomorph::value::Str;
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// A new record with fields; those of associations hold records in the notation of results.
pub(super) fn filled(schema: &Arc<ectomorph::schema::Schema>, fields: &Json) -> Record {
    let mut record = Record::new(schema);
    for (name, json) in fields.as_object().into_iter().flatten() {
        if name.starts_with('$') {
            continue;
        }
        let slot = match (schema.relation(name), json) {
            (Some(relation), Json::Array(list)) => {
                let related = relation.related.schema();
                Slot::Many(list.iter().map(|json| Arc::new(filled(&related, json))).collect())
            }
            (Some(relation), Json::Object(_)) => {
                Slot::One(Some(Arc::new(filled(&relation.related.schema(), json))))
            }
            _ => Slot::Value(text::value(json)),
        };
        assert!(record.set(name, slot), "{name} is a field of {}", schema.name());
    }
    record
}

pub(super) async fn record_of(repo: &Repo, relation: &Relation, item: &Json) -> Result<Record, Stop> {
    match input_of(repo, relation, item).await? {
        Input::Record(record) => Ok(Arc::unwrap_or_clone(record)),
        _ => panic!("{item} is no record"),
    }
}

pub(super) async fn input_of(repo: &Repo, relation: &Relation, item: &Json) -> Result<Input, Stop> {
    let _ = relation;
    if let Some(get) = item.get("get") {
        let schema = schemas::get(get[0].as_str().expect("a schema"));
        let found = repo.get_record(&schema, text::value(&get[1])).await?.expect("the record is there");
        return Ok(Input::Record(found));
    }
    if let Some(new) = item.get("new") {
        let schema = schemas::get(new[0].as_str().expect("a schema"));
        return Ok(Input::Record(Arc::new(filled(&schema, &new[1]))));
    }
    if let Some(change) = item.get("change_of") {
        let schema = schemas::get(change[0].as_str().expect("a schema"));
        let found = repo.get_record(&schema, text::value(&change[1])).await?.expect("the record is there");
        let mut changeset = Changeset::<Record>::change(found);
        for (name, value) in change[2].as_object().into_iter().flatten() {
            changeset = changeset.put_change(name.as_str(), text::value(value));
        }
        return Ok(Input::Changeset(Box::new(changeset.into_parts())));
    }
    Ok(match item {
        Json::Null => Input::Null,
        other => Input::Attributes(text::value(other).as_map().cloned().unwrap_or_default()),
    })
}

pub(super) fn query(step: &Json) -> Result<Query, Stop> {
    let query = read::document(&step["query"]["query"], &step["query"]["params"]);
    Ok(query.map_err(RepoError::from)?)
}

pub(super) fn updates(json: &Json) -> Vec<Update> {
    let mut updates = Vec::new();
    for (word, fields) in json.as_object().into_iter().flatten() {
        let op = UpdateOp::ALL.into_iter().find(|op| op.name() == word).expect("a kind of update");
        for (field, value) in fields.as_object().into_iter().flatten() {
            let of_field = TypeSpec::Field(0.into(), field.as_str().into());
            let kind = match op {
                UpdateOp::Push | UpdateOp::Pull => TypeSpec::Out(Box::new(of_field)),
                _ => of_field,
            };
            let expr = Expr::Pin(Pin { value: text::value(value), kind: Some(kind) });
            updates.push(Update { op, field: field.as_str().into(), expr });
        }
    }
    updates
}

pub(super) fn rows(step: &Json) -> Result<RowsInput, Stop> {
    if step.get("query").is_some() {
        return Ok(RowsInput::Query(query(step)?));
    }
    let mut rows = Vec::new();
    for row in step["rows"].as_array().into_iter().flatten() {
        let mut cells: Vec<(Str, RowValue)> = Vec::new();
        for (name, cell) in row.as_object().into_iter().flatten() {
            let value = match cell {
                Json::Array(pair) if pair.first() == Some(&json!("placeholder")) => {
                    RowValue::Placeholder(pair[1].as_str().expect("a key").into())
                }
                Json::Object(object) if object.contains_key("query") => {
                    let query = read::document(&cell["query"], &cell["params"]);
                    RowValue::Query(query.map_err(RepoError::from)?)
                }
                other => RowValue::Value(text::value(other)),
            };
            cells.push((name.as_str().into(), value));
        }
        rows.push(cells);
    }
    Ok(RowsInput::Rows(rows))
}

pub(super) fn options(step: &Json) -> Options {
    let mut options = Options::new();
    for (key, given) in step["opts"].as_object().into_iter().flatten() {
        let word = || given.as_str().expect("text").to_owned();
        options = match key.as_str() {
            "returning" if given == &Json::Bool(true) => options.returning_all(),
            "returning" => options.returning(names(given)),
            "force" => options.force(),
            "allow_stale" => options.allow_stale(),
            "stale_error_field" => options.stale_error_field(word()),
            "stale_error_message" => options.stale_error_message(word()),
            "mode" => options.savepoint(),
            "prefix" => options.prefix(word()),
            "on_conflict" => options.on_conflict(conflict(given)),
            "conflict_target" => match given {
                Json::String(field) => options.conflict_target([field.as_str()]),
                Json::Array(pair) if pair[0] == "unsafe_fragment" => {
                    options.conflict_fragment(pair[1].as_str().expect("SQL"))
                }
                Json::Array(pair) if pair[0] == "constraint" => {
                    options.conflict_constraint(pair[1].as_str().expect("a name"))
                }
                list => options.conflict_target(names(list)),
            },
            "placeholders" => {
                given.as_object().into_iter().flatten().fold(options, |options, (key, value)| {
                    options.placeholder(key.as_str(), text::value(value))
                })
            }
            other => panic!("the option {other} is unknown"),
        };
    }
    options
}

pub(super) fn conflict(json: &Json) -> Conflict {
    let fields = || names(&json[1]).into_iter().map(Str::from).collect();
    match (json, json.as_str(), json.get(0).and_then(Json::as_str)) {
        (_, Some("nothing"), _) => Conflict::Nothing,
        (_, Some("replace_all"), _) => Conflict::ReplaceAll,
        (_, Some("raise"), _) => Conflict::Raise,
        (_, _, Some("replace")) => Conflict::Replace(fields()),
        (_, _, Some("replace_all_except")) => Conflict::ReplaceAllExcept(fields()),
        (Json::Object(object), _, _) if object.contains_key("query") => {
            Conflict::Query(read::document(&json["query"], &json["params"]).expect("a query"))
        }
        (Json::Object(_), _, _) => Conflict::Update(updates(json)),
        _ => panic!("{json} is no on_conflict"),
    }
}
