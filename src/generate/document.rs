//! Documents, laid out for people: what is short stands on one line.

use super::attribute::{Attribute, Kind};
use super::schema::SchemaRequest;
use crate::migration::{Defaults, Migration};
use crate::params::to_json;
use crate::value::{Map, Value, notation};

/// A rules document: the schema, and what its changeset does.
pub(super) fn schema(request: &SchemaRequest) -> String {
    let mut fields = Map::new();
    for attribute in &request.attributes {
        fields.insert(attribute.name.clone(), type_of(request, attribute));
    }
    let mut schema = Map::from([
        ("name", Value::from(request.name.clone())),
        ("source", Value::from(request.table.clone())),
    ]);
    if let Some(prefix) = &request.prefix {
        schema.insert("prefix", prefix.clone());
    }
    if request.binary_id {
        let key = [
            ("name", Value::from("id")),
            ("type", Value::from("binary_id")),
            ("autogenerate", Value::from(true)),
        ];
        schema.insert("primary_key", Value::Map(Map::from(key)));
    }
    schema.insert("fields", Value::Map(fields));
    let booleans: Map = request
        .attributes
        .iter()
        .filter(|attribute| attribute.kind == Kind::Plain("boolean"))
        .map(|attribute| (attribute.name.clone(), Value::from(false)))
        .collect();
    if !booleans.is_empty() {
        schema.insert("defaults", Value::Map(booleans));
    }
    let redacted: Vec<Value> = request
        .attributes
        .iter()
        .filter(|attribute| attribute.redact)
        .map(|attribute| Value::from(attribute.name.clone()))
        .collect();
    if !redacted.is_empty() {
        schema.insert("redact", Value::List(redacted));
    }
    match request.timestamps {
        Some("naive_datetime") => {
            schema.insert("timestamps", true);
        }
        Some(kind) => {
            schema.insert("timestamps", Value::Map(Map::from([("type", kind)])));
        }
        None => {}
    }
    let mut steps = vec![step("cast", names(&request.cast()))];
    if !request.required().is_empty() {
        steps.push(step("validate_required", names(&request.required())));
    }
    for name in request.unique() {
        steps.push(step("unique_constraint", Value::from(name.to_owned())));
    }
    let document = Map::from([
        ("version", Value::from(1)),
        ("name", Value::from(super::names::snake_case(&request.name))),
        ("schema", Value::Map(schema)),
        ("steps", Value::List(steps)),
    ]);
    pretty(&Value::Map(document))
}

/// A migration document.
pub(super) fn migration(migration: &Migration) -> String {
    // What was recorded here has nothing that a document can't hold.
    let document = migration.write(&Defaults::default()).unwrap_or(Value::Null);
    pretty(&notation::encode(&document))
}

fn type_of(request: &SchemaRequest, attribute: &Attribute) -> Value {
    let word = |word: &'static str| Value::from(if word == "text" { "string" } else { word });
    match &attribute.kind {
        Kind::Plain(kind) => word(kind),
        Kind::Array(element) => Value::Map(Map::from([("array", word(element))])),
        Kind::Enum(words) => {
            let words = words.iter().map(|word| Value::from(word.clone())).collect();
            Value::Map(Map::from([("enum", Value::List(words))]))
        }
        Kind::References(_) => Value::from(if request.binary_id { "binary_id" } else { "id" }),
    }
}

fn step(name: &'static str, argument: Value) -> Value {
    Value::List(vec![Value::from(name), argument])
}

fn names(names: &[&str]) -> Value {
    Value::List(names.iter().map(|name| Value::from((*name).to_owned())).collect())
}

/// How long a line may be.
const WIDTH: usize = 110;

/// JSON as people lay it out.
fn pretty(value: &Value) -> String {
    let mut text = String::new();
    lay_out(value, 0, 0, &mut text);
    text.push('\n');
    text
}

/// `taken`: how much of the line stands before the value.
fn lay_out(value: &Value, depth: usize, taken: usize, into: &mut String) {
    let short = spaced(&to_json(value));
    if depth > 0 && depth * 2 + taken + short.len() <= WIDTH {
        into.push_str(&short);
        return;
    }
    let indent = "  ".repeat(depth + 1);
    match value {
        Value::Map(map) if !map.is_empty() => {
            into.push('{');
            for (at, (name, value)) in map.iter().enumerate() {
                let name = to_json(&Value::from(name.as_str().to_owned()));
                into.push_str(if at == 0 { "\n" } else { ",\n" });
                into.push_str(&indent);
                into.push_str(&name);
                into.push_str(": ");
                lay_out(value, depth + 1, name.len() + 2, into);
            }
            close(depth, '}', into);
        }
        Value::List(list) if !list.is_empty() => {
            into.push('[');
            for (at, value) in list.iter().enumerate() {
                into.push_str(if at == 0 { "\n" } else { ",\n" });
                into.push_str(&indent);
                lay_out(value, depth + 1, 0, into);
            }
            close(depth, ']', into);
        }
        _ => into.push_str(&short),
    }
}

fn close(depth: usize, bracket: char, into: &mut String) {
    into.push('\n');
    into.push_str(&"  ".repeat(depth));
    into.push(bracket);
}

/// Compact JSON with a space behind each comma and colon that is not in a text.
fn spaced(json: &str) -> String {
    let mut text = String::with_capacity(json.len() + json.len() / 8);
    let (mut inside, mut escaped) = (false, false);
    for letter in json.chars() {
        text.push(letter);
        if inside {
            (inside, escaped) = (escaped || letter != '"', !escaped && letter == '\\');
        } else if letter == '"' {
            inside = true;
        } else if matches!(letter, ',' | ':') {
            text.push(' ');
        }
    }
    text
}
