//! Laws of types and values that hold for any input.

use ectomorph::types::{Enum, Type, uuid};
use ectomorph::value::{Date, Decimal, Map, NaiveDatetime, Time, UtcDatetime, Value};
use ectomorph::value::{float_text, notation, parse_float, parse_integer, to_text};
use proptest::collection::{hash_map, vec};
use proptest::prelude::*;
use std::sync::Arc;

/// Every type, one list and one map of each, and enums.
fn types() -> Vec<Type> {
    let names = [
        "id",
        "binary_id",
        "integer",
        "float",
        "boolean",
        "string",
        "binary",
        "map",
        "decimal",
        "date",
        "time",
        "time_usec",
        "naive_datetime",
        "naive_datetime_usec",
        "utc_datetime",
        "utc_datetime_usec",
        "uuid",
        "any",
    ];
    let mut types: Vec<Type> =
        names.iter().map(|name| Type::from_notation(&(*name).into()).unwrap()).collect();
    types.push(Type::Enum(Arc::new(Enum::new(["draft", "paid"]).unwrap())));
    types.push(Type::Enum(Arc::new(Enum::with_stored([("low", 1), ("mid", 5)]).unwrap())));
    let lists: Vec<Type> = types.iter().map(|element| Type::Array(Box::new(element.clone()))).collect();
    let maps: Vec<Type> = types.iter().map(|element| Type::MapOf(Box::new(element.clone()))).collect();
    types.into_iter().chain(lists).chain(maps).collect()
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,20}",
        "[-+]?[0-9]{0,20}",
        "[-+]{0,2}[0-9]{0,20}[.]?[0-9]{0,20}([eE][-+]?[0-9]{1,5})?",
        "-{0,2}[+]?[0-9]{4}-[01][0-9]-[0-3][0-9]([T ][0-2][0-9]:[0-5][0-9](:[0-5][0-9]([.,][0-9]{0,8})?)?(Z|[-+][0-2][0-9](:?[0-9]{2})?)?)?",
        "T?[0-2][0-9]:[0-6][0-9](:[0-6][0-9]([.,][0-9]{0,8})?)?",
        "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        "[ -~]{16}",
        "(true|false|0|1|draft|paid|low|mid|)",
    ]
}

fn calendar() -> impl Strategy<Value = Value> {
    let microseconds = -377_000_000_000_000_000_i64..253_000_000_000_000_000;
    (microseconds, 0..=6_u8, 0..4).prop_map(|(microseconds, precision, kind)| {
        let Some(utc) = UtcDatetime::from_unix(microseconds, precision) else { return Value::Null };
        match kind {
            0 => Value::Date(utc.naive().date()),
            1 => Value::Time(utc.naive().time()),
            2 => Value::NaiveDatetime(utc.naive()),
            _ => Value::UtcDatetime(utc),
        }
    })
}

fn decimal() -> impl Strategy<Value = Decimal> {
    (any::<bool>(), 0..10_u128.pow(34), 0..34_u32, -6144..=6144_i32).prop_map(
        |(sign, number, cut, exponent)| {
            Decimal::from_parts(sign, number / 10_u128.pow(cut), exponent).unwrap()
        },
    )
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (0..10_i64).prop_map(Value::from),
        any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Value::from),
        decimal().prop_map(Value::from),
        text().prop_map(Value::from),
        vec(any::<u8>(), 0..20).prop_map(|bytes| Value::Binary(bytes.into())),
        calendar(),
    ];
    let key = prop_oneof!["[a-z]{0,3}", "(year|month|day|hour|minute|second|microsecond)", "\\$(date|map|x)"];
    leaf.prop_recursive(3, 24, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::List),
            hash_map(key.clone(), inner, 0..6).prop_map(|map| map.into_iter().collect::<Map>().into()),
        ]
    })
}

proptest! {
    #[test]
    fn a_cast_value_is_cast_to_itself_and_survives_being_stored(value in value()) {
        for kind in types() {
            let Ok(cast) = kind.cast(&value) else { continue };
            let again = kind.cast(&cast);
            prop_assert!(again.as_ref().is_ok_and(|again| again.is_identical(&cast)), "{kind:?} {cast:?} {again:?}");
            prop_assert!(kind.equal(&cast, &cast), "{kind:?} {cast:?}");
            prop_assert!(kind.includes(&cast, std::slice::from_ref(&cast)), "{kind:?} {cast:?}");
            let stored = kind.dump(&cast);
            prop_assert!(stored.is_ok(), "{kind:?} {cast:?} {stored:?}");
            let loaded = kind.load(&stored.unwrap());
            prop_assert!(loaded.as_ref().is_ok_and(|loaded| kind.equal(loaded, &cast)), "{kind:?} {cast:?} {loaded:?}");
        }
    }

    #[test]
    fn no_operation_panics_whatever_the_value(value in value(), other in value()) {
        for kind in types() {
            let _ = (kind.dump(&value), kind.load(&value));
            prop_assert_eq!(kind.equal(&value, &other), kind.equal(&other, &value));
        }
        let _ = (to_text(&value), Type::from_notation(&value), notation::decode(value));
    }

    #[test]
    fn every_value_survives_the_notation(value in value()) {
        let decoded = notation::decode(notation::encode(&value)).unwrap();
        prop_assert!(decoded.is_identical(&value), "{:?}", decoded);
        prop_assert_eq!(notation::encode(&decoded), notation::encode(&value));
    }

    #[test]
    fn texts_of_scalars_read_back(number in any::<f64>(), integer in any::<i64>(), decimal in decimal(), bytes in any::<[u8; 16]>()) {
        if number.is_finite() {
            prop_assert_eq!(parse_float(&float_text(number)).map(f64::to_bits), Some(number.to_bits()));
        }
        prop_assert_eq!(to_text(&integer.into()).and_then(|text| parse_integer(&text)), Some(integer));
        prop_assert_eq!(Decimal::parse(&decimal.text()), Some(decimal));
        prop_assert_eq!(uuid::parse(&uuid::text(bytes)), Some(bytes));
    }

    #[test]
    fn texts_of_calendar_values_read_back(value in calendar()) {
        let read = match &value {
            Value::Date(date) => Date::from_iso(&date.to_string()).map(Value::from),
            Value::Time(time) => Time::from_iso(&time.to_string()).map(Value::from),
            Value::NaiveDatetime(naive) => NaiveDatetime::from_iso(&naive.to_string()).map(Value::from),
            Value::UtcDatetime(utc) => UtcDatetime::from_iso(&utc.to_string()).map(Value::from),
            _ => Some(Value::Null),
        };
        prop_assert_eq!(read, Some(value));
    }

    #[test]
    fn decimals_compare_as_their_numbers_do(left in decimal(), right in decimal()) {
        let approximate = |decimal: Decimal| decimal.to_string().parse::<f64>().unwrap();
        let (near, far) = (approximate(left), approximate(right));
        // Floats tell apart what differs by more than their precision.
        if (near - far).abs() > near.abs().max(far.abs()) * 1e-12 {
            prop_assert_eq!(Some(left.compare(&right)), near.partial_cmp(&far), "{} {}", left, right);
        }
        prop_assert_eq!(left.compare(&right), right.compare(&left).reverse());
    }
}
