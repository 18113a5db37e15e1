//! Damage to what was durable: an error that says what it is, or something that was there.

use crate::backend::{Crashing, Disk, Fate, Random};
use crate::workload::Workload;
use ectomorph::store::journal::{Area, JournalError};
use ectomorph::store::{Column, Database, Ddl, Definition, Durability, Kind, StoreError};

/// A disk after some commits, and the state after each of them.
fn disk(commits: usize) -> (Disk, Vec<Vec<u8>>) {
    let (backend, disk) = Crashing::on(Disk::default());
    let mut database = Database::open(backend, Durability::Strict).unwrap();
    let mut workload = Workload::new(7);
    let mut states = vec![database.export()];
    for _ in 0..commits {
        workload.commit(&mut database).unwrap();
        states.push(database.export());
    }
    drop(database);
    let disk = disk.lock().unwrap().after_crash(Fate::Kept, &mut Random(1));
    (disk, states)
}

fn open(disk: Disk) -> Result<Database, JournalError> {
    match Database::open(Crashing::on(disk).0, Durability::Strict) {
        Ok(database) => Ok(database),
        Err(StoreError::Journal(error)) => Err(*error),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_flipped_bit_anywhere_is_found_or_costs_the_last_commit_at_most() {
    let (whole, states) = disk(45);
    let mut found = 0;
    for area in Area::ALL {
        let length = whole.clone().bytes(area).len();
        for at in 0..length {
            let mut damaged = whole.clone();
            damaged.bytes(area)[at] ^= 1 << (at % 8);
            match open(damaged) {
                Err(JournalError::Corrupt { .. }) => found += 1,
                Err(error) => panic!("{area:?} {at}: {error}"),
                Ok(database) => {
                    let last_two = &states[states.len() - 2..];
                    assert!(last_two.contains(&database.export()), "{area:?} {at}");
                }
            }
        }
    }
    assert!(found > 1_000, "most of it is looked at: {found}");
}

#[test]
fn an_area_that_is_cut_anywhere_is_found_or_gives_a_prefix() {
    let (whole, states) = disk(45);
    for area in Area::ALL {
        let length = whole.clone().bytes(area).len();
        for at in 0..length {
            let mut damaged = whole.clone();
            damaged.bytes(area).truncate(at);
            match open(damaged) {
                Err(JournalError::Corrupt { .. }) => {}
                Err(error) => panic!("{area:?} {at}: {error}"),
                Ok(database) => assert!(states.contains(&database.export()), "{area:?} {at}"),
            }
        }
    }
}

#[test]
fn damage_in_the_middle_says_where_it_is() {
    let (mut whole, _) = disk(12);
    let journal = whole.bytes(Area::Journal(true));
    let second = journal.windows(4).skip(33).position(|word| word == b"FRME").unwrap() + 33;
    journal[second + 50] ^= 1;
    let error = open(whole).err().unwrap();
    assert_eq!(
        error.to_string(),
        format!(
            "the journal-1 of the database is damaged at byte {second}: the checksum of a commit is wrong"
        )
    );
}

#[test]
fn a_version_that_is_too_new_is_an_error_of_its_own() {
    let (whole, _) = disk(45);
    let newer = |area: Area, slot: usize, sealed: usize| {
        let mut disk = whole.clone();
        let bytes = &mut disk.bytes(area)[slot..slot + sealed + 4];
        bytes[8] = 3;
        let sum = crc(&bytes[..sealed]);
        bytes[sealed..].copy_from_slice(&sum.to_le_bytes());
        open(disk).err()
    };
    let expected = Some(JournalError::TooNew { version: 3 });
    assert_eq!(newer(Area::Header, 4096, 60), expected);
    let mut file = Database::new().export();
    file[8] = 9;
    let sum = crc(&file[..16]);
    file[16..20].copy_from_slice(&sum.to_le_bytes());
    let error = Database::new().import(&file).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the database was written by a newer ectomorph, in version 9 of its form; this one reads up to 2"
    );
}

#[test]
fn a_file_of_the_first_version_is_read() {
    // Rows with lists are written as they were in the first version: one by one.
    let definition = Definition::new("notes")
        .column(Column::new("id", Kind::Integer(64)))
        .column(Column::new("tags", Kind::List(Box::new(Kind::Text(None)))))
        .primary_key(["id"]);
    let mut database = Database::new();
    let notes = database.define(Ddl::CreateTable(definition)).unwrap().unwrap();
    for id in 0..600 {
        database.insert(notes, &[0, 1], vec![id.into(), ["rust", "ecto"].into()]).unwrap();
    }
    let mut file = database.export();
    file[8] = 1;
    let sum = crc(&file[..16]);
    file[16..20].copy_from_slice(&sum.to_le_bytes());
    let mut read = Database::new();
    read.import(&file).unwrap();
    assert_eq!(read.export(), database.export());
    assert_eq!(read.table_named(&"notes".into()).unwrap().len(), 600);
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 },
        )
    })
}
