//! The notation of these vectors: JSON to values, and what came out to JSON.

use ectomorph::changeset::{Change, Parts};
use ectomorph::repo::Output;
use ectomorph::schema::{FieldKind, Record, RecordState, Slot};
use ectomorph::types::uuid;
use ectomorph::value::{Date, Decimal, Map, NaiveDatetime, Str, Time, UtcDatetime, Value, notation, to_text};
use serde_json::{Map as Object, Value as Json, json};

/// The value of JSON in the notation of the vectors. Atoms are text, tuples lists.
pub fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => match number.as_i64() {
            Some(integer) => Value::Integer(integer),
            None => Value::Float(number.as_f64().expect("a number")),
        },
        Json::String(text) => text.into(),
        Json::Array(list) => Value::List(list.iter().map(value).collect()),
        Json::Object(object) => tagged(object).unwrap_or_else(|| {
            Value::Map(object.iter().map(|(key, json)| (key.as_str(), value(json))).collect::<Map>())
        }),
    }
}

fn tagged(object: &Object<String, Json>) -> Option<Value> {
    let (key, inner) = object.iter().next().filter(|_| object.len() == 1)?;
    let text = inner.as_str().unwrap_or_default();
    Some(match key.as_str() {
        "$atom" => text.into(),
        "$tuple" => value(inner),
        "$decimal" => Decimal::parse(text)?.into(),
        "$date" => Date::from_iso(text)?.into(),
        "$time" => Time::from_iso(text)?.into(),
        "$naive_datetime" => NaiveDatetime::from_iso(text)?.into(),
        "$utc_datetime" => UtcDatetime::from_iso(text)?.into(),
        "$uuid_bytes" => Value::Binary(uuid::parse(text)?.as_slice().into()),
        "$binary" => notation::decode(Value::Map(Map::from([("$binary", text)]))).ok()?,
        _ => return None,
    })
}

/// What the vectors expect, with atoms as text and bytes of UUIDs as bytes.
pub fn expected(json: &Json) -> Json {
    match json {
        Json::Object(object) => {
            if let Some(Json::String(text)) = object.get("$atom") {
                return json!(text);
            }
            if object.contains_key("$uuid_bytes") {
                return of_value(&value(json));
            }
            Json::Object(object.iter().map(|(key, json)| (key.clone(), expected(json))).collect())
        }
        Json::Array(list) => Json::Array(list.iter().map(expected).collect()),
        other => other.clone(),
    }
}

/// The JSON of a value.
pub fn of_value(value: &Value) -> Json {
    let tag = |name: &str, text: String| json!({ name: text });
    match value {
        Value::Null => Json::Null,
        Value::Bool(flag) => json!(flag),
        Value::Integer(number) => json!(number),
        Value::Float(number) => json!(number),
        Value::String(text) => json!(text.as_str()),
        Value::Decimal(_) => tag("$decimal", to_text(value).unwrap_or_default()),
        Value::Date(_) => tag("$date", to_text(value).unwrap_or_default()),
        Value::Time(_) => tag("$time", to_text(value).unwrap_or_default()),
        Value::NaiveDatetime(_) => {
            tag("$naive_datetime", to_text(value).unwrap_or_default().replace(' ', "T"))
        }
        Value::UtcDatetime(_) => tag("$utc_datetime", to_text(value).unwrap_or_default().replace(' ', "T")),
        Value::Binary(_) => match notation::encode(value) {
            Value::Map(map) => json!({"$binary": map.get("$binary").and_then(Value::as_str)}),
            _ => Json::Null,
        },
        Value::List(list) => Json::Array(list.iter().map(of_value).collect()),
        Value::Map(map) => {
            Json::Object(map.iter().map(|(key, value)| (key.to_string(), of_value(value))).collect())
        }
    }
}

/// The JSON of a result.
pub fn of_output(output: &Output) -> Json {
    match output {
        Output::Value(value) => of_value(value),
        Output::Record(record) => of_record(record),
        Output::Tuple(parts) => json!({"$tuple": parts.iter().map(of_output).collect::<Vec<_>>()}),
        Output::List(list) => Json::Array(list.iter().map(of_output).collect()),
        Output::Map(entries) => pairs(entries.iter().map(|(key, output)| (of_value(key), of_output(output)))),
    }
}

/// An object, or pairs if a key is no text.
pub fn pairs(entries: impl Iterator<Item = (Json, Json)>) -> Json {
    let entries: Vec<(Json, Json)> = entries.collect();
    if entries.iter().all(|(key, _)| key.is_string()) {
        let named =
            entries.into_iter().map(|(key, json)| (key.as_str().unwrap_or_default().to_owned(), json));
        return Json::Object(named.collect());
    }
    json!({"$pairs": entries.into_iter().map(|(key, json)| json!([key, json])).collect::<Vec<_>>()})
}

/// The JSON of a record: what is not loaded is left out.
pub fn of_record(record: &Record) -> Json {
    let schema = record.schema();
    let mut object = Object::new();
    object.insert("$struct".into(), json!(schema.name().as_str()));
    if !schema.is_embedded() && (record.state != RecordState::Loaded || record.prefix.is_some()) {
        let mut meta = Object::new();
        meta.insert("state".into(), json!(record.state.name()));
        if let Some(prefix) = &record.prefix {
            meta.insert("prefix".into(), json!(prefix.as_str()));
        }
        object.insert("$meta".into(), meta.into());
    }
    for (at, field) in schema.fields().iter().enumerate() {
        let json = match record.slot(at) {
            Slot::Absent | Slot::NotLoaded => continue,
            Slot::Value(value) => of_value(value),
            Slot::One(one) => one.as_ref().map_or(Json::Null, |record| of_record(record)),
            Slot::Many(many) => Json::Array(many.iter().map(|record| of_record(record)).collect()),
        };
        object.insert(field.name.to_string(), json);
    }
    object.into()
}

/// The JSON of a changeset.
pub fn of_changeset(parts: &Parts) -> Json {
    let schema = parts.schema();
    let mut changes = Object::new();
    for (at, change) in parts.changes.iter() {
        let field = &schema.fields()[at];
        let json = match (change, &field.kind) {
            (Change::Value(value), FieldKind::Value(_)) => of_value(value),
            (Change::Many(many), _) => Json::Array(many.iter().map(of_changeset).collect()),
            (Change::One(Some(one)), _) => of_changeset(one),
            _ => Json::Null,
        };
        changes.insert(field.name.to_string(), json);
    }
    let errors: Vec<Json> = parts
        .errors
        .iter()
        .map(|error| {
            let opts = of_value(&Value::Map(error.metadata.clone()));
            json!({"field": error.field.as_str(), "message": error.message.as_str(), "opts": opts})
        })
        .collect();
    let action = parts.action.as_ref().map(Str::as_str);
    json!({"$changeset": {"action": action, "changes": changes, "errors": errors, "valid": parts.valid}})
}
