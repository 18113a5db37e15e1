//! Migrations, writes and imports while what keeps the database takes its time, and when it has no more room.

use super::glue::{blog, insert, migrator, wait};
use ectomorph::adapter::{AdapterError, System};
use ectomorph::adapters::glue::Glue;
use ectomorph::migration::Target;
use ectomorph::store::journal::{Area, Backend, Failure, Memory};
use ectomorph::store::{Database, Durability};
use ectomorph::value::Value;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

/// A backend whose every flush is done when it is asked about for the second time.
#[derive(Clone, Default)]
struct Slow(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    memory: Memory,
    is_asked: bool,
    is_full: bool,
    flushes: usize,
}

impl Backend for Slow {
    fn read(&mut self, area: Area) -> Result<Vec<u8>, Failure> {
        self.0.lock().unwrap().memory.read(area)
    }

    fn write(&mut self, area: Area, at: u64, bytes: &[u8]) -> Result<(), Failure> {
        self.0.lock().unwrap().memory.write(area, at, bytes)
    }

    fn truncate(&mut self, area: Area, length: u64) -> Result<(), Failure> {
        self.0.lock().unwrap().memory.truncate(area, length)
    }

    fn poll_flush(&mut self, _: Area, context: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        let mut state = self.0.lock().unwrap();
        state.is_asked = !state.is_asked;
        if state.is_asked {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        state.flushes += 1;
        Poll::Ready(if state.is_full { Err(Failure::full("the quota is used up")) } else { Ok(()) })
    }
}

fn open(slow: &Slow) -> Glue {
    let database = Database::open(slow.clone(), Durability::Strict).unwrap();
    slow.0.lock().unwrap().is_asked = false;
    Glue::new(database, Arc::new(System))
}

fn user(email: &str) -> [(&'static str, Value); 3] {
    let now = Value::NaiveDatetime("2026-01-01T00:00:00".parse().unwrap());
    [("email", Value::from(email)), ("inserted_at", now.clone()), ("updated_at", now)]
}

fn users(glue: &Glue) -> usize {
    glue.with_database(|database| database.table_named(&"users".into()).map_or(0, |table| table.len()))
}

#[test]
fn each_migration_and_each_write_waits_until_it_is_durable() {
    let slow = Slow::default();
    let glue = open(&slow);
    let before = slow.0.lock().unwrap().flushes;
    assert_eq!(wait(migrator(&glue, blog()).migrate(Target::All)).unwrap().len(), 2);
    insert(&glue, "users", &user("a@example.com")).unwrap();
    // The table of versions, two migrations and a row.
    assert_eq!(slow.0.lock().unwrap().flushes - before, 4);
    assert_eq!(users(&open(&slow)), 1);
}

#[test]
fn an_import_is_done_when_it_is_durable() {
    let from = open(&Slow::default());
    wait(migrator(&from, blog()).migrate(Target::All)).unwrap();
    insert(&from, "users", &user("a@example.com")).unwrap();
    let file = from.with_database(|database| database.export());
    let slow = Slow::default();
    let into = open(&slow);
    wait(into.import(&file)).unwrap();
    assert_eq!((users(&into), users(&open(&slow))), (1, 1));
    assert!(matches!(wait(into.import(&file[..file.len() - 9])), Err(AdapterError::Environment { .. })));
    assert_eq!(users(&into), 1);
}

#[test]
fn a_lack_of_room_is_an_error_of_its_own_and_changes_nothing() {
    let slow = Slow::default();
    let glue = open(&slow);
    wait(migrator(&glue, blog()).migrate(Target::All)).unwrap();
    slow.0.lock().unwrap().is_full = true;
    let refused = insert(&glue, "users", &user("a@example.com"));
    let message = "there is no more room for the database: the quota is used up".to_owned();
    assert_eq!(refused, Err(AdapterError::Full { message }));
    assert_eq!(users(&glue), 0);
    slow.0.lock().unwrap().is_full = false;
    insert(&glue, "users", &user("a@example.com")).unwrap();
    assert_eq!((users(&glue), users(&open(&slow))), (1, 1));
}
