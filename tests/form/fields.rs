//! Ids, names, values, errors, and what was used.

use crate::read::{changeset, map, schema, steps, value};
use ectomorph::form::{Form, Options, is_used, value_text};
use ectomorph::types::Type;
use ectomorph::value::{Map, Str, Value};

const USER: &str = r#"{"name": "User", "source": "users", "fields": {"name": "string", "age": "integer",
    "tags": {"array": "string"}, "admin": "boolean", "seen_at": "utc_datetime"}}"#;
const CAST: &str =
    r#"[["cast", ["name", "age", "tags", "admin", "seen_at"]], ["validate_required", ["name"]]]"#;

#[test]
fn ids_and_names_start_with_the_name_of_the_schema_unless_told_otherwise() {
    let plain = Options::new();
    let named = Options::new().name("account");
    let apart = Options::new().name("account").id("signup-1");
    let bare = Options::new().name("");
    let cases = [
        ("User", &plain, ("user_name", "user[name]")),
        ("LineItem", &plain, ("line_item_name", "line_item[name]")),
        ("Shop.LineItem", &plain, ("line_item_name", "line_item[name]")),
        ("HTMLPage2Go", &plain, ("html_page2_go_name", "html_page2_go[name]")),
        ("Line_Item", &plain, ("line_item_name", "line_item[name]")),
        ("User", &named, ("account_name", "account[name]")),
        ("User", &apart, ("signup-1_name", "account[name]")),
        ("User", &bare, ("name", "name")),
    ];
    for (schema_name, options, (id, name)) in cases {
        let schema = schema(&USER.replace("User", schema_name));
        let parts = changeset(&schema, "{}", "", &[]);
        let form = Form::new(&parts, options);
        let field = form.field("name");
        assert_eq!((field.id.as_str(), field.name.as_str()), (id, name), "for {schema_name}");
    }
}

#[test]
fn plain_data_with_types_has_a_form_without_a_name() {
    let schema = schema(r#"{"schemaless": true, "fields": {"term": "string"}}"#);
    let parts = changeset(&schema, "{}", r#"{"term": "rust"}"#, &steps(r#"[["cast", ["term"]]]"#));
    let options = Options::new();
    let form = Form::new(&parts, &options);
    let field = form.field("term");
    assert_eq!((field.id.as_str(), field.name.as_str(), field.value), ("term", "term", "rust".into()));
}

#[test]
fn the_inputs_of_a_list_add_to_it() {
    let parts = changeset(&schema(USER), r#"{"tags": ["a", "b"]}"#, "", &steps(CAST));
    let options = Options::new();
    let form = Form::new(&parts, &options);
    let tags = form.field("tags");
    assert_eq!((tags.name.as_str(), tags.value), ("user[tags][]", ["a", "b"].into()));
}

#[test]
fn a_value_is_what_was_typed_over_what_changes_over_the_data() {
    let steps =
        steps(r#"[["cast", ["name", "age", "tags", "admin", "seen_at"]], ["put_change", "admin", true]]"#);
    let data = r#"{"name": "Ada", "age": 36, "seen_at": {"$utc_datetime": "2024-01-31T10:20:30Z"}}"#;
    let parts = changeset(&schema(USER), data, r#"{"age": " 37 ", "unknown": "x"}"#, &steps);
    let options = Options::new();
    let form = Form::new(&parts, &options);
    let cases = [
        ("name", "Ada"),
        ("age", " 37 "),
        ("admin", "true"),
        ("seen_at", "2024-01-31T10:20:30"),
        ("tags", ""),
        ("unknown", "x"),
        ("missing", ""),
    ];
    for (field, expected) in cases {
        assert_eq!(form.field(field).value, expected.into(), "for {field}");
    }
}

#[test]
fn errors_are_shown_once_there_is_an_action() {
    let parts = changeset(&schema(USER), "{}", r#"{"name": " ", "age": "x"}"#, &steps(CAST));
    let texts = |options: &Options, field: &str| -> Vec<String> {
        Form::new(&parts, options).errors(field).into_iter().map(|error| error.text()).collect()
    };
    assert_eq!(texts(&Options::new(), "name"), [""; 0]);
    assert_eq!(texts(&Options::new().action("ignore"), "name"), [""; 0]);
    assert_eq!(texts(&Options::new().action("validate"), "name"), ["can't be blank"]);
    assert_eq!(texts(&Options::new().action("validate"), "age"), ["is invalid"]);

    let mut inserted = parts.clone();
    inserted.action = Some(Str::from("insert"));
    assert_eq!(Form::new(&inserted, &Options::new()).errors("name").len(), 1);
}

#[test]
fn a_field_is_used_when_its_param_is_there_without_an_unused_companion() {
    let cases = [
        (r#"{}"#, false),
        (r#"{"name": ""}"#, true),
        (r#"{"name": null}"#, true),
        (r#"{"_unused_name": ""}"#, false),
        (r#"{"name": "", "_unused_name": ""}"#, false),
        (r#"{"name": [], "_unused_name": ""}"#, false),
        (r#"{"name": []}"#, true),
        (r#"{"name": {}}"#, false),
        (r#"{"name": {"first": ""}}"#, true),
        (r#"{"name": {"first": "", "_unused_first": ""}}"#, false),
        (r#"{"name": {"first": "", "_unused_first": "", "last": "x"}}"#, true),
        (r#"{"name": {"0": {"first": "", "_unused_first": ""}, "1": {"first": ""}}}"#, true),
        (r#"{"name": {"_unused_first": ""}}"#, false),
    ];
    for (params, expected) in cases {
        assert_eq!(is_used(&map(params), "name"), expected, "for {params}");
    }
    assert!(!is_used(&map(r#"{"_unused_name": ""}"#), "_unused_name"));
}

#[test]
fn the_input_type_follows_from_the_type_of_the_field() {
    let cases = [
        (r#""string""#, "text"),
        (r#""integer""#, "number"),
        (r#""id""#, "number"),
        (r#""float""#, "number"),
        (r#""decimal""#, "number"),
        (r#""boolean""#, "checkbox"),
        (r#""date""#, "date"),
        (r#""time""#, "time"),
        (r#""time_usec""#, "text"),
        (r#""naive_datetime""#, "datetime-local"),
        (r#""utc_datetime""#, "datetime-local"),
        (r#""utc_datetime_usec""#, "text"),
        (r#""uuid""#, "text"),
        (r#""map""#, "text"),
        (r#"{"enum": ["draft", "paid"]}"#, "select"),
        (r#"{"array": {"enum": ["draft", "paid"]}}"#, "select"),
        (r#"{"array": "string"}"#, "text"),
    ];
    let options = Options::new();
    for (kind, expected) in cases {
        let schema = schema(&format!(r#"{{"name": "A", "source": "a", "fields": {{"f": {kind}}}}}"#));
        let parts = changeset(&schema, "{}", "", &[]);
        assert_eq!(Form::new(&parts, &options).input_type("f"), expected, "for {kind}");
    }
}

#[test]
fn redacted_text_is_a_password_and_so_is_its_confirmation() {
    let user = schema(
        r#"{"name": "User", "source": "users", "fields": {"password": "string", "pin": "integer"},
            "redact": ["password", "pin"]}"#,
    );
    let steps = steps(
        r#"[["cast", ["password"]], ["validate_confirmation", "password"], ["validate_acceptance", "terms"]]"#,
    );
    let parts = changeset(&user, "{}", "", &steps);
    let asked = Options::new().input("pin", "hidden");
    let form = Form::new(&parts, &asked);
    let fields = ["password", "password_confirmation", "pin_confirmation", "pin", "terms"];
    let types: Vec<Str> = fields.iter().map(|field| form.input_type(field)).collect();
    assert_eq!(types, ["password", "password", "text", "hidden", "checkbox"]);
}

#[test]
fn an_enum_has_its_members_as_choices() {
    let schema = schema(
        r#"{"name": "Order", "source": "orders", "fields": {"status": {"enum": ["paid", "draft"]}, "note": "string"}}"#,
    );
    let parts = changeset(&schema, "{}", "", &[]);
    let options = Options::new();
    let form = Form::new(&parts, &options);
    assert_eq!(form.choices("status").unwrap().collect::<Vec<_>>(), ["paid", "draft"]);
    assert!(form.choices("note").is_none());
    assert!(form.choices("missing").is_none());
}

#[test]
fn casting_the_text_of_a_value_gives_the_value() {
    let cases = [
        (Type::Boolean, "true", "true"),
        (Type::Integer, "-5", "-5"),
        (Type::Float, "1.0e300", r#"{"$float": "1.0e300"}"#),
        (Type::Decimal, "1.50", r#"{"$decimal": "1.50"}"#),
        (Type::Date, "2024-01-31", r#"{"$date": "2024-01-31"}"#),
        (Type::Time, "10:20:00", r#"{"$time": "10:20:00"}"#),
        (Type::NaiveDatetime, "2024-01-31T10:20:30", r#"{"$naive_datetime": "2024-01-31T10:20:30"}"#),
        (Type::UtcDatetime, "2024-01-31T10:20:30", r#"{"$utc_datetime": "2024-01-31T10:20:30Z"}"#),
        (
            Type::UtcDatetimeUsec,
            "2024-01-31T10:20:30.123456",
            r#"{"$utc_datetime_usec": "2024-01-31T10:20:30.123456Z"}"#,
        ),
        (Type::String, " é ", r#"" é ""#),
    ];
    for (kind, text, json) in cases {
        let value = value(json);
        assert_eq!(value_text(&value), text.into(), "for {json}");
        assert_eq!(kind.cast(&text.into()), Ok(value), "for {text}");
    }
}

#[test]
fn lists_and_maps_stay_what_they_are() {
    assert_eq!(value_text(&Value::Null), "".into());
    assert_eq!(value_text(&value(r#"[1, true, null]"#)), ["1", "true", ""].into());
    assert_eq!(value_text(&value(r#"{"a": 1.5}"#)), Map::from([("a", "1.5")]).into());
}

#[test]
fn options_are_read_from_a_map_and_strangers_refused() {
    let options = Options::read(&map(
        r#"{"name": "u", "id": null, "action": "validate", "types": {"bio": "textarea"}}"#,
    ));
    let options = options.unwrap();
    assert_eq!((options.name, options.id, options.action), (Some("u".into()), None, Some("validate".into())));
    assert_eq!(options.types, Map::from([("bio", "textarea")]));

    let message = |text: &str| Options::read(&map(text)).unwrap_err().text();
    assert_eq!(message(r#"{"name": 1}"#), "the option `name` of a form must be a string, got an integer");
    assert_eq!(message(r#"{"types": "email"}"#), "the option `types` of a form must be a map, got a string");
    assert!(message(r#"{"actoin": "validate"}"#).contains("actoin"));
}
