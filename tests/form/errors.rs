//! The answer of a server, and the fields it lands on.

use crate::nested::{ORDER, STEPS};
use crate::read::{changeset, map, schema, steps};
use ectomorph::changeset::Parts;
use ectomorph::form::{Form, Options, apply_server_errors, errors_json};
use ectomorph::params::{Limits, from_json, to_json};
use ectomorph::value::{Map, Value};

const DATA: &str = r#"{"lines": [{"id": 7, "qty": 1}, {"id": 8, "qty": 2}]}"#;

fn order(data: &str, params: &str, more: &str) -> Parts {
    let text = STEPS.trim_end().strip_suffix(']').unwrap().to_string() + more + "]";
    changeset(&schema(ORDER), data, params, &steps(&text))
}

fn messages(parts: &Parts) -> Map {
    parts.traverse_errors(&|error| Value::from(error.text()))
}

#[test]
fn an_answer_has_text_template_and_metadata_by_field() {
    let parts =
        order("{}", r#"{"number": 5, "lines": [{"qty": "1"}, {"qty": "-1"}], "address": {"city": ""}}"#, "");
    let blank = r#"{"message": "can't be blank", "template": "can't be blank", "metadata": {"validation": "required"}}"#;
    let expected = map(&format!(
        r#"{{"errors": {{
            "number": [{{"message": "is invalid", "template": "is invalid",
                         "metadata": {{"validation": "cast", "type": "string"}}}}],
            "lines": [{{}}, {{"qty": [{{"message": "must be greater than 0", "template": "must be greater than %{{number}}",
                "metadata": {{"validation": "number", "kind": "greater_than", "number": 0}}}}]}}],
            "address": {{"city": [{blank}]}}}}}}"#
    ));
    assert_eq!(errors_json(&parts), expected);
}

#[test]
fn the_errors_of_children_stand_where_their_forms_stand() {
    let parts = order(DATA, r#"{"lines": [{"id": "8", "qty": "0"}]}"#, "");
    assert_eq!(parts.change("lines").unwrap().changesets().len(), 2);
    let answer = errors_json(&parts);
    let lines = answer.get("errors").unwrap().as_map().unwrap().get("lines").unwrap().as_list().unwrap();
    assert_eq!(lines.len(), 1);
    assert!(lines[0].as_map().unwrap().contains_key("qty"));
}

#[test]
fn a_valid_changeset_has_no_errors_to_tell() {
    assert_eq!(errors_json(&order("{}", r#"{"lines": [{"qty": "1"}]}"#, "")), map(r#"{"errors": {}}"#));
}

#[test]
fn what_a_server_finds_lands_on_the_same_fields_of_the_page() {
    let params = r#"{"number": "A-1", "lines": [{"qty": "1"}, {"qty": "2"}], "address": {"city": "Paris"}}"#;
    let mut page = order("{}", params, "");
    assert!(page.valid);
    // The server's data has a line that the page does not know of, and rules that the page does not have.
    let taken = r#", ["add_error", "number", "has already been taken", {"constraint": "unique"}]"#;
    let mut server = order(r#"{"lines": [{"id": 9, "qty": 1}]}"#, params, taken);
    let lines = map(r#"{"errors": {"lines": [{}, {"qty": ["is out of stock"]}]}}"#);
    apply_server_errors(&mut server, &lines);

    let answer = from_json(to_json(&errors_json(&server).into()), &Limits::default()).unwrap();
    apply_server_errors(&mut page, answer.as_map().unwrap());
    let expected =
        map(r#"{"number": ["has already been taken"], "lines": [{}, {"qty": ["is out of stock"]}]}"#);
    assert_eq!(messages(&page), expected);
    assert!(!page.valid);
    assert_eq!(page.errors[0].metadata, Map::from([("constraint", "unique")]));
    assert_eq!(errors_json(&page), errors_json(&server));

    let options = Options::new().action("insert");
    let form = Form::new(&page, &options);
    assert_eq!(form.nested("lines").unwrap()[1].errors("qty")[0].text(), "is out of stock");
}

#[test]
fn an_error_that_both_sides_found_is_shown_once() {
    let mut page = order("{}", r#"{"lines": [{"qty": "0"}]}"#, "");
    let before = messages(&page);
    let answer = errors_json(&page);
    apply_server_errors(&mut page, &answer);
    assert_eq!(messages(&page), before);
}

#[test]
fn the_order_of_changes_stays() {
    let mut page =
        order("{}", r#"{"number": "1", "lines": [{"qty": "1"}], "address": {"city": "Paris"}}"#, "");
    let order = |parts: &Parts| parts.changes.iter().map(|(position, _)| position).collect::<Vec<_>>();
    let before = order(&page);
    apply_server_errors(&mut page, &map(r#"{"errors": {"lines": [{"qty": ["is odd"]}]}}"#));
    assert_eq!(order(&page), before);
}

#[test]
fn answers_of_other_servers_are_read_as_far_as_they_go() {
    let cases = [
        (r#"{"errors": {"number": ["is taken"]}}"#, r#"{"number": ["is taken"]}"#),
        (r#"{"errors": {"number": [{"message": "is taken"}]}}"#, r#"{"number": ["is taken"]}"#),
        (
            r#"{"errors": {"number": [{"message": "zu kurz", "template": "at least %{count}", "metadata": {"count": 3}}]}}"#,
            r#"{"number": ["at least 3"]}"#,
        ),
        (r#"{"errors": {"stranger": ["is odd"]}}"#, r#"{"stranger": ["is odd"]}"#),
        (r#"{"errors": {"lines": ["is odd"]}}"#, r#"{"lines": ["is odd"]}"#),
        (r#"{"errors": {"lines": [{}, {"qty": ["is odd"]}]}}"#, r#"{"lines": ["is invalid"]}"#),
        (r#"{"errors": {"address": {"city": ["is odd"]}}}"#, r#"{"address": ["is invalid"]}"#),
    ];
    for (answer, expected) in cases {
        let mut page = order("{}", "", "");
        apply_server_errors(&mut page, &map(answer));
        assert_eq!((messages(&page), page.valid), (map(expected), false), "for {answer}");
    }
}

#[test]
fn what_is_no_error_changes_nothing() {
    let answers = [
        "{}",
        r#"{"errors": null}"#,
        r#"{"errors": {}}"#,
        r#"{"errors": {"number": []}}"#,
        r#"{"errors": {"number": null}}"#,
        r#"{"errors": {"number": [1, null, []]}}"#,
        r#"{"errors": {"lines": [{}, {}]}}"#,
        r#"{"errors": {"address": {}}}"#,
    ];
    for answer in answers {
        let mut page = order("{}", r#"{"lines": [{"qty": "1"}]}"#, "");
        let before = page.clone();
        apply_server_errors(&mut page, &map(answer));
        assert_eq!(page, before, "for {answer}");
    }
}
