//! Comparisons of a column with a value that is the same for all rows: whole stretches of rows are looked at in one loop.

use crate::adapters::glue::node::{Comparison, Node, Row, compared};
use crate::store::Row as StoredRow;
use crate::value::Value;
use core::cmp::Ordering;

/// A column compared with a value.
pub(super) struct Test<'v> {
    column: usize,
    comparison: Comparison,
    with: &'v Value,
}

/// Places in a stretch of rows.
#[derive(Default)]
pub(super) struct Chosen {
    places: Vec<u32>,
    count: usize,
}

impl Chosen {
    /// The places, in order.
    pub(super) fn places(&self) -> &[u32] {
        &self.places[..self.count]
    }

    /// Every row of a stretch.
    pub(super) fn all(&mut self, rows: &[Option<StoredRow>]) {
        self.begin(rows.len());
        for (at, row) in rows.iter().enumerate() {
            self.add(at, row.is_some());
        }
    }

    fn begin(&mut self, most: usize) {
        self.count = 0;
        if self.places.len() < most {
            self.places.resize(most, 0);
        }
    }

    /// Written in any case and counted if it holds: nothing to guess for the processor.
    #[inline(always)]
    fn add(&mut self, at: usize, holds: bool) {
        if let Some(place) = self.places.get_mut(self.count) {
            *place = at as u32;
            self.count += usize::from(holds);
        }
    }
}

impl<'v> Test<'v> {
    /// The condition as a test of columns of `source`, if it is one. It fails on no row that the condition does not fail on.
    pub(super) fn of(condition: &'v Node, source: usize, outside: &Row<'v>) -> Option<Test<'v>> {
        let Node::Compare(comparison, left, right) = condition else { return None };
        let (column, comparison, other) = match (&**left, &**right) {
            (Node::Column { up: 0, source: of, column }, other) if *of == source => {
                (*column, *comparison, other)
            }
            (other, Node::Column { up: 0, source: of, column }) if *of == source => {
                (*column, comparison.turned(), other)
            }
            _ => return None,
        };
        match other {
            Node::Value(_) | Node::Param(_) | Node::Column { up: 1.., .. } => {}
            _ => return None,
        }
        Some(Test { column, comparison, with: other.peek(outside)? })
    }

    /// Chooses the rows of a stretch for which the test holds, and all for which it can't be told. False if there
    /// are such.
    pub(super) fn choose(&self, rows: &[Option<StoredRow>], chosen: &mut Chosen) -> bool {
        let is = |ordering: Ordering| self.comparison.allows(ordering);
        // Looked up, not computed anew for each row.
        let allowed = [is(Ordering::Less), is(Ordering::Equal), is(Ordering::Greater)];
        let allows = |ordering: Ordering| allowed[(ordering as i8 + 1) as usize];
        match self.with {
            Value::Integer(with) => self.each(rows, chosen, |value| match value {
                Value::Integer(value) => Some(allows(value.cmp(with))),
                _ => None,
            }),
            Value::Float(with) => self.each(rows, chosen, |value| match value {
                Value::Float(value) => value.partial_cmp(with).map(allows),
                _ => None,
            }),
            Value::String(with) => {
                let with = with.as_bytes();
                self.each(rows, chosen, |value| match value {
                    Value::String(value) => Some(allows(value.as_bytes().cmp(with))),
                    _ => None,
                })
            }
            _ => self.each(rows, chosen, |_| None),
        }
    }

    /// `quick` knows the common kinds, and leaves the others to the evaluator.
    #[inline(always)]
    fn each(
        &self,
        rows: &[Option<StoredRow>],
        chosen: &mut Chosen,
        quick: impl Fn(&Value) -> Option<bool>,
    ) -> bool {
        chosen.begin(rows.len());
        let mut sure = true;
        for (at, row) in rows.iter().enumerate() {
            let Some(value) = row.as_ref().and_then(|row| row.get(self.column)) else { continue };
            let holds = match quick(value) {
                Some(holds) => holds,
                None => self.slowly(value).unwrap_or_else(|()| {
                    sure = false;
                    true
                }),
            };
            chosen.add(at, holds);
        }
        sure
    }

    #[cold]
    fn slowly(&self, value: &Value) -> Result<bool, ()> {
        match compared(self.comparison, value, self.with) {
            Ok(holds) => Ok(holds == Some(true)),
            Err(_) => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::glue::node::Env;
    use crate::value::{Date, Decimal};
    use core::cell::RefCell;
    use std::collections::HashMap;

    #[test]
    fn a_test_chooses_what_the_evaluator_lets_through_and_tells_what_it_is_not_sure_of() {
        let values: Vec<Value> = vec![
            Value::Null,
            1.into(),
            2.into(),
            (-3).into(),
            1.5.into(),
            f64::NAN.into(),
            Decimal::parse("2.0").unwrap().into(),
            "".into(),
            "a".into(),
            "ab".into(),
            true.into(),
            Date::from_iso("2024-02-29").unwrap().into(),
            "2024-02-29".into(),
        ];
        let rows: Vec<Option<StoredRow>> =
            values.iter().flat_map(|value| [Some([Value::Null, value.clone()].into()), None]).collect();
        let env = Env {
            tables: &[],
            params: &values,
            cache: Vec::new(),
            named: RefCell::new(HashMap::new()),
            now: None,
            engine: false,
        };
        let column = || Box::new(Node::Column { up: 0, source: 0, column: 1 });
        let mut chosen = Chosen::default();
        let mut unsure = 0;
        for comparison in [
            Comparison::Equal,
            Comparison::NotEqual,
            Comparison::Less,
            Comparison::LessOrEqual,
            Comparison::Greater,
            Comparison::GreaterOrEqual,
            Comparison::Distinct,
        ] {
            for at in 0..values.len() {
                for condition in [
                    Node::Compare(comparison, column(), Box::new(Node::Param(at))),
                    Node::Compare(comparison, Box::new(Node::Param(at)), column()),
                ] {
                    let answers: Vec<_> = rows
                        .iter()
                        .map(|row| {
                            let Some(row) = row else { return Ok(Some(false)) };
                            condition.holds(&Row::new(&[row], None, &env))
                        })
                        .collect();
                    let expected: Vec<u32> = (0..)
                        .zip(&answers)
                        .filter(|(_, answer)| matches!(answer, Ok(Some(true)) | Err(_)))
                        .map(|(place, _)| place)
                        .collect();
                    let outside = Row::new(&[], None, &env);
                    let test = Test::of(&condition, 0, &outside).unwrap();
                    let sure = test.choose(&rows, &mut chosen);
                    assert_eq!(chosen.places(), expected, "{condition:?}");
                    assert_eq!(sure, answers.iter().all(Result::is_ok), "{condition:?}");
                    unsure += usize::from(!sure);
                    assert!(Test::of(&condition, 1, &outside).is_none());
                }
            }
        }
        assert!(unsure > 0, "no value was incomparable");
    }
}
