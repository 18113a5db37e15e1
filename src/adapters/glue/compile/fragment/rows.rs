//! Types, intervals, and the rows of fragments that are sources.

use super::super::tokens::Token;
use super::super::{Result, refused};
use super::Parser;
use crate::adapter::AdapterError;
use crate::adapters::glue::node::Node;
use crate::adapters::glue::select::Origin;
use crate::adapters::glue::value::{Cast, Unit};
use crate::store::Kind;
use crate::value::{Decimal, Str, Value};

impl Parser<'_, '_> {
    pub(super) fn type_name(&mut self) -> Result<Cast> {
        let Some(name) = self.word() else { return Err(self.unexpected()) };
        let mut sizes = Vec::new();
        if self.take("(") {
            loop {
                match self.peek() {
                    Some(Token::Value(Value::Integer(size))) => sizes.push(*size),
                    _ => return Err(self.unexpected()),
                }
                self.at += 1;
                if self.take(")") {
                    break;
                }
                self.expect(",")?;
            }
        }
        let mut to = match name.as_str() {
            "integer" | "int" | "int2" | "int4" | "int8" | "bigint" | "smallint" => Cast::Integer,
            "float" | "float4" | "float8" | "real" => Cast::Float,
            "double" => {
                self.expect_word("precision")?;
                Cast::Float
            }
            "numeric" | "decimal" => Cast::Decimal(match sizes.as_slice() {
                [] => None,
                [_] => Some(0),
                [_, scale, ..] => Some(u8::try_from(*scale).unwrap_or(0)),
            }),
            "text" | "varchar" | "citext" | "string" => Cast::Text,
            "boolean" | "bool" => Cast::Boolean,
            "date" => Cast::Date,
            "time" => Cast::Time,
            "timestamp" if self.take_words(&["with", "time", "zone"]) => Cast::Utc,
            "timestamp" => {
                self.take_words(&["without", "time", "zone"]);
                Cast::Naive
            }
            "timestamptz" => Cast::Utc,
            "uuid" => Cast::Uuid,
            "bytea" => Cast::Binary,
            "json" | "jsonb" => Cast::Json,
            other => return Err(AdapterError::unsupported(format!("type {other} in a fragment"))),
        };
        while self.take("[") {
            self.expect("]")?;
            to = Cast::Array(Box::new(to));
        }
        Ok(to)
    }

    /// The rows of a fragment that is a source.
    pub(super) fn rows(&mut self) -> Result<(Origin, Vec<(Str, Kind)>)> {
        if self.take_word("values") {
            let mut rows: Vec<Vec<Node>> = Vec::new();
            loop {
                self.expect("(")?;
                rows.push(self.list(")")?);
                if !self.take(",") {
                    break;
                }
            }
            let width = rows.first().map_or(0, Vec::len);
            let columns = (1..=width).map(|at| (Str::from(format!("column{at}")), Kind::Any)).collect();
            return Ok((Origin::Values(rows), columns));
        }
        if !self.take_word("select") {
            let Some(name) = self.word() else { return Err(self.unexpected()) };
            return self.set_function(&name);
        }
        let set = match self.peek() {
            Some(Token::Word(word)) if word == "generate_series" || word == "unnest" => Some(word.clone()),
            _ => None,
        };
        if let Some(set) = set {
            self.at += 1;
            let (origin, mut columns) = self.set_function(&set)?;
            if self.take_word("as") {
                columns[0].0 = self.name()?.into();
            }
            return Ok((origin, columns));
        }
        let mut cells = Vec::new();
        let mut columns = Vec::new();
        loop {
            let node = self.expression()?;
            let name = if self.take_word("as") { self.name()? } else { "?column?".to_owned() };
            columns.push((Str::from(name), self.compiler.kind(&node)));
            cells.push(node);
            if !self.take(",") {
                break;
            }
        }
        Ok((Origin::Values(vec![cells]), columns))
    }

    pub(super) fn set_function(&mut self, name: &str) -> Result<(Origin, Vec<(Str, Kind)>)> {
        self.expect("(")?;
        match name {
            "generate_series" => {
                let from = self.expression()?;
                self.expect(",")?;
                let to = self.expression()?;
                let step = if self.take(",") {
                    if self.take_word("interval") {
                        let Some(Token::Value(Value::String(text))) = self.peek().cloned() else {
                            return Err(self.unexpected());
                        };
                        self.at += 1;
                        match interval(&text)?.as_slice() {
                            [(amount, unit)] => {
                                Node::List(vec![amount.clone(), Node::Value(Value::from(unit_name(*unit)))])
                            }
                            _ => {
                                return Err(AdapterError::unsupported(
                                    "a series by an interval of several units",
                                ));
                            }
                        }
                    } else {
                        self.expression()?
                    }
                } else {
                    Node::Value(Value::Integer(1))
                };
                self.expect(")")?;
                let kind = self.compiler.kind(&from);
                Ok((Origin::Series { from, to, step }, vec![(Str::Static("generate_series"), kind)]))
            }
            "unnest" | "jsonb_array_elements" | "json_array_elements" => {
                let list = self.expression()?;
                self.expect(")")?;
                let kind = match self.compiler.kind(&list) {
                    Kind::List(element) => *element,
                    _ => Kind::Any,
                };
                let column = if name == "unnest" { "unnest" } else { "value" };
                Ok((Origin::Elements(list), vec![(Str::Static(column), kind)]))
            }
            other => Err(AdapterError::unsupported(format!("{other} as a source"))),
        }
    }
}

fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Year => "year",
        Unit::Quarter => "quarter",
        Unit::Month => "month",
        Unit::Week => "week",
        Unit::Day => "day",
        Unit::Hour => "hour",
        Unit::Minute => "minute",
        Unit::Second => "second",
        Unit::Millisecond => "millisecond",
        Unit::Microsecond => "microsecond",
    }
}

/// `1 month 2 days`, as amounts of units.
pub(super) fn interval(text: &str) -> Result<Vec<(Node, Unit)>> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let invalid = || refused("22007", format!("invalid input syntax for type interval: \"{text}\""));
    if words.is_empty() || !words.len().is_multiple_of(2) {
        return Err(invalid());
    }
    words
        .chunks(2)
        .map(|pair| {
            let amount = Decimal::parse(pair[0]).ok_or_else(invalid)?;
            let unit = Unit::named(pair[1]).ok_or_else(invalid)?;
            Ok((Node::Value(Value::Decimal(amount)), unit))
        })
        .collect()
}
