//! The boundary, walked natively: what the host would write is read, what it would read is written.

use super::describe::describe;
use super::pack::{self, pack};
use super::recipe::{self, Compiled};
use super::result;
use super::shape::Shape;
use super::unpack::{Reader, unpack};
use crate::changeset::Parts;
use crate::mistake::Mistake;
use crate::rules::{NoValidators, read_steps};
use crate::schema::{RecordState, Slot, read_schema};
use crate::types::Types;
use crate::value::{Decimal, Map, Value, notation};
use alloc::string::ToString;
use alloc::vec::Vec;

fn json(text: &str) -> Value {
    let value: serde_json::Value = serde_json::from_str(text).expect("the test's own JSON");
    fn read(value: &serde_json::Value) -> Value {
        match value {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(flag) => Value::Bool(*flag),
            serde_json::Value::Number(number) => number.as_i64().map(Value::from).unwrap_or_default(),
            serde_json::Value::String(text) => Value::from(text.as_str()),
            serde_json::Value::Array(list) => Value::List(list.iter().map(read).collect()),
            serde_json::Value::Object(map) => {
                Value::Map(map.iter().map(|(key, value)| (key.as_str(), read(value))).collect())
            }
        }
    }
    notation::decode(read(&value)).expect("the test's own notation")
}

fn order() -> Compiled {
    let schema = json(
        r#"{"name": "Order", "source": "orders", "fields": {"number": "string", "total": "decimal"},
            "embeds_many": {"lines": {"on_replace": "delete", "schema": {"name": "Line", "embedded": true,
                "fields": {"sku": "string", "qty": "integer"},
                "changeset": [["cast", ["sku", "qty"]], ["validate_number", "qty", [["greater_than", 0]]]]}}}}"#,
    );
    let steps = json(
        r#"[["cast", ["number", "total"]], ["validate_required", ["number"]],
            ["cast_embed", "lines", {"sort_param": "lines_sort"}], ["validate_confirmation", "number"]]"#,
    );
    let schema = read_schema(&schema, &Types::default(), &NoValidators).expect("a schema");
    let steps = read_steps(&steps, &NoValidators).expect("steps");
    Compiled::new(schema, steps)
}

fn make(compiled: &Compiled, recipe: &Value) -> Result<Parts, Mistake> {
    let mut bytes = Vec::new();
    pack(&mut bytes, recipe);
    recipe::make(compiled, &mut Reader::new(&bytes), &NoValidators)
}

#[test]
fn a_value_comes_back_as_it_was_packed() {
    let value = json(
        r#"{"a": [null, true, false, 1, -5, 3000000000, "text ü"], "b": {"$float": "1.5"}, "c": {"$decimal": "1.50"},
            "d": {"$date": "2024-01-31"}, "e": {"$time_usec": "10:20:30.120000"},
            "f": {"$naive_datetime_usec": "2024-01-31T10:20:30.123456"},
            "g": {"$utc_datetime_usec": "2024-01-31T10:20:30.123456Z"}, "h": {"$binary": "/wA="}}"#,
    );
    let mut bytes = Vec::new();
    pack(&mut bytes, &value);
    assert_eq!(unpack(&bytes, None), Ok(value));
}

#[test]
fn packed_values_that_are_cut_short_or_unknown_are_refused() {
    let mut bytes = Vec::new();
    pack(&mut bytes, &json(r#"{"a": ["text", 1, {"b": null}]}"#));
    for length in 0..bytes.len() {
        assert!(unpack(&bytes[..length], None).is_err(), "{length} of {} bytes", bytes.len());
    }
    for tag in 20..=255 {
        assert!(unpack(&[tag], None).is_err(), "tag {tag}");
    }
    // A count far beyond the input must not be believed.
    assert!(unpack(&[pack::LIST, 255, 255, 255, 255], None).is_err());
    assert!(unpack(&[pack::STRING, 255, 255, 255, 127, b'a'], None).is_err());
}

#[test]
fn values_nested_too_deep_are_refused() {
    let mut bytes = Vec::new();
    for _ in 0..100_000 {
        bytes.extend_from_slice(&[pack::LIST, 1, 0, 0, 0]);
    }
    bytes.push(pack::NULL);
    let refused = unpack(&bytes, None).expect_err("a refusal");
    assert_eq!(refused.message(), "values are nested too deep (128 levels)");
}

#[test]
fn the_shape_of_rules_is_the_params_they_read() {
    let shape = order().shape.to_value();
    let lines = r#"[["id", null], ["sku", null], ["qty", null]]"#;
    let expected = alloc::format!(
        r#"[["number", null], ["total", null], ["lines", {lines}], ["lines_sort", null],
            ["number_confirmation", null]]"#
    );
    assert_eq!(shape, json(&expected));
}

#[test]
fn a_shaped_record_holds_the_params_that_are_there() {
    let compiled = order();
    let mut bytes = alloc::vec![pack::SHAPED];
    pack(&mut bytes, &Value::from("A1"));
    bytes.push(pack::MISSING);
    bytes.extend_from_slice(&[pack::LIST, 1, 0, 0, 0, pack::SHAPED, pack::MISSING]);
    pack(&mut bytes, &Value::from("sku"));
    pack(&mut bytes, &Value::from("0"));
    bytes.extend_from_slice(&[pack::MISSING, pack::NULL]);
    let params = unpack(&bytes, Some(&compiled.shape)).expect("params");
    let expected = r#"{"number": "A1", "lines": [{"sku": "sku", "qty": "0"}], "number_confirmation": null}"#;
    assert_eq!(params, json(expected));
    assert!(unpack(&bytes, None).is_err(), "without a shape there are no shaped records");
}

#[test]
fn data_of_the_host_takes_the_types_of_its_fields() {
    let compiled = order();
    let recipe = json(
        r#"[{"id": 1, "total": "1.50", "lines": [{"id": "a", "sku": "x", "qty": 1}]}, "loaded",
            {"total": "1.5", "lines": [{"id": "a", "qty": "2"}]}, null]"#,
    );
    let parts = make(&compiled, &recipe).expect("a changeset");
    assert_eq!(*parts.data.value("total"), Value::from(Decimal::parse("1.50").expect("a decimal")));
    // 1.5 equals 1.50, so the total does not change.
    assert_eq!(parts.change("total"), None);
    assert_eq!(parts.change("lines").map(|change| change.changesets().len()), Some(1));
}

#[test]
fn data_may_come_by_the_places_of_its_fields() {
    let compiled = order();
    let mut bytes = alloc::vec![pack::LIST, 4, 0, 0, 0, pack::SHAPED];
    for field in compiled.schema.fields() {
        match field.name.as_str() {
            "id" => pack(&mut bytes, &Value::from(7)),
            "total" => pack(&mut bytes, &Value::from("2.50")),
            "lines" => pack(&mut bytes, &Value::List(Vec::new())),
            _ => bytes.push(pack::MISSING),
        }
    }
    for rest in [Value::from("loaded"), Value::Null, Value::Null] {
        pack(&mut bytes, &rest);
    }
    let made = |bytes: &[u8]| recipe::make(&compiled, &mut Reader::new(bytes), &NoValidators);
    let data = made(&bytes).expect("a changeset").data;
    assert_eq!(data.state, RecordState::Loaded);
    assert_eq!(*data.value("id"), Value::from(7));
    assert_eq!(*data.value("number"), Value::Null);
    assert_eq!(*data.value("total"), Value::from(Decimal::parse("2.50").expect("a decimal")));
    assert_eq!(data.get("lines"), Some(&Slot::Many(Vec::new())));
    for length in 0..bytes.len() {
        assert!(made(&bytes[..length]).is_err(), "{length} bytes");
    }
}

#[test]
fn a_recipe_may_add_steps() {
    let compiled = order();
    let recipe = json(r#"[null, null, {"number": "A1"}, [["put_change", "total", "2.50"]]]"#);
    let parts = make(&compiled, &recipe).expect("a changeset");
    assert_eq!(parts.fetch_change("total"), Some(&Value::from(Decimal::parse("2.50").expect("a decimal"))));
    let refused =
        make(&compiled, &json(r#"[null, null, {}, [["put_chnge", "total", 1]]]"#)).expect_err("a refusal");
    assert_eq!(refused.to_string(), "step 0: unknown step `put_chnge`; did you mean `put_change`?");
}

#[test]
fn a_result_marks_text_that_the_host_has() {
    let compiled = order();
    let parts =
        make(&compiled, &json(r#"[null, null, {"number": "A1", "total": "x"}, null]"#)).expect("a changeset");
    let mut out = Vec::new();
    result::write(&mut out, &parts);
    let mut expected: Vec<u8> = alloc::vec![0, 1, 0, 0, 0, 1, 0, pack::PARAM, 1, 0, 0, 0];
    for text in ["total", "is invalid"] {
        pack::count(&mut expected, text.len());
        expected.extend_from_slice(text.as_bytes());
    }
    pack(&mut expected, &Value::Map(Map::from([("validation", "cast"), ("type", "decimal")])));
    assert_eq!(out, expected);
}

#[test]
fn children_say_which_record_they_are_of() {
    let compiled = order();
    let recipe = json(
        r#"[{"lines": [{"id": "a", "qty": 1}, {"id": "b", "qty": 2}]}, null,
            {"number": "A1", "lines": [{"id": "b", "qty": "3"}, {"qty": "4"}]}, null]"#,
    );
    let parts = make(&compiled, &recipe).expect("a changeset");
    let mut out = Vec::new();
    result::write(&mut out, &parts);
    // Replaced: the first record; updated: the second; inserted: a new one.
    let mut indexes = Vec::new();
    for child in parts.change("lines").map(|change| change.changesets()).unwrap_or_default() {
        let records = parts.data.get("lines").map(|slot| slot.records()).unwrap_or_default();
        indexes.push(records.iter().position(|record| alloc::sync::Arc::ptr_eq(record, &child.data)));
    }
    assert_eq!(indexes, [Some(0), Some(1), None]);
    assert!(out.ends_with(&[0, 0, 0, 0, 0]), "a new child, then no errors of the parent");
}

#[test]
fn a_description_names_the_fields_in_order() {
    let compiled = order();
    let described = describe(&compiled.schema);
    let fields =
        described.as_map().and_then(|map| map.get("fields")).and_then(Value::as_list).expect("fields");
    let names: Vec<&Value> =
        fields.iter().filter_map(|field| field.as_map().and_then(|field| field.get("name"))).collect();
    assert_eq!(names, [&"id".into(), &"number".into(), &"total".into(), &"lines".into()]);
    assert!(Shape::default().entries.is_empty());
}
