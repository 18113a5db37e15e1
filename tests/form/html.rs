//! What HTML says of a value: the constraint validation of the standard, for the attributes that forms give.

use ectomorph::value::{Map, Value, to_text};
use regex::Regex;
use std::sync::LazyLock;

/// An input as a page has it.
pub struct Input<'a> {
    pub kind: &'a str,
    pub attributes: &'a Map,
    /// The content attribute `value`, from which steps count.
    pub starts_with: &'a str,
}

impl Input<'_> {
    /// The value an input holds after a person entered `text`: the value sanitization algorithm.
    pub fn value(&self, text: &str) -> String {
        match self.kind {
            "textarea" => text.replace("\r\n", "\n").replace('\r', "\n"),
            "number" => {
                if number(text).is_some() {
                    text.to_string()
                } else {
                    String::new()
                }
            }
            _ => text.replace(['\r', '\n'], ""),
        }
    }

    /// What is sent for a value.
    pub fn sent(&self, value: &str) -> String {
        if self.kind == "textarea" { value.replace('\n', "\r\n") } else { value.to_string() }
    }

    /// The constraint that refuses the value, if one does.
    pub fn refuses(&self, value: &str) -> Option<&'static str> {
        if value.is_empty() {
            return self.attributes.get("required").map(|_| "required");
        }
        let units = value.encode_utf16().count() as i64;
        let number = number(value);
        let exceeds = |name: &str, test: fn(f64, f64) -> bool| matches!((number, self.number(name)), (Some(value), Some(bound)) if test(value, bound));
        let is_text = matches!(self.kind, "text" | "textarea" | "email");
        let is_number = self.kind == "number";
        let checks = [
            ("minlength", is_text && self.integer("minlength").is_some_and(|least| units < least)),
            ("maxlength", is_text && self.integer("maxlength").is_some_and(|most| units > most)),
            ("pattern", is_text && self.kind != "textarea" && !self.matches(value)),
            ("min", is_number && exceeds("min", |value, bound| value < bound)),
            ("max", is_number && exceeds("max", |value, bound| value > bound)),
            ("step", is_number && number.is_some_and(|number| !self.is_on_step(number))),
        ];
        checks.into_iter().find(|(_, refused)| *refused).map(|(name, _)| name)
    }

    fn matches(&self, value: &str) -> bool {
        match self.attributes.get("pattern").and_then(Value::as_str) {
            Some(pattern) => Regex::new(&format!("^(?:{pattern})$")).expect("a pattern").is_match(value),
            None => true,
        }
    }

    fn is_on_step(&self, value: f64) -> bool {
        let step = match self.attributes.get("step") {
            Some(Value::String(text)) if text == "any" => return true,
            _ => self.number("step").unwrap_or(1.0),
        };
        let base = self.number("min").or_else(|| number(self.starts_with)).unwrap_or(0.0);
        ((value - base) / step).fract() == 0.0
    }

    fn integer(&self, name: &str) -> Option<i64> {
        self.attributes.get(name).map(|value| value.as_integer().expect("an integer"))
    }

    fn number(&self, name: &str) -> Option<f64> {
        number(&to_text(self.attributes.get(name)?)?)
    }
}

static NUMBER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^-?([0-9]+|[0-9]*\.[0-9]+)([eE][-+]?[0-9]+)?$").expect("a pattern"));

/// A valid floating-point number of HTML.
fn number(text: &str) -> Option<f64> {
    let number: f64 = NUMBER.is_match(text).then(|| text.parse().ok())??;
    number.is_finite().then_some(number)
}

#[test]
fn the_reference_refuses_what_a_browser_refuses() {
    let input = |kind, attributes: &[(&str, Value)], value: &str| {
        let attributes = attributes.iter().cloned().collect();
        Input { kind, attributes: &attributes, starts_with: "1.5" }.refuses(value)
    };
    let cases = [
        ("text", vec![("required", true.into())], "", Some("required")),
        ("text", vec![("required", true.into())], " ", None),
        ("text", vec![("minlength", 2.into())], "", None),
        ("text", vec![("minlength", 2.into())], "a", Some("minlength")),
        ("text", vec![("minlength", 2.into())], "😀", None),
        ("text", vec![("maxlength", 1.into())], "😀", Some("maxlength")),
        ("text", vec![("pattern", "a|b".into())], "ab", Some("pattern")),
        ("textarea", vec![("pattern", "a|b".into())], "ab", None),
        ("number", vec![("min", 1.into())], "0.5", Some("min")),
        ("number", vec![("max", "1.5".into())], "1.6", Some("max")),
        ("number", vec![("step", 1.into())], "2", Some("step")),
        ("number", vec![("step", 1.into()), ("min", 0.into())], "2", None),
        ("number", vec![("step", "any".into())], "2", None),
    ];
    for (kind, attributes, value, expected) in cases {
        assert_eq!(input(kind, &attributes, value), expected, "for {kind} {attributes:?} {value:?}");
    }
}
