//! Rules that are applied without a changeset on the way say what changesets say.

use crate::blog::{Post, Status, User};
use ectomorph::changeset::{Changeset, Params};
use ectomorph::params::{Json, Limits, from_json};
use ectomorph::rules::{CastRelation, Length, Number, Options};
use ectomorph::schema::{Assoc, Field, HasSchema, Record};
use ectomorph::types::Type;
use ectomorph::value::{Map, Value};
use ectomorph::{Rules, Schema};
use std::fmt::Debug;
use std::sync::atomic::{AtomicI64, Ordering};

fn rules() -> Rules<User> {
    User::registration()
        .validate_number(User::number_of_pets, Number::new().less_than(100).message("at most %{number}"))
        .validate_inclusion(User::name, ["Ada", "Grace", "Ada Lovelace"].map(Value::from).to_vec())
        .validate_acceptance("terms")
        .cast_embed(User::address, CastRelation::new().required())
        .cast_assoc(User::posts, CastRelation::with(Post::rules()))
        .then(Rules::cast([User::password]))
        .validate_confirmation_with("password", Options::new().required())
        .validate_length(User::password, Length::new().min(3).message("at least %{count}, please"))
}

/// What came of params: a struct, or the messages, and then all of the changeset.
fn told<T: Debug>(made: Result<T, Changeset<T>>) -> String {
    match made {
        Ok(data) => format!("{data:?}"),
        Err(changeset) => {
            let messages = changeset.error_messages();
            format!("{messages:?} {changeset:#?} {:?} {:?}", changeset.errors, changeset.params)
        }
    }
}

fn hold<T: HasSchema + Clone + Debug>(rules: &Rules<T>, data: &T, text: &str) -> bool {
    let value = from_json(text, &Limits::default()).expect("JSON");
    let json = Json::read(text, &Limits::default()).expect("JSON");
    let wanted = told(rules.apply(data.clone(), &value).apply_action("insert"));
    for params in [Params::from(&value), Params::from(&json)] {
        assert_eq!(told(rules.apply_action(data.clone(), params, "insert")), wanted, "{text}");
    }
    rules.apply(data.clone(), &json).valid
}

const VALID: &str = r#"{
    "name": "Ada", "email": "ada@example.com", "bio": "Writes \u00fcber programs", "number_of_pets": 3, "terms": true,
    "password": "secret", "password_confirmation": "secret", "address": {"street": "St. James's Square", "zip": ""},
    "posts": [
        {"title": "Hello", "status": "in_review", "tags": ["a", "", "b"], "links": [], "comments": [{"body": "Well"}]},
        {"title": "Again", "comments": [{"body": "done", "likes": 2}, {"body": "!", "likes": "7"}]}
    ]
}"#;

#[test]
fn right_params_become_the_struct_that_the_changeset_gives() {
    assert!(hold(&rules(), &User::default(), VALID));
    let json = Json::read(VALID, &Limits::default()).unwrap();
    let user = rules().apply_new(&json).unwrap();
    assert_eq!((user.name.as_deref(), user.number_of_pets), (Some("Ada"), Some(3)));
    assert_eq!(user.bio.as_deref(), Some("Writes über programs"));
    let posts = user.posts.loaded().unwrap();
    assert_eq!((posts[0].status, &posts[0].tags), (Status::InReview, &vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!(posts[1].comments.loaded().unwrap()[1].likes, 7);
    assert_eq!(posts[1].topics, Assoc::NotLoaded);
}

/// Each param has one of many values, right and wrong ones.
#[test]
fn any_params_give_what_the_changeset_gives() {
    let texts = [
        "null",
        "\"\"",
        "\"  \"",
        "\" Ada\"",
        "\"Ada\"",
        "\"a@b\"",
        "\"12\"",
        "\"a\\u0301\\n\"",
        "true",
        "\"true\"",
    ];
    let others = ["7", "700", "3000000000", "12345678901234567890", "1.5", "[]", "{}", "[1]", "{\"0\": {}}"];
    let children = [
        r#"[{"title": "Hello"}]"#,
        r#"[{"title": ""}, {"title": "A", "tags": "a"}, 3]"#,
        r#"[{"title": "A", "status": "gone", "comments": [{}, {"body": "B", "likes": 1e300}]}, {"id": 3}]"#,
        r#"[{"title": "A", "title": "", "links": [{"url": "/"}]}]"#,
        r#"{"street": "A", "zip": null}"#,
        r#"{"street": " "}"#,
    ];
    let keys = [
        "name",
        "email",
        "bio",
        "number_of_pets",
        "terms",
        "password",
        "password_confirmation",
        "address",
        "posts",
        "else",
    ];
    let values: Vec<&str> = texts.into_iter().chain(others).chain(children).collect();
    let known = User { name: Some("Ada".into()), number_of_pets: None, ..User::default() };
    let (rules, mut state, mut valid) = (rules(), 1_u64, 0);
    let mut draw = |below: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as usize % below
    };
    for round in 0..4000 {
        let mut params: Vec<(&str, &str)> = [
            ("name", "\"Ada\""),
            ("email", "\"a@b\""),
            ("bio", "\"Hello\""),
            ("terms", "true"),
            ("password", "\"secret\""),
            ("password_confirmation", "\"secret\""),
            ("address", r#"{"street": "A"}"#),
        ]
        .to_vec();
        for _ in 0..draw(4) {
            let key = keys[draw(keys.len())];
            if draw(3) > 0 {
                params.retain(|(other, _)| *other != key);
            }
            params.insert(draw(params.len() + 1), (key, values[draw(values.len())]));
        }
        let text =
            params.iter().map(|(key, value)| format!("\"{key}\": {value}")).collect::<Vec<_>>().join(", ");
        let data = if round % 2 == 0 { &User::default() } else { &known };
        valid += usize::from(hold(&rules, data, &format!("{{{text}}}")));
    }
    assert!((800..3200).contains(&valid), "{valid} of 4000 are valid");
}

#[test]
fn what_the_plan_does_not_cover_is_the_changesets() {
    let shouted = Rules::cast([User::name]).update_change(User::name, |name| match name {
        Value::String(name) => name.to_uppercase().into(),
        other => other,
    });
    assert!(hold(&shouted, &User::default(), r#"{"name": "Ada"}"#));
    let asked = Rules::cast([User::name]).validate_change(User::name, |_, _| Vec::new());
    assert!(hold(&asked, &User::default(), r#"{"name": "Ada"}"#));
    let mistaken =
        Rules::cast([User::number_of_pets]).validate_length(User::number_of_pets, Length::new().min(2));
    assert!(!hold(&mistaken, &User::default(), r#"{"number_of_pets": 3}"#));
    let json = Json::read("[1]", &Limits::default()).unwrap();
    assert!(mistaken.apply_new(&json).unwrap_err().mistake.is_some());
}

#[test]
fn a_changeset_that_is_made_later_goes_on_as_any_other() {
    let json = Json::read(r#"{"name": "", "email": "x"}"#, &Limits::default()).unwrap();
    let made = rules().apply_new(&json).unwrap_err();
    let value = json.to_value();
    let other = rules().apply(User::default(), &value).apply_action("insert").unwrap_err();
    let on =
        |changeset: Changeset<User>| changeset.put_change(User::bio, "Hello").add_error(User::bio, "is dull");
    assert_eq!(on(made.clone()), on(other));
    fn is_shared<T: Send + Sync>(_: &T) {}
    is_shared(&made);
    assert_eq!(made.error_messages(), made.into_parts().traverse_errors(&|error| error.text().into()));
}

fn next() -> i64 {
    static LAST: AtomicI64 = AtomicI64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed)
}

#[derive(Schema, Debug)]
#[schema(embedded, primary_key = false)]
struct Ticket {
    title: String,
    #[field(default = next())]
    number: i64,
}

#[test]
fn a_default_that_is_another_each_time_stays_so() {
    let rules = Rules::cast([Ticket::title]).validate_required([Ticket::title]);
    let json = Json::read(r#"{"title": "A"}"#, &Limits::default()).unwrap();
    let (first, second) = (rules.apply_new(&json).unwrap(), rules.apply_new(&json).unwrap());
    assert_eq!((first.title.as_str(), second.title.as_str()), ("A", "A"));
    assert_ne!(first.number, second.number);
}

/// Whether rules that cast one field take a value of it, with a changeset on the way and without.
fn takes(field: Field, value: Value) -> bool {
    let name = field.name.clone();
    let schema = ectomorph::schema::Schema::build("Rate", "rates").field(field).finish().unwrap();
    let rules: Rules = Rules::cast([name.as_str()]);
    let params = Map::from([(name.as_str(), value)]);
    let valid = rules.apply(Record::new(&schema), &params).valid;
    assert_eq!(rules.apply_action(Record::new(&schema), &params, "insert").is_ok(), valid, "{params:?}");
    valid
}

#[test]
fn what_has_no_end_is_no_float() {
    for (rate, is_valid) in [(f64::MAX, true), (f64::INFINITY, false), (f64::NAN, false)] {
        assert_eq!(takes(Field::new("rate", Type::Float), rate.into()), is_valid, "{rate}");
    }
}

#[test]
fn a_text_fits_as_the_field_says() {
    let mut code = Field::new("code", Type::String);
    code.fits = |value| value.as_str().is_none_or(|text| text.len() < 4);
    assert!(takes(code.clone(), "EUR".into()));
    assert!(!takes(code, "euro".into()));
}

#[test]
fn a_field_that_is_required_twice_is_blank_twice() {
    let twice = Rules::cast([User::name]).validate_required([User::name, User::name]);
    let known = User { name: Some("Ada".into()), ..User::default() };
    assert!(!hold(&twice, &known, r#"{"name": ""}"#));
}
