//! What is kept: in files, beside a snapshot that is under way, and by a backend that takes its time.

use crate::{numbers, put, rows};
use ectomorph::store::journal::{Area, Backend, Failure, Files, JournalError, Memory};
use ectomorph::store::{Column, Database, Ddl, Durability, Index, Kind, StoreError, TableId};
use ectomorph::value::Value;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("ectomorph-{name}-{}", std::process::id()));
        std::fs::remove_dir_all(&folder).ok();
        Folder(folder)
    }

    fn open(&self, durability: Durability) -> Database {
        Database::open(Files::open(&self.0).unwrap(), durability).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

fn named(database: &Database, name: &str) -> TableId {
    database.table_id(&name.into()).unwrap()
}

#[test]
fn a_database_in_files_is_there_again() {
    let folder = Folder::new("files");
    let mut database = folder.open(Durability::Strict);
    let t = crate::create(&mut database, numbers("t", &["a"]).index(Index::new("t_a_index", ["a"]).unique()));
    put(&mut database, t, &[Some(5), Some(1)]).unwrap();
    database.insert(t, &[1], vec![2.into()]).unwrap();
    database.begin().unwrap();
    database.insert(t, &[1], vec![3.into()]).unwrap();
    database.close().unwrap();
    let mut database = folder.open(Durability::Strict);
    let t = named(&database, "t");
    assert_eq!(rows(&database, t), [[Some(1), Some(2)], [Some(5), Some(1)]]);
    assert!(put(&mut database, t, &[Some(9), Some(1)]).is_err());
    database.snapshot().unwrap();
    database.insert(t, &[1], vec![4.into()]).unwrap();
    drop(database);
    let database = folder.open(Durability::Strict);
    // The number of the row that was never committed is given out again.
    assert_eq!(rows(&database, t), [[Some(1), Some(2)], [Some(2), Some(4)], [Some(5), Some(1)]]);
    assert_eq!(database.commits(), (4, 4));
}

#[test]
fn a_long_journal_gives_way_to_a_snapshot_while_commits_go_on() {
    let folder = Folder::new("long");
    let mut database = folder.open(Durability::Relaxed);
    let definition = numbers("t", &["a"]).column(Column::new("text", Kind::Text(None)));
    let t = crate::create(&mut database, definition);
    let text = "x".repeat(1_000);
    for number in 0..4_000 {
        let row = database.table(t).unwrap().get(&[Value::from(number % 500 + 1)]).map(|(id, _)| id);
        match row {
            Some(row) => drop(database.update(t, row, vec![(1, number.into())]).unwrap()),
            None => drop(database.insert(t, &[1, 2], vec![number.into(), text.as_str().into()]).unwrap()),
        }
        if number % 7 == 0 && number > 500 {
            database.update(t, row.unwrap(), vec![(2, format!("{text}{number}").into())]).unwrap();
        }
    }
    assert_eq!(database.snapshot_failure(), None);
    let before = database.export();
    let (commits, _) = database.commits();
    database.close().unwrap();
    let lengths = Area::ALL.map(|area| std::fs::metadata(folder.0.join(area.name())).unwrap().len());
    assert!(lengths[1] + lengths[2] > 500_000, "there is a snapshot: {lengths:?}");
    let database = folder.open(Durability::Strict);
    assert!(database.export() == before);
    assert_eq!(database.commits(), (commits, commits));
}

#[test]
fn a_file_takes_the_place_of_everything_and_can_be_taken_back() {
    let folder = Folder::new("import");
    let mut database = folder.open(Durability::Strict);
    let old = crate::create(&mut database, numbers("old", &["a"]));
    put(&mut database, old, &[Some(1), Some(1)]).unwrap();
    let before = database.export();
    let mut other = Database::new();
    crate::create(&mut other, numbers("gone", &[]));
    let new = crate::create(&mut other, numbers("new", &["a"]));
    other.define(Ddl::DropTable { table: "gone".into(), cascade: false }).unwrap();
    other.insert(new, &[1], vec![7.into()]).unwrap();
    let file = other.export();
    database.begin().unwrap();
    database.import(&file).unwrap();
    assert_eq!(database.table_id(&"old".into()), None);
    database.rollback().unwrap();
    assert!(database.export() == before);
    database.import(&file).unwrap();
    let new = named(&database, "new");
    database.insert(new, &[1], vec![8.into()]).unwrap();
    drop(database);
    let database = folder.open(Durability::Strict);
    assert_eq!(rows(&database, new), [[Some(1), Some(7)], [Some(2), Some(8)]]);
}

#[test]
fn a_file_that_breaks_its_own_constraints_is_refused() {
    let (mut database, t) = crate::with(numbers("t", &["a"]));
    put(&mut database, t, &[Some(1), Some(70_000)]).unwrap();
    let mut file = database.export();
    // The kind of the column "a" becomes one of 16 bits, the checksum of the block what it must be.
    let place = file.windows(2).rposition(|pair| pair == [2, 64]).unwrap();
    file[place + 1] = 16;
    let length = u32::from_le_bytes(file[20..24].try_into().unwrap()) as usize;
    let summed = [&[0; 8], &file[20..24], &file[32..32 + length]].concat();
    let sum = summed.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 },
        )
    });
    file[28..32].copy_from_slice(&(!sum).to_le_bytes());
    let error = Database::new().import(&file).unwrap_err();
    assert_eq!(error.to_string(), "column \"a\" of table \"t\": the integer is out of range");
}

/// A backend that flushes when it is told to, as IndexedDB does when its transaction is done.
#[derive(Clone, Default)]
struct Slow {
    memory: Arc<Mutex<Memory>>,
    answer: Arc<Mutex<Option<Result<(), Failure>>>>,
}

impl Backend for Slow {
    fn read(&mut self, area: Area) -> Result<Vec<u8>, Failure> {
        self.memory.lock().unwrap().read(area)
    }

    fn write(&mut self, area: Area, at: u64, bytes: &[u8]) -> Result<(), Failure> {
        self.memory.lock().unwrap().write(area, at, bytes)
    }

    fn truncate(&mut self, area: Area, length: u64) -> Result<(), Failure> {
        self.memory.lock().unwrap().truncate(area, length)
    }

    fn poll_flush(&mut self, _area: Area, _context: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        self.answer.lock().unwrap().take().map_or(Poll::Pending, Poll::Ready)
    }
}

#[test]
fn a_commit_waits_for_a_backend_that_takes_its_time() {
    let slow = Slow::default();
    let mut database = Database::open(slow.clone(), Durability::Strict).unwrap();
    let answer = |result| *slow.answer.lock().unwrap() = Some(result);
    let mut context = Context::from_waker(Waker::noop());
    database.begin().unwrap();
    let t = crate::create(&mut database, numbers("t", &["a"]));
    assert_eq!(database.poll_commit(&mut context), Poll::Pending);
    // Nothing else happens in between.
    assert_eq!(put(&mut database, t, &[Some(1)]).unwrap_err().code(), "invalid_transaction_state");
    assert_eq!(database.rollback().unwrap_err().code(), "invalid_transaction_state");
    assert_eq!(database.commit().unwrap_err(), StoreError::from(JournalError::Pending));
    answer(Ok(()));
    assert_eq!(database.poll_commit(&mut context), Poll::Ready(Ok(())));
    assert_eq!(database.commits(), (1, 1));
    database.begin().unwrap();
    put(&mut database, t, &[Some(1)]).unwrap();
    assert_eq!(database.poll_commit(&mut context), Poll::Pending);
    answer(Err(Failure::full("QuotaExceededError")));
    let refused = database.poll_commit(&mut context);
    assert!(matches!(&refused, Poll::Ready(Err(error)) if error.code() == "disk_full"), "{refused:?}");
    assert!(rows(&database, t).is_empty() && !database.in_transaction());
    assert_eq!(database.commits(), (1, 1));
    // What was refused is not there after the next opening either.
    drop(database);
    let database = Database::open(slow.clone(), Durability::Strict).unwrap();
    assert!(rows(&database, t).is_empty());
}
