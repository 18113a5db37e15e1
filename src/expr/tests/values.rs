use super::{holds, list, literal, value};
use crate::value::{Date, Decimal, Map, NaiveDatetime, Time, UtcDatetime, Value};
use core::cmp::Ordering::{self, Equal, Greater, Less};
use std::sync::Arc;

fn decimal(text: &str) -> Value {
    Decimal::parse(text).unwrap().into()
}

fn date(text: &str) -> Value {
    Date::from_iso(text).unwrap().into()
}

fn time(text: &str) -> Value {
    Time::from_iso(text).unwrap().into()
}

fn naive(text: &str) -> Value {
    NaiveDatetime::from_iso(text).unwrap().into()
}

fn utc(text: &str) -> Value {
    UtcDatetime::from_iso(text).unwrap().into()
}

fn binary(bytes: &[u8]) -> Value {
    Value::Binary(Arc::from(bytes))
}

/// All six operators, in both directions.
fn assert_order(left: Value, right: Value, order: Ordering) {
    for (left, right, order) in [(&left, &right, order), (&right, &left, order.reverse())] {
        let (a, b) = (|| literal(left.clone()), || literal(right.clone()));
        let answers =
            [a().eq(b()), a().ne(b()), a().lt(b()), a().lte(b()), a().gt(b()), a().gte(b())].map(holds);
        let expected =
            [order.is_eq(), order.is_ne(), order.is_lt(), order.is_le(), order.is_gt(), order.is_ge()]
                .map(Some);
        assert_eq!(answers, expected, "{left:?} and {right:?}");
    }
}

#[test]
fn numbers_compare_by_number() {
    for (left, right, order) in [
        (Value::from(1), Value::from(2), Less),
        (i64::MIN.into(), i64::MAX.into(), Less),
        (1.into(), 1.0.into(), Equal),
        (1.into(), 1.5.into(), Less),
        ((-1).into(), (-1.5).into(), Greater),
        (0.0.into(), (-0.0).into(), Equal),
        (0.into(), (-0.0).into(), Equal),
        (0.1.into(), 0.2.into(), Less),
        (1.into(), decimal("1.00"), Equal),
        (1.into(), decimal("1.01"), Less),
        (0.1.into(), decimal("0.1"), Equal),
        (0.1.into(), decimal("0.10000000000000000001"), Less),
        (decimal("1.0"), decimal("1.00"), Equal),
        (decimal("-0"), decimal("0.00"), Equal),
        (decimal("1E+6144"), i64::MAX.into(), Greater),
        (decimal("1E-6144"), 0.into(), Greater),
    ] {
        assert_order(left, right, order);
    }
}

#[test]
fn large_integers_are_not_rounded_when_compared_with_floats() {
    const ODD: i64 = (1 << 53) + 1;
    assert_order(ODD.into(), 9_007_199_254_740_992.0.into(), Greater);
    assert_order((-ODD).into(), (-9_007_199_254_740_992.0).into(), Less);
    assert_order(i64::MAX.into(), 9_223_372_036_854_775_808.0.into(), Less);
    assert_order(i64::MIN.into(), (-9_223_372_036_854_775_808.0).into(), Equal);
    assert_order(i64::MIN.into(), (-1e300).into(), Greater);
    assert_order(i64::MAX.into(), f64::INFINITY.into(), Less);
}

#[test]
fn a_float_that_is_not_a_number_has_no_order_and_equals_nothing() {
    for other in [Value::from(f64::NAN), 1.into(), 1.0.into(), decimal("1")] {
        assert_eq!(holds(literal(f64::NAN).eq(other.clone())), Some(false));
        assert_eq!(holds(literal(f64::NAN).lt(other.clone())), None);
        assert_eq!(holds(literal(other).gte(f64::NAN)), None);
    }
}

#[test]
fn text_compares_byte_by_byte() {
    for (left, right, order) in [
        (Value::from("a"), Value::from("b"), Less),
        ("B".into(), "a".into(), Less),
        ("".into(), "a".into(), Less),
        ("10".into(), "9".into(), Less),
        ("z".into(), "é".into(), Less),
        ("same".into(), "same".into(), Equal),
        ("e\u{301}".into(), "é".into(), Less),
        (binary(&[0xff]), "z".into(), Greater),
        (binary(b"same"), "same".into(), Equal),
    ] {
        assert_order(left, right, order);
    }
}

#[test]
fn booleans_and_calendar_values_have_their_order() {
    for (left, right, order) in [
        (Value::from(false), Value::from(true), Less),
        (date("2024-02-29"), date("2024-03-01"), Less),
        (date("-0001-01-01"), date("0000-01-01"), Less),
        (time("10:00:00"), time("09:59:59.999999"), Greater),
        (time("10:00:00"), time("10:00:00.000"), Equal),
        (naive("2024-01-31T10:20:30"), naive("2024-01-31T10:20:30.000001"), Less),
        (naive("2024-01-31T10:20:30"), naive("2024-01-31T10:20:30.000000"), Equal),
        (utc("2024-01-31T12:00:00+02:00"), utc("2024-01-31T10:00:00Z"), Equal),
        (utc("2024-01-31T12:00:00+02:00"), utc("2024-01-31T11:00:00Z"), Less),
    ] {
        assert_order(left, right, order);
    }
}

#[test]
fn lists_and_maps_are_equal_by_their_elements_and_have_no_order() {
    let tags = || list(["rust".into(), 1.into(), Value::Null]);
    assert_eq!(holds(literal(tags()).eq(list(["rust".into(), 1.0.into(), Value::Null]))), Some(true));
    assert_eq!(holds(literal(tags()).eq(list(["rust".into(), 1.into()]))), Some(false));
    assert_eq!(holds(literal(tags()).ne(list([1.into(), "rust".into(), Value::Null]))), Some(true));
    assert_eq!(holds(literal(tags()).lt(tags())), None);
    let map = |entries: [(&'static str, Value); 2]| Value::from(Map::from(entries));
    let left = map([("a", 1.into()), ("b", Value::Null)]);
    assert_eq!(holds(literal(left.clone()).eq(map([("b", Value::Null), ("a", decimal("1.0"))]))), Some(true));
    assert_eq!(holds(literal(left.clone()).eq(map([("b", Value::Null), ("c", 1.into())]))), Some(false));
    assert_eq!(holds(literal(left.clone()).gte(left)), None);
}

#[test]
fn values_of_different_kinds_are_not_equal_and_their_order_is_unknown() {
    let kinds = [
        Value::from(true),
        1.into(),
        "1".into(),
        date("2024-01-31"),
        time("10:20:30"),
        naive("2024-01-31T10:20:30"),
        utc("2024-01-31T10:20:30Z"),
        list([1.into()]),
        Map::from([("a", 1)]).into(),
    ];
    for (at, left) in kinds.iter().enumerate() {
        for right in &kinds[at + 1..] {
            assert_eq!(holds(literal(left.clone()).eq(right.clone())), Some(false), "{left:?} == {right:?}");
            assert_eq!(holds(literal(left.clone()).ne(right.clone())), Some(true), "{left:?} != {right:?}");
            assert_eq!(holds(literal(left.clone()).lt(right.clone())), None, "{left:?} < {right:?}");
            assert_eq!(holds(literal(right.clone()).gte(left.clone())), None, "{right:?} >= {left:?}");
        }
    }
}

#[test]
fn like_matches_as_in_sql() {
    for (text, pattern, expected) in [
        ("", "", true),
        ("", "%", true),
        ("", "_", false),
        ("a", "", false),
        ("Ada Lovelace", "A%", true),
        ("Ada Lovelace", "a%", false),
        ("Ada Lovelace", "%lace", true),
        ("Ada Lovelace", "%Love%", true),
        ("Ada Lovelace", "%love%", false),
        ("Ada Lovelace", "Ada", false),
        ("Eve", "E_e", true),
        ("Ee", "E_e", false),
        ("Ève", "_ve", true),
        ("日本語", "__語", true),
        ("100%", "100\\%", true),
        ("100 percent", "100\\%", false),
        ("a_b", "a\\_b", true),
        ("axb", "a\\_b", false),
        ("a\\b", "a\\\\b", true),
        ("a\\", "a\\", true),
        ("abab", "%ab", true),
        ("aXbXc", "%X%c", true),
        ("aXbXc", "%X%d", false),
        ("mississippi", "m%iss%pi", true),
        ("mississippi", "m%iss%_ppi", true),
        ("mississippi", "%sip%sip%", false),
        ("a\nb", "a%b", true),
        ("a.b", "a.b", true),
        ("axb", "a.b", false),
    ] {
        assert_eq!(holds(literal(text).like(pattern)), Some(expected), "{text:?} like {pattern:?}");
    }
}

#[test]
fn ilike_ignores_case_in_the_living_alphabets() {
    for (text, pattern, expected) in [
        ("Alan Turing", "alan%", true),
        ("alan turing", "ALAN_TURING", true),
        ("Łukasz Żółw", "%Ó%", true),
        ("straße", "STRAẞE", true),
        ("straße", "STRASSE", false),
        ("ΑΘΗΝΑ", "αθηνα", true),
        ("Москва", "мОСКВА", true),
        ("Երևան", "երև%", true),
        ("100%", "100\\%", true),
        ("bob", "%carol%", false),
    ] {
        assert_eq!(holds(literal(text).ilike(pattern)), Some(expected), "{text:?} ilike {pattern:?}");
    }
}

#[test]
fn like_of_null_or_of_what_is_no_text_is_unknown() {
    assert_eq!(holds(literal(Value::Null).like("%")), None);
    assert_eq!(holds(literal("a").like(Value::Null)), None);
    assert_eq!(holds(literal(1).like("%")), None);
    assert_eq!(holds(literal("a").ilike(1)), None);
}

#[test]
fn a_pattern_of_many_percents_is_not_slow() {
    let text = "a".repeat(2_000);
    let pattern = "%a".repeat(500) + "%b";
    assert_eq!(holds(literal(text).like(pattern)), Some(false));
}

#[test]
fn arithmetic_has_the_kind_of_its_operands() {
    let (two, half) = (|| literal(2), || literal(0.5));
    for (result, expected) in [
        (two() + 3, Value::from(5)),
        (two() - 3, (-1).into()),
        (two() * 3, 6.into()),
        (literal(7) / 2, 3.into()),
        (literal(-7) / 2, (-3).into()),
        (two() + 0.5, 2.5.into()),
        (half() * 2, 1.0.into()),
        (half() - 0.25, 0.25.into()),
        (literal(7) / 2.0, 3.5.into()),
        (literal(decimal("1.50")) + 1, decimal("2.50")),
        (literal(1) - decimal("1.50"), decimal("-0.50")),
        (literal(decimal("1E+2")) + decimal("0.1"), decimal("100.1")),
        (literal(decimal("1.5")) * decimal("-0.20"), decimal("-0.300")),
        (literal(decimal("0.1")) + 0.2, decimal("0.3")),
        (literal(decimal("1")) / 8, decimal("0.125")),
        (literal(decimal("100")) / 2, decimal("50")),
        (literal(decimal("-1")) / 3, decimal("-0.3333333333333333333333333333")),
        (literal(decimal("2")) / 3, decimal("0.6666666666666666666666666667")),
        (literal(decimal("1")) / decimal("3E-10"), decimal("3333333333.333333333333333333")),
    ] {
        assert_eq!(value(result.clone()), expected, "{result:?}");
    }
}

#[test]
fn arithmetic_without_a_result_is_null() {
    let huge = || literal(decimal("9999999999999999999999999999999999"));
    for expr in [
        literal(i64::MAX) + 1,
        literal(i64::MIN) - 1,
        literal(i64::MAX) * 2,
        literal(i64::MIN) / -1,
        literal(1) / 0,
        literal(1.0) / 0,
        literal(1e308) * 10,
        literal(decimal("1")) / 0,
        literal(decimal("1")) / decimal("0.00"),
        huge() * huge(),
        literal(decimal("1E+6144")) + 1,
        literal(decimal("1")) + f64::NAN,
        literal(1) + Value::Null,
        literal(Value::Null) * 1.5,
        literal("1") + 1,
        literal(decimal("1")) + "1",
        literal([1]) + 1,
    ] {
        assert_eq!(value(expr.clone()), Value::Null, "{expr:?}");
    }
}

#[test]
fn length_counts_graphemes_bytes_and_elements() {
    assert_eq!(value(literal("").length()), Value::from(0));
    assert_eq!(value(literal("héllo").length()), Value::from(5));
    assert_eq!(value(literal(binary(&[0xff, 0xfe])).length()), Value::from(2));
    assert_eq!(value(literal(["rust", "ecto"]).length()), Value::from(2));
    assert_eq!(value(literal(Value::Null).length()), Value::Null);
    assert_eq!(value(literal(12).length()), Value::Null);
    assert_eq!(value(literal(Map::new()).length()), Value::Null);
}
