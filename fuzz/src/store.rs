//! Bytes that a database is opened from: damaged ones, and whole ones that say what nobody would.

use ectomorph::store::journal::{Area, Backend, Failure, JournalError, Memory};
use ectomorph::store::{Database, Durability, StoreError};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

/// The bytes of a journal behind its head: as they are, and as the records of commits with the right checksums. It is
/// opened or refused, and opened again as it was.
pub fn journal(input: &[u8]) {
    let fresh = Shared::default();
    open(&fresh).expect("nothing is there yet").close().expect("memory is durable");
    let mut raw = fresh.bytes(Area::Journal(true));
    let mut sealed = raw.clone();
    raw.extend_from_slice(input);
    let mut chain = sealed[28..32].to_vec();
    for (at, records) in parts(input).enumerate() {
        let frame = frame(at as u64 + 1, &chain, records);
        chain = frame[36..40].to_vec();
        sealed.extend_from_slice(&frame);
        sealed.extend_from_slice(records);
    }
    for bytes in [raw, sealed] {
        let backend = Shared::default();
        backend.set(Area::Header, fresh.bytes(Area::Header));
        backend.set(Area::Journal(true), bytes);
        match open(&backend) {
            Ok(database) => {
                let exported = database.export();
                drop(database);
                assert_eq!(open(&backend).expect("it was opened before").export(), exported);
            }
            Err(StoreError::Journal(error)) => {
                assert!(matches!(*error, JournalError::Corrupt { .. } | JournalError::TooNew { .. }));
            }
            Err(error) => panic!("{error}"),
        }
    }
}

/// A file to be imported: as it is, and as blocks with the right checksums. What is imported is exported and imported again
/// as it is; what is refused changes nothing.
pub fn import_file(input: &[u8]) {
    let empty = Database::new().export();
    let mut sealed = empty[..20].to_vec();
    for (at, payload) in parts(input).enumerate() {
        let mut head = [0_u32, at as u32, payload.len() as u32].map(u32::to_le_bytes).concat();
        let sum = checksum(&[&head[..], payload].concat());
        head = [payload.len() as u32, at as u32, sum].map(u32::to_le_bytes).concat();
        sealed.extend_from_slice(&head);
        sealed.extend_from_slice(payload);
    }
    for file in [input, &sealed] {
        let mut database = Database::new();
        if database.import(file).is_err() {
            assert_eq!(database.export(), empty);
            continue;
        }
        let exported = database.export();
        let mut again = Database::new();
        again.import(&exported).expect("what was exported can be imported");
        assert_eq!(again.export(), exported);
    }
}

/// Pieces of the input, each after its length in two bytes.
fn parts(mut input: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (length, rest) = input.split_first_chunk::<2>()?;
        let (part, rest) = rest.split_at(usize::from(u16::from_le_bytes(*length)).min(rest.len()));
        input = rest;
        Some(part)
    })
}

fn frame(number: u64, chain: &[u8], records: &[u8]) -> Vec<u8> {
    let mut frame = b"FRME".to_vec();
    frame.extend_from_slice(&(records.len() as u32).to_le_bytes());
    frame.extend_from_slice(&number.to_le_bytes());
    frame.extend_from_slice(&(number - 1).to_le_bytes());
    frame.extend_from_slice(&1_u32.to_le_bytes());
    frame.extend_from_slice(chain);
    frame.extend_from_slice(&checksum(records).to_le_bytes());
    frame.extend_from_slice(&checksum(&frame).to_le_bytes());
    frame
}

/// CRC-32, bit by bit.
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 },
        )
    })
}

fn open(backend: &Shared) -> Result<Database, StoreError> {
    Database::open(backend.clone(), Durability::Strict)
}

/// Memory that outlives the database on it.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Memory>>);

impl Shared {
    fn bytes(&self, area: Area) -> Vec<u8> {
        self.0.lock().expect("one thread").bytes(area).clone()
    }

    fn set(&self, area: Area, bytes: Vec<u8>) {
        *self.0.lock().expect("one thread").bytes(area) = bytes;
    }
}

impl Backend for Shared {
    fn read(&mut self, area: Area) -> Result<Vec<u8>, Failure> {
        Ok(self.bytes(area))
    }

    fn write(&mut self, area: Area, at: u64, bytes: &[u8]) -> Result<(), Failure> {
        self.0.lock().expect("one thread").write(area, at, bytes)
    }

    fn truncate(&mut self, area: Area, length: u64) -> Result<(), Failure> {
        self.0.lock().expect("one thread").truncate(area, length)
    }

    fn poll_flush(&mut self, area: Area, context: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        self.0.lock().expect("one thread").poll_flush(area, context)
    }
}
