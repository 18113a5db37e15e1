//! Params written as a form, and the way there and back.

use crate::generate;
use ectomorph::params::{EncodeError, Limits, from_json, from_urlencoded, to_json, to_urlencoded};
use ectomorph::value::{Map, Value};
use proptest::prelude::*;

fn params(json: &str) -> Map {
    match from_json(json, &Limits::default()) {
        Ok(Value::Map(map)) => map,
        other => panic!("{json} is no map: {other:?}"),
    }
}

#[test]
fn params_are_written_in_plugs_notation() {
    let cases = [
        ("{}", ""),
        (r#"{"foo": "bar", "baz": "bat"}"#, "foo=bar&baz=bat"),
        (r#"{"foo": null}"#, "foo="),
        (r#"{"foo": "bå®"}"#, "foo=b%C3%A5%C2%AE"),
        (r#"{"foo": 1337, "yes": true, "f": 1.5}"#, "foo=1337&yes=true&f=1.5"),
        (r#"{"foo": ["bar", "baz"]}"#, "foo[]=bar&foo[]=baz"),
        (r#"{"users": {"name": "hello", "age": 17}}"#, "users[name]=hello&users[age]=17"),
        (r#"{"my weird field": "q1!2\"'w$5&7/z8)?"}"#, "my+weird+field=q1%212%22%27w%245%267%2Fz8%29%3F"),
        (r#"{"foo": {"my weird field": "-._~"}}"#, "foo[my+weird+field]=-._~"),
        (r#"{"foo": [""]}"#, "foo[]="),
        (r#"{"x": {"y": {"z": [1, 2]}}}"#, "x[y][z][]=1&x[y][z][]=2"),
        (r#"{"x": {"y": [{"z": [1]}]}}"#, "x[y][][z][]=1"),
        (r#"{"x": [[[1]]]}"#, "x[][][]=1"),
        (r#"{"filter": {}, "foo": "bar", "list": [], "deep": {"er": {}}, "baz": "bat"}"#, "foo=bar&baz=bat"),
    ];
    for (json, expected) in cases {
        assert_eq!(to_urlencoded(&params(json)).as_deref(), Ok(expected), "for {json}");
    }
}

#[test]
fn calendar_values_are_written_in_iso_8601() {
    let starts_at = ectomorph::value::NaiveDatetime::from_iso("2024-01-31 10:20:30");
    let text = to_urlencoded(&Map::from([("starts_at", starts_at)]));
    assert_eq!(text.as_deref(), Ok("starts_at=2024-01-31T10%3A20%3A30"));
}

#[test]
fn what_would_be_read_back_as_something_else_is_an_error() {
    let name = |name: &str| EncodeError::Name { name: name.into() };
    let list = |at: &str| EncodeError::List { at: at.into() };
    let cases = [
        (r#"{"a[b]": 1}"#, name("a[b]")),
        (r#"{"a[b": {"c": 1}}"#, name("a[b")),
        (r#"{"[a": [1]}"#, name("[a")),
        (r#"{"": {"a": 1}}"#, name("")),
        (r#"{"a": {"": 1}}"#, name("")),
        (r#"{"a": {"b][c": 1}}"#, name("b][c")),
        (r#"{"foo": [{"a": 1, "b": 2}]}"#, list("foo")),
        (r#"{"foo": {"bar": [{}]}}"#, list("foo[bar]")),
        (r#"{"foo": [[1], [2]]}"#, list("foo")),
        (r#"{"foo": [[], 1]}"#, list("foo")),
    ];
    for (json, expected) in cases {
        assert_eq!(to_urlencoded(&params(json)), Err(expected), "for {json}");
    }
    let bytes = Value::Binary([0xFF].as_slice().into());
    let error = to_urlencoded(&Map::from([("file", bytes)])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the bytes at `file` are not text; send them as base64, or in a multipart form"
    );
}

#[test]
fn nesting_without_end_is_an_error() {
    let mut value = Value::from("a");
    for _ in 0..200 {
        value = Map::from([("a", value)]).into();
    }
    assert_eq!(to_urlencoded(&Map::from([("a", value)])), Err(EncodeError::TooDeep));
}

/// The text of all plain values, which is what a form gives back.
fn generous() -> Limits {
    Limits { depth: 127, ..Limits::default() }
}

proptest! {
    #[test]
    fn params_of_a_form_come_back_as_they_were(params in generate::form_params()) {
        let text = to_urlencoded(&params).unwrap();
        prop_assert_eq!(from_urlencoded(&text, &generous()), Ok(params), "through {}", text);
    }

    #[test]
    fn what_is_written_is_read_back_or_refused(value in generate::json_value()) {
        let Value::Map(params) = value else { return Ok(()) };
        if let Ok(text) = to_urlencoded(&params) {
            // A form says all in text, and nothing where nothing is: a second round trip must not change it.
            let read = from_urlencoded(&text, &generous()).unwrap();
            prop_assert_eq!(to_urlencoded(&read), Ok(text.clone()));
            prop_assert_eq!(Value::Map(read), textual(&Value::Map(params)).unwrap_or(Value::Map(Map::new())), "through {}", text);
        }
    }

    #[test]
    fn any_query_that_is_read_is_read_the_same_again(query in generate::query()) {
        let read = from_urlencoded(&query, &Limits::default()).unwrap();
        if let Ok(text) = to_urlencoded(&read) {
            prop_assert_eq!(from_urlencoded(&text, &Limits::default()), Ok(read), "through {}", text);
        }
    }

    #[test]
    fn json_values_come_back_as_they_were(value in generate::json_value()) {
        let text = to_json(&value);
        let read = from_json(&text, &generous()).unwrap();
        prop_assert_eq!(to_json(&read), text);
        prop_assert_eq!(read, value);
    }
}

/// The value as a form gives it back: plain values are text, empty lists and maps are not there.
fn textual(value: &Value) -> Option<Value> {
    match value {
        Value::Map(map) => {
            let map: Map = map.iter().filter_map(|(key, value)| Some((key, textual(value)?))).collect();
            (!map.is_empty()).then_some(Value::Map(map))
        }
        Value::List(list) => {
            let list: Vec<_> = list.iter().filter_map(textual).collect();
            (!list.is_empty()).then_some(Value::List(list))
        }
        plain => ectomorph::value::to_text(plain).map(Value::from),
    }
}

#[cfg(feature = "json")]
proptest! {
    #[test]
    fn json_is_read_as_serde_json_reads_it(text in prop_oneof![
        generate::json_value().prop_map(|value| to_json(&value)),
        "[\\[\\]{}:,\"\\\\ual0-9eE.+ -]{0,12}",
        "-?[0-9]{1,18}([.][0-9]{0,20})?([eE][+-]?[0-9]{0,3})?",
        "\"(\\\\u[dD0][8-9c-f0]..|\\\\.|.){0,4}\"",
    ]) {
        let theirs: Result<Value, _> = serde_json::from_str(&text);
        match (from_json(&text, &generous()), theirs) {
            (Ok(ours), Ok(theirs)) => prop_assert_eq!(ours, theirs),
            (Err(_), Err(_)) => {}
            (ours, theirs) => prop_assert!(false, "{}: {:?} but {:?}", text, ours, theirs),
        }
    }
}
