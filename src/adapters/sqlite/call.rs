//! Statements, in place or in the thread, and their rows.

use super::connection::{is_busy, is_stopped};
use super::run::run;
use super::short::Way;
use super::values::Rows;
use super::{SqliteConnection, SqliteDriver};
use crate::adapter::{AdapterError, Outcome, Row};
use crate::adapters::server::{Done, Driver, Plain, Reading};
use crate::value::Value;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use tokio::sync::mpsc;

/// How many lots of rows wait to be read while SQLite finds more.
const LOTS: usize = 2;

/// What a statement in place takes of the 128 steps after which a task of tokio's lets others work: some 100 µs for all.
const SHARE: usize = 4;

/// What came of a statement: how many rows it changed, and those that were read last.
type Ran = (rusqlite::Result<u64>, Rows);

impl SqliteConnection {
    /// Runs a statement, and reads its rows if that is asked for.
    pub(super) async fn run(
        &mut self,
        sql: &str,
        params: Vec<Value>,
        reading: Option<&Reading<'_>>,
        way: Way,
    ) -> Outcome<rusqlite::Result<Done>> {
        self.settle().await.map_err(SqliteDriver::refused)?;
        if way != Way::Thread {
            // Who works in place and never waits has to let others work all the same.
            for _ in 0..SHARE {
                tokio::task::coop::consume_budget().await;
            }
        }
        let params: Vec<Plain> = params.into_iter().map(|param| Plain::new(param, 'T')).collect();
        let mut done = Done::default();
        let (changed, rest) = match self.run_here(sql, &params, way) {
            Some(ran) => ran,
            None => self.run_there(sql.to_owned(), params, reading, &mut done).await?,
        };
        let changed = match changed {
            Ok(changed) => changed,
            Err(error) => return Ok(Err(error)),
        };
        match reading {
            Some(reading) => take(&rest, reading, &mut done)?,
            None => done.count = usize::try_from(changed).unwrap_or(usize::MAX),
        }
        Ok(Ok(done))
    }

    /// All rows of a query, as they are.
    pub(super) async fn rows(&mut self, sql: &str, params: Vec<Value>) -> Option<Vec<Row>> {
        let done = self.run(sql, params, Some(&Reading::plain()), Way::Thread).await;
        done.ok()?.ok().map(|done| done.rows)
    }

    fn run_here(&mut self, sql: &str, params: &[Plain], way: Way) -> Option<Ran> {
        let work = |sqlite: &rusqlite::Connection| {
            let mut rows = Rows::default();
            let changed = run(sqlite, sql, params, |row| {
                rows.push(row);
                true
            });
            (changed, rows)
        };
        let ran = match way {
            Way::Key => self.here_within(work),
            Way::Row => self.here(work),
            Way::Thread => None,
        };
        ran.filter(|(changed, _)| !changed.as_ref().is_err_and(|error| is_busy(error) || is_stopped(error)))
    }

    /// Rows are read while SQLite finds the next ones in its own thread.
    async fn run_there(
        &mut self,
        sql: String,
        params: Vec<Plain>,
        reading: Option<&Reading<'_>>,
        done: &mut Done,
    ) -> Outcome<Ran> {
        let reads = reading.is_some();
        let (lots, mut coming) = mpsc::channel(LOTS);
        let work = move |sqlite: &rusqlite::Connection| {
            let mut rows = Rows::default();
            let changed = run(sqlite, &sql, &params, |row| {
                if reads {
                    rows.push(row);
                }
                !rows.is_full() || lots.blocking_send(std::mem::take(&mut rows)).is_ok()
            });
            // What sends ends with the answer: nobody has to be woken for it.
            (changed, rows, lots)
        };
        let answered = self.start(work).await.map_err(SqliteDriver::refused)?;
        let mut finished = pin!(self.finish(answered));
        let mut failed = None;
        let mut lot = |rows: Rows| {
            if let (Some(reading), None) = (reading, &failed) {
                failed = take(&rows, reading, done).err();
            }
        };
        let ran = poll_fn(|task| {
            while let Poll::Ready(Some(rows)) = coming.poll_recv(task) {
                lot(rows);
            }
            finished.as_mut().poll(task)
        });
        let (changed, rest, _) = ran.await.map_err(SqliteDriver::refused)?;
        // Those that came between the two.
        while let Ok(rows) = coming.try_recv() {
            lot(rows);
        }
        failed.map_or(Ok((changed, rest)), Err)
    }
}

/// Reads rows.
fn take(rows: &Rows, reading: &Reading<'_>, done: &mut Done) -> Outcome<()> {
    for mut row in rows.iter() {
        reading.read::<SqliteDriver>(&mut row, &mut done.rows).map_err(AdapterError::query)?;
        done.count += 1;
    }
    Ok(())
}
