//! Every recorded query is read, written back as it was, and planned as Ecto plans it.

use crate::schemas::{directory, json, plain, schemas};
use ectomorph::query::{Operation, Query, plan};
use ectomorph::value::{Map, Value};

/// A recorded query: its name, what was written, what Ecto did.
pub struct Vector {
    pub id: String,
    pub document: Value,
    pub operation: Operation,
    pub map: Map,
    /// Which step of a write it is.
    pub step: Option<usize>,
    /// The error that Ecto raises.
    pub error: Option<Map>,
}

/// All of them, those within the steps of writes too.
pub fn vectors() -> Vec<Vector> {
    let mut all = Vec::new();
    let mut files: Vec<_> =
        std::fs::read_dir(directory()).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|ext| ext == "json")) {
        let Value::Map(group) = json(file) else { continue };
        for vector in group.get("vectors").and_then(Value::as_list).unwrap_or_default() {
            let map = vector.as_map().unwrap();
            let id = map.get("id").and_then(Value::as_str).unwrap().to_owned();
            if map.contains_key("query") {
                let mut vector = vector_of(id, map, map, Operation::All);
                vector.error = map.get("error").and_then(Value::as_map).cloned();
                all.push(vector);
                continue;
            }
            let results = map.get("result").and_then(Value::as_list).unwrap_or_default();
            for (at, step) in map.get("steps").and_then(Value::as_list).unwrap_or_default().iter().enumerate()
            {
                let step = step.as_map().unwrap();
                let operation = match step.get("do").and_then(Value::as_str) {
                    Some("update_all") => Operation::UpdateAll,
                    Some("delete_all") => Operation::DeleteAll,
                    _ => Operation::InsertAll,
                };
                if let Some(Value::Map(query)) = step.get("query") {
                    let mut vector = vector_of(id.clone(), query, map, operation);
                    vector.document = with_updates(vector.document, step.get("updates"));
                    let result = results.get(at).and_then(Value::as_map);
                    let raised = result.and_then(|result| result.get("raised")).and_then(Value::as_map);
                    vector.error = raised.cloned();
                    vector.step = Some(at);
                    all.push(vector);
                }
            }
        }
    }
    all
}

fn vector_of(id: String, query: &Map, map: &Map, operation: Operation) -> Vector {
    let part = |key: &str| plain(query.get(key).unwrap());
    let document = Map::from([("query", part("query")), ("params", part("params"))]).into();
    Vector { id, document, operation, map: map.clone(), step: None, error: None }
}

/// The updates given to `update_all` besides the query, `{"set": {"name": "x"}}`, are pinned.
fn with_updates(document: Value, updates: Option<&Value>) -> Value {
    let (Value::Map(mut document), Some(Value::Map(updates))) = (document.clone(), updates) else {
        return document;
    };
    let mut params = document.get("params").and_then(Value::as_list).unwrap().to_vec();
    let mut all = Map::new();
    for (op, fields) in updates.iter() {
        let mut pairs = Vec::new();
        for (name, value) in fields.as_map().unwrap().iter() {
            let param = Map::from([("param", params.len() as i64)]);
            pairs.push(Value::from([Value::from(name), Value::from(param)]));
            params.push(Map::from([("value", plain(value))]).into());
        }
        all.insert(op.clone(), Value::List(pairs));
    }
    document.insert("params", params);
    let Some(Value::Map(query)) = document.get_mut("query") else { return Value::Null };
    query.insert("update", [Value::from(all)]);
    document.into()
}

/// The error that planning must end with, unless the query itself is sound: then the error is the server's, or comes of
/// what is made of the rows.
fn error_of_planning(vector: &Vector) -> Option<(&str, &str)> {
    let error = vector.error.as_ref()?;
    let part = |key: &str| error.get(key).and_then(Value::as_str).unwrap_or_default();
    let is_planning = part("$error").starts_with("Ecto.") || vector.id == "query/error/selected_as_missing";
    (is_planning && !vector.map.contains_key("op")).then(|| (part("$error"), part("message")))
}

#[test]
fn every_query_is_read_and_written_back_as_it_was() {
    let mut count = 0;
    for vector in vectors() {
        if vector.id == "query/preload/function" {
            assert!(Query::read(&vector.document).is_err());
            continue;
        }
        let query = Query::read(&vector.document).unwrap_or_else(|error| panic!("{}: {error}", vector.id));
        let written = query.write().unwrap_or_else(|error| panic!("{}: {error}", vector.id));
        assert_eq!(written, normal(&vector.document), "{}", vector.id);
        assert_eq!(Query::read(&written), Ok(query.clone()), "{}", vector.id);
        assert_eq!(Query::from_json(query.to_json().unwrap()), Ok(query), "{}", vector.id);
        count += 1;
    }
    assert!(count > 300, "{count}");
}

/// What is written in one way only: Ecto's name of any date-time, preloads by name first.
fn normal(document: &Value) -> Value {
    match document {
        Value::String(name) if name == "datetime" => "any".into(),
        Value::Map(map) => Value::Map(map.iter().map(|(key, value)| (key.clone(), normal(value))).collect()),
        Value::List(list) => Value::List(list.iter().map(normal).collect()),
        value => value.clone(),
    }
}

#[test]
fn every_query_is_planned_or_refused_as_ecto_does() {
    let mut failures = Vec::new();
    for vector in vectors() {
        let Ok(query) = Query::read(&vector.document) else { continue };
        let planned = plan(&query, vector.operation, schemas());
        match (planned, error_of_planning(&vector)) {
            (Ok(_), None) => {}
            (Err(error), Some((name, message))) if error.kind().name() == name => {
                // Names are text here, and no atoms; the advice on `exclude` is in our words.
                let ours =
                    error.text().replace("^\"unknown\"", "^:unknown").replace("`\"unknown\"`", "`:unknown`");
                if ours != message.trim_start() && !message.contains("exclude/2") {
                    failures.push(format!("{}:\n{ours}\n-- not --\n{message}", vector.id));
                }
            }
            // Ecto finds it out when it preloads into what is no record; the planner names it.
            (Err(_), None) if vector.id == "query/error/preload_without_root_select" => {}
            (Ok(_), Some((name, _))) => failures.push(format!("{}: planned, not {name}", vector.id)),
            (Err(error), _) => failures.push(format!("{}: {:?} {error}", vector.id, error.kind())),
        }
    }
    assert!(failures.is_empty(), "{}\n{} failures", failures.join("\n"), failures.len());
}
