//! Cases with a schema and steps.

use crate::vectors::{Case, Outcome, json};
use ectomorph::changeset::{self, Changeset, Params, Parts, Rules, ask};
use ectomorph::document::Document;
use ectomorph::mistake::Mistake;
use ectomorph::params::{Json, Limits, to_json};
use ectomorph::rules::NoValidators;
use ectomorph::schema::Record;
use ectomorph::types::Types;
use ectomorph::value::{Map, Str, Value, notation};
use std::sync::Arc;

/// Runs a case that has `steps`.
pub fn run(case: &Case) -> Outcome {
    let expected = case.expect();
    let document = document(case);
    if let Ok(document) = &document
        && let Err((first, second)) = round_trip(document)
    {
        return Outcome::of(false, first, second);
    }
    let made = document.and_then(|document| Ok((changeset(&document, case)?, document)));
    let actual = match made {
        Ok((parts, document)) => {
            if let Err((wanted, found)) = straight(&document, case, &parts) {
                return Outcome::of(false, wanted, found);
            }
            answers(&parts, case)
        }
        Err(mistake) => Map::from([("raises", Value::from(mistake.text()))]),
    };
    if expected.contains_key("accidental") {
        let passed = actual.get("valid") != Some(&Value::Bool(true));
        return Outcome::of(passed, "anything but valid", json(&actual.into()));
    }
    if expected.contains_key("raises") {
        return Outcome::of(
            actual.contains_key("raises"),
            json(&expected.clone().into()),
            json(&actual.into()),
        );
    }
    let passed = same(&actual, expected);
    Outcome::of(passed, json(&expected.clone().into()), json(&actual.into()))
}

/// The schema and the steps of a case are a rules document.
fn document(case: &Case) -> Result<Document, Mistake> {
    let document =
        Map::from([("version", 1.into()), ("schema", case.value("schema")), ("steps", case.value("steps"))]);
    Document::read(&document.into(), &Types::default(), &NoValidators)
}

/// A document that is written and read is the same; if not, the texts of both.
fn round_trip(document: &Document) -> Result<(), (String, String)> {
    let text = |document: &Document| document.to_json().unwrap_or_else(|mistake| mistake.text());
    let first = text(document);
    let second = match Document::from_json(&first, &Types::default(), &NoValidators) {
        Ok(read) => text(&read),
        Err(mistake) => mistake.text(),
    };
    if first == second { Ok(()) } else { Err((first, second)) }
}

fn changeset(document: &Document, case: &Case) -> Result<Parts, Mistake> {
    let Document { schema, steps, .. } = document;
    let data = case.get("data").cloned().unwrap_or_else(|| Map::new().into());
    let record = changeset::record_from_notation(schema, &data, case.get("state"))?;
    let params = case.value("params");
    let params = match &params {
        Value::Map(map) if map.contains_key("$invalid") => None,
        Value::Map(map) => Some(map),
        _ if !needs_params(&case.value("steps")) => None,
        other => return Err(Mistake::new(format!("params must be a map, got {}", other.kind()))),
    };
    changeset::run_steps(Arc::new(record), steps, params)
}

/// What rules make of params without a changeset is what the changeset says, be the params a map or JSON text; if not,
/// both.
fn straight(document: &Document, case: &Case, parts: &Parts) -> Result<(), (String, String)> {
    let Value::Map(params) = case.value("params") else { return Ok(()) };
    if params.contains_key("$invalid") {
        return Ok(());
    }
    let rules = Rules::<Record>::from(document.steps.to_vec());
    let record = || Record::clone(&parts.data);
    let text = to_json(&params.clone().into());
    let json = Json::read(&text, &Limits::default()).map_err(|error| (text.clone(), error.message()))?;
    // What JSON has no notation for is text in it.
    let is_same = |value: Value| notation::encode(&value) == notation::encode(&params.clone().into());
    let ways = [Some(Params::from(&params)), is_same(json.to_value()).then(|| Params::from(&json))];
    let wanted = made_of(match parts.valid {
        true => Ok(Record::clone(&parts.apply_changes())),
        false => Err(Changeset::from(parts.clone())),
    });
    for params in ways.into_iter().flatten() {
        let found = made_of(rules.apply_action(record(), params, parts.action.clone().unwrap_or_default()));
        if found != wanted {
            return Err((wanted, found));
        }
    }
    Ok(())
}

/// The fields of a record; or the messages of a changeset, and then all that it holds.
fn made_of(made: Result<Record, Changeset<Record>>) -> String {
    match made {
        Ok(record) => {
            let slots = (0..record.schema().fields().len()).map(|at| format!("{:?}", record.slot(at)));
            slots.collect::<Vec<_>>().join(", ")
        }
        Err(changeset) => {
            let messages = json(&changeset.error_messages().into());
            // The action is what was asked for; without one, an invalid changeset has none.
            let mut held = changeset.report();
            held.remove("action");
            format!("{messages} {}", json(&held.into()))
        }
    }
}

/// Whether a step casts the params of the case.
fn needs_params(steps: &Value) -> bool {
    let steps = steps.as_list().unwrap_or_default();
    steps.iter().any(|step| step.as_list().and_then(|step| step[0].as_str()) == Some("cast"))
}

fn answers(parts: &Parts, case: &Case) -> Map {
    let mut actual = parts.report();
    let question = |name: &str| ask(parts, &[Value::from(name)]).unwrap_or_default();
    actual.insert("rendered", question("traverse_errors"));
    if let Some(Value::List(queries)) = case.get("queries") {
        let answers = queries.iter().map(|query| answer(parts, query.as_list().unwrap_or_default()));
        actual.insert("queries", Value::List(answers.collect()));
    }
    actual
}

fn answer(parts: &Parts, query: &[Value]) -> Value {
    let name = query[0].as_str().unwrap_or_default();
    let question: Str = match name {
        "changed?" => "changed".into(),
        "field_missing?" => "field_missing".into(),
        "fetch_field!" => "fetch_field".into(),
        "fetch_change!" => "fetch_change".into(),
        "apply_action!" => "apply_action".into(),
        "inspect_contains" => "inspect".into(),
        other => other.into(),
    };
    let mut query = query.to_vec();
    query[0] = question.into();
    let answer = ask(parts, &query);
    let raises = |why: &str| Map::from([("raises", why)]).into();
    let value = match (name, answer) {
        (_, Err(mistake)) => return raises(&mistake.text()),
        ("fetch_field!" | "fetch_change!", Ok(Value::String(_))) => return raises("no such key"),
        ("fetch_field!" | "fetch_change!", Ok(Value::List(tagged))) => tagged[1].clone(),
        ("apply_action!", Ok(Value::List(tagged))) if tagged[0] == "error".into() => {
            return raises("the changeset is invalid");
        }
        ("apply_action!", Ok(Value::List(tagged))) => tagged[1].clone(),
        ("inspect_contains", Ok(Value::String(text))) => {
            text.contains(query[1].as_str().unwrap_or_default()).into()
        }
        (_, Ok(value)) => value,
    };
    Map::from([("value", value)]).into()
}

/// Compares as the README of the vectors says: what is empty may be left out, and messages of raises are Elixir's.
fn same(actual: &Map, expected: &Map) -> bool {
    let keys = actual.keys().chain(expected.keys());
    keys.into_iter().all(|key| {
        let (actual, expected) = (actual.get(key), expected.get(key));
        match key.as_str() {
            "queries" => same_answers(actual, expected),
            _ => match (actual, expected) {
                (Some(actual), Some(expected)) => identical(actual, expected),
                (Some(one), None) | (None, Some(one)) => is_empty(one),
                (None, None) => true,
            },
        }
    })
}

fn same_answers(actual: Option<&Value>, expected: Option<&Value>) -> bool {
    let list = |value: Option<&Value>| value.and_then(Value::as_list).unwrap_or_default().to_vec();
    let (actual, expected) = (list(actual), list(expected));
    actual.len() == expected.len()
        && actual.iter().zip(&expected).all(|(actual, expected)| {
            let raises = |value: &Value| value.as_map().is_some_and(|map| map.contains_key("raises"));
            raises(actual) && raises(expected) || identical(&sorted(actual), &sorted(expected))
        })
}

/// Names of fields are a set in Ecto's reflection: the order is that of its maps.
fn sorted(answer: &Value) -> Value {
    match answer.as_map().and_then(|map| map.get("value")) {
        Some(Value::List(names)) if names.iter().all(|name| name.as_str().is_some()) && names.len() > 2 => {
            let mut names = names.clone();
            names.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
            Map::from([("value", Value::List(names))]).into()
        }
        _ => answer.clone(),
    }
}

/// Equal in value and representation: an integer is no float, 1.0 not 1.00.
fn identical(actual: &Value, expected: &Value) -> bool {
    notation::encode(actual) == notation::encode(expected)
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::List(list) => list.is_empty(),
        Value::Map(map) => map.is_empty(),
        Value::Integer(number) => *number == 0,
        _ => false,
    }
}
