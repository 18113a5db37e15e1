//! The forms of children.

use crate::read::{changeset, schema, steps};
use ectomorph::changeset::Parts;
use ectomorph::form::{Form, Options};
use ectomorph::rules::Step;
use ectomorph::schema::{Field, Record, RecordState, Related, Schema};
use ectomorph::types::Type;
use ectomorph::value::{Map, Value};
use std::sync::Arc;

pub const ORDER: &str = r#"{"name": "Order", "source": "orders", "fields": {"number": "string"},
    "embeds_many": {"lines": {"on_replace": "delete", "schema": {"name": "Line", "embedded": true,
        "primary_key": {"name": "id", "type": "integer"}, "fields": {"qty": "integer"},
        "changeset": [["cast", ["qty"]], ["validate_required", ["qty"]],
                      ["validate_number", "qty", [["greater_than", 0]]]]}}},
    "embeds_one": {"address": {"on_replace": "update", "schema": {"name": "Address", "embedded": true,
        "primary_key": false, "fields": {"city": "string"},
        "changeset": [["cast", ["city"]], ["validate_required", ["city"]]]}}}}"#;
pub const STEPS: &str = r#"[["cast", ["number"]], ["cast_embed", "lines", {"sort_param": "order_of_lines", "drop_param": "lines_drop"}],
    ["cast_embed", "address"]]"#;
const DATA: &str = r#"{"lines": [{"id": 7, "qty": 1}, {"id": 8, "qty": 2}]}"#;

fn order(data: &str, params: &str) -> (Parts, Options) {
    let steps = steps(STEPS);
    (changeset(&schema(ORDER), data, params, &steps), Options::new().steps(steps))
}

fn names(forms: &[Form]) -> Vec<(String, String)> {
    let qty = forms.iter().map(|form| form.field("qty"));
    qty.map(|field| (field.id.to_string(), field.name.to_string())).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(id, name)| (id.to_string(), name.to_string())).collect()
}

#[test]
fn children_of_the_data_have_a_form_each_with_the_rules_of_their_cast() {
    let (parts, options) = order(DATA, "");
    let form = Form::new(&parts, &options);
    let lines = form.nested("lines").unwrap();
    let expected =
        [("order_lines_0_qty", "order[lines][0][qty]"), ("order_lines_1_qty", "order[lines][1][qty]")];
    assert_eq!(names(&lines), pairs(&expected));
    assert_eq!(lines[1].field("qty").value, "2".into());
    assert_eq!(lines[1].index, Some(1));
    assert_eq!(
        lines[1].attributes("qty"),
        Map::from([("required", true.into()), ("min", 1.into()), ("step", Value::from(1))])
    );
    assert_eq!(
        lines[1].hidden(),
        [("order[lines][1][_persistent_id]".into(), "1".into()), ("order[lines][1][id]".into(), "8".into())]
    );
}

#[test]
fn changed_children_have_their_own_errors_and_those_on_their_way_out_have_no_form() {
    let params = r#"{"lines": {"0": {"id": "8", "qty": "0"}, "1": {"qty": "", "_unused_qty": ""}}}"#;
    let (parts, options) = order(DATA, params);
    let texts = |options: &Options| -> Vec<Vec<String>> {
        let form = Form::new(&parts, options);
        let lines = form.nested("lines").unwrap();
        lines.iter().map(|line| line.errors("qty").into_iter().map(|error| error.text()).collect()).collect()
    };
    assert_eq!(texts(&options), [[""; 0], [""; 0]]);
    assert_eq!(texts(&options.clone().action("validate")), [["must be greater than 0"], ["can't be blank"]]);

    let form = Form::new(&parts, &options);
    let lines = form.nested("lines").unwrap();
    assert_eq!(lines.iter().map(|line| line.is_used("qty")).collect::<Vec<_>>(), [true, false]);
    assert_eq!(
        lines.iter().map(|line| line.field("id").value).collect::<Vec<_>>(),
        ["8".into(), Value::from("")]
    );
}

#[test]
fn a_child_keeps_its_id_when_it_moves_and_a_new_one_gets_the_next_free() {
    let params = r#"{"order_of_lines": ["b", "new", "a"], "lines": {
        "a": {"id": "7", "qty": "1", "_persistent_id": "0"}, "b": {"id": "8", "qty": "2", "_persistent_id": "1"}}}"#;
    let (parts, options) = order(DATA, params);
    let form = Form::new(&parts, &options);
    let expected = [
        ("order_lines_1_qty", "order[lines][0][qty]"),
        ("order_lines_2_qty", "order[lines][1][qty]"),
        ("order_lines_0_qty", "order[lines][2][qty]"),
    ];
    assert_eq!(names(&form.nested("lines").unwrap()), pairs(&expected));
}

#[test]
fn two_children_never_share_an_id() {
    let params = r#"{"lines": [{"_persistent_id": "1"}, {"_persistent_id": 1}, {"_persistent_id": []}, {"_persistent_id": "0"}]}"#;
    let (parts, options) = order("{}", params);
    let form = Form::new(&parts, &options);
    let ids: Vec<String> = form.nested("lines").unwrap().iter().map(|line| line.id.to_string()).collect();
    assert_eq!(ids, ["order_lines_1", "order_lines_2", "order_lines_3", "order_lines_0"]);
}

#[test]
fn the_names_of_sort_and_drop_inputs_are_those_of_the_cast_or_the_usual_ones() {
    let (parts, options) = order("{}", "");
    let form = Form::new(&parts, &options);
    assert_eq!(form.sort_name("lines"), "order[order_of_lines][]");
    assert_eq!(form.drop_name("lines"), "order[lines_drop][]");
    let plain = Options::new().name("");
    assert_eq!(Form::new(&parts, &plain).sort_name("lines"), "lines_sort[]");
}

#[test]
fn a_relation_of_one_has_one_form_empty_or_not_and_none_when_it_changes_to_none() {
    let cities = |data: &str, params: &str| -> Vec<Value> {
        let (parts, options) = order(data, params);
        let form = Form::new(&parts, &options);
        let forms = form.nested("address").unwrap();
        forms.iter().for_each(|form| assert_eq!(form.name, "order[address]"));
        forms.iter().map(|form| form.field("city").value).collect()
    };
    assert_eq!(cities("{}", ""), ["".into()]);
    assert_eq!(cities(r#"{"address": {"city": "Paris"}}"#, ""), ["Paris".into()]);
    assert_eq!(
        cities(r#"{"address": {"city": "Paris"}}"#, r#"{"address": {"city": "Rome"}}"#),
        ["Rome".into()]
    );
    assert_eq!(cities(r#"{"address": {"city": "Paris"}}"#, r#"{"address": null}"#), [Value::Null; 0]);
}

#[test]
fn a_form_nobody_was_at_has_no_errors_though_its_rules_would_find_some() {
    let (parts, options) = order("{}", "");
    let options = options.action("insert");
    let form = Form::new(&parts, &options);
    let address = &form.nested("address").unwrap()[0];
    assert_eq!(address.errors("city").len(), 0);
    assert!(!address.is_used("city"));
    assert_eq!(address.attributes("city"), Map::from([("required", true)]));
}

#[test]
fn input_types_are_asked_for_by_relation() {
    let (parts, options) = order(DATA, "");
    let options = options.input("lines", Map::from([("qty", "range")])).input("qty", "hidden");
    let form = Form::new(&parts, &options);
    assert_eq!(form.nested("lines").unwrap()[0].input_type("qty"), "range");
}

#[test]
fn what_is_no_relation_or_was_not_loaded_has_no_forms() {
    let (parts, options) = order("{}", "");
    let form = Form::new(&parts, &options);
    let message = |form: &Form, field: &str| form.nested(field).unwrap_err().text();
    assert!(message(&form, "lnes").contains("did you mean `lines`?"));
    assert_eq!(
        message(&form, "number"),
        "`number` is no relation that can be written; a form of it has no forms"
    );

    let comment =
        Schema::build("Comment", "comments").field(Field::new("post_id", Type::Id)).finish().unwrap();
    let post = Schema::build("Post", "posts")
        .has_many("comments", Related::Schema(comment), "post_id")
        .finish()
        .unwrap();
    let mut record = Record::new(&post);
    let built = Parts::new(Arc::new(record.clone()));
    assert_eq!(Form::new(&built, &options).nested("comments").unwrap().len(), 0);
    record.state = RecordState::Loaded;
    let loaded = Parts::new(Arc::new(record));
    let expected = "`comments` of `Post` was not loaded; preload it before its form is shown";
    assert_eq!(message(&Form::new(&loaded, &options), "comments"), expected);
}

#[test]
fn steps_of_the_cast_go_before_those_of_the_schema() {
    let with: Arc<[Step]> = steps(r#"[["cast_embed", "address", {"with": [["cast", ["city"]]]}]]"#);
    let parts = changeset(&schema(ORDER), "{}", "", &with);
    let options = Options::new().steps(with);
    let form = Form::new(&parts, &options);
    assert_eq!(form.nested("address").unwrap()[0].attributes("city"), Map::new());
}
