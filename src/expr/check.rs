//! Finding the mistakes of an expression when a rule is defined, not when a user's input comes.

use super::document::too_deep;
use super::{Binary, Expr, ExprError, MAX_DEPTH, Unary};
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
    match expr {
        Expr::Literal(value) => Ok(Kind::of_value(value)),
        Expr::Field(name) => match types(name) {
            Some(of) => Ok(Kind::of_type(&of)),
            None => Err(ExprError::no_field(name)),
        },
        Expr::Changed(name) => match types(name) {
            Some(_) => Ok(Kind::Boolean),
            None => Err(ExprError::no_field(name)),
        },
        Expr::Unary(operator, operand) => {
            let found = kind(operand, types, levels).map_err(|error| error.at(1))?;
            match operator {
                Unary::Not => require(operator.name(), 1, found, &[Kind::Boolean]).map(|()| Kind::Boolean),
                Unary::IsNil => Ok(Kind::Boolean),
                Unary::Length => {
                    require(operator.name(), 1, found, &[Kind::String, Kind::List]).map(|()| Kind::Number)
                }
            }
        }
        Expr::Logic(operator, operands) => {
            for (at, operand) in operands.iter().enumerate() {
                let found = kind(operand, types, levels).map_err(|error| error.at(at + 1))?;
                require(operator.name(), at + 1, found, &[Kind::Boolean])?;
            }
            Ok(Kind::Boolean)
        }
        Expr::Binary(operator, operands) => {
            let left = kind(&operands[0], types, levels).map_err(|error| error.at(1))?;
            let right = kind(&operands[1], types, levels).map_err(|error| error.at(2))?;
            binary(*operator, operands, [left, right], types)
        }
    }
}

fn binary(operator: Binary, operands: &[Expr; 2], kinds: [Kind; 2], types: Types) -> Result<Kind, ExprError> {
    let name = operator.name();
    let both = |wanted: Kind| {
        require(name, 1, kinds[0], &[wanted]).and_then(|()| require(name, 2, kinds[1], &[wanted]))
    };
    match operator {
        Binary::Equal | Binary::NotEqual => {
            not_null(name, operands)?;
            comparable(name, kinds)?;
            member(operands, types)?;
            Ok(Kind::Boolean)
        }
        Binary::Less | Binary::LessOrEqual | Binary::Greater | Binary::GreaterOrEqual => {
            not_null(name, operands)?;
            comparable(name, kinds)?;
            match kinds.iter().find(|kind| matches!(kind, Kind::List | Kind::Map)) {
                Some(kind) => {
                    Err(ExprError::new(&[kind.in_words(), " has no order; \"", name, "\" needs one"]))
                }
                None => Ok(Kind::Boolean),
            }
        }
        Binary::In => {
            require(name, 2, kinds[1], &[Kind::List])?;
            elements(operands, kinds[0], types)?;
            Ok(Kind::Boolean)
        }
        Binary::Like | Binary::Ilike => both(Kind::String).map(|()| Kind::Boolean),
        Binary::Add | Binary::Subtract | Binary::Multiply | Binary::Divide => {
            both(Kind::Number).map(|()| Kind::Number)
        }
        Binary::Coalesce => {
            comparable(name, kinds)?;
            Ok(if kinds[0] == Kind::Any { kinds[1] } else { kinds[0] })
        }
    }
}

fn require(operator: &str, index: usize, found: Kind, wanted: &[Kind]) -> Result<(), ExprError> {
    if wanted.iter().any(|kind| found.fits(*kind)) {
        return Ok(());
    }
    let wanted = match wanted {
        [Kind::String, Kind::List] => "a string or a list",
        [kind, ..] => kind.in_words(),
        [] => "nothing",
    };
    Err(ExprError::new(&["\"", operator, "\" takes ", wanted, ", not ", found.in_words()]).at(index))
}

fn comparable(operator: &str, [left, right]: [Kind; 2]) -> Result<(), ExprError> {
    if left.fits(right) {
        return Ok(());
    }
    Err(ExprError::new(&["\"", operator, "\" compares ", left.in_words(), " with ", right.in_words()]))
}

/// A comparison with null is never true: Ecto forbids it for the same reason.
fn not_null(operator: &str, operands: &[Expr; 2]) -> Result<(), ExprError> {
    match operands.iter().position(|operand| *operand == Expr::Literal(Value::Null)) {
        Some(at) => Err(ExprError::new(&[
            "\"",
            operator,
            "\" with null is never true; write [\"is_nil\", ..] or [\"not\", [\"is_nil\", ..]]",
        ])
        .at(at + 1)),
        None => Ok(()),
    }
}

/// The elements of the right operand of `in` must compare with the left one.
fn elements(operands: &[Expr; 2], sought: Kind, types: Types) -> Result<(), ExprError> {
    match &operands[1] {
        Expr::Literal(Value::List(list)) => {
            for (at, element) in list.iter().enumerate() {
                comparable(Binary::In.name(), [sought, Kind::of_value(element)])
                    .and_then(|()| literal_member(&operands[0], element, types))
                    .map_err(|error| error.at(at + 1).at(2))?;
            }
            Ok(())
        }
        Expr::Field(name) => match types(name) {
            Some(Type::Array(element)) => comparable(Binary::In.name(), [sought, Kind::of_type(&element)]),
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

/// A literal compared with an enum must be a member of it.
fn member(operands: &[Expr; 2], types: Types) -> Result<(), ExprError> {
    match operands {
        [field, Expr::Literal(value)] => literal_member(field, value, types).map_err(|error| error.at(2)),
        [Expr::Literal(value), field] => literal_member(field, value, types).map_err(|error| error.at(1)),
        _ => Ok(()),
    }
}

fn literal_member(field: &Expr, literal: &Value, types: Types) -> Result<(), ExprError> {
    let (Expr::Field(name), Value::String(text)) = (field, literal) else { return Ok(()) };
    let _ = (name, text, types);
    Ok(())
}
