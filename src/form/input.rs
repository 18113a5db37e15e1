//! The type of a field's input.

use super::field::Form;
use crate::rules::Rule;
use crate::schema::Field;
use crate::types::{Enum, Type};
use crate::value::{Str, Value};

/// What HTML lets constrain in an input of some type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Constraints {
    /// A length, and a pattern.
    Text,
    /// A length.
    Textarea,
    /// Bounds and steps.
    Number,
    /// Steps, of seconds.
    Time,
    /// Nothing but that there is a value.
    Presence,
    /// That it is ticked.
    Tick,
    /// Nothing that follows from a rule.
    None,
}

impl Constraints {
    pub(super) fn of(input: &str) -> Self {
        match input {
            "text" | "search" | "url" | "tel" | "email" | "password" => Constraints::Text,
            "textarea" => Constraints::Textarea,
            "number" => Constraints::Number,
            "time" | "datetime-local" => Constraints::Time,
            "date" | "select" => Constraints::Presence,
            "checkbox" => Constraints::Tick,
            _ => Constraints::None,
        }
    }
}

impl Form<'_> {
    /// The type of the input of `field`: the one that was asked for, or else `number`, `checkbox`, `date`, `time`,
    /// `datetime-local`, `select` or `password` as the field is, and `text` in all other cases.
    ///
    /// Times with microseconds are text, since HTML's own inputs would cut them off. A confirmation is what the
    /// confirmed field is.
    pub fn input_type(&self, field: &str) -> Str {
        if let Some(Value::String(asked)) = self.types().get(field) {
            return asked.clone();
        }
        let parts = self.parts();
        if let Some(confirmed) = field.strip_suffix("_confirmation")
            && parts.schema().field(field).is_none()
            && self.rules(confirmed).any(|rule| matches!(rule, Rule::Confirmation(_)))
        {
            return self.input_type(confirmed);
        }
        Str::Static(match parts.schema().field(field) {
            _ if self.rules(field).any(|rule| matches!(rule, Rule::Acceptance(_))) => "checkbox",
            None => "text",
            Some(field) => own_type(field),
        })
    }

    /// The choices of `field` if it is an enum or a list of one, in the order they were defined; else none.
    pub fn choices(&self, field: &str) -> Option<impl Iterator<Item = &str>> {
        members(self.parts().schema().field_type(field)?).map(Enum::names)
    }
}

fn own_type(field: &Field) -> &'static str {
    match field.value_type() {
        Some(Type::Integer | Type::Id | Type::Float | Type::Decimal) => "number",
        Some(Type::Boolean) => "checkbox",
        Some(Type::Date) => "date",
        Some(Type::Time) => "time",
        Some(Type::NaiveDatetime | Type::UtcDatetime) => "datetime-local",
        Some(kind) if members(kind).is_some() => "select",
        Some(_) if field.redact => "password",
        _ => "text",
    }
}

fn members(kind: &Type) -> Option<&Enum> {
    match kind {
        Type::Enum(members) => Some(members),
        Type::Array(element) => members(element),
        _ => None,
    }
}
