//! Types within documents.
//!
//! A type is its name (`"string"`), or an object with one key: `{"array": T}`, `{"map": T}`,
//! `{"enum": ["draft", "paid"]}`, and `{"enum": [["low", 1], ["mid", 5]]}` for an enum with stored values.

use super::{Enum, Type, TypeError, Types};
use crate::value::notation::one;
use crate::value::{Str, Value, nearest};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// How deep types may be nested.
const MAX_DEPTH: usize = 16;

static BUILT_IN: [(&str, Type); 18] = [
    ("id", Type::Id),
    ("binary_id", Type::BinaryId),
    ("integer", Type::Integer),
    ("float", Type::Float),
    ("boolean", Type::Boolean),
    ("string", Type::String),
    ("binary", Type::Binary),
    ("map", Type::Map),
    ("decimal", Type::Decimal),
    ("date", Type::Date),
    ("time", Type::Time),
    ("time_usec", Type::TimeUsec),
    ("naive_datetime", Type::NaiveDatetime),
    ("naive_datetime_usec", Type::NaiveDatetimeUsec),
    ("utc_datetime", Type::UtcDatetime),
    ("utc_datetime_usec", Type::UtcDatetimeUsec),
    ("uuid", Type::Uuid),
    ("any", Type::Any),
];

impl Type {
    /// Reads a type that is built in. Custom types are read by [`Types::read`].
    ///
    /// # Errors
    /// An unknown type, which the message names together with the nearest known one; a malformed enum.
    ///
    /// ```
    /// use ectomorph::types::Type;
    /// use ectomorph::value::Map;
    /// let tags = Type::from_notation(&Map::from([("array", "string")]).into()).unwrap();
    /// assert_eq!(tags, Type::Array(Box::new(Type::String)));
    /// ```
    pub fn from_notation(notation: &Value) -> Result<Type, TypeError> {
        Types::default().read(notation)
    }

    /// The type as documents write it: the way back from [`Type::from_notation`].
    pub fn to_notation(&self) -> Value {
        match self {
            Type::Array(element) => one("array", element.to_notation()),
            Type::MapOf(element) => one("map", element.to_notation()),
            Type::Enum(members) => {
                let is_plain = members.mappings().all(|(name, stored)| stored.as_str() == Some(name));
                let member = |(name, stored): (&str, &Value)| match is_plain {
                    true => stored.clone(),
                    false => Value::List(Vec::from([name.into(), stored.clone()])),
                };
                one("enum", Value::List(members.mappings().map(member).collect()))
            }
            Type::Custom(custom) => custom.name().into(),
            _ => Value::String(Str::Static(self.built_in_name())),
        }
    }
}

impl Type {
    /// The type in words, for messages: `string`, `array of integer`, `enum of draft, paid`.
    ///
    /// ```
    /// use ectomorph::types::Type;
    /// assert_eq!(Type::Array(Box::new(Type::UtcDatetime)).describe(), "array of utc_datetime");
    /// ```
    pub fn describe(&self) -> String {
        let mut text = String::new();
        let mut kind = self;
        loop {
            kind = match kind {
                Type::Array(element) => {
                    text.push_str("array of ");
                    element
                }
                Type::MapOf(element) => {
                    text.push_str("map of ");
                    element
                }
                Type::Enum(members) => {
                    text.push_str("enum of ");
                    for (at, name) in members.names().enumerate() {
                        text.push_str(if at > 0 { ", " } else { "" });
                        text.push_str(name);
                    }
                    return text;
                }
                Type::Custom(custom) => {
                    text.push_str(custom.name());
                    return text;
                }
                _ => {
                    text.push_str(kind.built_in_name());
                    return text;
                }
            }
        }
    }

    fn built_in_name(&self) -> &'static str {
        BUILT_IN.iter().find(|(_, built_in)| built_in == self).map_or("", |(name, _)| name)
    }
}

impl Types {
    /// Reads a type, built in or custom.
    ///
    /// # Errors
    /// An unknown type, which the message names together with the nearest known one; a malformed enum; types
    /// nested more than 16 deep.
    pub fn read(&self, notation: &Value) -> Result<Type, TypeError> {
        self.read_within(notation, MAX_DEPTH)
    }

    fn read_within(&self, notation: &Value, depth: usize) -> Result<Type, TypeError> {
        if depth == 0 {
            return Err(TypeError::new("the type is nested more than 16 deep", &[]));
        }
        match notation {
            Value::String(name) => self.named(name),
            Value::Map(map) if map.len() == 1 => {
                let element = |value| self.read_within(value, depth - 1).map(Box::new);
                match map.iter().next() {
                    Some((key, value)) if key == "array" => element(value).map(Type::Array),
                    Some((key, value)) if key == "map" => element(value).map(Type::MapOf),
                    Some((key, value)) if key == "enum" => read_enum(value),
                    Some((key, _)) => {
                        let advice = "\" is unknown; use \"array\", \"map\" or \"enum\"";
                        Err(TypeError::new("the type \"%%", &[key, advice]))
                    }
                    None => Err(malformed(notation)),
                }
            }
            _ => Err(malformed(notation)),
        }
    }

    fn named(&self, name: &str) -> Result<Type, TypeError> {
        if let Some((_, built_in)) = BUILT_IN.iter().find(|(known, _)| *known == name) {
            return Ok(built_in.clone());
        }
        if let Some(custom) = self.get(name) {
            return Ok(Type::Custom(custom.clone()));
        }
        let known = || BUILT_IN.iter().map(|(known, _)| *known).chain(self.names());
        if let Some(near) = nearest(name, known()) {
            return Err(TypeError::new("the type \"%\" is unknown; did you mean \"%\"?", &[name, near]));
        }
        let mut error = TypeError::new("the type \"%\" is unknown; the types are ", &[name]);
        for (at, name) in known().enumerate() {
            error.push(&[if at > 0 { ", \"" } else { "\"" }, name, "\""]);
        }
        Err(error)
    }
}

/// Whether a built-in type, or one that takes an element, has that name.
pub(super) fn is_built_in(name: &str) -> bool {
    name == "array" || name == "enum" || BUILT_IN.iter().any(|(known, _)| *known == name)
}

fn read_enum(notation: &Value) -> Result<Type, TypeError> {
    let malformed = || {
        TypeError::new(
            "the members of an enum are a list of names, or of pairs of name and stored value",
            &[],
        )
    };
    let mut members = Vec::new();
    for member in notation.as_list().ok_or_else(malformed)? {
        let (name, stored) = match member {
            Value::String(name) => (name, member),
            Value::List(pair) => match pair.as_slice() {
                [Value::String(name), stored] => (name, stored),
                _ => return Err(malformed()),
            },
            _ => return Err(malformed()),
        };
        members.push((name, stored.clone()));
    }
    Enum::with_stored(members).map(|members| Type::Enum(Arc::new(members)))
}

fn malformed(notation: &Value) -> TypeError {
    let advice =
        " is no type; write a name such as \"string\", {\"array\": ..}, {\"map\": ..} or {\"enum\": [..]}";
    TypeError::new("%%", &[notation.kind(), advice])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(notation: impl Into<Value>) -> String {
        Type::from_notation(&notation.into()).unwrap_err().message().into()
    }

    #[test]
    fn every_type_reads_back() {
        for (name, built_in) in &BUILT_IN {
            let notation = Value::from(*name);
            assert_eq!(Type::from_notation(&notation).as_ref(), Ok(built_in));
            assert_eq!(built_in.to_notation(), notation);
        }
        let names = one("enum", ["draft", "paid"].into());
        let pairs = one("enum", [Value::from([Value::from("low"), 1.into()])].into());
        for notation in [one("array", one("map", "date".into())), one("array", names), pairs] {
            assert_eq!(Type::from_notation(&notation).unwrap().to_notation(), notation);
        }
    }

    #[test]
    fn types_are_described_in_words() {
        let status = Type::from_notation(&one("enum", ["draft", "paid"].into())).unwrap();
        assert_eq!(
            Type::MapOf(Box::new(Type::Array(Box::new(status)))).describe(),
            "map of array of enum of draft, paid"
        );
        assert_eq!(Type::Any.describe(), "any");
    }

    #[test]
    fn errors_name_the_type_and_what_would_be_right() {
        assert_eq!(message("interger"), "the type \"interger\" is unknown; did you mean \"integer\"?");
        assert!(
            message("zzz").starts_with("the type \"zzz\" is unknown; the types are \"id\", \"binary_id\"")
        );
        assert_eq!(
            message(one("array", "strng".into())),
            "the type \"strng\" is unknown; did you mean \"string\"?"
        );
        assert!(
            message(one("list", "string".into())).starts_with("the type \"list\" is unknown; use \"array\"")
        );
        assert!(message(1).starts_with("an integer is no type"));
        assert!(message(one("enum", "a".into())).starts_with("the members of an enum are a list"));
        assert_eq!(message(one("enum", ["a", "a"].into())), "the enum member \"a\" stands twice");
        let deep = (0..50).fold(Value::from("string"), |inner, _| one("array", inner));
        assert_eq!(message(deep), "the type is nested more than 16 deep");
    }
}
