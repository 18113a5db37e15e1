//! Microsoft SQL Server.

use super::expr::{hex, plain_literal, quoted};
use super::{DateAdd, Dialect, Family, Feature, Result, unsupported};
use crate::query::{DateKind, Key};
use crate::types::Type;
use crate::value::{Value, float_text};

/// The dialect of Microsoft SQL Server.
#[derive(Clone, Copy, Debug)]
pub struct Mssql;

impl Dialect for Mssql {
    fn name(&self) -> &'static str {
        "MSSQL"
    }

    fn family(&self) -> Family {
        Family::Mssql
    }

    fn quotes(&self) -> (char, char) {
        ('[', ']')
    }

    fn lacks(&self) -> &'static [Feature] {
        &[
            Feature::Arrays,
            Feature::DistinctOn,
            Feature::Filter,
            Feature::JsonPath,
            Feature::MaterializedCte,
            Feature::NullsOrder,
            Feature::OffsetWithoutLimit,
            Feature::UpdatingCte,
            Feature::Window,
            Feature::WithTies,
        ]
    }

    fn placeholder(&self, number: usize) -> String {
        format!("@{number}")
    }

    fn never(&self) -> &'static str {
        "0=1"
    }

    fn nothing(&self) -> &'static str {
        "CAST(1 as bit)"
    }

    fn on_true(&self) -> &'static str {
        "1 = 1"
    }

    fn ilike(&self) -> &'static str {
        " LIKE "
    }

    fn not_equal(&self) -> &'static str {
        " <> "
    }

    fn literal(&self, value: &Value) -> Result<String> {
        Ok(match value {
            Value::Bool(true) => "1".to_owned(),
            Value::Bool(false) => "0".to_owned(),
            Value::Float(number) => float_text(*number),
            Value::Decimal(decimal) => {
                let text = decimal.text();
                let scale = text.split('.').nth(1).map_or(0, str::len);
                format!("CAST({text} as decimal(38, {scale}))")
            }
            Value::String(text) => format!("N{}", quoted(text)),
            Value::Binary(bytes) => format!("0x{}", hex(bytes)),
            value => plain_literal(value)?,
        })
    }

    fn cast(&self, expr: String, kind: &Type) -> Result<String> {
        let name = match kind.base() {
            Type::Any => return Ok(expr),
            Type::Array(_) => return Err(unsupported(self, Feature::Arrays)),
            Type::Id | Type::Integer => "bigint",
            Type::BinaryId | Type::Uuid => "uniqueidentifier",
            Type::Boolean => "bit",
            Type::Float => "float",
            Type::Decimal => "decimal",
            Type::String => "nvarchar(255)",
            Type::Binary => "varbinary(max)",
            Type::Date => "date",
            Type::Time => "time(0)",
            Type::TimeUsec => "time(6)",
            Type::NaiveDatetime | Type::UtcDatetime => "datetime",
            Type::NaiveDatetimeUsec | Type::UtcDatetimeUsec => "datetime2(6)",
            _ => "nvarchar(max)",
        };
        Ok(format!("CAST({expr} AS {name})"))
    }

    fn json_path(&self, _: String, _: &[Key]) -> Result<String> {
        Err(unsupported(self, Feature::JsonPath))
    }

    fn date_add(&self, add: DateAdd<'_>) -> String {
        let DateAdd { kind, from, count, unit, .. } = add;
        let added = format!("DATEADD({unit}, {count}, CAST({from} AS datetime2(6)))");
        match kind {
            DateKind::Datetime => added,
            DateKind::Date => format!("CAST({added} AS date)"),
        }
    }
}
