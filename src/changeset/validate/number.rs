//! `validate_number`: a number within bounds.

use super::Changed;
use crate::changeset::error::{FieldError, validation};
use crate::mistake::Mistake;
use crate::rules::{Number, NumberKind};
use crate::value::{Str, Value};
use core::cmp::Ordering;

pub(super) fn check(changed: &Changed, number: &Number) -> Result<Option<FieldError>, Mistake> {
    let value = changed.plain()?;
    let wrong = |what: &str, value: &Value| {
        Mistake::about(
            "validate_number on `%` expects % to be an integer, float or decimal, got %",
            &[&changed.field.name, what, value.kind()],
        )
    };
    if !is_number(value) {
        return Err(wrong("the value", value));
    }
    for (kind, target) in &number.bounds {
        match compare(value, target) {
            Some(ordering) if holds(*kind, ordering) => continue,
            Some(_) => {}
            // What was put without a cast may be no number, which is within no bounds.
            None if matches!(value, Value::Float(number) if number.is_nan()) => {}
            None => return Err(wrong(kind.name(), target)),
        }
        // A bound met by a decimal is compared, and reported, as a decimal.
        let target = match value {
            Value::Decimal(_) => target.to_decimal().map_or_else(|| target.clone(), Value::Decimal),
            _ => target.clone(),
        };
        let mut metadata = validation("number");
        metadata.set("kind", Value::String(Str::Static(kind.name())));
        metadata.set("number", target);
        let custom = number.message.as_ref().map(|(_, message)| message);
        return Ok(Some(FieldError::of_rule(&changed.field.name, custom, message(*kind), metadata)));
    }
    Ok(None)
}

/// Whether a number is within all bounds, and certainly one.
#[cfg(feature = "std")]
pub(in crate::changeset) fn is_within(value: &Value, number: &Number) -> bool {
    let is_met = |(kind, target): &(NumberKind, Value)| {
        compare(value, target).is_some_and(|ordering| holds(*kind, ordering))
    };
    is_number(value) && number.bounds.iter().all(is_met)
}

fn is_number(value: &Value) -> bool {
    matches!(value, Value::Integer(_) | Value::Float(_) | Value::Decimal(_))
}

/// Compares by number; none if one of the two is no number.
pub(crate) fn compare(value: &Value, target: &Value) -> Option<Ordering> {
    match (value, target) {
        (Value::Integer(a), Value::Integer(b)) => Some(a.cmp(b)),
        (Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
        // An integer that is a float, too: the decimals compare as the floats do.
        (Value::Float(a), Value::Integer(b)) if b.unsigned_abs() <= EXACT => a.partial_cmp(&(*b as f64)),
        _ => compare_further(value, target),
    }
}

/// Compares as decimals.
#[inline(never)]
fn compare_further(value: &Value, target: &Value) -> Option<Ordering> {
    Some(value.to_decimal()?.compare(&target.to_decimal()?))
}

/// 2^53: up to here every integer is a float.
const EXACT: u64 = 1 << 53;

/// Whether a bound holds of a number that compares so with its target.
pub(crate) fn holds(kind: NumberKind, ordering: Ordering) -> bool {
    match kind {
        NumberKind::LessThan => ordering.is_lt(),
        NumberKind::GreaterThan => ordering.is_gt(),
        NumberKind::LessThanOrEqualTo => ordering.is_le(),
        NumberKind::GreaterThanOrEqualTo => ordering.is_ge(),
        NumberKind::EqualTo => ordering.is_eq(),
        NumberKind::NotEqualTo => ordering.is_ne(),
    }
}

fn message(kind: NumberKind) -> &'static str {
    match kind {
        NumberKind::LessThan => "must be less than %{number}",
        NumberKind::GreaterThan => "must be greater than %{number}",
        NumberKind::LessThanOrEqualTo => "must be less than or equal to %{number}",
        NumberKind::GreaterThanOrEqualTo => "must be greater than or equal to %{number}",
        NumberKind::EqualTo => "must be equal to %{number}",
        NumberKind::NotEqualTo => "must be not equal to %{number}",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changeset::Changeset;
    use crate::schema::{Field, Record, Schema};
    use crate::types::Type;

    #[test]
    fn what_is_no_number_is_within_no_bounds() {
        let schema = Schema::build("Rate", "rates").field(Field::new("rate", Type::Float)).finish().unwrap();
        for (value, kind, is_valid) in [
            (f64::NAN, NumberKind::LessThan, false),
            (f64::NAN, NumberKind::NotEqualTo, false),
            (f64::INFINITY, NumberKind::GreaterThan, true),
            (f64::INFINITY, NumberKind::LessThan, false),
        ] {
            let changeset = Changeset::change(Record::new(&schema))
                .put_change("rate", value)
                .validate_number("rate", Number::new().bound(kind, 5.0));
            assert_eq!((changeset.valid, changeset.mistake.is_none()), (is_valid, true), "{value} {kind:?}");
        }
    }
}
