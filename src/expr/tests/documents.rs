use super::{list, literal};
use crate::expr::{Call, Expr, MAX_DEPTH, MAX_NODES, Operator, changed, field};
use crate::value::{Date, Decimal, Map, Value};

fn call(operator: &str, arguments: impl IntoIterator<Item = Value>) -> Value {
    list([Value::from(operator)].into_iter().chain(arguments))
}

fn error(document: Value) -> String {
    Expr::from_document(&document).unwrap_err().to_string()
}

#[test]
fn every_operator_has_its_document() {
    let a = || field("a");
    let field_a = || call("field", ["a".into()]);
    let date = Date::from_iso("2024-01-31").unwrap();
    let binary = |operator| call(operator, [field_a(), 1.into()]);
    let text = |operator| call(operator, [field_a(), "x%".into()]);
    for (expr, document) in [
        (literal(Value::Null), Value::Null),
        (literal(true), true.into()),
        (literal(1), 1.into()),
        (literal(1.5), 1.5.into()),
        (literal("draft"), "draft".into()),
        (literal(date), date.into()),
        (literal(Decimal::from_i64(1)), Decimal::from_i64(1).into()),
        (a(), field_a()),
        (changed("a"), call("changed", ["a".into()])),
        (a().eq(1), binary("==")),
        (a().ne(1), binary("!=")),
        (a().lt(1), binary("<")),
        (a().lte(1), binary("<=")),
        (a().gt(1), binary(">")),
        (a().gte(1), binary(">=")),
        (a() + 1, binary("+")),
        (a() - 1, binary("-")),
        (a() * 1, binary("*")),
        (a() / 1, binary("/")),
        (a().coalesce(1), binary("coalesce")),
        (a().like("x%"), text("like")),
        (a().ilike("x%"), text("ilike")),
        (!a(), call("not", [field_a()])),
        (a().is_nil(), call("is_nil", [field_a()])),
        (a().length(), call("length", [field_a()])),
        (a().and(true).and(false), call("and", [field_a(), true.into(), false.into()])),
        (a().or(true), call("or", [field_a(), true.into()])),
        (a().is_in([1, 2]), call("in", [field_a(), call("list", [1.into(), 2.into()])])),
        (a().is_in(Vec::new()), call("in", [field_a(), call("list", [])])),
        (
            a().is_in([Value::from([1]), Value::Null]),
            call("in", [field_a(), call("list", [call("list", [1.into()]), Value::Null])]),
        ),
        (literal("rust").is_in(field("tags")), call("in", ["rust".into(), call("field", ["tags".into()])])),
    ] {
        assert_eq!(expr.to_document(), document);
        assert_eq!(Expr::from_document(&document), Ok(expr));
    }
}

#[test]
fn a_call_has_as_many_operands_as_its_operator_takes() {
    for operator in Operator::ALL {
        let fitting = (0..5).filter(|count| {
            Call::new(operator, vec![field("a"); *count]).is_some_and(|call| call.operands().len() == *count)
        });
        let expected = operator.arity().map_or(vec![1, 2, 3, 4], |arity| vec![arity]);
        assert_eq!(fitting.collect::<Vec<_>>(), expected, "{}", operator.name());
    }
}

#[test]
fn an_error_names_the_operator_and_the_place() {
    let ends_on = || call("field", ["ends_on".into()]);
    for (document, expected) in [
        (call("is_nill", [1.into()]), r#"$: unknown operator "is_nill"; did you mean "is_nil"?"#),
        (call("frobnicate", []), r#"$: unknown operator "frobnicate""#),
        (
            call("and", [true.into(), call("==", [ends_on(), call("sum", [1.into()])])]),
            r#"$[2][2]: unknown operator "sum""#,
        ),
        (call("not", [call("==", [ends_on()])]), r#"$[1]: "==" takes 2 arguments"#),
        (call("<", [1.into(), 2.into(), 3.into()]), r#"$: "<" takes 2 arguments"#),
        (call("is_nil", []), r#"$: "is_nil" takes 1 argument"#),
        (call("or", []), r#"$: "or" takes at least 1 argument"#),
        (call("field", []), r#"$: "field" takes 1 argument, the name of a field"#),
        (
            call("field", ["post".into(), "title".into()]),
            r#"$: "field" takes 1 argument, the name of a field"#,
        ),
        (call("changed", [1.into()]), r#"$: "changed" takes 1 argument, the name of a field"#),
        (call("field", [ends_on()]), r#"$: "field" takes 1 argument, the name of a field"#),
        (
            call("==", [ends_on(), Map::from([("param", 0)]).into()]),
            r#"$[2]: an object is not an expression; only tagged values such as {"$date": ..} are"#,
        ),
        (
            call("in", [ends_on(), call("list", [1.into(), ends_on()])]),
            r#"$[2][2]: an element of a list is a literal or a ["list", ..]"#,
        ),
        (
            call("in", [ends_on(), list(["draft".into(), "published".into()])]),
            r#"$[2]: an expression starts with the name of an operator; write a list of values as ["list", ..]"#,
        ),
        (
            call("in", [ends_on(), list([1.into(), 2.into()])]),
            r#"$[2]: an expression starts with the name of an operator; write a list of values as ["list", ..]"#,
        ),
        (
            list([]),
            r#"$: an expression starts with the name of an operator; write a list of values as ["list", ..]"#,
        ),
    ] {
        assert_eq!(error(document), expected);
    }
}

#[test]
fn an_error_gives_its_parts() {
    let error = Expr::from_document(&call("not", [call("like", [])])).unwrap_err();
    assert_eq!(error.path(), "$[1]");
    assert_eq!(error.message(), r#""like" takes 2 arguments"#);
    assert_eq!(error.unknown_field(), None);
}

#[test]
fn depth_is_limited() {
    let nested = |depth| (0..depth).fold(Value::from(true), |inner, _| call("not", [inner]));
    assert!(Expr::from_document(&nested(MAX_DEPTH)).is_ok());
    let error = Expr::from_document(&nested(MAX_DEPTH + 1)).unwrap_err();
    assert_eq!(error.message(), "the expression is nested more than 64 levels deep");
    assert!(Expr::from_document(&nested(10_000)).is_err());
    let lists = |depth| (0..depth).fold(Value::from(1), |inner, _| call("list", [inner]));
    assert!(Expr::from_document(&lists(MAX_DEPTH)).is_ok());
    assert!(Expr::from_document(&lists(MAX_DEPTH + 1)).is_err());
}

#[test]
fn size_is_limited() {
    let wide = |parts: usize| call("in", [1.into(), call("list", (0..parts as i64).map(Value::from))]);
    // The operator, the sought value and the list itself count too.
    assert!(Expr::from_document(&wide(MAX_NODES - 3)).is_ok());
    let error = Expr::from_document(&wide(MAX_NODES - 2)).unwrap_err();
    assert_eq!(error.message(), "the expression has more than 10000 parts");
}

#[test]
fn what_documents_cannot_hold_is_refused_when_read_back() {
    let settings = field("settings").eq(Map::from([("theme", "dark")]));
    assert!(Expr::from_document(&settings.to_document()).is_err());
}
