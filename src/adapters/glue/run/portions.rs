//! A query that makes a row of each row of one table, run in portions: which rows it finds first, what they hold later.

use super::Rows;
use super::find::{Found, find};
use super::order::Sorter;
use super::scan::{Held, holds};
use super::test::{Chosen, Test};
use crate::adapters::glue::node::{Env, Node, Row};
use crate::adapters::glue::select::{Order, Origin, Select, Source};
use crate::adapters::glue::value::Fault;
use crate::store::{RowId, Table};
use crate::value::Value;
use core::cmp::Ordering;

/// What is shown rows by number, and says whether that is enough.
type See<'v> = &'v mut dyn FnMut(RowId, &[Value]) -> Result<bool, Fault>;

impl Select {
    /// The numbers of the rows that the query finds, in its order; `None` if its rows are not made of one row each.
    pub(in super::super) fn numbers(&self, env: &Env<'_>) -> Result<Option<Vec<RowId>>, Fault> {
        let Some((source, table)) = self.only_table(env) else { return Ok(None) };
        let outside = Row::new(&[], None, env);
        let cut = self.cut(&outside, None)?;
        let end = cut.end().unwrap_or(usize::MAX);
        let orders = if self.core.ordered { &[] } else { self.orders.as_slice() };
        // Columns are compared where they lie; a million keys would be more than a million rows' numbers.
        let columns = plain_columns(orders);
        let keyed = if columns.is_some() { &[] } else { orders };
        let mut sorter = Sorter::new(keyed, 0);
        let mut ids = Vec::new();
        source.each_number(table, env, &mut |id, row| {
            let sources = [row];
            let row = Row::new(&sources, None, env);
            if holds(&self.core.filters, &row)? {
                sorter.push_copy(&row)?;
                ids.push(id);
            }
            Ok(orders.is_empty() && ids.len() >= end)
        })?;
        if let Some(columns) = columns {
            ids.sort_by(|a, b| order_by_columns(table, orders, &columns, *a, *b));
        } else {
            ids = sorter.places(ids.len(), cut.end()).into_iter().map(|place| ids[place]).collect();
        }
        ids.truncate(end);
        ids.drain(..cut.offset.min(ids.len()));
        Ok(Some(ids))
    }

    /// What the query makes of rows that it found.
    pub(in super::super) fn rows_of(&self, ids: &[RowId], env: &Env<'_>) -> Result<Rows, Fault> {
        let Some((source, table)) = self.only_table(env) else { return Ok(Rows::new()) };
        let held = Held::new();
        let Some(reading) = source.reading(table, &held) else { return Ok(Rows::new()) };
        let mut values = Vec::new();
        let made = ids.iter().map(|id| {
            reading.fill_row(*id, &mut values);
            let sources = [values.as_slice()];
            let row = Row::new(&sources, None, env);
            self.core.fields.iter().map(|field| Ok(field.value(&row)?.into_owned())).collect()
        });
        made.collect()
    }

    /// The only source of the query, if that is a table, and each of its rows that is found is one of the query.
    fn only_table<'e>(&self, env: &Env<'e>) -> Option<(&Source, &'e Table)> {
        let [source] = self.core.sources.as_slice() else { return None };
        let Origin::Table { table, .. } = &source.rows else { return None };
        let is_plain =
            self.core.is_plain() && self.combinations.is_empty() && self.ctes.is_empty() && !self.with_ties;
        Some((source, env.tables.get(*table).copied().filter(|_| is_plain)?))
    }
}

/// The columns that rows are put in order by; `None` if something else has a part in it.
fn plain_columns(orders: &[Order]) -> Option<Vec<usize>> {
    let column = |order: &Order| match order.by {
        Node::Column { up: 0, source: 0, column } => Some(column),
        _ => None,
    };
    orders.iter().map(column).collect()
}

/// As `compare_by`, of columns of rows.
fn order_by_columns(table: &Table, orders: &[Order], columns: &[usize], a: RowId, b: RowId) -> Ordering {
    let pairs = orders.iter().zip(columns).map(|(order, column)| {
        let nulls = |id: RowId| table.cell(id, *column).is_null();
        match (nulls(a), nulls(b)) {
            (true, true) => Ordering::Equal,
            (one, other) if one != other => {
                if one == order.nulls_first {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
            _ if order.descending => table.order_by(*column, b, a),
            _ => table.order_by(*column, a, b),
        }
    });
    pairs.into_iter().find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal)
}

impl Source {
    /// Shows each row of the table that meets the source's own conditions, and forgets it, until that is enough.
    fn each_number(&self, table: &Table, env: &Env<'_>, visit: See<'_>) -> Result<(), Fault> {
        let held = Held::new();
        let (Some(reading), Origin::Table { access, .. }) = (self.reading(table, &held), &self.rows) else {
            return Ok(());
        };
        let outside = Row::new(&[], None, env);
        let mut row = Vec::new();
        let mut show = |ids: &mut dyn Iterator<Item = RowId>| {
            for id in ids {
                reading.fill_row(id, &mut row);
                if (access.whole || self.passes(&row, 0, 1, env, None)?) && visit(id, &row)? {
                    return Ok(true);
                }
            }
            Ok(false)
        };
        match find(table, access, &outside)? {
            Found::All(table) => {
                // Most rows are passed over without a copy.
                let test = self.filters.first().and_then(|condition| Test::of(condition, 0, &outside));
                let mut chosen = Chosen::default();
                for stretch in table.stretches() {
                    match &test {
                        Some(test) => _ = test.choose(&stretch, &mut chosen),
                        None => chosen.all(&stretch),
                    }
                    if show(&mut chosen.places().iter().map(|place| stretch.id(*place as usize)))? {
                        break;
                    }
                }
            }
            Found::One(id) => _ = show(&mut id.into_iter())?,
            Found::Range(mut ids) if !access.reverse => _ = show(&mut ids)?,
            Found::Range(ids) => _ = show(&mut ids.rev())?,
            Found::Ranges(all) => {
                for mut ids in all {
                    let is_enough = if access.reverse { show(&mut ids.rev())? } else { show(&mut ids)? };
                    if is_enough {
                        break;
                    }
                }
            }
        }
        Ok(())
    }
}
