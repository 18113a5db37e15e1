//! Which rows of a table an access means.

use super::copies::Reading;
use super::take::Take;
use crate::adapters::glue::node::Row;
use crate::adapters::glue::select::Access;
use crate::adapters::glue::value::{Fault, order};
use crate::store::{Ids, IndexId, Kind, Range, RowId, Table};
use crate::value::Value;

/// The rows that an access finds.
pub(super) enum Found<'t> {
    /// All rows, as they are stored: the conditions decide.
    All(&'t Table),
    /// At most one, by its whole key.
    One(Option<RowId>),
    Range(Ids<'t>),
    Ranges(Vec<Ids<'t>>),
}

/// Finds rows by what `row` says of the values.
pub(super) fn find<'t>(table: &'t Table, access: &Access, row: &Row<'_>) -> Result<Found<'t>, Fault> {
    const NONE: Found<'_> = Found::One(None);
    let known = access.index.and_then(|index| table.indexes().find(|info| info.id == index));
    let Some(index) = known else { return Ok(Found::All(table)) };
    // A value of another kind than the column's has no place in the index: all rows are then compared with it.
    let fits = |place: usize, value: &Value| {
        let column = index.columns.get(place).and_then(|column| table.columns().get(*column));
        column.is_some_and(|column| fits(&column.kind, value))
    };
    if let ([node], [_], true) = (access.equal.as_slice(), index.columns, index.unique) {
        let value = node.value(row)?;
        return Ok(match fits(0, &value) {
            // Nothing equals null.
            _ if value.is_null() => NONE,
            true => Found::One(table.find_each(index.id, &|_| &value)),
            false => Found::All(table),
        });
    }
    let mut equal = Vec::with_capacity(access.equal.len() + 1);
    for node in &access.equal {
        let value = node.value(row)?;
        if value.is_null() {
            return Ok(NONE);
        }
        equal.push(value.into_owned());
    }
    if !equal.iter().enumerate().all(|(place, value)| fits(place, value)) {
        return Ok(Found::All(table));
    }
    if let Some(any) = &access.any {
        let list = any.value(row)?;
        let Value::List(list) = &*list else { return Ok(NONE) };
        if !list.iter().all(|value| value.is_null() || fits(equal.len(), value)) {
            return Ok(Found::All(table));
        }
        return Ok(Found::Ranges(of_any(table, index.id, equal, list, access.reverse)));
    }
    let mut bounds = [None, None];
    for (bound, at) in [(&access.lower, 0), (&access.upper, 1)] {
        if let Some((node, included)) = bound {
            let value = node.value(row)?;
            if value.is_null() {
                return Ok(NONE);
            }
            if !fits(equal.len(), &value) {
                return Ok(Found::All(table));
            }
            bounds[at] = Some((value.into_owned(), *included));
        }
    }
    let mut range = Range::equal(&equal);
    match &bounds[0] {
        Some((value, true)) => range = range.from(value),
        Some((value, false)) => range = range.above(value),
        None => {}
    }
    match &bounds[1] {
        Some((value, true)) => range = range.to(value),
        Some((value, false)) => range = range.below(value),
        None => {}
    }
    Ok(Found::Range(table.scan(index.id, &range).ids()))
}

/// The rows of each value, in the order of the index, and each once.
fn of_any<'t>(
    table: &'t Table,
    index: IndexId,
    mut key: Vec<Value>,
    list: &[Value],
    reverse: bool,
) -> Vec<Ids<'t>> {
    let mut sorted: Vec<&Value> = list.iter().filter(|value| !value.is_null()).collect();
    sorted.sort_by(|a, b| order(a, b));
    sorted.dedup_by(|a, b| order(a, b).is_eq());
    if reverse {
        sorted.reverse();
    }
    let mut scan = |value: &Value| {
        key.push(value.clone());
        let ids = table.scan(index, &Range::equal(&key)).ids();
        key.pop();
        ids
    };
    sorted.into_iter().map(&mut scan).collect()
}

impl<'t> Found<'t> {
    /// Hands the rows to `take`.
    pub(super) fn each(
        self,
        reverse: bool,
        reading: &mut Reading<'t>,
        take: &mut dyn Take<'t>,
    ) -> Result<(), Fault> {
        let table = reading.table();
        let lying = take.takes_lying();
        let mut way = |mut ids: Ids<'t>| {
            if lying {
                let mut taking = |id| take.lying(table, id);
                return Ok(if reverse { ids.rev().any(&mut taking) } else { ids.any(&mut taking) });
            }
            let mut taking = |id, row| take.row(Some(id), row);
            if reverse {
                reading.each(&mut ids.rev(), &mut taking)
            } else {
                reading.each(&mut ids, &mut taking)
            }
        };
        match self {
            Found::All(table) => {
                way(table.unordered().ids())?;
            }
            Found::One(found) => {
                if let Some(id) = found.filter(|_| lying) {
                    take.lying(table, id);
                } else if let Some(id) = found {
                    take.row(Some(id), reading.row(id))?;
                }
            }
            Found::Range(ids) => {
                way(ids)?;
            }
            Found::Ranges(all) => {
                for ids in all {
                    if way(ids)? {
                        break;
                    }
                }
            }
        }
        Ok(())
    }
}

/// Whether a value compares with those of a column as the column's index orders them.
fn fits(kind: &Kind, value: &Value) -> bool {
    matches!(
        (kind, value),
        (Kind::Integer(_) | Kind::Decimal(_), Value::Integer(_) | Value::Decimal(_))
            | (Kind::Float, Value::Float(_) | Value::Integer(_))
            | (Kind::Text(_), Value::String(_))
            | (Kind::Boolean, Value::Bool(_))
            | (Kind::Binary | Kind::Uuid, Value::Binary(_))
            | (Kind::Date, Value::Date(_))
            | (Kind::Time(_), Value::Time(_))
            | (Kind::NaiveDatetime(_), Value::NaiveDatetime(_))
            | (Kind::UtcDatetime(_), Value::UtcDatetime(_))
    )
}
