//! Finding the mistakes of an expression when a rule is defined, not when a user's input comes.

use super::document::too_deep;
use super::{Expr, ExprError, MAX_DEPTH, Operator};
use crate::types::Type;
use crate::value::Value;

/// What kind of value an expression gives. Only values of one kind can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Not known beforehand: the null literal, a field of type `any`.
    Any,
    /// A boolean: a condition.
    Boolean,
    /// An integer, float or decimal.
    Number,
    /// Text or binary data; UUIDs and members of enums are text too.
    String,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A date and time without zone.
    NaiveDatetime,
    /// An instant.
    UtcDatetime,
    /// A list.
    List,
    /// A map.
    Map,
}

/// The type of a field, `None` if there is no such field.
type Types<'a> = &'a dyn Fn(&str) -> Option<Type>;

impl Expr {
    /// What kind of value the expression gives, for fields of these types.
    ///
    /// ```
    /// use ectomorph::{expr::{Kind, field}, types::Type};
    /// let types = |name: &str| (name == "likes").then_some(Type::Integer);
    /// assert_eq!(field("likes").gt(5).check(&types), Ok(Kind::Boolean));
    /// let error = field("likes").gt("5").check(&types).unwrap_err();
    /// assert_eq!(error.to_string(), r#"$: ">" compares a number with a string"#);
    /// ```
    ///
    /// # Errors
    ///
    /// The first mistake: an unknown field (complete it with [`ExprError::suggest`]), a comparison of kinds that never
    /// compare, a comparison with null (`is_nil` is meant), an operand of the wrong kind (`and` of numbers),
    /// a literal that is no member of its enum, an expression deeper than [`MAX_DEPTH`].
    pub fn check(&self, types: &dyn Fn(&str) -> Option<Type>) -> Result<Kind, ExprError> {
        kind(self, types, MAX_DEPTH)
    }

    /// The same for an expression that must be a condition.
    ///
    /// # Errors
    ///
    /// Those of [`Expr::check`], and an expression that is not true or false.
    pub fn check_condition(&self, types: &dyn Fn(&str) -> Option<Type>) -> Result<(), ExprError> {
        match self.check(types)? {
            Kind::Boolean | Kind::Any => Ok(()),
            other => Err(ExprError::new(&["a condition is true or false, not ", other.in_words()])),
        }
    }
}

impl Kind {
    /// The kind of the values of a type.
    pub fn of_type(of: &Type) -> Kind {
        match of {
            Type::Id | Type::Integer | Type::Float | Type::Decimal => Kind::Number,
            Type::BinaryId | Type::Uuid | Type::String | Type::Binary | Type::Enum(_) => Kind::String,
            Type::Boolean => Kind::Boolean,
            Type::Map | Type::MapOf(_) => Kind::Map,
            Type::Array(_) => Kind::List,
            Type::Date => Kind::Date,
            Type::Time | Type::TimeUsec => Kind::Time,
            Type::NaiveDatetime | Type::NaiveDatetimeUsec => Kind::NaiveDatetime,
            Type::UtcDatetime | Type::UtcDatetimeUsec => Kind::UtcDatetime,
            Type::Any | Type::Custom(_) => Kind::Any,
        }
    }

    /// The kind of a value.
    pub fn of_value(value: &Value) -> Kind {
        match value {
            Value::Null => Kind::Any,
            Value::Bool(_) => Kind::Boolean,
            Value::Integer(_) | Value::Float(_) | Value::Decimal(_) => Kind::Number,
            Value::String(_) | Value::Binary(_) => Kind::String,
            Value::Date(_) => Kind::Date,
            Value::Time(_) => Kind::Time,
            Value::NaiveDatetime(_) => Kind::NaiveDatetime,
            Value::UtcDatetime(_) => Kind::UtcDatetime,
            Value::List(_) => Kind::List,
            Value::Map(_) => Kind::Map,
        }
    }

    /// The kind in words, for messages: "a number".
    pub fn in_words(self) -> &'static str {
        match self {
            Kind::Any => "a value of any kind",
            Kind::Boolean => "a boolean",
            Kind::Number => "a number",
            Kind::String => "a string",
            Kind::Date => "a date",
            Kind::Time => "a time",
            Kind::NaiveDatetime => "a naive datetime",
            Kind::UtcDatetime => "a UTC datetime",
            Kind::List => "a list",
            Kind::Map => "a map",
        }
    }

    fn fits(self, other: Kind) -> bool {
        self == other || self == Kind::Any || other == Kind::Any
    }
}

fn kind(expr: &Expr, types: Types, levels: usize) -> Result<Kind, ExprError> {
    let Some(levels) = levels.checked_sub(1) else { return Err(too_deep()) };
    let call = match expr {
        Expr::Literal(value) => return Ok(Kind::of_value(value)),
        Expr::Field(name) | Expr::Changed(name) => {
            let of = types(name).ok_or_else(|| ExprError::no_field(name))?;
            return Ok(if matches!(expr, Expr::Changed(_)) { Kind::Boolean } else { Kind::of_type(&of) });
        }
        Expr::Call(call) => call,
    };
    let operator = call.operator();
    let mut kinds = [Kind::Any; 2];
    for (at, operand) in call.operands().iter().enumerate() {
        let found = kind(operand, types, levels).map_err(|error| error.at(at + 1))?;
        takes(operator, at, found)?;
        kinds[at.min(1)] = found;
    }
    match (operator, call.operands()) {
        (Operator::Equal | Operator::NotEqual, [left, right]) => {
            not_null(operator, [left, right])?;
            comparable(operator, kinds).map_err(|error| tagged(error, [left, right], kinds))?;
            literal_member(left, right, types).map_err(|error| error.at(2))?;
            literal_member(right, left, types).map_err(|error| error.at(1))?;
        }
        (
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual,
            [left, right],
        ) => {
            not_null(operator, [left, right])?;
            comparable(operator, kinds).map_err(|error| tagged(error, [left, right], kinds))?;
            if let Some(kind) = kinds.iter().find(|kind| matches!(kind, Kind::List | Kind::Map)) {
                return Err(ExprError::new(&[
                    kind.in_words(),
                    " has no order; \"",
                    operator.name(),
                    "\" needs one",
                ]));
            }
        }
        (Operator::In, [left, right]) => elements(left, kinds[0], right, types)?,
        (Operator::Coalesce, _) => {
            comparable(operator, kinds)?;
            return Ok(if kinds[0] == Kind::Any { kinds[1] } else { kinds[0] });
        }
        (
            Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide | Operator::Length,
            _,
        ) => {
            return Ok(Kind::Number);
        }
        _ => {}
    }
    Ok(Kind::Boolean)
}

/// Whether an operand has a kind that the operator can do something with.
fn takes(operator: Operator, at: usize, found: Kind) -> Result<(), ExprError> {
    let wanted = match operator {
        Operator::And | Operator::Or | Operator::Not => Kind::Boolean,
        Operator::Like | Operator::Ilike => Kind::String,
        Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide => Kind::Number,
        Operator::In if at == 1 => Kind::List,
        Operator::Length if found != Kind::List => Kind::String,
        _ => found,
    };
    if found.fits(wanted) {
        return Ok(());
    }
    let or_list = if operator == Operator::Length { " or a list" } else { "" };
    let parts = ["\"", operator.name(), "\" takes ", wanted.in_words(), or_list, ", not ", found.in_words()];
    Err(ExprError::new(&parts).at(at + 1))
}

fn comparable(operator: Operator, [left, right]: [Kind; 2]) -> Result<(), ExprError> {
    if left.fits(right) {
        return Ok(());
    }
    let parts = ["\"", operator.name(), "\" compares ", left.in_words(), " with ", right.in_words()];
    Err(ExprError::new(&parts))
}

/// JSON has only text for a date, so a date as text is the likeliest slip in a document.
fn tagged(error: ExprError, operands: [&Expr; 2], [left, right]: [Kind; 2]) -> ExprError {
    let other = match operands {
        [_, Expr::Literal(Value::String(_))] => left,
        [Expr::Literal(Value::String(_)), _] => right,
        _ => return error,
    };
    error.with_advice(match other {
        Kind::Date => "; write a date as {\"$date\": ..}",
        Kind::Time => "; write a time as {\"$time\": ..}",
        Kind::NaiveDatetime => "; write a naive datetime as {\"$naive_datetime\": ..}",
        Kind::UtcDatetime => "; write a UTC datetime as {\"$utc_datetime\": ..}",
        _ => "",
    })
}

/// A comparison with null is never true: Ecto forbids it for the same reason.
fn not_null(operator: Operator, operands: [&Expr; 2]) -> Result<(), ExprError> {
    let null = operands.iter().position(|operand| matches!(operand, Expr::Literal(Value::Null)));
    let Some(at) = null else { return Ok(()) };
    let advice = "\" with null is never true; write [\"is_nil\", ..] or [\"not\", [\"is_nil\", ..]]";
    Err(ExprError::new(&["\"", operator.name(), advice]).at(at + 1))
}

/// The elements of the right operand of `in` must compare with the left one.
fn elements(sought: &Expr, kind: Kind, list: &Expr, types: Types) -> Result<(), ExprError> {
    match list {
        Expr::Literal(Value::List(list)) => {
            for (at, element) in list.iter().enumerate() {
                comparable(Operator::In, [kind, Kind::of_value(element)])
                    .and_then(|()| member(sought, element, types))
                    .map_err(|error| error.at(at + 1).at(2))?;
            }
            Ok(())
        }
        Expr::Field(name) => match types(name) {
            Some(Type::Array(element)) => comparable(Operator::In, [kind, Kind::of_type(&element)]),
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

fn literal_member(field: &Expr, literal: &Expr, types: Types) -> Result<(), ExprError> {
    if let Expr::Literal(value) = literal { member(field, value, types) } else { Ok(()) }
}

/// A literal compared with an enum must be a member of it.
fn member(field: &Expr, literal: &Value, types: Types) -> Result<(), ExprError> {
    let (Expr::Field(name), Value::String(text)) = (field, literal) else { return Ok(()) };
    let Some(Type::Enum(of)) = types(name) else { return Ok(()) };
    if of.names().any(|member| member == text.as_str()) {
        return Ok(());
    }
    Err(ExprError::new(&["\"", text, "\" is no member of the enum \"", name, "\""])
        .or_nearest(text, &mut of.names()))
}
