//! SQLite.

use super::expr::{hex, plain_literal, quoted};
use super::{DateAdd, Dialect, Family, Feature, Result};
use crate::adapter::AdapterError;
use crate::query::{DateKind, Key};
use crate::types::Type;
use crate::value::{Value, float_text};

/// SQLite's dialect.
#[derive(Clone, Copy, Debug)]
pub struct Sqlite;

impl Dialect for Sqlite {
    fn name(&self) -> &'static str {
        "SQLite"
    }

    fn family(&self) -> Family {
        Family::Sqlite
    }

    fn quotes(&self) -> (char, char) {
        ('"', '"')
    }

    fn lacks(&self) -> &'static [Feature] {
        &[
            Feature::Arrays,
            Feature::DistinctOn,
            Feature::ExceptAll,
            Feature::Ilike,
            Feature::LateralJoin,
            Feature::Lock,
            Feature::Prefix,
            Feature::UpdatingCte,
            Feature::WithTies,
        ]
    }

    fn placeholder(&self, _: usize) -> String {
        "?".to_owned()
    }

    fn never(&self) -> &'static str {
        "0"
    }

    fn nothing(&self) -> &'static str {
        "1"
    }

    fn on_true(&self) -> &'static str {
        "1"
    }

    fn literal(&self, value: &Value) -> Result<String> {
        Ok(match value {
            Value::Bool(true) => "1".to_owned(),
            Value::Bool(false) => "0".to_owned(),
            Value::Float(number) => format!("CAST({} AS REAL)", float_text(*number)),
            Value::String(text) => quoted(text),
            Value::Binary(bytes) => format!("x'{}'", hex(bytes)),
            value => plain_literal(value)?,
        })
    }

    fn cast(&self, expr: String, kind: &Type) -> Result<String> {
        let name = match kind.base() {
            Type::Any => return Ok(expr),
            Type::Decimal | Type::Float => "REAL",
            Type::Id | Type::Integer | Type::Boolean => "INTEGER",
            Type::Binary => "BLOB",
            _ => "TEXT",
        };
        Ok(format!("CAST({expr} AS {name})"))
    }

    fn json_path(&self, expr: String, path: &[Key]) -> Result<String> {
        let mut keys = String::new();
        for key in path {
            match key {
                // A plain word stands as it is, as in Ecto's text; in anything else there may be more of a path.
                Key::Name(name) if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') => {
                    keys.push_str(&format!(".{name}"));
                }
                Key::Name(name) if name.contains(['"', '\\']) => {
                    let feature = "quotes and backslashes in paths into JSON in SQLite";
                    return Err(AdapterError::unsupported(feature));
                }
                Key::Name(name) => keys.push_str(&format!(".\"{}\"", name.replace('\'', "''"))),
                Key::Index(index) => keys.push_str(&format!("[{index}]")),
            }
        }
        Ok(format!("json_extract({expr}, '${keys}')"))
    }

    fn date_add(&self, add: DateAdd<'_>) -> String {
        let DateAdd { kind, from, count, unit, .. } = add;
        let interval = match unit {
            "millisecond" => format!("({count} / 1000.0) || ' seconds'"),
            "microsecond" => format!("({count} / 1000000.0) || ' seconds'"),
            "week" => format!("({count} * 7) || ' days'"),
            unit => format!("{count} || ' {unit}'"),
        };
        let format = match kind {
            DateKind::Datetime => "%Y-%m-%dT%H:%M:%f000Z",
            DateKind::Date => "%Y-%m-%d",
        };
        format!("CAST (strftime('{format}',{from},{interval}) AS TEXT)")
    }
}
