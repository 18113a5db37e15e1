//! A form as data.

use crate::nested::{ORDER, STEPS};
use crate::read::{changeset, schema, steps, value};
use ectomorph::changeset::Parts;
use ectomorph::form::{Options, describe};
use ectomorph::schema::{Field, Record, Related, Schema};
use ectomorph::types::Type;
use ectomorph::value::Value;
use std::sync::{Arc, LazyLock};

#[test]
fn an_order_with_its_lines_is_described_whole() {
    let steps = steps(STEPS);
    let params = r#"{"number": "A-1", "lines": [{"id": "7", "qty": "0"}]}"#;
    let parts = changeset(&schema(ORDER), r#"{"id": 3, "lines": [{"id": 7, "qty": 1}]}"#, params, &steps);
    let expected = value(
        r#"{"id": "order", "name": "order", "method": "post", "action": "validate", "valid": false,
            "hidden": [["order[id]", "3"]],
            "fields": {
                "id": {"id": "order_id", "name": "order[id]", "type": "number", "value": "3", "used": false,
                       "errors": [], "attributes": {"step": "any"}},
                "number": {"id": "order_number", "name": "order[number]", "type": "text", "value": "A-1", "used": true,
                           "errors": [], "attributes": {}}},
            "nested": {
                "lines": {"id": "order_lines", "name": "order[lines]", "many": true, "used": true, "errors": [],
                    "sort": "order[order_of_lines][]", "drop": "order[lines_drop][]",
                    "forms": [{"id": "order_lines_0", "name": "order[lines][0]", "index": 0, "method": "post",
                        "action": "validate", "valid": false,
                        "hidden": [["order[lines][0][_persistent_id]", "0"], ["order[lines][0][id]", "7"]],
                        "fields": {
                            "id": {"id": "order_lines_0_id", "name": "order[lines][0][id]", "type": "number",
                                   "value": "7", "used": true, "errors": [], "attributes": {"step": "any"}},
                            "qty": {"id": "order_lines_0_qty", "name": "order[lines][0][qty]", "type": "number",
                                "value": "0", "used": true,
                                "errors": [{"message": "must be greater than 0",
                                    "template": "must be greater than %{number}",
                                    "metadata": {"validation": "number", "kind": "greater_than", "number": 0}}],
                                "attributes": {"required": true, "min": 1, "step": 1}}},
                        "nested": {}}]},
                "address": {"id": "order_address", "name": "order[address]", "many": false, "used": false, "errors": [],
                    "forms": [{"id": "order_address", "name": "order[address]", "method": "post", "action": "validate",
                        "valid": true, "hidden": [],
                        "fields": {"city": {"id": "order_address_city", "name": "order[address][city]", "type": "text",
                            "value": "", "used": false, "errors": [], "attributes": {"required": true}}},
                        "nested": {}}]}}}"#,
    );
    assert_eq!(describe(&parts, &Options::new().steps(steps).action("validate")), expected);
}

#[test]
fn confirmations_boxes_and_whatever_else_has_an_error_are_described_after_the_fields() {
    let user = schema(
        r#"{"name": "User", "source": "users", "primary_key": false,
        "fields": {"password": "string", "role": {"enum": ["admin", "guest"]}}}"#,
    );
    let steps = steps(
        r#"[["cast", ["password"]], ["validate_confirmation", "password"], ["validate_acceptance", "terms"],
            ["add_error", "base", "is odd"]]"#,
    );
    let parts = changeset(&user, "{}", r#"{"password": "a", "password_confirmation": "b"}"#, &steps);
    let description = describe(&parts, &Options::new().action("validate"));
    let fields = description.as_map().unwrap().get("fields").unwrap().as_map().unwrap();
    let names: Vec<&str> = fields.keys().map(|key| key.as_str()).collect();
    assert_eq!(names, ["password", "role", "password_confirmation", "terms", "base"]);
    let part = |field: &str, key: &str| fields.get(field).unwrap().as_map().unwrap().get(key).cloned();
    assert_eq!(part("role", "options"), Some(["admin", "guest"].into()));
    assert_eq!(part("password", "options"), None);
    assert_eq!(part("terms", "attributes"), Some(value(r#"{"required": true}"#)));
    let errors = value(
        r#"[{"message": "does not match confirmation", "template": "does not match confirmation",
             "metadata": {"validation": "confirmation"}}]"#,
    );
    assert_eq!(part("password_confirmation", "errors"), Some(errors));
    assert_eq!(part("base", "type"), Some("text".into()));
}

#[test]
fn relations_that_the_steps_do_not_cast_are_left_out() {
    let steps = steps(r#"[["cast", ["number"]]]"#);
    let parts = changeset(&schema(ORDER), "{}", "", &steps);
    let nested = |options: &Options| -> Vec<String> {
        let description = describe(&parts, options);
        let nested = description.as_map().unwrap().get("nested").unwrap().as_map().unwrap().clone();
        nested.keys().map(|key| key.to_string()).collect()
    };
    assert_eq!(nested(&Options::new().steps(steps)), [""; 0]);
    assert_eq!(nested(&Options::new()), ["address", "lines"]);
}

#[test]
fn the_empty_forms_of_a_schema_that_holds_itself_end() {
    static COMMENT: LazyLock<Arc<Schema>> = LazyLock::new(|| {
        let comment = Schema::embedded("Comment").field(Field::new("body", Type::String));
        comment.embeds_one("reply", Related::Lazy(|| COMMENT.clone())).finish().unwrap()
    });
    let parts = Parts::new(Arc::new(Record::new(&COMMENT)));
    let mut description = describe(&parts, &Options::new());
    let mut names = Vec::new();
    loop {
        let form = description.as_map().unwrap();
        names.push(form.get("name").cloned().unwrap());
        let reply = form.get("nested").unwrap().as_map().unwrap().get("reply").unwrap().as_map().unwrap();
        match reply.get("forms").unwrap().as_list().unwrap() {
            [] => break,
            [only] => description = only.clone(),
            more => panic!("{} forms for one reply", more.len()),
        }
    }
    let expected: [Value; 4] =
        ["comment", "comment[reply]", "comment[reply][reply]", "comment[reply][reply][reply]"]
            .map(Value::from);
    assert_eq!(names, expected);
}
