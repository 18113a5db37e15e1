//! Values within JSON: the tagged notation of ectomorph's documents.
//!
//! JSON has no decimals, dates or bytes, and mixes integers with floats. In documents (rules, queries,
//! migrations, test vectors) such a value is an object with one key that starts with `$`:
//!
//! | form | value |
//! |---|---|
//! | `{"$integer": "9007199254740993"}` | an integer beyond ±(2^53 - 1) |
//! | `{"$float": "1.0"}` | a float that JSON prints like an integer |
//! | `{"$decimal": "1.50"}` | a decimal, with its scale and sign |
//! | `{"$date": "2024-01-31"}` | a date |
//! | `{"$time": "10:20:30"}`, `{"$time_usec": "10:20:30.123456"}` | a time; `_usec` when it has a fraction |
//! | `{"$naive_datetime": "2024-01-31T10:20:30"}`, `$naive_datetime_usec` | a date-time without zone |
//! | `{"$utc_datetime": "2024-01-31T10:20:30Z"}`, `$utc_datetime_usec` | an instant |
//! | `{"$binary": "//4="}` | bytes, in base64 |
//! | `{"$map": {"$date": 1}}` | a map with a key that starts with `$` |
//!
//! All else stands for itself. Objects that belong to the grammar of a document (`$range`, `$regex`, `$struct`,
//! `$changeset`, `$not_loaded`, `$existing`, `$invalid`) stay maps, in both directions, and their insides are
//! values. Any other key that starts with `$` is an error.
//!
//! An integer beyond 64 bits becomes a decimal with exponent 0: it can be cast to a decimal, but is no integer.
//!
//! The notation is for documents. Params are never decoded: a user who types `{"$date": ..}` gets a map.

use super::float::is_whole;
use super::{Date, Decimal, Map, NaiveDatetime, Str, Time, UtcDatetime, Value, base64};
use super::{fill, float_text, parse_float, parse_integer, push_integer};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// How deep a value may be nested.
const MAX_DEPTH: usize = 128;
/// The largest integer of which JSON readers keep every digit.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;
/// Keys of maps that are no values but parts of a document's grammar.
const GRAMMAR: [&str; 7] =
    ["$range", "$regex", "$struct", "$changeset", "$not_loaded", "$existing", "$invalid"];

/// Why a tagged value could not be decoded, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotationError {
    message: String,
}

impl NotationError {
    fn new(template: &str, values: &[&str]) -> Self {
        NotationError { message: fill(template, values) }
    }

    /// What is wrong, with the key it is about.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for NotationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl core::error::Error for NotationError {}

/// Turns tagged maps into the values they stand for, at every depth.
///
/// # Errors
/// An unknown key that starts with `$`, a text that its key cannot read, nesting beyond 128.
///
/// ```
/// use ectomorph::value::{Decimal, Map, Value, notation};
/// let json = Value::from(Map::from([("price", Map::from([("$decimal", "1.50")]))]));
/// let value = notation::decode(json).unwrap();
/// assert_eq!(value, Map::from([("price", Decimal::parse("1.50"))]).into());
/// ```
pub fn decode(value: Value) -> Result<Value, NotationError> {
    decode_within(value, MAX_DEPTH)
}

/// Turns values that JSON cannot hold into tagged maps, at every depth: the way back from [`decode`].
///
/// Maps of a document's grammar stay as they are; another map with a key that starts with `$` is wrapped in
/// `$map`.
///
/// ```
/// use ectomorph::value::{Map, Value, notation};
/// let value = Value::from([Value::from(1), Value::from(1.0)]);
/// let json = notation::encode(&value);
/// assert_eq!(json, [Value::from(1), Map::from([("$float", "1.0")]).into()].into());
/// ```
pub fn encode(value: &Value) -> Value {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => value.clone(),
        Value::Integer(number) if number.unsigned_abs() <= MAX_SAFE_INTEGER => value.clone(),
        Value::Integer(number) => tagged("$integer", |text| push_integer(text, *number)),
        Value::Float(number) if !is_whole(*number) && number.is_finite() => value.clone(),
        Value::Float(number) => tag("$float", float_text(*number)),
        Value::Decimal(decimal) => tag("$decimal", decimal.text()),
        Value::Binary(bytes) => tag("$binary", base64::encode(bytes)),
        Value::Date(date) => tagged("$date", |text| date.push_iso(text)),
        Value::Time(time) => tagged(precise(*time, "$time", "$time_usec"), |text| time.push_iso(text)),
        Value::NaiveDatetime(naive) => {
            let name = precise(naive.time(), "$naive_datetime", "$naive_datetime_usec");
            tagged(name, |text| naive.push_iso(text, 'T'))
        }
        Value::UtcDatetime(utc) => {
            let name = precise(utc.naive().time(), "$utc_datetime", "$utc_datetime_usec");
            tagged(name, |text| utc.push_iso(text, 'T'))
        }
        Value::List(list) => Value::List(list.iter().map(encode).collect()),
        Value::Map(map) => {
            let mut encoded = Map::with_capacity(map.len());
            for (key, value) in map.iter() {
                encoded.push_new(key.clone(), encode(value));
            }
            match dollar_key(map) {
                Some(key) if !GRAMMAR.contains(&key.as_str()) => one("$map", encoded.into()),
                _ => encoded.into(),
            }
        }
    }
}

fn decode_within(value: Value, depth: usize) -> Result<Value, NotationError> {
    if depth == 0 {
        return Err(NotationError::new("the value is nested more than 128 deep", &[]));
    }
    match value {
        Value::List(list) => {
            let mut decoded = Vec::with_capacity(list.len());
            for value in list {
                decoded.push(decode_within(value, depth - 1)?);
            }
            Ok(Value::List(decoded))
        }
        Value::Map(map) => match dollar_key(&map) {
            Some(key) if !GRAMMAR.contains(&key.as_str()) => {
                let key = key.clone();
                decode_tagged(&key, map, depth)
            }
            _ => decode_map(map, depth),
        },
        value => Ok(value),
    }
}

fn decode_map(map: Map, depth: usize) -> Result<Value, NotationError> {
    let mut decoded = Map::with_capacity(map.len());
    for (key, value) in map {
        decoded.push_new(key, decode_within(value, depth - 1)?);
    }
    Ok(Value::Map(decoded))
}

fn decode_tagged(key: &Str, map: Map, depth: usize) -> Result<Value, NotationError> {
    if map.len() != 1 {
        return Err(NotationError::new("the key % must be the only key of its object", &[key]));
    }
    let Some((_, inside)) = map.into_iter().next() else { return Ok(Value::Null) };
    let text = match inside {
        Value::String(text) => text,
        Value::Map(map) if key == "$map" => return decode_map(map, depth),
        _ => Str::default(),
    };
    let decoded = match key.as_str() {
        "$integer" => match parse_integer(&text) {
            Some(number) => Some(Value::Integer(number)),
            None => Decimal::parse_integer(&text).map(Value::Decimal),
        },
        "$float" => parse_float(&text).map(Value::Float),
        "$decimal" => Decimal::parse(&text).map(Value::Decimal),
        "$date" => Date::from_iso(&text).map(Value::Date),
        "$time" | "$time_usec" => Time::from_iso(&text).map(Value::Time),
        "$naive_datetime" | "$naive_datetime_usec" => {
            NaiveDatetime::from_iso(&text).map(Value::NaiveDatetime)
        }
        "$utc_datetime" | "$utc_datetime_usec" => UtcDatetime::from_iso(&text).map(Value::UtcDatetime),
        "$binary" => base64::decode(&text).map(|bytes| Value::Binary(bytes.into())),
        "$map" => None,
        _ => {
            let advice = " is unknown; wrap a map with such a key in {\"$map\": ..}";
            return Err(NotationError::new("the key %%", &[key, advice]));
        }
    };
    decoded.ok_or_else(|| NotationError::new("the key % cannot read \"%\"", &[key, &text]))
}

fn dollar_key(map: &Map) -> Option<&Str> {
    map.keys().find(|key| key.starts_with('$'))
}

fn precise(time: Time, without: &'static str, with: &'static str) -> &'static str {
    if time.precision() == 0 { without } else { with }
}

fn tagged(key: &'static str, push: impl FnOnce(&mut String)) -> Value {
    let mut text = String::new();
    push(&mut text);
    tag(key, text)
}

fn tag(key: &'static str, text: String) -> Value {
    one(key, text.into())
}

/// A map of one key.
pub(crate) fn one(key: &'static str, value: Value) -> Value {
    let mut map = Map::with_capacity(1);
    map.push_new(Str::Static(key), value);
    Value::Map(map)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tagged_text(key: &str, text: &str) -> Value {
        Map::from([(key, text)]).into()
    }

    #[test]
    fn every_tag_reads_and_writes_its_value() {
        for (key, text, value) in [
            ("$integer", "9007199254740993", Value::from(9_007_199_254_740_993_i64)),
            ("$integer", "-9223372036854775808", Value::from(i64::MIN)),
            ("$float", "1.0", Value::from(1.0)),
            ("$float", "1.0e300", Value::from(1e300)),
            ("$decimal", "1.50", Decimal::parse("1.50").into()),
            ("$decimal", "-0", Decimal::parse("-0").into()),
            ("$date", "-0001-01-31", Date::from_iso("-0001-01-31").into()),
            ("$time", "10:20:30", Time::from_iso("10:20:30").into()),
            ("$time_usec", "10:20:30.5", Time::from_iso("10:20:30.5").into()),
            ("$naive_datetime", "2024-01-31T10:20:30", NaiveDatetime::from_iso("2024-01-31T10:20:30").into()),
            (
                "$utc_datetime_usec",
                "2024-01-31T10:20:30.000Z",
                UtcDatetime::from_iso("2024-01-31T10:20:30.000Z").into(),
            ),
            ("$binary", "//4=", Value::Binary([0xFF, 0xFE].as_slice().into())),
        ] {
            let json = tagged_text(key, text);
            let decoded = decode(json.clone()).unwrap();
            assert_eq!(decoded, value);
            assert_eq!(decoded.kind(), value.kind());
            assert_eq!(encode(&value), json);
        }
    }

    #[test]
    fn plain_values_stand_for_themselves() {
        let map = Map::from([("price", Value::from(1.5)), ("name", "$5".into())]);
        let plain = Value::from([Value::Null, true.into(), 42.into(), "a".into(), map.into()]);
        assert_eq!(decode(plain.clone()), Ok(plain.clone()));
        assert_eq!(encode(&plain), plain);
    }

    #[test]
    fn an_integer_beyond_64_bits_becomes_a_decimal() {
        let decoded = decode(tagged_text("$integer", "18446744073709551616")).unwrap();
        assert_eq!(decoded, Decimal::parse("18446744073709551616").into());
    }

    #[test]
    fn grammar_stays_a_map_and_its_insides_are_values() {
        let fields = Map::from([("price", tagged_text("$decimal", "1.5"))]);
        let json = Map::from([("$struct", Value::from("Item")), ("fields", fields.into())]);
        let decoded = decode(json.clone().into()).unwrap();
        let fields = Map::from([("price", Decimal::parse("1.5"))]);
        assert_eq!(decoded, Map::from([("$struct", Value::from("Item")), ("fields", fields.into())]).into());
        assert_eq!(encode(&decoded), json.into());
    }

    #[test]
    fn keys_of_the_users_own_that_look_like_tags_survive() {
        let value = Value::from(Map::from([("$date", Value::from(1.0)), ("$map", "x".into())]));
        assert_eq!(decode(encode(&value)), Ok(value));
    }

    #[test]
    fn errors_name_the_key() {
        for (json, message) in [
            (
                tagged_text("$datum", "x"),
                "the key $datum is unknown; wrap a map with such a key in {\"$map\": ..}",
            ),
            (tagged_text("$date", "2023-02-29"), "the key $date cannot read \"2023-02-29\""),
            (tagged_text("$integer", "1.5"), "the key $integer cannot read \"1.5\""),
            (
                Map::from([("$date", "x"), ("a", "b")]).into(),
                "the key $date must be the only key of its object",
            ),
        ] {
            assert_eq!(decode(json).unwrap_err().message(), message);
        }
        let deep = (0..200).fold(Value::Null, |value, _| Value::List([value].into()));
        assert_eq!(decode(deep).unwrap_err().message(), "the value is nested more than 128 deep");
    }
}
