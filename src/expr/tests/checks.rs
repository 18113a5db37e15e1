use super::literal;
use crate::expr::{Expr, Kind, MAX_DEPTH, changed, field};
use crate::types::{Enum, Type};
use crate::value::{Date, Map, NaiveDatetime, UtcDatetime, Value};
use std::sync::Arc;

const FIELDS: [&str; 13] = [
    "id",
    "title",
    "rating",
    "price",
    "published",
    "starts_on",
    "opens_at",
    "inserted_at",
    "sent_at",
    "tags",
    "settings",
    "status",
    "anything",
];

fn types(name: &str) -> Option<Type> {
    Some(match name {
        "id" => Type::Id,
        "title" => Type::String,
        "rating" => Type::Float,
        "price" => Type::Decimal,
        "published" => Type::Boolean,
        "starts_on" => Type::Date,
        "opens_at" => Type::Time,
        "inserted_at" => Type::NaiveDatetime,
        "sent_at" => Type::UtcDatetimeUsec,
        "tags" => Type::Array(Box::new(Type::String)),
        "settings" => Type::Map,
        "status" => Type::Enum(Arc::new(Enum::new(["draft", "published"]).unwrap())),
        "anything" => Type::Any,
        _ => return None,
    })
}

fn kind(expr: Expr) -> Kind {
    expr.check(&types).unwrap_or_else(|error| panic!("{expr:?}: {error}"))
}

fn error(expr: Expr) -> String {
    expr.check(&types).expect_err("a mistake").to_string()
}

fn now() -> UtcDatetime {
    UtcDatetime::from_iso("2024-01-31T10:20:30Z").unwrap()
}

#[test]
fn the_kind_of_an_expression_follows_from_its_fields() {
    for (expr, expected) in [
        (field("id"), Kind::Number),
        (field("title"), Kind::String),
        (field("tags"), Kind::List),
        (field("anything"), Kind::Any),
        (field("sent_at"), Kind::UtcDatetime),
        (changed("tags"), Kind::Boolean),
        (field("price") * field("rating") + 1, Kind::Number),
        (field("price").eq(field("id")), Kind::Boolean),
        (field("starts_on").lte(Date::from_iso("2024-01-31").unwrap()), Kind::Boolean),
        (field("sent_at").gt(now()), Kind::Boolean),
        (field("published").and(field("anything")), Kind::Boolean),
        (!field("published"), Kind::Boolean),
        (field("settings").is_nil(), Kind::Boolean),
        (field("settings").eq(Map::new()), Kind::Boolean),
        (field("tags").length() - field("title").length(), Kind::Number),
        (field("title").is_in(["a", "b"]), Kind::Boolean),
        (field("title").is_in([Value::from("a"), Value::Null]), Kind::Boolean),
        (literal("rust").is_in(field("tags")), Kind::Boolean),
        (field("title").ilike("%a%"), Kind::Boolean),
        (field("title").coalesce("untitled"), Kind::String),
        (literal(Value::Null).coalesce(field("id")), Kind::Number),
        (field("anything").lt("a"), Kind::Boolean),
        (field("status").is_in(["draft", "published"]).or(field("status").ne("draft")), Kind::Boolean),
        (field("status").like("pub%"), Kind::Boolean),
    ] {
        assert_eq!(kind(expr.clone()), expected, "{expr:?}");
    }
}

#[test]
fn mistakes_are_named_with_their_place() {
    for (expr, expected) in [
        (field("titel"), r#"$: unknown field "titel""#),
        (changed("titel"), r#"$: unknown field "titel""#),
        (!field("published").or(field("titel").is_nil()), r#"$[1][2][1]: unknown field "titel""#),
        (field("title").eq(1), r#"$: "==" compares a string with a number"#),
        (field("id").gt("1"), r#"$: ">" compares a number with a string"#),
        (
            field("starts_on").lt("2024-01-31"),
            r#"$: "<" compares a date with a string; write a date as {"$date": ..}"#,
        ),
        (
            literal("2024-01-31").eq(field("sent_at")),
            r#"$: "==" compares a string with a UTC datetime; write a UTC datetime as {"$utc_datetime": ..}"#,
        ),
        (field("starts_on").lt(field("title")), r#"$: "<" compares a date with a string"#),
        (field("starts_on").lt(field("sent_at")), r#"$: "<" compares a date with a UTC datetime"#),
        (
            field("inserted_at").ne(field("sent_at")),
            r#"$: "!=" compares a naive datetime with a UTC datetime"#,
        ),
        (field("opens_at").eq(field("starts_on")), r#"$: "==" compares a time with a date"#),
        (field("tags").lt(field("tags")), r#"$: a list has no order; "<" needs one"#),
        (field("settings").gte(Map::new()), r#"$: a map has no order; ">=" needs one"#),
        (
            field("title").eq(Value::Null),
            r#"$[2]: "==" with null is never true; write ["is_nil", ..] or ["not", ["is_nil", ..]]"#,
        ),
        (
            literal(Value::Null).gt(field("id")),
            r#"$[1]: ">" with null is never true; write ["is_nil", ..] or ["not", ["is_nil", ..]]"#,
        ),
        (field("published").and(field("id")), r#"$[2]: "and" takes a boolean, not a number"#),
        (literal("a").or(true), r#"$[1]: "or" takes a boolean, not a string"#),
        (!field("tags"), r#"$[1]: "not" takes a boolean, not a list"#),
        (field("id").length(), r#"$[1]: "length" takes a string or a list, not a number"#),
        (field("id").like("1%"), r#"$[1]: "like" takes a string, not a number"#),
        (field("title").ilike(1), r#"$[2]: "ilike" takes a string, not a number"#),
        (field("title") + 1, r#"$[1]: "+" takes a number, not a string"#),
        (literal(1) / field("tags"), r#"$[2]: "/" takes a number, not a list"#),
        (field("id").is_in(1), r#"$[2]: "in" takes a list, not a number"#),
        (field("id").is_in([Value::from(1), "2".into()]), r#"$[2][2]: "in" compares a number with a string"#),
        (field("id").is_in(field("tags")), r#"$: "in" compares a number with a string"#),
        (field("status").eq("archived"), r#"$[2]: "archived" is no member of the enum "status""#),
        (
            literal("publishd").ne(field("status")),
            r#"$[1]: "publishd" is no member of the enum "status"; did you mean "published"?"#,
        ),
        (
            field("status").is_in(["draft", "Published"]),
            r#"$[2][2]: "Published" is no member of the enum "status"; did you mean "published"?"#,
        ),
        (field("title").coalesce(0), r#"$: "coalesce" compares a string with a number"#),
    ] {
        assert_eq!(error(expr.clone()), expected, "{expr:?}");
    }
}

#[test]
fn an_unknown_field_can_be_completed_with_the_nearest() {
    let error = field("titel").is_nil().check(&types).unwrap_err();
    assert_eq!(error.unknown_field(), Some("titel"));
    let error = error.suggest(FIELDS);
    assert_eq!(error.to_string(), r#"$[1]: unknown field "titel"; did you mean "title"?"#);
    let other = field("title").eq(1).check(&types).unwrap_err();
    assert_eq!(other.clone().suggest(FIELDS), other);
}

#[test]
fn a_condition_must_be_true_or_false() {
    assert_eq!(field("published").check_condition(&types), Ok(()));
    assert_eq!(field("anything").check_condition(&types), Ok(()));
    let error = (field("id") + 1).check_condition(&types).unwrap_err();
    assert_eq!(error.to_string(), "$: a condition is true or false, not a number");
    assert_eq!(field("titel").check_condition(&types).unwrap_err().unknown_field(), Some("titel"));
}

#[test]
fn an_expression_built_too_deep_is_refused() {
    let nested = |depth| (1..depth).fold(field("published"), |inner, _| !inner);
    assert_eq!(kind(nested(MAX_DEPTH)), Kind::Boolean);
    let error = nested(MAX_DEPTH + 1).check(&types).unwrap_err();
    assert_eq!(error.message(), "the expression is nested more than 64 levels deep");
}

#[test]
fn the_kind_of_a_value_is_that_of_its_type() {
    for (of, value) in [
        (Type::Integer, Value::from(1)),
        (Type::Float, 1.5.into()),
        (Type::Boolean, true.into()),
        (Type::String, "a".into()),
        (Type::Uuid, "a".into()),
        (Type::Date, Date::from_iso("2024-01-31").unwrap().into()),
        (Type::NaiveDatetimeUsec, NaiveDatetime::from_iso("2024-01-31T10:20:30").unwrap().into()),
        (Type::UtcDatetime, now().into()),
        (Type::Map, Map::new().into()),
        (Type::MapOf(Box::new(Type::Any)), Map::new().into()),
        (Type::Array(Box::new(Type::Any)), Value::List(Vec::new())),
        (Type::Any, Value::Null),
    ] {
        assert_eq!(Kind::of_type(&of), Kind::of_value(&value), "{of:?}");
    }
}
