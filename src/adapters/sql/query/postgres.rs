//! PostgreSQL.

use super::expr::{hex, plain_literal, quoted};
use super::{DateAdd, Dialect, Family, Feature, Result};
use crate::params::to_json;
use crate::query::{DateKind, Key};
use crate::types::Type;
use crate::value::{Value, float_text, notation};

/// PostgreSQL's dialect.
#[derive(Clone, Copy, Debug)]
pub struct Postgres;

impl Dialect for Postgres {
    fn name(&self) -> &'static str {
        "PostgreSQL"
    }

    fn family(&self) -> Family {
        Family::Postgres
    }

    fn quotes(&self) -> (char, char) {
        ('"', '"')
    }

    fn lacks(&self) -> &'static [Feature] {
        &[]
    }

    fn placeholder(&self, number: usize) -> String {
        format!("${number}")
    }

    fn has_list_params(&self) -> bool {
        true
    }

    fn literal(&self, value: &Value) -> Result<String> {
        Ok(match value {
            Value::Bool(true) => "TRUE".to_owned(),
            Value::Bool(false) => "FALSE".to_owned(),
            Value::Float(number) => format!("{}::float", float_text(*number)),
            Value::String(text) => quoted(text),
            Value::Binary(bytes) => format!("'\\x{}'::bytea", hex(bytes)),
            Value::Map(_) => format!("{}::jsonb", quoted(&to_json(&notation::encode(value)))),
            value => plain_literal(value)?,
        })
    }

    fn cast(&self, expr: String, kind: &Type) -> Result<String> {
        Ok(match kind {
            Type::Any => expr,
            kind => format!("{expr}::{}", type_name(&kind.base())),
        })
    }

    fn json_path(&self, expr: String, path: &[Key]) -> Result<String> {
        let keys = path.iter().map(|key| match key {
            Key::Name(name) => quoted(name),
            Key::Index(index) => index.to_string(),
        });
        let keys = keys.collect::<Vec<_>>().join(",");
        Ok(format!("({expr}#>array[{keys}]::text[])"))
    }

    fn date_add(&self, add: DateAdd<'_>) -> String {
        let DateAdd { kind, from, typed, count, is_number, unit } = add;
        let interval = match is_number {
            true => format!("interval '{count} {unit}'"),
            false => format!("({count}::numeric * interval '1 {unit}')"),
        };
        let of = |kind: &str| if typed { String::new() } else { format!("::{kind}") };
        match kind {
            DateKind::Datetime => format!("{from}{} + {interval}", of("timestamp")),
            DateKind::Date => format!("({from}{} + {interval})::date", of("date")),
        }
    }
}

fn type_name(kind: &Type) -> String {
    match kind {
        Type::Id | Type::Integer => "bigint",
        Type::BinaryId | Type::Uuid => "uuid",
        Type::String => "varchar",
        Type::Binary => "bytea",
        Type::Map | Type::MapOf(_) => "jsonb",
        Type::Float => "float",
        Type::Boolean => "boolean",
        Type::Decimal => "decimal",
        Type::Date => "date",
        Type::Time | Type::TimeUsec => "time",
        Type::NaiveDatetime | Type::NaiveDatetimeUsec | Type::UtcDatetime | Type::UtcDatetimeUsec => {
            "timestamp"
        }
        Type::Array(element) => return format!("{}[]", type_name(element)),
        _ => "text",
    }
    .to_owned()
}
