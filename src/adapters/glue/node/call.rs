//! The functions that SQL fragments may call.

use super::text::{MAX_TEXT, initcap, pad, replacement, split_part, substring, too_long};
use super::{Node, Row};
use crate::adapters::glue::value::{
    Arithmetic, Cast, Fault, Unit, arithmetic, cast, compare, contains, equal, extract, rounded, text_of,
    truncate,
};
use crate::value::{Decimal, Value};
use core::cmp::Ordering;
use std::borrow::Cow;

macro_rules! functions {
    ($($name:ident $least:literal $most:literal $($text:literal)+;)*) => {
        /// A function of values. Where nothing else is said, it is null when an argument is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(in super::super) enum Function { $($name,)* }

        impl Function {
            /// The function of that name, in lower case.
            pub(in super::super) fn named(name: &str) -> Option<Function> {
                match name { $($($text)|+ => Some(Function::$name),)* _ => None }
            }

            /// The least and the greatest number of arguments.
            pub(in super::super) fn arity(self) -> (usize, usize) {
                match self { $(Function::$name => ($least, $most),)* }
            }
        }
    };
}

functions! {
    Lower 1 1 "lower";
    Upper 1 1 "upper";
    Initcap 1 1 "initcap";
    Length 1 1 "length" "char_length" "character_length";
    OctetLength 1 1 "octet_length";
    Trim 1 2 "trim" "btrim";
    LeftTrim 1 2 "ltrim";
    RightTrim 1 2 "rtrim";
    Substring 2 3 "substring" "substr";
    Replace 3 3 "replace";
    Concat 1 99 "concat";
    ConcatWs 2 99 "concat_ws";
    Join 2 2 "||";
    Left 2 2 "left";
    Right 2 2 "right";
    PadLeft 2 3 "lpad";
    PadRight 2 3 "rpad";
    Repeat 2 2 "repeat";
    Reverse 1 1 "reverse";
    SplitPart 3 3 "split_part";
    Position 2 2 "strpos";
    StartsWith 2 2 "starts_with";
    Ascii 1 1 "ascii";
    Chr 1 1 "chr";
    RegexpReplace 3 4 "regexp_replace";
    Abs 1 1 "abs";
    Ceiling 1 1 "ceil" "ceiling";
    Floor 1 1 "floor";
    Round 1 2 "round";
    Truncate 1 2 "trunc";
    Sign 1 1 "sign";
    SquareRoot 1 1 "sqrt";
    Power 2 2 "power" "pow";
    Modulo 2 2 "mod";
    Exponential 1 1 "exp";
    Logarithm 1 1 "ln";
    Logarithm10 1 1 "log" "log10";
    Greatest 1 99 "greatest";
    Least 1 99 "least";
    NullIf 2 2 "nullif";
    Now 0 0 "now" "current_timestamp" "statement_timestamp" "transaction_timestamp" "clock_timestamp";
    LocalNow 0 0 "localtimestamp";
    Today 0 0 "current_date";
    DateTrunc 2 2 "date_trunc";
    Extract 2 2 "extract";
    DatePart 2 2 "date_part";
    Date 1 1 "date";
    MakeDate 3 3 "make_date";
    ArrayLength 1 2 "cardinality" "array_length";
    ArrayPosition 2 2 "array_position";
    ArrayAppend 2 2 "array_append";
    ArrayPrepend 2 2 "array_prepend";
    ArrayRemove 2 2 "array_remove";
    ArrayConcat 2 2 "array_cat";
    ArrayToString 2 2 "array_to_string";
    StringToArray 2 2 "string_to_array";
    Overlaps 2 2 "&&";
    Contains 2 2 "@>";
    ContainedBy 2 2 "<@";
    HasKey 2 2 "?" "jsonb_exists";
    JsonLength 1 1 "jsonb_array_length" "json_array_length";
    JsonType 1 1 "jsonb_typeof" "json_typeof";
    ToJson 1 1 "to_json" "to_jsonb";
    BuildObject 0 99 "jsonb_build_object" "json_build_object";
    BuildArray 0 99 "jsonb_build_array" "json_build_array";
    IsTrue 1 1 "is true";
    IsFalse 1 1 "is false";
}

impl Function {
    /// Whether the result may differ between two calls with the same arguments.
    pub(in super::super) fn is_volatile(self) -> bool {
        false
    }

    fn takes_null(self) -> bool {
        matches!(
            self,
            Function::Concat
                | Function::ConcatWs
                | Function::Greatest
                | Function::Least
                | Function::NullIf
                | Function::ArrayAppend
                | Function::ArrayPrepend
                | Function::ArrayRemove
                | Function::ArrayPosition
                | Function::BuildObject
                | Function::BuildArray
                | Function::IsTrue
                | Function::IsFalse
        )
    }

    pub(super) fn call<'r>(self, operands: &'r [Node], row: &Row<'r>) -> Result<Cow<'r, Value>, Fault> {
        let mut values = Vec::with_capacity(operands.len());
        for operand in operands {
            let value = operand.value(row)?;
            if value.is_null() && !self.takes_null() {
                return Ok(value);
            }
            values.push(value);
        }
        let values: Vec<&Value> = values.iter().map(|value| &**value).collect();
        self.apply(&values, row).map(Cow::Owned)
    }

    fn apply(self, values: &[&Value], row: &Row<'_>) -> Result<Value, Fault> {
        let text = |at: usize| values.get(at).map(|value| text_of(value)).unwrap_or_default();
        let integer = |at: usize| match values.get(at) {
            Some(value) => cast(value, &Cast::Integer).map(|value| value.as_integer().unwrap_or(0)),
            None => Ok(0),
        };
        let list = |at: usize| match values.get(at) {
            Some(Value::List(list)) => Ok(list.as_slice()),
            Some(Value::Null) | None => Ok(&[][..]),
            Some(other) => Err(Fault::new("datatype_mismatch", format!("not an array: {}", other.kind()))),
        };
        Ok(match self {
            Function::Lower => text(0).to_lowercase().into(),
            Function::Upper => text(0).to_uppercase().into(),
            Function::Initcap => initcap(&text(0)).into(),
            Function::Length => match values[0] {
                Value::Binary(bytes) => Value::Integer(bytes.len() as i64),
                _ => Value::Integer(text(0).chars().count() as i64),
            },
            Function::OctetLength => {
                Value::Integer(values[0].as_bytes().map_or_else(|| text(0).len(), <[u8]>::len) as i64)
            }
            Function::Trim | Function::LeftTrim | Function::RightTrim => {
                let (text, chars) = (text(0), if values.len() > 1 { text(1) } else { " ".to_owned() });
                let drop = |char: char| chars.contains(char);
                match self {
                    Function::Trim => text.trim_matches(drop),
                    Function::LeftTrim => text.trim_start_matches(drop),
                    _ => text.trim_end_matches(drop),
                }
                .into()
            }
            Function::Substring => {
                substring(&text(0), integer(1)?, if values.len() > 2 { Some(integer(2)?) } else { None })?
                    .into()
            }
            Function::Replace => match text(1).as_str() {
                "" => text(0).into(),
                from => text(0).replace(from, &text(2)).into(),
            },
            Function::Concat => values
                .iter()
                .filter(|value| !value.is_null())
                .map(|value| text_of(value))
                .collect::<String>()
                .into(),
            Function::ConcatWs if values[0].is_null() => Value::Null,
            Function::ConcatWs => values[1..]
                .iter()
                .filter(|value| !value.is_null())
                .map(|value| text_of(value))
                .collect::<Vec<_>>()
                .join(&text(0))
                .into(),
            Function::Join => join(values[0], values[1]),
            Function::Left | Function::Right => {
                let (text, count) = (text(0), integer(1)?);
                let length = text.chars().count() as i64;
                let keep = if count < 0 { (length + count).max(0) } else { count.min(length) };
                if self == Function::Left {
                    text.chars().take(keep as usize).collect::<String>().into()
                } else {
                    text.chars().skip((length - keep) as usize).collect::<String>().into()
                }
            }
            Function::PadLeft | Function::PadRight => {
                let fill = if values.len() > 2 { text(2) } else { " ".to_owned() };
                pad(&text(0), integer(1)?, &fill, self == Function::PadLeft)?.into()
            }
            Function::Repeat => {
                let (text, count) = (text(0), integer(1)?.max(0) as usize);
                if text.len().saturating_mul(count) > MAX_TEXT {
                    return Err(too_long());
                }
                text.repeat(count).into()
            }
            Function::Reverse => text(0).chars().rev().collect::<String>().into(),
            Function::SplitPart => split_part(&text(0), &text(1), integer(2)?)?.into(),
            Function::Position => {
                let (whole, part) = (text(0), text(1));
                Value::Integer(whole.find(&part).map_or(0, |at| whole[..at].chars().count() as i64 + 1))
            }
            Function::StartsWith => text(0).starts_with(&text(1)).into(),
            Function::Ascii => {
                Value::Integer(text(0).chars().next().map_or(0, |char| i64::from(u32::from(char))))
            }
            Function::Chr => u32::try_from(integer(0)?)
                .ok()
                .and_then(char::from_u32)
                .map(|char| char.to_string().into())
                .ok_or_else(|| Fault::new("program_limit_exceeded", "no character of that number"))?,
            Function::RegexpReplace => {
                let flags = text(3);
                let regex = regex::RegexBuilder::new(&text(1))
                    .case_insensitive(flags.contains('i'))
                    .size_limit(1 << 20)
                    .build()
                    .map_err(|error| Fault::new("invalid_regular_expression", error.to_string()))?;
                // PostgreSQL's groups are \1; those of the engine ${1}.
                let by = replacement(&text(2));
                let count = usize::from(!flags.contains('g'));
                regex.replacen(&text(0), count, by.as_str()).into_owned().into()
            }
            Function::Abs => match values[0] {
                Value::Integer(number) => {
                    Value::Integer(number.checked_abs().ok_or_else(|| Fault::out_of_range("bigint"))?)
                }
                Value::Float(number) => Value::Float(number.abs()),
                value if compare(value, &Value::Integer(0)) == Some(Ordering::Less) => {
                    super::super::value::negate(value)?
                }
                value => value.clone(),
            },
            Function::Ceiling | Function::Floor | Function::Round | Function::Truncate => {
                self.rounded(values[0], if values.len() > 1 { Some(integer(1)?) } else { None })?
            }
            Function::Sign => {
                let sign = compare(values[0], &Value::Integer(0)).map_or(0, |ordering| ordering as i64);
                match values[0] {
                    Value::Float(_) => Value::Float(sign as f64),
                    _ => Value::Decimal(Decimal::from_i64(sign)),
                }
            }
            Function::SquareRoot => float(values[0], f64::sqrt)?,
            Function::Exponential => float(values[0], f64::exp)?,
            Function::Logarithm => float(values[0], f64::ln)?,
            Function::Logarithm10 => float(values[0], f64::log10)?,
            Function::Power => {
                let power = cast(values[1], &Cast::Float)?;
                float(values[0], |base| base.powf(if let Value::Float(power) = power { power } else { 1.0 }))?
            }
            Function::Modulo => arithmetic(Arithmetic::Remainder, values[0], values[1])?,
            Function::Greatest | Function::Least => {
                let wanted = if self == Function::Greatest { Ordering::Greater } else { Ordering::Less };
                let mut best: Option<&Value> = None;
                for value in values.iter().filter(|value| !value.is_null()) {
                    if best.is_none_or(|best| compare(value, best) == Some(wanted)) {
                        best = Some(value);
                    }
                }
                best.cloned().unwrap_or_default()
            }
            Function::NullIf if equal(values[0], values[1]) == Some(true) => Value::Null,
            Function::NullIf => values[0].clone(),
            Function::Now => row.env.now.map_or(Value::Null, Value::UtcDatetime),
            Function::LocalNow => row.env.now.map_or(Value::Null, |now| Value::NaiveDatetime(now.naive())),
            Function::Today => row.env.now.map_or(Value::Null, |now| Value::Date(now.naive().date())),
            Function::DateTrunc => {
                let name = text(0);
                let unit = Unit::named(&name).ok_or_else(|| {
                    Fault::new("invalid_parameter_value", format!("no unit {name:?} of time"))
                })?;
                truncate(unit, values[1])?
            }
            Function::Extract => extract(&text(0), values[1])?,
            Function::DatePart => cast(&extract(&text(0), values[1])?, &Cast::Float)?,
            Function::Date => cast(values[0], &Cast::Date)?,
            Function::MakeDate => crate::value::Date::new(integer(0)?, integer(1)?, integer(2)?)
                .map(Value::Date)
                .ok_or_else(|| Fault::new("datetime_field_overflow", "no such date"))?,
            Function::ArrayLength => match (list(0)?.len(), values.len()) {
                // The length of an empty dimension is null.
                (0, 2) => Value::Null,
                (length, _) => Value::Integer(length as i64),
            },
            Function::ArrayPosition => list(0)?
                .iter()
                .position(|element| equal(element, values[1]) == Some(true))
                .map_or(Value::Null, |at| Value::Integer(at as i64 + 1)),
            Function::ArrayAppend => Value::List(list(0)?.iter().chain([values[1]]).cloned().collect()),
            Function::ArrayPrepend => Value::List([values[0]].into_iter().chain(list(1)?).cloned().collect()),
            Function::ArrayRemove if values[0].is_null() => Value::Null,
            Function::ArrayRemove => Value::List(
                list(0)?
                    .iter()
                    .filter(|element| match (element, values[1]) {
                        (Value::Null, Value::Null) => false,
                        (element, value) => equal(element, value) != Some(true),
                    })
                    .cloned()
                    .collect(),
            ),
            Function::ArrayConcat => Value::List(list(0)?.iter().chain(list(1)?).cloned().collect()),
            Function::ArrayToString => list(0)?
                .iter()
                .filter(|value| !value.is_null())
                .map(text_of)
                .collect::<Vec<_>>()
                .join(&text(1))
                .into(),
            Function::StringToArray => match text(0).as_str() {
                "" => Value::List(Vec::new()),
                whole => Value::List(whole.split(text(1).as_str()).map(Value::from).collect()),
            },
            Function::Overlaps => {
                let right = list(1)?;
                list(0)?.iter().any(|a| right.iter().any(|b| equal(a, b) == Some(true))).into()
            }
            Function::Contains => contains(values[0], &*json_side(values[0], values[1])?).into(),
            Function::ContainedBy => contains(values[1], &*json_side(values[1], values[0])?).into(),
            Function::HasKey => match values[0] {
                Value::Map(map) => map.contains_key(&text(1)).into(),
                Value::List(list) => {
                    list.iter().any(|element| equal(element, values[1]) == Some(true)).into()
                }
                _ => false.into(),
            },
            Function::JsonLength => Value::Integer(list(0)?.len() as i64),
            Function::JsonType => match values[0] {
                Value::Map(_) => "object",
                Value::List(_) => "array",
                Value::Bool(_) => "boolean",
                Value::Integer(_) | Value::Float(_) | Value::Decimal(_) => "number",
                Value::Null => "null",
                _ => "string",
            }
            .into(),
            Function::ToJson => values[0].clone(),
            Function::BuildObject => {
                let mut map = crate::value::Map::new();
                for pair in values.chunks(2) {
                    if let [key, value] = pair {
                        map.insert(text_of(key), (*value).clone());
                    }
                }
                map.into()
            }
            Function::BuildArray => Value::List(values.iter().map(|value| (*value).clone()).collect()),
            Function::IsTrue => (values[0].as_bool() == Some(true)).into(),
            Function::IsFalse => (values[0].as_bool() == Some(false)).into(),
        })
    }

    fn rounded(self, value: &Value, scale: Option<i64>) -> Result<Value, Fault> {
        if let (Value::Float(number), None) = (value, scale) {
            return Ok(Value::Float(match self {
                Function::Ceiling => number.ceil(),
                Function::Floor => number.floor(),
                Function::Truncate => number.trunc(),
                _ => number.round_ties_even(),
            }));
        }
        let number = cast(value, &Cast::Decimal(None))?;
        let Some(number) = number.to_decimal() else { return Ok(Value::Null) };
        let scale = i32::try_from(scale.unwrap_or(0)).map_err(|_| Fault::out_of_range("numeric"))?;
        let rounded = rounded(&number, scale)?;
        if self == Function::Round {
            return Ok(Value::Decimal(rounded));
        }
        let unit = rounded_unit(scale)?;
        let off = match (self, rounded.compare(&number)) {
            (Function::Ceiling, Ordering::Less) => Some(Arithmetic::Add),
            (Function::Floor, Ordering::Greater) => Some(Arithmetic::Subtract),
            (Function::Truncate, Ordering::Greater) if !number.is_negative() => Some(Arithmetic::Subtract),
            (Function::Truncate, Ordering::Less) if number.is_negative() => Some(Arithmetic::Add),
            _ => None,
        };
        match off {
            Some(operation) => arithmetic(operation, &Value::Decimal(rounded), &unit),
            None => Ok(Value::Decimal(rounded)),
        }
    }
}

fn rounded_unit(scale: i32) -> Result<Value, Fault> {
    Decimal::from_parts(false, 1, -scale).map(Value::Decimal).ok_or_else(|| Fault::out_of_range("numeric"))
}

/// `||`: of lists a list, of maps a map, else a text.
fn join(left: &Value, right: &Value) -> Value {
    match (left, right) {
        (Value::List(a), Value::List(b)) => Value::List(a.iter().chain(b).cloned().collect()),
        (Value::List(a), b) => Value::List(a.iter().chain([b]).cloned().collect()),
        (a, Value::List(b)) => Value::List([a].into_iter().chain(b).cloned().collect()),
        (Value::Map(a), Value::Map(b)) => {
            let mut map = a.clone();
            for (key, value) in b.iter() {
                map.insert(key.clone(), value.clone());
            }
            map.into()
        }
        _ => (text_of(left) + &text_of(right)).into(),
    }
}

/// The other side of `@>`: a text beside JSON is read as JSON.
fn json_side<'v>(whole: &Value, part: &'v Value) -> Result<Cow<'v, Value>, Fault> {
    match (whole, part) {
        (Value::Map(_) | Value::List(_), Value::String(_)) => cast(part, &Cast::Json).map(Cow::Owned),
        _ => Ok(Cow::Borrowed(part)),
    }
}

fn float(value: &Value, of: impl FnOnce(f64) -> f64) -> Result<Value, Fault> {
    match cast(value, &Cast::Float)? {
        Value::Float(number) => match of(number) {
            result if result.is_nan() => {
                Err(Fault::new("invalid_argument_for_power_function", "the result is no number"))
            }
            result => Ok(Value::Float(result)),
        },
        _ => Ok(Value::Null),
    }
}
