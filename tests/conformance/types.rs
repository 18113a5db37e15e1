//! Type casts and the other operations of types.

use crate::vectors::{Case, Outcome, json};
use ectomorph::types::{CastError, DumpError, LoadError, Type};
use ectomorph::value::{Map, Value, notation};

/// Runs a case that has `input` or `op`.
pub fn run(case: &Case) -> Outcome {
    let kind = match Type::from_notation(&case.value("type")) {
        Ok(kind) => kind,
        Err(error) => return Outcome::of(false, "a known type", error),
    };
    if kind.to_notation() != case.value("type") {
        return Outcome::of(false, json(&case.value("type")), json(&kind.to_notation()));
    }
    let actual = match case.get("op").and_then(Value::as_str) {
        None => cast(&kind, &case.value("input")),
        Some("dump") => done(kind.dump(&case.value("a")), |error| match error {
            DumpError::Invalid => failure(),
            DumpError::Refused(message) => raised(&message),
        }),
        Some("load") => done(kind.load(&case.value("a")), |error| match error {
            LoadError::Invalid => failure(),
            LoadError::Refused(message) => raised(&message),
        }),
        Some("equal") => {
            let (left, right) = (case.value("a"), case.value("b"));
            Map::from([("equal", kind.equal(&left, &right))])
        }
        Some(other) => panic!("{}: unknown op {other}", case.id()),
    };
    compare(case.expect(), actual)
}

fn compare(expected: &Map, actual: Map) -> Outcome {
    let passed = if expected.contains_key("accidental") {
        !actual.contains_key("ok")
    } else if expected.contains_key("raises") {
        // Messages are Elixir's; that it is no plain error is what counts.
        actual.contains_key("raises")
    } else {
        // Encoded, the representation counts: an integer is no float, 1.0 not 1.00, and 0.0 not -0.0.
        let encoded = |map: &Map| notation::encode(&textual(map.clone().into()));
        encoded(&actual) == encoded(expected)
    };
    Outcome::of(passed, json(&expected.clone().into()), json(&actual.into()))
}

/// The value with bytes that happen to be text as text, as Elixir and the vectors have it.
fn textual(value: Value) -> Value {
    match value {
        Value::Binary(bytes) => match std::str::from_utf8(&bytes) {
            Ok(text) => text.into(),
            Err(_) => Value::Binary(bytes),
        },
        Value::List(list) => Value::List(list.into_iter().map(textual).collect()),
        Value::Map(map) => map.into_iter().map(|(key, value)| (key, textual(value))).collect::<Map>().into(),
        other => other,
    }
}

fn cast(kind: &Type, input: &Value) -> Map {
    done(kind.cast(input), |CastError { source, metadata }| {
        let mut failure = failure();
        let mut meta = metadata;
        if !source.is_empty() {
            meta.insert("source", source);
        }
        if !meta.is_empty() {
            failure.insert("meta", meta);
        }
        failure
    })
}

fn done<E>(result: Result<Value, E>, failed: impl FnOnce(E) -> Map) -> Map {
    match result {
        Ok(value) => Map::from([("ok", value)]),
        Err(error) => failed(error),
    }
}

fn failure() -> Map {
    Map::from([("error", true)])
}

fn raised(message: &str) -> Map {
    Map::from([("raises", message)])
}
