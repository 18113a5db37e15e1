//! Where the bytes are: one small trait.

use std::fmt;
use std::task::{Context, Poll};

/// A place for bytes: a file, or what stands for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Area {
    /// Two slots that say which snapshot and journal are the current ones.
    Header,
    /// A snapshot: that of the generations of this parity.
    Snapshot(bool),
    /// A journal: that of the generations of this parity.
    Journal(bool),
}

impl Area {
    /// Every area.
    pub const ALL: [Area; 5] = [
        Area::Header,
        Area::Snapshot(false),
        Area::Snapshot(true),
        Area::Journal(false),
        Area::Journal(true),
    ];

    /// Its name, for files and messages.
    pub fn name(self) -> &'static str {
        match self {
            Area::Header => "header",
            Area::Snapshot(false) => "snapshot-0",
            Area::Snapshot(true) => "snapshot-1",
            Area::Journal(false) => "journal-0",
            Area::Journal(true) => "journal-1",
        }
    }
}

/// Something that keeps the bytes of a database.
///
/// Reads and writes answer at once; only [`Backend::poll_flush`] may take its time. A file or a sync handle of OPFS does
/// everything at once. IndexedDB is read before the backend is made, collects writes and truncations, and stores them as one
/// of its transactions when it is flushed.
///
/// Until a flush is done, what was written since the last may be lost, in part and in any order. A backend belongs to
/// one database at a time.
pub trait Backend {
    /// All bytes of an area; none if there is no such area yet.
    ///
    /// # Errors
    /// What the environment says.
    fn read(&mut self, area: Area) -> Result<Vec<u8>, Failure>;

    /// Writes bytes at a place, at the end at most; the area grows as needed.
    ///
    /// # Errors
    /// What the environment says; the bytes from `at` on may be anything then.
    fn write(&mut self, area: Area, at: u64, bytes: &[u8]) -> Result<(), Failure>;

    /// Makes an area shorter.
    ///
    /// # Errors
    /// What the environment says.
    fn truncate(&mut self, area: Area, length: u64) -> Result<(), Failure>;

    /// Makes durable what was written and truncated in an area before this call. Ready when all of it is; else the waker
    /// is called when asking again makes sense.
    ///
    /// # Errors
    /// What the environment says; what was not durable before may be or not.
    fn poll_flush(&mut self, area: Area, context: &mut Context<'_>) -> Poll<Result<(), Failure>>;
}

/// What the environment says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Whether there is no more room: a full disk, a quota.
    pub full: bool,
    /// What happened, in its words.
    pub message: String,
}

impl Failure {
    /// Something went wrong.
    pub fn new(message: impl Into<String>) -> Failure {
        Failure { full: false, message: message.into() }
    }

    /// There is no more room.
    pub fn full(message: impl Into<String>) -> Failure {
        Failure { full: true, message: message.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Bytes in memory: they live as long as the process. For tests, and to see what a journal costs.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    areas: [Vec<u8>; 5],
}

impl Memory {
    /// With nothing in it.
    pub fn new() -> Memory {
        Memory::default()
    }

    /// The bytes of an area.
    pub fn bytes(&mut self, area: Area) -> &mut Vec<u8> {
        let at = Area::ALL.iter().position(|other| *other == area).unwrap_or(0);
        &mut self.areas[at]
    }
}

impl Backend for Memory {
    fn read(&mut self, area: Area) -> Result<Vec<u8>, Failure> {
        Ok(self.bytes(area).clone())
    }

    fn write(&mut self, area: Area, at: u64, bytes: &[u8]) -> Result<(), Failure> {
        put(self.bytes(area), at, bytes)
    }

    fn truncate(&mut self, area: Area, length: u64) -> Result<(), Failure> {
        self.bytes(area).truncate(usize::try_from(length).unwrap_or(usize::MAX));
        Ok(())
    }

    fn poll_flush(&mut self, _area: Area, _context: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        Poll::Ready(Ok(()))
    }
}

/// Writes into bytes that grow as needed.
fn put(area: &mut Vec<u8>, at: u64, bytes: &[u8]) -> Result<(), Failure> {
    let at = usize::try_from(at).map_err(|_| Failure::full("more bytes than memory can have"))?;
    let end = at + bytes.len();
    if area.len() < end {
        area.resize(end, 0);
    }
    area[at..end].copy_from_slice(bytes);
    Ok(())
}
