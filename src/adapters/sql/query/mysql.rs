//! MySQL.

use super::expr::{hex, plain_literal, quoted};
use super::{DateAdd, Dialect, Family, Feature, Result, unsupported};
use crate::adapter::AdapterError;
use crate::query::{DateKind, Key};
use crate::types::Type;
use crate::value::{Value, float_text};

/// MySQL's dialect.
#[derive(Clone, Copy, Debug)]
pub struct MySql;

impl Dialect for MySql {
    fn name(&self) -> &'static str {
        "MySQL"
    }

    fn family(&self) -> Family {
        Family::MySql
    }

    fn quotes(&self) -> (char, char) {
        ('`', '`')
    }

    fn lacks(&self) -> &'static [Feature] {
        &[
            Feature::Arrays,
            Feature::DistinctOn,
            Feature::Filter,
            Feature::Ilike,
            Feature::MaterializedCte,
            Feature::NullsOrder,
            Feature::Returning,
            Feature::UpdatingCte,
            Feature::WithTies,
        ]
    }

    fn placeholder(&self, _: usize) -> String {
        "?".to_owned()
    }

    fn literal(&self, value: &Value) -> Result<String> {
        Ok(match value {
            Value::Bool(true) => "TRUE".to_owned(),
            Value::Bool(false) => "FALSE".to_owned(),
            Value::Float(number) => format!("(0 + {})", float_text(*number)),
            Value::String(text) => quoted(&text.replace('\\', "\\\\")),
            Value::Binary(bytes) => format!("x'{}'", hex(bytes)),
            value => plain_literal(value)?,
        })
    }

    fn cast(&self, expr: String, kind: &Type) -> Result<String> {
        let name = match kind.base() {
            Type::Any => return Ok(expr),
            Type::Decimal | Type::Float => return Ok(format!("{expr} + 0")),
            Type::Boolean => return Ok(format!("IF({expr}, TRUE, FALSE)")),
            Type::Array(_) => return Err(unsupported(self, Feature::Arrays)),
            Type::Id => "unsigned",
            Type::Integer => "signed",
            Type::String => "char",
            Type::Binary => "blob",
            Type::BinaryId | Type::Uuid => "binary(16)",
            Type::Date => "date",
            Type::Time | Type::TimeUsec => "time",
            Type::NaiveDatetime | Type::UtcDatetime => "datetime",
            Type::NaiveDatetimeUsec | Type::UtcDatetimeUsec => "datetime(6)",
            _ => "json",
        };
        Ok(format!("CAST({expr} AS {name})"))
    }

    fn json_path(&self, expr: String, path: &[Key]) -> Result<String> {
        let mut keys = String::new();
        for key in path {
            match key {
                // MariaDB does not find such keys, however they are written.
                Key::Name(name) if name.contains(char::is_control) => {
                    return Err(AdapterError::unsupported("control characters in paths into JSON in MySQL"));
                }
                Key::Name(name) => {
                    // A backslash escapes in the path, and again in the text around it.
                    let name = name.replace('\\', r"\\\\").replace('"', r#"\\""#).replace('\'', "''");
                    keys.push_str(&format!(".\"{name}\""));
                }
                Key::Index(index) => keys.push_str(&format!("[{index}]")),
            }
        }
        Ok(format!("json_extract({expr}, '${keys}')"))
    }

    fn date_add(&self, add: DateAdd<'_>) -> String {
        let DateAdd { kind, from, count, unit, .. } = add;
        let interval = match unit {
            "millisecond" => format!("INTERVAL ({count} * 1000) microsecond"),
            unit => format!("INTERVAL {count} {unit}"),
        };
        match kind {
            DateKind::Datetime => format!("date_add({from}, {interval})"),
            DateKind::Date => format!("CAST(date_add({from}, {interval}) AS date)"),
        }
    }
}
