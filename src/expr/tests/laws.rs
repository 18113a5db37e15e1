use crate::expr::{Call, Expr, Kind, Operator, Scope};
use crate::types::Type;
use crate::value::{Date, Decimal, Map, NaiveDatetime, UtcDatetime, Value};
use proptest::collection::vec;
use proptest::prelude::*;

/// Every field is null, a boolean or anything; every second one is changed.
#[derive(Debug)]
struct Random(Map);

impl Scope for Random {
    fn field(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    fn changed(&self, name: &str) -> bool {
        name < "c"
    }
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        prop_oneof![any::<i64>(), -3..3_i64, Just(i64::MIN), Just(i64::MAX)].prop_map(Value::from),
        prop_oneof![any::<f64>(), Just(f64::NAN), Just(f64::INFINITY), Just(-0.0), Just(1.0)]
            .prop_map(Value::from),
        (any::<bool>(), 0..10_u128.pow(38), prop_oneof![any::<i32>(), -40..40_i32])
            .prop_map(|(sign, coefficient, exponent)| Decimal::from_parts(sign, coefficient, exponent).into()),
        "[%_\\\\abÀà]{0,6}".prop_map(Value::from),
        vec(any::<u8>(), 0..4).prop_map(|bytes| Value::Binary(bytes.into())),
        Just(Date::from_iso("2024-01-31").unwrap().into()),
        Just(NaiveDatetime::from_iso("2024-01-31T10:20:30").unwrap().into()),
        Just(UtcDatetime::from_iso("2024-01-31T10:20:30.5Z").unwrap().into()),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(2, 8, 4, |inner| vec(inner, 0..4).prop_map(Value::List))
}

/// Documents that are nearly right: known operators with any arguments.
fn document() -> impl Strategy<Value = Value> {
    let names = [&Operator::ALL.map(Operator::name)[..], &["field", "changed", "list", "lists"]].concat();
    scalar().prop_recursive(4, 20, 3, move |inner| {
        (proptest::sample::select(names.clone()), vec(inner, 0..4)).prop_map(|(name, arguments)| {
            Value::List([Value::from(name)].into_iter().chain(arguments).collect())
        })
    })
}

fn expr() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        value().prop_map(Expr::Literal),
        "[a-e]".prop_map(|name| Expr::Field(name.into())),
        "[a-e]".prop_map(|name| Expr::Changed(name.into())),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        let operator = proptest::sample::select(Operator::ALL.to_vec());
        (operator, vec(inner, 1..4)).prop_map(|(operator, mut operands)| {
            let count = operator.arity().unwrap_or(operands.len());
            operands.resize(count, Expr::Literal(Value::Null));
            Expr::Call(Call::new(operator, operands).unwrap())
        })
    })
}

fn scope() -> impl Strategy<Value = Random> {
    vec(prop_oneof![value(), any::<bool>().prop_map(Value::from)], 0..5)
        .prop_map(|values| Random(["a", "b", "c", "d", "e"].into_iter().zip(values).collect()))
}

fn types(name: &str) -> Option<Type> {
    match name {
        "a" => Some(Type::Boolean),
        "b" => Some(Type::Integer),
        "c" => Some(Type::String),
        "d" => Some(Type::Array(Box::new(Type::Decimal))),
        _ => None,
    }
}

/// A scope whose fields have the types of [`types`], or are null.
fn typed_scope() -> impl Strategy<Value = Random> {
    (
        any::<Option<bool>>(),
        any::<Option<i64>>(),
        proptest::option::of("[%_\\\\abÀà]{0,6}"),
        proptest::option::of(vec(-3..3_i64, 0..4)),
    )
        .prop_map(|(a, b, c, d)| {
            let list =
                d.map(|list| Value::List(list.into_iter().map(|n| Decimal::from_i64(n).into()).collect()));
            Random(Map::from([("a", Value::from(a)), ("b", b.into()), ("c", c.into()), ("d", list.into())]))
        })
}

proptest! {
    #[test]
    fn a_document_reads_back_as_the_expression_it_was_written_from(expr in expr()) {
        let read = Expr::from_document(&expr.to_document()).unwrap();
        // By text, because a float that is not a number differs from itself.
        prop_assert_eq!(format!("{read:?}"), format!("{expr:?}"));
    }

    #[test]
    fn evaluation_never_panics_and_a_condition_is_the_value_of_the_expression(expr in expr(), scope in scope()) {
        let value = expr.evaluate(&scope);
        prop_assert_eq!(expr.holds(&scope), value.as_bool());
    }

    #[test]
    fn reading_never_panics_and_takes_only_what_is_written(document in document()) {
        if let Ok(expr) = Expr::from_document(&document) {
            prop_assert_eq!(format!("{:?}", expr.to_document()), format!("{document:?}"));
        }
    }

    #[test]
    fn de_morgan_holds_with_three_values(a in expr(), b in expr(), scope in scope()) {
        let and = !a.clone().and(b.clone());
        prop_assert_eq!(and.holds(&scope), (!a.clone()).or(!b.clone()).holds(&scope));
        let or = !a.clone().or(b.clone());
        prop_assert_eq!(or.holds(&scope), (!a).and(!b).holds(&scope));
    }

    #[test]
    fn and_and_or_do_not_care_for_order(a in expr(), b in expr(), scope in scope()) {
        prop_assert_eq!(a.clone().and(b.clone()).holds(&scope), b.clone().and(a.clone()).holds(&scope));
        prop_assert_eq!(a.clone().or(b.clone()).holds(&scope), b.or(a).holds(&scope));
    }

    #[test]
    fn comparison_is_the_same_from_both_sides(a in value(), b in value()) {
        let (a, b) = (|| Expr::Literal(a.clone()), || Expr::Literal(b.clone()));
        let scope = Map::new();
        prop_assert_eq!(a().eq(b()).holds(&scope), b().eq(a()).holds(&scope));
        prop_assert_eq!(a().lt(b()).holds(&scope), b().gt(a()).holds(&scope));
        prop_assert_eq!(a().lte(b()).holds(&scope), b().gte(a()).holds(&scope));
        prop_assert_eq!(a().ne(b()).holds(&scope), (!a().eq(b())).holds(&scope));
        if let Some(less) = a().lt(b()).holds(&scope) {
            prop_assert_eq!(a().gte(b()).holds(&scope), Some(!less));
        }
    }

    #[test]
    fn like_agrees_with_the_plain_definition(text in "[ab%_]{0,8}", pattern in "[ab%_\\\\]{0,6}") {
        fn matches(text: &[char], pattern: &[char]) -> bool {
            match pattern {
                [] => text.is_empty(),
                ['%', rest @ ..] => (0..=text.len()).any(|skip| matches(&text[skip..], rest)),
                ['\\', wanted, rest @ ..] => text.first() == Some(wanted) && matches(&text[1..], rest),
                ['_', rest @ ..] => !text.is_empty() && matches(&text[1..], rest),
                [wanted, rest @ ..] => text.first() == Some(wanted) && matches(&text[1..], rest),
            }
        }
        let expected = matches(&text.chars().collect::<Vec<_>>(), &pattern.chars().collect::<Vec<_>>());
        prop_assert_eq!(Expr::from(text).like(pattern).holds(&Map::new()), Some(expected));
    }

    #[test]
    fn a_checked_expression_gives_its_kind_or_null(expr in expr(), scope in typed_scope()) {
        if let Ok(kind) = expr.check(&types) {
            let value = expr.evaluate(&scope);
            prop_assert!(
                value.is_null() || kind == Kind::Any || kind == Kind::of_value(&value),
                "{:?} gives {:?}, not {:?}", expr, value, kind
            );
        }
    }
}

proptest! {
    #[test]
    fn arithmetic_of_decimals_is_that_of_whole_numbers(
        a in -10_i64.pow(9)..10_i64.pow(9),
        b in -10_i64.pow(9)..10_i64.pow(9),
        scale in 0..5_i32,
    ) {
        let at = |number: i64, exponent| {
            Expr::from(Decimal::from_parts(number < 0, number.unsigned_abs().into(), exponent).unwrap())
        };
        let equal = |result: Expr, number: i64, exponent| result.eq(at(number, exponent)).holds(&Map::new());
        prop_assert_eq!(equal(at(a, -scale) + at(b, -scale), a + b, -scale), Some(true));
        prop_assert_eq!(equal(at(a, -scale) - at(b, -scale), a - b, -scale), Some(true));
        prop_assert_eq!(equal(at(a, -scale) * at(b, -scale), a * b, -2 * scale), Some(true));
        if b != 0 {
            prop_assert_eq!(equal(at(a * b, 0) / at(b, scale), a, -scale), Some(true));
        }
    }
}
