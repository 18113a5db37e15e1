//! JSON text and values.

use ectomorph::params::{Limits, ParamsError, from_json, to_json};
use ectomorph::value::{Date, Decimal, Map, NaiveDatetime, Time, UtcDatetime, Value};

fn read(text: &str) -> Result<Value, ParamsError> {
    from_json(text, &Limits::default())
}

#[test]
fn every_kind_of_json_value_is_read() {
    let cases = [
        ("null", Value::Null),
        (" true ", Value::Bool(true)),
        ("false", Value::Bool(false)),
        ("\t\r\n-12", Value::Integer(-12)),
        (r#""Hello""#, Value::from("Hello")),
        ("[]", Value::List(vec![])),
        ("[1, \"a\", [null]]", Value::List(vec![1.into(), "a".into(), Value::List(vec![Value::Null])])),
        ("{}", Value::Map(Map::new())),
        (r#"{"a": {"b": []}}"#, Map::from([("a", Map::from([("b", Value::List(vec![]))]))]).into()),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text), Ok(expected), "for {text}");
    }
}

#[test]
fn a_number_is_an_integer_unless_it_has_a_fraction_or_an_exponent() {
    let integers =
        [("0", 0), ("-0", 0), ("9223372036854775807", i64::MAX), ("-9223372036854775808", i64::MIN)];
    for (text, expected) in integers {
        assert!(matches!(read(text), Ok(Value::Integer(number)) if number == expected), "for {text}");
    }
    let floats =
        [("1.0", 1.0), ("-0.0", -0.0), ("1e2", 100.0), ("1E-2", 0.01), ("2.5e+3", 2500.0), ("1e-400", 0.0)];
    for (text, expected) in floats {
        let read = read(text);
        assert!(
            matches!(read, Ok(Value::Float(number)) if number.to_bits() == f64::to_bits(expected)),
            "for {text}"
        );
    }
}

#[test]
fn an_integer_beyond_64_bits_is_a_decimal_of_the_same_digits() {
    for text in [
        "9223372036854775808",
        "-9223372036854775809",
        "18446744073709551616",
        "123456789012345678901234567890",
    ] {
        let Ok(Value::Decimal(decimal)) = read(text) else { panic!("{text} is not read as a decimal") };
        assert_eq!((decimal.exponent(), decimal.text().as_str()), (0, text));
    }
}

#[test]
fn a_number_out_of_range_is_refused_with_its_place() {
    let long = "9".repeat(400);
    for text in ["1e400", "-1e400", "1.5e999999999999", long.as_str()] {
        assert_eq!(read(text), Err(ParamsError::NumberOutOfRange { at: 0 }), "for {text}");
        let nested = format!("{{\"views\": {text}}}");
        assert_eq!(read(&nested), Err(ParamsError::NumberOutOfRange { at: 10 }), "for {nested}");
    }
}

#[test]
fn escape_sequences_are_decoded() {
    let cases = [
        (r#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
        (r#""\u00e9\u00E9\u0000""#, "éé\0"),
        (r#""\ud83d\ude00""#, "😀"),
        (r#""a\u0062c""#, "abc"),
        (r#""😀é""#, "😀é"),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text), Ok(Value::from(expected)), "for {text}");
    }
}

#[test]
fn a_surrogate_without_its_other_half_is_refused() {
    for text in [
        r#""\ud800""#,
        r#""\udc00""#,
        r#""\ud800x""#,
        r#""\ud800dc00""#,
        r#""\ud800\n""#,
        r#""\ud800\ud800""#,
        r#""\udc00\ud800""#,
        r#""\ud83d\u00e9""#,
    ] {
        assert!(
            matches!(read(text), Err(ParamsError::InvalidJson { at: 1, .. })),
            "for {text}: {:?}",
            read(text)
        );
    }
}

#[test]
fn the_last_of_equal_keys_wins_at_the_place_of_the_first() {
    let read = read(r#"{"a": 1, "b": 2, "\u0061": {"c": 3}}"#).unwrap();
    let map = read.as_map().unwrap();
    assert_eq!(map.keys().map(|key| key.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(map.get("a"), Some(&Map::from([("c", 3)]).into()));
}

#[test]
fn names_that_mean_something_to_javascript_are_plain_keys() {
    let read = read(r#"{"__proto__": {"admin": true}, "": 1}"#).unwrap();
    assert_eq!(
        read,
        Map::from([("__proto__", Value::from(Map::from([("admin", true)]))), ("", 1.into())]).into()
    );
}

#[test]
fn text_that_is_not_json_is_refused_with_its_place() {
    let cases = [
        ("", 0),
        ("  ", 2),
        ("{", 1),
        ("[", 1),
        ("[1,]", 3),
        ("[1 2]", 3),
        ("{\"a\"}", 4),
        ("{\"a\":1,}", 7),
        ("{a:1}", 1),
        ("{1:1}", 1),
        ("tru", 0),
        ("nul", 0),
        ("True", 0),
        ("NaN", 0),
        ("-Infinity", 1),
        ("+1", 0),
        ("01", 0),
        ("-01", 1),
        (".5", 0),
        ("1.", 2),
        ("1e", 2),
        ("1e+", 3),
        ("-", 1),
        ("0x10", 1),
        ("1 1", 2),
        ("null,", 4),
        ("\"", 1),
        ("\"a", 2),
        ("\"\\", 1),
        ("\"\\x\"", 1),
        ("\"\\u12\"", 1),
        ("\"\\u12g4\"", 1),
        ("\"\\u+123\"", 1),
        ("\"a\nb\"", 2),
        ("\"a\0b\"", 2),
        ("'a'", 0),
        ("// a\n1", 0),
        ("\u{feff}1", 0),
        ("\u{a0}1", 0),
    ];
    for (text, place) in cases {
        match read(text) {
            Err(ParamsError::InvalidJson { at, .. }) => assert_eq!(at, place, "for {text:?}"),
            other => panic!("{text:?} gives {other:?}"),
        }
    }
}

#[test]
fn bytes_that_are_not_utf8_are_refused_with_their_place() {
    let refused = from_json(b"{\"a\": \"\xC3\x28\"}", &Limits::default());
    assert_eq!(refused, Err(ParamsError::InvalidUtf8 { at: 7 }));
}

#[test]
fn values_json_does_not_know_are_written_as_text() {
    let cases = [
        (Decimal::parse("-1.50").into(), r#""-1.50""#),
        (Date::from_iso("2024-01-31").into(), r#""2024-01-31""#),
        (Time::from_iso("10:20:30.5").into(), r#""10:20:30.5""#),
        (NaiveDatetime::from_iso("2024-01-31 10:20:30").into(), r#""2024-01-31T10:20:30""#),
        (UtcDatetime::from_iso("2024-01-31 10:20:30.001Z").into(), r#""2024-01-31T10:20:30.001Z""#),
        (Value::Binary([].as_slice().into()), r#""""#),
        (Value::Binary([0xFF].as_slice().into()), r#""/w==""#),
        (Value::Binary([0xFF, 0xFE].as_slice().into()), r#""//4=""#),
        (Value::Binary([0xFF, 0xFE, 0x00].as_slice().into()), r#""//4A""#),
        (Value::Binary([0xFF, 0xFE, 0x00, 0x10].as_slice().into()), r#""//4AEA==""#),
        (Value::Float(f64::NAN), "null"),
        (Value::Float(f64::NEG_INFINITY), "null"),
        (Value::Float(1.0), "1.0"),
        (Value::Null, "null"),
        (Value::from([Value::from(true), Value::from(false)]), "[true,false]"),
        (Value::from("\"\\/\0\u{1f}\n\u{7f}\u{2028}é"), "\"\\\"\\\\/\\u0000\\u001f\\n\u{7f}\u{2028}é\""),
    ];
    for (value, expected) in cases {
        assert_eq!(to_json(&value), expected);
    }
}

#[cfg(feature = "json")]
mod through_serde {
    use super::*;

    #[test]
    fn values_are_written_as_to_json_writes_them() {
        let value = read(r#"{"a": [1, -2.5, null, true, "x\n"], "b": {"c": {}}, "n": 99999999999999999999}"#)
            .unwrap();
        assert_eq!(serde_json::to_string(&value).unwrap(), to_json(&value));
        let others = Value::List(vec![
            Value::Binary([0xFF].as_slice().into()),
            UtcDatetime::from_iso("2024-01-31T10:20:30Z").into(),
            Decimal::parse("1.50").into(),
        ]);
        assert_eq!(serde_json::to_string(&others).unwrap(), to_json(&others));
    }

    #[test]
    fn values_are_read_as_from_json_reads_them() {
        let text = r#"{"b": [1, -2.5, null, true, "x\n"], "a": {"c": {}}, "b": 18446744073709551615}"#;
        let value: Value = serde_json::from_str(text).unwrap();
        assert_eq!(Ok(value.clone()), read(text));
        assert_eq!(value.as_map().unwrap().keys().next().unwrap(), &"b");
        assert_eq!(Ok(serde_json::from_str::<Map>(text).unwrap().into()), read(text));
    }

    #[test]
    fn only_a_map_is_read_as_a_map() {
        let error = serde_json::from_str::<Map>("[1]").unwrap_err();
        assert!(error.to_string().starts_with("expected a map, not a list"), "{error}");
    }

    #[test]
    fn nesting_is_limited_even_if_the_format_does_not_limit_it() {
        use serde::de::{Deserialize, value::SeqDeserializer};
        // A format of nothing but lists: each list holds one list, without end.
        struct Endless;
        impl<'de> serde::de::IntoDeserializer<'de> for Endless {
            type Deserializer = Endless;
            fn into_deserializer(self) -> Endless {
                self
            }
        }
        impl<'de> serde::Deserializer<'de> for Endless {
            type Error = serde::de::value::Error;
            fn deserialize_any<V: serde::de::Visitor<'de>>(
                self,
                visitor: V,
            ) -> Result<V::Value, Self::Error> {
                visitor.visit_seq(SeqDeserializer::new([Endless].into_iter()))
            }
            serde::forward_to_deserialize_any! {
                bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
                unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
            }
        }
        let error = Value::deserialize(Endless).unwrap_err();
        assert_eq!(error.to_string(), "lists and maps nested too deep; send flatter data");
    }
}
