//! HTML attributes from rules.

use crate::read::{changeset, map, schema, steps};
use ectomorph::form::{Form, Options};
use ectomorph::value::Map;

/// The attributes of `f`, a field of type `kind`, after `cast` and `rules`.
fn attributes(kind: &str, data: &str, params: &str, rules: &str, options: &Options) -> Map {
    let schema =
        schema(&format!(r#"{{"name": "A", "source": "a", "fields": {{"f": {kind}, "g": "string"}}}}"#));
    let steps = steps(&format!(r#"[["cast", ["f", "g"]], {rules}]"#));
    let parts = changeset(&schema, data, params, &steps);
    let options = Options { steps: Some(steps), ..options.clone() };
    Form::new(&parts, &options).attributes("f")
}

fn check(cases: &[(&str, &str, &str)]) {
    for (kind, rules, expected) in cases {
        let found = attributes(&format!("\"{kind}\""), "{}", "", rules, &Options::new());
        assert_eq!(found, map(expected), "for {kind} with {rules}");
    }
}

const REQUIRED: &str = r#"["validate_required", ["f"]]"#;

#[test]
fn required_is_given_where_a_blank_input_is_an_error() {
    check(&[
        ("string", REQUIRED, r#"{"required": true}"#),
        ("date", REQUIRED, r#"{"required": true}"#),
        ("integer", REQUIRED, r#"{"required": true, "step": 1}"#),
        ("boolean", REQUIRED, "{}"),
        ("boolean", r#"["validate_acceptance", "f"]"#, r#"{"required": true}"#),
        ("string", r#"["validate_required", ["g"]]"#, "{}"),
    ]);
}

#[test]
fn required_is_not_given_where_a_blank_input_becomes_a_default_or_counts_as_a_value() {
    let options = Options::new();
    let rule = steps(r#"[["cast", ["f"]], ["validate_required", ["f"]]]"#);
    let with_default =
        schema(r#"{"name": "A", "source": "a", "fields": {"f": "string"}, "defaults": {"f": "draft"}}"#);
    let parts = changeset(&with_default, "{}", "", &rule);
    assert_eq!(Form::new(&parts, &options).attributes("f"), Map::new());

    let plain = schema(r#"{"name": "A", "source": "a", "fields": {"f": "string"}}"#);
    let lenient = steps(r#"[["cast", ["f"], {"empty_values": []}], ["validate_required", ["f"]]]"#);
    let parts = changeset(&plain, "{}", "", &lenient);
    assert_eq!(Form::new(&parts, &options).attributes("f"), Map::new());

    let not_cast: std::sync::Arc<[_]> = steps(r#"[["cast", []], ["validate_required", ["f"]]]"#);
    let parts = changeset(&plain, r#"{"f": "kept"}"#, "", &not_cast);
    assert_eq!(Form::new(&parts, &Options::new().steps(not_cast)).attributes("f"), Map::new());
}

#[test]
fn a_list_of_choices_takes_several_and_is_never_required() {
    let found = attributes(r#"{"array": {"enum": ["a", "b"]}}"#, "{}", "", REQUIRED, &Options::new());
    assert_eq!(found, Map::from([("multiple", true)]));
}

#[test]
fn lengths_are_counted_in_units_only_as_far_as_they_follow() {
    let cases = [
        (r#"{"min": 2, "max": 140}"#, r#"{"minlength": 2, "required": true}"#),
        (r#"{"is": 5}"#, r#"{"minlength": 5, "required": true}"#),
        (
            r#"{"min": 3, "max": 9, "count": "codepoints"}"#,
            r#"{"minlength": 2, "maxlength": 18, "required": true}"#,
        ),
        (
            r#"{"min": 4, "max": 9, "count": "bytes"}"#,
            r#"{"minlength": 2, "maxlength": 9, "required": true}"#,
        ),
        (r#"{"min": 0}"#, r#"{"required": true}"#),
        (r#"{"max": 4294967296, "count": "bytes"}"#, r#"{"required": true}"#),
    ];
    for (length, expected) in cases {
        let rules = format!(r#"{REQUIRED}, ["validate_length", "f", {length}]"#);
        assert_eq!(
            attributes(r#""string""#, "{}", "", &rules, &Options::new()),
            map(expected),
            "for {length}"
        );
    }
}

#[test]
fn the_tightest_of_several_rules_counts() {
    let lengths = r#"["validate_required", ["f"]], ["validate_length", "f", {"min": 2}], ["validate_length", "f", {"min": 5}],
        ["validate_length", "f", {"max": 9, "count": "bytes"}], ["validate_length", "f", {"max": 7, "count": "bytes"}]"#;
    let numbers = r#"["validate_number", "f", [["greater_than", 0], ["less_than", 100]]],
        ["validate_number", "f", [["greater_than_or_equal_to", 18], ["less_than_or_equal_to", 200]]]"#;
    check(&[
        ("string", lengths, r#"{"required": true, "minlength": 5, "maxlength": 7}"#),
        ("integer", numbers, r#"{"min": 18, "max": 99, "step": 1}"#),
    ]);
}

#[test]
fn a_length_of_an_optional_text_gives_nothing_since_white_space_is_no_error() {
    check(&[("string", r#"["validate_length", "f", {"min": 2, "max": 9, "count": "bytes"}]"#, "{}")]);
}

#[test]
fn bounds_of_numbers_are_min_and_max() {
    let above = r#"["validate_number", "f", [["greater_than", 0], ["less_than", 10]]]"#;
    let from = r#"["validate_number", "f", [["greater_than_or_equal_to", 1], ["less_than_or_equal_to", 5]]]"#;
    let exactly = r#"["validate_number", "f", [["equal_to", 7], ["not_equal_to", 8]]]"#;
    let fraction =
        r#"["validate_number", "f", [["greater_than", {"$decimal": "1.50"}], ["less_than", 2.5]]]"#;
    let range = r#"["validate_inclusion", "f", {"$range": [18, 99]}]"#;
    let last = r#"["validate_number", "f", [["greater_than", 9223372036854775807]]]"#;
    check(&[
        ("integer", above, r#"{"min": 1, "max": 9, "step": 1}"#),
        ("integer", from, r#"{"min": 1, "max": 5, "step": 1}"#),
        ("integer", exactly, r#"{"min": 7, "max": 7, "step": 1}"#),
        ("integer", fraction, r#"{"step": 1}"#),
        ("integer", range, r#"{"min": 18, "max": 99, "step": 1}"#),
        ("decimal", above, r#"{"min": "0", "max": "10", "step": "any"}"#),
        ("decimal", fraction, r#"{"min": "1.50", "max": "2.5", "step": "any"}"#),
        ("float", from, r#"{"min": "1", "max": "5", "step": "any"}"#),
        ("float", range, r#"{"step": "any"}"#),
    ]);
    let found = attributes(
        r#""integer""#,
        "{}",
        "",
        &last.replace("9223372036854775807", r#"{"$integer": "9223372036854775807"}"#),
        &Options::new(),
    );
    assert_eq!(found, Map::from([("step", 1)]));
}

#[test]
fn whole_steps_are_not_counted_from_a_fraction() {
    let step = |params: &str, rules: &str| {
        attributes(r#""integer""#, "{}", params, rules, &Options::new()).get("step").cloned()
    };
    let nothing = r#"["validate_required", ["g"]]"#;
    assert_eq!(step(r#"{"f": "1.5"}"#, nothing), Some("any".into()));
    assert_eq!(step(r#"{"f": "2"}"#, nothing), Some(1.into()));
    assert_eq!(step(r#"{"f": "1.5"}"#, r#"["validate_number", "f", [["greater_than", 0]]]"#), Some(1.into()));
}

#[test]
fn times_may_have_seconds() {
    check(&[
        ("time", REQUIRED, r#"{"required": true, "step": "any"}"#),
        ("utc_datetime", REQUIRED, r#"{"required": true, "step": "any"}"#),
    ]);
}

#[test]
fn a_format_is_a_pattern_of_the_whole_text() {
    let blank = r"[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*|";
    let cases = [
        ("@", "", Some(r"[\s\S]*@[\s\S]*")),
        ("^[a-z]+$", "", Some("[a-z]+")),
        ("^[a-z]+", "", Some(r"[a-z]+[\s\S]*")),
        ("[a-z]+$", "", Some(r"[\s\S]*[a-z]+")),
        ("^a|b$", "", Some(r"[\s\S]*(?:^a|b$)[\s\S]*")),
        (r"^a\$", "", Some(r"a\$[\s\S]*")),
        ("^ab$", "i", Some("[aA][bB]")),
        (r"\b", "", Some(r"[\s\S]*?\b[\s\S]*")),
        ("^é$", "iu", None),
        ("^[a!!b]$", "", None),
    ];
    for (source, flags, expected) in cases {
        let source = source.replace('\\', r"\\");
        let format = format!(r#"["validate_format", "f", {{"$regex": "{source}", "flags": "{flags}"}}]"#);
        let optional = attributes(r#""string""#, "{}", "", &format, &Options::new());
        let expected_optional = expected.map(|expected| [blank, expected].concat().into());
        assert_eq!(optional.get("pattern").cloned(), expected_optional, "for {source}");
        let required = attributes(r#""string""#, "{}", "", &format!("{REQUIRED}, {format}"), &Options::new());
        assert_eq!(
            required.get("pattern").cloned(),
            expected.map(|expected| expected.into()),
            "for {source}"
        );
    }
}

#[test]
fn what_the_data_already_breaks_is_not_asked_for() {
    let cases = [
        (r#""string""#, r#""a""#, r#"["validate_length", "f", {"min": 2}]"#, "minlength"),
        (r#""string""#, r#""abc""#, r#"["validate_length", "f", {"max": 2, "count": "bytes"}]"#, "maxlength"),
        (r#""string""#, r#""abc""#, r#"["validate_format", "f", {"$regex": "@"}]"#, "pattern"),
        (r#""integer""#, "-1", r#"["validate_number", "f", [["greater_than", 0]]]"#, "min"),
        (r#""decimal""#, r#"{"$decimal": "9.5"}"#, r#"["validate_number", "f", [["less_than", 9]]]"#, "max"),
    ];
    for (kind, data, rule, attribute) in cases {
        let given = |data: &str| {
            let rules = format!("{REQUIRED}, {rule}");
            attributes(kind, data, "", &rules, &Options::new()).contains_key(attribute)
        };
        assert!(given("{}"), "for {rule}");
        assert!(!given(&format!(r#"{{"f": {data}}}"#)), "for {rule} and {data}");
    }
}

#[test]
fn a_conditional_rule_counts_while_its_condition_holds() {
    let rules = r#"["when", ["==", ["field", "g"], "yes"], [["validate_required", ["f"]]]]"#;
    let given = |params: &str| attributes(r#""string""#, "{}", params, rules, &Options::new());
    assert_eq!(given(r#"{"g": "no"}"#), Map::new());
    assert_eq!(given(r#"{"g": "yes"}"#), Map::from([("required", true)]));
}

#[test]
fn a_field_that_the_pipeline_rewrites_has_no_attributes() {
    let rules = r#"["update_change", "f", "upcase"], ["validate_required", ["f"]], ["validate_length", "f", {"min": 2}]"#;
    assert_eq!(attributes(r#""string""#, "{}", "", rules, &Options::new()), Map::new());

    // Without the steps, it shows once the two differ.
    let schema = schema(r#"{"name": "A", "source": "a", "fields": {"f": "string"}}"#);
    let steps = steps(&format!(r#"[["cast", ["f"]], {rules}]"#));
    let parts = changeset(&schema, "{}", r#"{"f": "ab"}"#, &steps);
    assert_eq!(Form::new(&parts, &Options::new()).attributes("f"), Map::new());
}

#[test]
fn attributes_are_those_that_the_asked_input_knows() {
    let rules = r#"["validate_required", ["f"]], ["validate_length", "f", {"min": 2}], ["validate_format", "f", {"$regex": "@"}]"#;
    let cases = [
        ("email", r#"{"required": true, "minlength": 2, "pattern": "[\\s\\S]*@[\\s\\S]*"}"#),
        ("textarea", r#"{"required": true, "minlength": 2}"#),
        ("select", r#"{"required": true}"#),
        ("number", r#"{"required": true, "step": "any"}"#),
        ("checkbox", "{}"),
        ("hidden", "{}"),
    ];
    for (input, expected) in cases {
        let found = attributes(r#""string""#, "{}", "", rules, &Options::new().input("f", input));
        assert_eq!(found, map(expected), "for {input}");
    }
}
