//! Comparisons of a column with a value that is the same for all rows: whole stretches of rows are looked at in one loop.

use crate::adapters::glue::node::{Comparison, Node, Row, compared};
use crate::adapters::glue::value::Fault;
use crate::store::{Cell, Form, STRETCH, Stretch};
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
    pub(super) fn all(&mut self, stretch: &Stretch<'_>) {
        self.begin(STRETCH);
        stretch.places().for_each(|place| self.add(place, true));
    }

    /// Those of them for which it is so.
    pub(super) fn keep(&mut self, mut is: impl FnMut(usize) -> Result<bool, Fault>) -> Result<(), Fault> {
        let mut kept = 0;
        for at in 0..self.count {
            let place = self.places[at];
            if is(place as usize)? {
                self.places[kept] = place;
                kept += 1;
            }
        }
        self.count = kept;
        Ok(())
    }

    /// Those that have a bit.
    fn bits(&mut self, places: &[u64; STRETCH / 64]) {
        self.begin(STRETCH);
        for (at, bits) in places.iter().enumerate() {
            let mut left = *bits;
            while left != 0 {
                self.add(at * 64 + left.trailing_zeros() as usize, true);
                left &= left - 1;
            }
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
    pub(super) fn choose(&self, stretch: &Stretch<'_>, chosen: &mut Chosen) -> bool {
        let is = |ordering: Ordering| self.comparison.allows(ordering);
        // Looked up, not computed anew for each row.
        let allowed = [is(Ordering::Less), is(Ordering::Equal), is(Ordering::Greater)];
        let allows = |ordering: Ordering| allowed[(ordering as i8 + 1) as usize];
        match self.with {
            Value::Integer(with) => match self
                .integers(*with)
                .and_then(|(low, high, inside)| stretch.integers(self.column, low, high, inside))
            {
                Some(places) => {
                    chosen.bits(&places);
                    true
                }
                None => self.each(stretch, chosen, |_| None),
            },
            Value::Float(with) => self.each(stretch, chosen, |cell| match cell {
                Cell::Word(Form::Float, bits) => f64::from_bits(bits as u64).partial_cmp(with).map(allows),
                _ => None,
            }),
            Value::String(with) => {
                let with = with.as_bytes();
                self.each(stretch, chosen, |cell| match cell {
                    Cell::Text(text) => Some(allows(text.cmp(with))),
                    _ => None,
                })
            }
            _ => self.each(stretch, chosen, |_| None),
        }
    }

    /// The integers for which the test holds: those within bounds, or those outside of them. Nothing holds for null, but
    /// that it is distinct.
    fn integers(&self, with: i64) -> Option<(i64, i64, bool)> {
        Some(match self.comparison {
            Comparison::Equal => (with, with, true),
            Comparison::NotEqual => (with, with, false),
            Comparison::Less => (with, i64::MAX, false),
            Comparison::LessOrEqual => (i64::MIN, with, true),
            Comparison::Greater => (i64::MIN, with, false),
            Comparison::GreaterOrEqual => (with, i64::MAX, true),
            Comparison::Distinct => return None,
        })
    }

    /// `quick` knows the common kinds, and leaves the others to the evaluator.
    #[inline(always)]
    fn each(
        &self,
        stretch: &Stretch<'_>,
        chosen: &mut Chosen,
        quick: impl Fn(Cell<'_>) -> Option<bool>,
    ) -> bool {
        chosen.begin(STRETCH);
        let mut sure = true;
        for at in stretch.places() {
            let cell = stretch.cell(at, self.column);
            let holds = match quick(cell) {
                Some(holds) => holds,
                None => self.slowly(&cell.to_value()).unwrap_or_else(|()| {
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
    use crate::store::{self, Database, Ddl, Definition, Kind, Row as StoredRow};
    use crate::value::{Date, Decimal};
    use core::cell::RefCell;
    use std::collections::HashMap;

    const COMPARISONS: [Comparison; 7] = [
        Comparison::Equal,
        Comparison::NotEqual,
        Comparison::Less,
        Comparison::LessOrEqual,
        Comparison::Greater,
        Comparison::GreaterOrEqual,
        Comparison::Distinct,
    ];

    /// A table with some of the values in its second column, and a gap after each.
    fn table(kind: &[usize], values: &[Value]) -> Database {
        let column = |name| store::Column::new(name, Kind::Any);
        let definition = Definition::new("things").column(column("first")).column(column("second"));
        let mut database = Database::new();
        let id = database.define(Ddl::CreateTable(definition)).unwrap().unwrap();
        for at in kind {
            database.insert(id, &[1], vec![values[*at].clone()]).unwrap();
            database.insert(id, &[1], vec![Value::Null]).unwrap();
        }
        let gaps: Vec<_> = database.table(id).unwrap().unordered().ids().skip(1).step_by(2).collect();
        gaps.into_iter().for_each(|gap| assert_eq!(database.delete(id, gap), Ok(true)));
        database
    }

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
        // In one table all of them are values; in the others they are words and texts.
        let kinds: [&[usize]; 5] = [&[], &[0, 1, 2, 3], &[0, 4, 5], &[0, 7, 8, 9], &[0, 11]];
        let tables: Vec<Database> = kinds
            .into_iter()
            .map(|kind| {
                let every: Vec<usize> = (0..values.len()).collect();
                table(if kind.is_empty() { &every } else { kind }, &values)
            })
            .collect();
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
        for (database, comparison) in
            tables.iter().flat_map(|table| COMPARISONS.map(|comparison| (table, comparison)))
        {
            let stored = database.tables().next().unwrap();
            let stretch = stored.stretches().next().unwrap();
            let rows: Vec<Option<StoredRow>> =
                (0..STRETCH).map(|place| stored.id_of(place as i64).and_then(|id| stored.row(id))).collect();
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
                    let sure = test.choose(&stretch, &mut chosen);
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
