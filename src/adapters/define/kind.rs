//! Types of columns as the store has them.

use crate::adapter::{AdapterError, Outcome};
use crate::migration::{ColumnDefault, ColumnOptions, ColumnType, Size};
use crate::store::{Default, Kind};
use crate::types::Type;
use crate::value::{Str, Value};

/// What a column of this type holds.
///
/// # Errors
///
/// [`AdapterError::Unsupported`] with the type.
pub(super) fn kind(column_type: &ColumnType, options: &ColumnOptions) -> Outcome<Kind> {
    let name = match column_type {
        ColumnType::Array(of) => return Ok(Kind::List(Box::new(kind(of, options)?))),
        ColumnType::Map(_) => return Ok(Kind::Json),
        ColumnType::References(reference) => return kind(&reference.key_type(), options),
        ColumnType::Named(name) => name,
    };
    let size = match options.size {
        Some(Size::Of(size)) => Some(size),
        Some(Size::Max) | None => None,
    };
    let digits = |number: Option<u32>, most: u8| match number {
        None => Ok(most),
        Some(number) => u8::try_from(number)
            .ok()
            .filter(|number| *number <= most)
            .ok_or_else(|| AdapterError::unsupported(format!("a precision of {number} digits"))),
    };
    let lower = name.to_lowercase();
    let (word, sizes) = written(&lower);
    Ok(match (word, sizes.as_slice()) {
        ("id" | "integer" | "int" | "int4" | "serial", []) => Kind::Integer(32),
        ("bigint" | "int8" | "bigserial" | "identity", []) => Kind::Integer(64),
        ("smallint" | "int2", []) => Kind::Integer(16),
        ("float" | "double precision" | "real" | "float8", []) => Kind::Float,
        ("decimal" | "numeric", []) => Kind::Decimal(match options.precision {
            Some(precision) => Some(decimal_size(precision, options.scale.unwrap_or(0))?),
            None => None,
        }),
        ("decimal" | "numeric", [precision]) => Kind::Decimal(Some(decimal_size(*precision, 0)?)),
        ("decimal" | "numeric", [precision, scale]) => Kind::Decimal(Some(decimal_size(*precision, *scale)?)),
        ("string", []) => Kind::Text(Some(size.unwrap_or(255))),
        ("text", []) => Kind::Text(None),
        ("varchar" | "character varying", []) => Kind::Text(size),
        ("char" | "character", []) => Kind::Text(Some(size.unwrap_or(1))),
        ("varchar" | "character varying" | "char" | "character", [size]) => Kind::Text(Some(*size)),
        ("binary" | "bytea", []) => Kind::Binary,
        ("boolean" | "bool", []) => Kind::Boolean,
        ("binary_id" | "uuid", []) => Kind::Uuid,
        ("map" | "json" | "jsonb", []) => Kind::Json,
        ("date", []) => Kind::Date,
        ("time", []) => Kind::Time(0),
        ("time_usec", []) => Kind::Time(digits(options.precision, 6)?),
        ("naive_datetime", []) => Kind::NaiveDatetime(0),
        ("naive_datetime_usec" | "timestamp", []) => Kind::NaiveDatetime(digits(options.precision, 6)?),
        ("timestamp", [precision]) => Kind::NaiveDatetime(digits(Some(*precision), 6)?),
        ("utc_datetime", []) => Kind::UtcDatetime(0),
        ("utc_datetime_usec" | "timestamptz", []) => Kind::UtcDatetime(digits(options.precision, 6)?),
        ("timestamptz", [precision]) => Kind::UtcDatetime(digits(Some(*precision), 6)?),
        _ => return Err(AdapterError::unsupported(format!("columns of type {name}"))),
    })
}

/// A type as it may be written: its words, and the numbers in parentheses.
fn written(name: &str) -> (&str, Vec<u32>) {
    let parts = name.strip_suffix(')').and_then(|name| name.split_once('('));
    let Some((word, inside)) = parts else { return (name, Vec::new()) };
    match inside.split(',').map(|size| size.trim().parse()).collect() {
        Ok(sizes) => (word.trim_end(), sizes),
        Err(_) => (name, Vec::new()),
    }
}

fn decimal_size(precision: u32, scale: u32) -> Outcome<(u16, u16)> {
    match (u16::try_from(precision), u16::try_from(scale)) {
        (Ok(precision @ 1..=1000), Ok(scale)) if scale <= precision => Ok((precision, scale)),
        _ => {
            Err(AdapterError::unsupported(format!("decimals of {precision} digits, {scale} after the point")))
        }
    }
}

/// What a new row has.
///
/// # Errors
///
/// [`AdapterError::Unsupported`] for a fragment that is neither a literal nor a known function;
/// [`AdapterError::Query`] for a value that is none of the kind.
pub(super) fn default(column_type: &ColumnType, options: &ColumnOptions, kind: &Kind) -> Outcome<Default> {
    // A reference has the type of the key, but not its numbers.
    let counts = matches!(column_type.name(), Some("serial" | "bigserial" | "identity"));
    match &options.default {
        None if counts => Ok(Default::Sequence),
        None | Some(ColumnDefault::Value(Value::Null)) => Ok(Default::Null),
        Some(ColumnDefault::Value(Value::List(_))) if !matches!(kind, Kind::List(_) | Kind::Json) => {
            Err(AdapterError::query("the default of a column that holds no lists can't be a list"))
        }
        Some(ColumnDefault::Value(value)) => coerce(kind, value.clone()).map(Default::Value),
        Some(ColumnDefault::Fragment(sql)) => fragment(sql, kind),
    }
}

fn fragment(sql: &str, kind: &Kind) -> Outcome<Default> {
    match sql.trim().to_lowercase().as_str() {
        "now()" | "current_timestamp" | "localtimestamp" | "transaction_timestamp()" => {
            return Ok(Default::Function(Str::Static("now")));
        }
        "gen_random_uuid()" | "uuid_generate_v4()" => {
            return Ok(Default::Function(Str::Static("gen_random_uuid")));
        }
        _ => {}
    }
    match super::condition::literal(sql) {
        Some(Value::Null) => Ok(Default::Null),
        Some(value) => coerce(kind, value).map(Default::Value),
        None => Err(AdapterError::unsupported(format!("the default fragment({sql:?})"))),
    }
}

/// A literal as a value of a kind: text is read as what the column holds.
///
/// # Errors
///
/// [`AdapterError::Query`] if it is none.
pub(super) fn coerce(kind: &Kind, value: Value) -> Outcome<Value> {
    let read = match (&value, kind) {
        (Value::String(_), Kind::Json | Kind::Any | Kind::Text(_) | Kind::Binary) => value,
        (Value::String(text), _) => {
            let field = field_type(kind);
            let cast = field.cast(&value).ok().and_then(|cast| field.dump(&cast).ok());
            cast.ok_or_else(|| unfit(kind, text))?
        }
        _ => value,
    };
    kind.admit(read).map_err(|(_, message)| AdapterError::Query {
        message: format!("a literal does not fit its column: {message}"),
        code: Some(Str::Static("42804")),
    })
}

fn unfit(kind: &Kind, text: &str) -> AdapterError {
    let message = format!("{text:?} is no value of a column of kind {kind:?}");
    AdapterError::Query { message, code: Some(Str::Static("22P02")) }
}

/// The type of a field whose values a column of this kind holds.
pub(super) fn field_type(kind: &Kind) -> Type {
    match kind {
        Kind::Boolean => Type::Boolean,
        Kind::Integer(_) => Type::Integer,
        Kind::Float => Type::Float,
        Kind::Decimal(_) => Type::Decimal,
        Kind::Text(_) => Type::String,
        Kind::Binary => Type::Binary,
        Kind::Uuid => Type::Uuid,
        Kind::Date => Type::Date,
        Kind::Time(0) => Type::Time,
        Kind::Time(_) => Type::TimeUsec,
        Kind::NaiveDatetime(0) => Type::NaiveDatetime,
        Kind::NaiveDatetime(_) => Type::NaiveDatetimeUsec,
        Kind::UtcDatetime(0) => Type::UtcDatetime,
        Kind::UtcDatetime(_) => Type::UtcDatetimeUsec,
        Kind::List(of) => Type::Array(Box::new(field_type(of))),
        _ => Type::Any,
    }
}
