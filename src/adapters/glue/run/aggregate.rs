//! Aggregates of rows.

use crate::adapters::glue::node::Row;
use crate::adapters::glue::select::{Aggregate, AggregateFunction, Order};
use crate::adapters::glue::value::{
    Arithmetic, Cast, Fault, Key, arithmetic, average, cast, compare, text_of,
};
use crate::value::{Map, Value};
use core::cmp::Ordering;
use std::collections::HashSet;

/// What an aggregate has gathered.
#[derive(Default)]
pub(super) struct State {
    count: i64,
    value: Value,
    seen: HashSet<Key>,
    /// The values and their order, where the order matters.
    values: Vec<(Vec<Value>, Value, Value)>,
    mean: f64,
    squares: f64,
    total: i128,
    small: bool,
}

impl State {
    pub(super) fn new() -> State {
        State { small: true, ..State::default() }
    }

    /// Takes a row.
    pub(super) fn take(&mut self, aggregate: &Aggregate, row: &Row<'_>) -> Result<(), Fault> {
        if let Some(filter) = &aggregate.filter
            && filter.holds(row)? != Some(true)
        {
            return Ok(());
        }
        let Some(operand) = &aggregate.operand else {
            self.count += 1;
            return Ok(());
        };
        let value = operand.value(row)?;
        if value.is_null()
            && !matches!(aggregate.function, AggregateFunction::Array | AggregateFunction::Object(_))
        {
            return Ok(());
        }
        if aggregate.distinct && !self.seen.insert(Key(vec![value.clone().into_owned()])) {
            return Ok(());
        }
        self.count += 1;
        match &aggregate.function {
            AggregateFunction::Count => {}
            AggregateFunction::Sum | AggregateFunction::Average => self.add(&value)?,
            AggregateFunction::Min | AggregateFunction::Max => {
                let wanted = if aggregate.function == AggregateFunction::Min {
                    Ordering::Less
                } else {
                    Ordering::Greater
                };
                if self.value.is_null() || compare(&value, &self.value) == Some(wanted) {
                    self.value = value.into_owned();
                }
            }
            AggregateFunction::Every => {
                self.value = (self.value.as_bool().unwrap_or(true) && value.as_bool() == Some(true)).into();
            }
            AggregateFunction::Some => {
                self.value = (self.value.as_bool().unwrap_or(false) || value.as_bool() == Some(true)).into();
            }
            AggregateFunction::Array => self.keep(aggregate, value.into_owned(), Value::Null, row)?,
            AggregateFunction::Text(other) | AggregateFunction::Object(other) => {
                let other = other.value(row)?.into_owned();
                self.keep(aggregate, value.into_owned(), other, row)?;
            }
            AggregateFunction::Variance { .. } => {
                if let Value::Float(number) = cast(&value, &Cast::Float)? {
                    let off = number - self.mean;
                    self.mean += off / self.count as f64;
                    self.squares += off * (number - self.mean);
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, value: &Value) -> Result<(), Fault> {
        if let (Value::Integer(number), true) = (value, self.small) {
            self.total += i128::from(*number);
            return Ok(());
        }
        if self.small {
            self.small = false;
            if self.count > 1 {
                self.value = whole(self.total)?;
            }
        }
        self.value = if self.value.is_null() {
            value.clone()
        } else {
            arithmetic(Arithmetic::Add, &self.value, value)?
        };
        Ok(())
    }

    fn keep(
        &mut self,
        aggregate: &Aggregate,
        value: Value,
        other: Value,
        row: &Row<'_>,
    ) -> Result<(), Fault> {
        let keys = aggregate
            .orders
            .iter()
            .map(|order| Ok(order.by.value(row)?.into_owned()))
            .collect::<Result<_, Fault>>()?;
        self.values.push((keys, value, other));
        Ok(())
    }

    /// The result.
    pub(super) fn finish(&self, aggregate: &Aggregate) -> Result<Value, Fault> {
        Ok(match &aggregate.function {
            AggregateFunction::Count => Value::Integer(self.count),
            _ if self.count == 0 => Value::Null,
            AggregateFunction::Sum if self.small => whole(self.total)?,
            AggregateFunction::Average if self.small => average(&whole(self.total)?, self.count)?,
            AggregateFunction::Average => average(&self.value, self.count)?,
            AggregateFunction::Sum
            | AggregateFunction::Min
            | AggregateFunction::Max
            | AggregateFunction::Every
            | AggregateFunction::Some => self.value.clone(),
            AggregateFunction::Array => Value::List(
                self.sorted(&aggregate.orders).into_iter().map(|(_, value, _)| value.clone()).collect(),
            ),
            AggregateFunction::Text(_) => {
                let mut text = String::new();
                for (at, (_, value, separator)) in self.sorted(&aggregate.orders).into_iter().enumerate() {
                    if at > 0 {
                        text.push_str(&text_of(separator));
                    }
                    text.push_str(&text_of(value));
                }
                text.into()
            }
            AggregateFunction::Object(_) => {
                let mut map = Map::new();
                for (_, key, value) in self.sorted(&aggregate.orders) {
                    map.insert(text_of(key), value.clone());
                }
                map.into()
            }
            AggregateFunction::Variance { sample: true, .. } if self.count < 2 => Value::Null,
            AggregateFunction::Variance { sample, root } => {
                let of = if *sample { self.count - 1 } else { self.count } as f64;
                let variance = self.squares / of;
                Value::Float(if *root { variance.sqrt() } else { variance })
            }
        })
    }

    fn sorted(&self, orders: &[Order]) -> Vec<&(Vec<Value>, Value, Value)> {
        let mut values: Vec<_> = self.values.iter().collect();
        values.sort_by(|a, b| {
            orders
                .iter()
                .zip(a.0.iter().zip(&b.0))
                .map(|(order, (a, b))| super::compare_by(order, a, b))
                .find(|ordering| ordering.is_ne())
                .unwrap_or(Ordering::Equal)
        });
        values
    }
}

/// A sum of integers: an integer, or a decimal when it is too large.
fn whole(total: i128) -> Result<Value, Fault> {
    match i64::try_from(total) {
        Ok(total) => Ok(Value::Integer(total)),
        Err(_) => crate::value::Decimal::from_parts(total < 0, total.unsigned_abs(), 0)
            .map(Value::Decimal)
            .ok_or_else(|| Fault::out_of_range("numeric")),
    }
}
