//! Inserts of many rows.
//!
//! Where the database takes lists apart (PostgreSQL's `unnest`), each column goes as one param: the text is short and the same
//! for any number of rows, so that it is read and prepared once. Elsewhere, and where a row has more than values, rows go
//! in portions within the params of a statement; several portions happen in a transaction.

use super::transaction::Manager;
use super::{Call, Connection, Done, Driver, Reading};
use crate::adapter::{Cell, ConflictAction, InsertAll, Outcome, Rows, Statement};
use crate::adapters::sql::query::{self, insert_lists, insert_rows};
use crate::value::Value;
use sqlx::TransactionManager;

/// From how many rows on lists are worth asking for the types of their columns.
const MANY: usize = 16;

/// The insert of many rows that a statement is, if it is one.
pub(super) fn of<'a>(statement: &'a Statement<'a>) -> Option<(&'a InsertAll<'a>, &'a [Vec<Cell>])> {
    match statement {
        Statement::InsertAll(insert) => match &insert.rows {
            Rows::Cells(rows) => Some((insert, rows)),
            Rows::Query(..) => None,
        },
        _ => None,
    }
}

/// Inserts the rows.
pub(super) async fn insert_all<D: Driver>(
    connection: &mut Connection<D>,
    about: &Statement<'_>,
    insert: &InsertAll<'_>,
    rows: &[Vec<Cell>],
) -> Outcome<Done> {
    let call = |sql, params| Call { sql, params, rows: Reading::of::<D>(about), about: Some(about) };
    if let Some(written) = as_lists::<D>(connection, insert, rows).await? {
        return D::run(connection, call(&written.sql, written.params)).await;
    }
    let size = portion::<D>(insert, rows);
    if rows.len() <= size {
        let written = insert_rows(D::DIALECT, insert, rows)?;
        return D::run(connection, call(&written.sql, written.params)).await;
    }
    let begins = Manager::<D>::get_transaction_depth(connection) == 0;
    if begins {
        Manager::<D>::begin(connection, Some(D::BEGIN.into())).await.map_err(D::refused)?;
    }
    let outcome = portions::<D>(connection, about, insert, rows.chunks(size)).await;
    if begins {
        let ended = match outcome {
            Ok(_) => Manager::<D>::commit(connection).await,
            Err(_) => Manager::<D>::rollback(connection).await,
        };
        if ended.is_err() {
            // A transaction that could not be committed may still be open.
            Manager::<D>::start_rollback(connection);
        }
        ended.map_err(D::refused)?;
    }
    outcome
}

async fn portions<D: Driver>(
    connection: &mut Connection<D>,
    about: &Statement<'_>,
    insert: &InsertAll<'_>,
    portions: std::slice::Chunks<'_, Vec<Cell>>,
) -> Outcome<Done> {
    let mut all = Done::default();
    let mut last: Option<(usize, query::Statement)> = None;
    for rows in portions {
        let plain = insert.placeholders.is_empty() && rows.iter().all(|row| is_plain(row));
        let (sql, params) = match &last {
            // The same text: only the values of the rows differ, which stand before those of the conflict.
            Some((count, written)) if plain && *count == rows.len() => {
                let values = rows.iter().flatten().filter_map(value).cloned();
                let cells = rows.len() * insert.header.len();
                (&written.sql, values.chain(written.params.iter().skip(cells).cloned()).collect())
            }
            _ => {
                let written = insert_rows(D::DIALECT, insert, rows)?;
                let (_, kept) = last.insert((if plain { rows.len() } else { 0 }, written));
                (&kept.sql, kept.params.clone())
            }
        };
        let call = Call { sql, params, rows: Reading::of::<D>(about), about: Some(about) };
        let mut done = D::run(connection, call).await?;
        all.count += done.count;
        all.rows.append(&mut done.rows);
        all.last_id = all.last_id.or(done.last_id);
    }
    Ok(all)
}

/// The insert with a list for each column, where the database takes them and each row has nothing but values.
async fn as_lists<D: Driver>(
    connection: &mut Connection<D>,
    insert: &InsertAll<'_>,
    rows: &[Vec<Cell>],
) -> Outcome<Option<query::Statement>> {
    let columns = insert.header.len();
    let fits = |row: &Vec<Cell>| row.len() == columns && is_plain(row);
    if rows.len() < MANY || columns == 0 || !insert.placeholders.is_empty() || !rows.iter().all(fits) {
        return Ok(None);
    }
    let sample = insert_rows(D::DIALECT, insert, &rows[..1])?;
    let types = match D::column_types(connection, &sample.sql).await? {
        Some(types) if types.len() >= columns => types,
        _ => return Ok(None),
    };
    let list = |at: usize| Value::List(rows.iter().filter_map(|row| value(&row[at])).cloned().collect());
    insert_lists(D::DIALECT, insert, &types[..columns], (0..columns).map(list).collect()).map(Some)
}

fn is_plain(row: &[Cell]) -> bool {
    row.iter().all(|cell| value(cell).is_some())
}

fn value(cell: &Cell) -> Option<&Value> {
    match cell {
        Cell::Value(value) => Some(value),
        _ => None,
    }
}

/// How many rows a portion has.
fn portion<D: Driver>(insert: &InsertAll<'_>, rows: &[Vec<Cell>]) -> usize {
    let params = |cell: &Cell| match cell {
        Cell::Value(_) | Cell::Placeholder(_) => 1,
        Cell::Query(_, params) => params.len(),
        Cell::Default => 0,
    };
    let widest = rows.iter().map(|row| row.iter().map(params).sum()).max().unwrap_or(0);
    let beside = insert.placeholders.len()
        + match &insert.on_conflict.action {
            ConflictAction::Query(_, params) => params.len(),
            _ => 0,
        };
    if widest == 0 {
        return rows.len();
    }
    (D::PORTION.saturating_sub(beside) / widest).max(1)
}
