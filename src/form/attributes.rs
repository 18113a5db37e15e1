//! HTML attributes from rules, never stricter than the rules.
//!
//! What HTML refuses, the changeset must refuse too: a page that stops a person from sending what the server would
//! take is broken. So an attribute is given only where that can be shown. The proofs rest on this:
//!
//! * HTML checks a length and a pattern, a bound and a step only where a value was typed; so do rules.
//! * HTML counts UTF-16 units. A code point is one or two of them; a grapheme is any number of code points; a unit
//!   is one to three bytes of UTF-8. A text area counts a line break as one unit and sends it as two code points, which
//!   are one grapheme.
//! * A rule looks at changes only. What the data already holds is never refused, so an attribute that it breaks is not
//!   given.
//! * What counts as empty (white space does) becomes null and meets no rule but that a value is required.
//! * Of a field that the pipeline rewrites before it is validated, the text typed tells nothing.

use super::field::Form;
use super::input::Constraints;
use super::pipeline;
use crate::changeset::{Change, Parts};
use crate::pattern::Pattern;
use crate::rules::{Choices, Count, Length, NumberKind, Rule};
use crate::types::Type;
use crate::value::{Decimal, Map, Str, Value, to_text};
use alloc::string::String;
use core::cmp::Ordering;

impl Form<'_> {
    /// The HTML attributes of the input of `field`, as far as they follow from the rules the changeset went through:
    ///
    /// | attribute | given |
    /// |---|---|
    /// | `required` | for a required field that has no default, unless it is a list or a box; for a box that must be accepted |
    /// | `minlength` | for a length of a required text: the number for graphemes, half of it for code points, a third for bytes |
    /// | `maxlength` | for a length of a required text counted in code points (twice the number) or bytes; never in graphemes, since one may be of any length |
    /// | `min`, `max` | for bounds of a number; `greater_than` 0 is 1 for an integer and 0 for others |
    /// | `step` | 1 for integers, "any" for other numbers and for times |
    /// | `pattern` | for a format, unless it needs case folding beyond ASCII |
    /// | `multiple` | for a list of choices |
    ///
    /// A conditional rule counts while its condition holds. No attribute refuses what the rules accept, so a page may
    /// check its inputs before it asks the changeset.
    pub fn attributes(&self, field: &str) -> Map {
        let mut attributes = Map::new();
        let constraints = Constraints::of(&self.input_type(field));
        let kind = self.parts().schema().field_type(field);
        if let (Some(Type::Array(_)), Constraints::Presence) = (kind, constraints) {
            attributes.set("multiple", true);
        }
        let required = match constraints {
            Constraints::None => false,
            Constraints::Tick => self.rules(field).any(|rule| matches!(rule, Rule::Acceptance(_))),
            _ => self.blank_is_an_error(field),
        };
        if required {
            attributes.set("required", true);
        }
        let checked = !self.is_rewritten(field);
        // Without it, an integer in the form would be refused for an empty value that is none, such as "1.5".
        let plain = required || self.only_blank_is_empty();
        match (constraints, kind) {
            (Constraints::Text | Constraints::Textarea, Some(Type::String | Type::Binary)) if checked => {
                if required {
                    self.length(field, &mut attributes);
                }
                if constraints == Constraints::Text && plain {
                    self.pattern(field, required, &mut attributes);
                }
            }
            (Constraints::Number, Some(kind)) => {
                let whole = matches!(kind, Type::Integer | Type::Id);
                if checked && plain {
                    self.bounds(field, whole, &mut attributes);
                }
                // Steps count from `min`, or else from the value the input starts with.
                let starts_whole = attributes.contains_key("min") || self.starts_whole(field, kind);
                let step = whole && plain && self.is_permitted(field) && starts_whole;
                attributes.set("step", if step { Value::Integer(1) } else { any() });
            }
            (Constraints::Number, None) | (Constraints::Time, _) => {
                attributes.set("step", any());
            }
            _ => {}
        }
        attributes
    }

    /// Whether an empty text for `field` is sure to be an error.
    fn blank_is_an_error(&self, field: &str) -> bool {
        let parts = self.parts();
        let Some(found) = parts.schema().field(field) else { return false };
        let empty = |value: &Value| value.is_null() || parts.empty_values.contains(value);
        parts.required.iter().any(|name| name == field)
            && self.is_permitted(field)
            && !self.is_rewritten(field)
            && parts.empty_values.iter().any(|value| value.as_str() == Some(""))
            && (parts.schema().is_schemaless() || empty(&found.default))
            // Nothing chosen in a list is nothing sent, which leaves the data as they are.
            && !matches!(found.value_type(), None | Some(Type::Array(_) | Type::Map | Type::MapOf(_)))
    }

    /// Whether nothing but white space counts as empty.
    fn only_blank_is_empty(&self) -> bool {
        let is_blank = |value: &Value| value.as_str().is_none_or(str::is_empty);
        self.parts().empty_values.iter().all(is_blank)
            && !self.steps().is_some_and(pipeline::sets_empty_values)
    }

    fn is_permitted(&self, field: &str) -> bool {
        self.steps().is_none_or(|steps| pipeline::permits(steps, field))
    }

    /// Whether rules may see another value of `field` than the one typed, or see none.
    fn is_rewritten(&self, field: &str) -> bool {
        if let Some(steps) = self.steps() {
            return !pipeline::permits(steps, field) || pipeline::rewrites(steps, field);
        }
        let parts = self.parts();
        let param = parts.params.as_ref().and_then(|params| params.get(field));
        match (parts.schema().field_type(field), param, parts.change(field)) {
            (Some(kind), Some(param), Some(Change::Value(value))) => {
                !kind.cast(param).is_ok_and(|cast| kind.equal(&cast, value))
            }
            _ => false,
        }
    }

    /// Whether the value the input starts with is no fraction.
    fn starts_whole(&self, field: &str, kind: &Type) -> bool {
        let value = self.value(field);
        value.is_null() || value.as_str() == Some("") || kind.cast(value).is_ok()
    }

    fn length(&self, field: &str, attributes: &mut Map) {
        let (mut low, mut high) = (0, u64::MAX);
        for rule in self.rules(field) {
            if let Rule::Length(length) = rule {
                let (least, most) = units(length);
                low = low.max(least);
                high = high.min(most);
            }
        }
        // The units of the data, without the line breaks' second half, which an input does not count.
        let data: &str = text_of_data(self.parts(), field).unwrap_or_default();
        let count: usize = data.chars().filter(|character| *character != '\r').map(char::len_utf16).sum();
        if low > 0 && (count == 0 || count as u64 >= low) {
            put_count(attributes, "minlength", low);
        }
        if high < u64::MAX && count as u64 <= high {
            put_count(attributes, "maxlength", high);
        }
    }

    fn pattern(&self, field: &str, required: bool, attributes: &mut Map) {
        let data = text_of_data(self.parts(), field).unwrap_or_default();
        let admits = |pattern: &Pattern| data.is_empty() || pattern.is_match(data);
        let patterns = self.rules(field).filter_map(|rule| match rule {
            Rule::Format(pattern, _) if admits(pattern) => html_pattern(pattern, required),
            _ => None,
        });
        if let Some(pattern) = { patterns }.next() {
            attributes.set("pattern", pattern);
        }
    }

    fn bounds(&self, field: &str, whole: bool, attributes: &mut Map) {
        let mut low = Bound { value: None, side: Ordering::Less };
        let mut high = Bound { value: None, side: Ordering::Greater };
        for rule in self.rules(field) {
            match rule {
                Rule::Number(number) => {
                    for (kind, target) in &number.bounds {
                        match kind {
                            NumberKind::GreaterThan => low.tighten(target, whole, 1),
                            NumberKind::GreaterThanOrEqualTo => low.tighten(target, whole, 0),
                            NumberKind::LessThan => high.tighten(target, whole, -1),
                            NumberKind::LessThanOrEqualTo => high.tighten(target, whole, 0),
                            NumberKind::EqualTo => {
                                low.tighten(target, whole, 0);
                                high.tighten(target, whole, 0);
                            }
                            NumberKind::NotEqualTo => {}
                        }
                    }
                }
                Rule::Inclusion(choices, _) if whole => {
                    if let Choices::Range(first, last) = &**choices {
                        low.tighten(&Value::Integer(*first), true, 0);
                        high.tighten(&Value::Integer(*last), true, 0);
                    }
                }
                _ => {}
            }
        }
        let position = self.parts().schema().position(field);
        let data = position.and_then(|position| self.parts().data.slot(position).value().to_decimal());
        for (name, bound) in [("min", low), ("max", high)] {
            if let Some((number, value)) = bound.value
                && data.as_ref().is_none_or(|data| data.compare(&number) != bound.side)
            {
                let text = if whole { Some(value.clone()) } else { to_text(&value).map(Value::from) };
                attributes.set(name, text.unwrap_or_default());
            }
        }
    }
}

/// The fewest and the most UTF-16 units that a text of the length can have.
fn units(length: &Length) -> (u64, u64) {
    let low = length.is.max(length.min).unwrap_or(0);
    let high = length.is.into_iter().chain(length.max).min().unwrap_or(u64::MAX);
    match length.count.unwrap_or_default() {
        Count::Graphemes => (low, u64::MAX),
        Count::Codepoints => (low.div_ceil(2), high.saturating_mul(2)),
        Count::Bytes => (low.div_ceil(3), high),
    }
}

fn put_count(attributes: &mut Map, name: &'static str, count: u64) {
    // HTML reads no larger one.
    if count <= i32::MAX as u64 {
        attributes.set(name, count as i64);
    }
}

/// A bound of a number, and on which side of it a value is refused.
struct Bound {
    value: Option<(Decimal, Value)>,
    side: Ordering,
}

impl Bound {
    /// Takes the bound if it is tighter. An input of whole numbers counts its steps from `min`, so that only a whole
    /// one will do, from which `shift` leads to the first number that is accepted.
    fn tighten(&mut self, target: &Value, whole: bool, shift: i64) {
        let value = match target {
            Value::Integer(number) if whole => match number.checked_add(shift) {
                Some(number) => Value::Integer(number),
                None => return,
            },
            _ if whole => return,
            other => other.clone(),
        };
        let Some(number) = value.to_decimal() else { return };
        if self.value.as_ref().is_none_or(|(old, _)| old.compare(&number) == self.side) {
            self.value = Some((number, value));
        }
    }
}

fn any() -> Value {
    Value::String(Str::Static("any"))
}

fn text_of_data<'a>(parts: &'a Parts, field: &str) -> Option<&'a str> {
    parts.data.slot(parts.schema().position(field)?).value().as_str()
}

/// White space as casts trim it.
const BLANK: &str = r"[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*";

/// A pattern as HTML takes it, which is tied to the whole text and read with the flag `v`; none if it can't be said
/// so. A text that is blank passes unless it is `required`.
fn html_pattern(pattern: &Pattern, required: bool) -> Option<String> {
    let (source, flags) = pattern.to_js();
    // With `v`, doubled punctuation within a class is reserved.
    let doubled = |pair: &[u8]| pair[0] == pair[1] && b"!%,:;<=>@`".contains(&pair[0]);
    if flags != "u" || source.as_bytes().windows(2).any(doubled) {
        return None;
    }
    // The same, for engines that read `[^]` with `v` as nothing.
    let source = with_any_spelled_out(&source);
    // Without alternatives, what stands at the edges holds for the whole pattern.
    let single = !source.bytes().any(|byte| byte == b'|');
    let (tied, rest) = match source.strip_prefix('^') {
        Some(rest) if single => (true, rest),
        _ => (false, source.as_str()),
    };
    let (tied_end, rest) = match rest.strip_suffix('$') {
        Some(rest) if single && !rest.ends_with('\\') => (true, rest),
        _ => (false, rest),
    };
    let mut out = String::with_capacity(source.len() + 16);
    if !required {
        out.push_str(BLANK);
        out.push('|');
    }
    out.push_str(if tied { "" } else { r"[\s\S]*" });
    let group = !single;
    out.push_str(if group { "(?:" } else { "" });
    out.push_str(rest);
    out.push_str(if group { ")" } else { "" });
    out.push_str(if tied_end { "" } else { r"[\s\S]*" });
    Some(out)
}

/// `[\s\S]` in place of `[^]`: searching for text in text costs a page a kilobyte.
fn with_any_spelled_out(source: &str) -> String {
    let mut out = String::with_capacity(source.len() + 16);
    let mut rest = source.chars();
    while let Some(character) = rest.next() {
        match (character, rest.as_str().strip_prefix("^]")) {
            ('[', Some(after)) => {
                out.push_str(r"[\s\S]");
                rest = after.chars();
            }
            _ => out.push(character),
        }
    }
    out
}
