//! Durability: commits in a journal, snapshots that take its place, and where the bytes are.
//!
//! A database is five [areas](Area) of bytes that a [`Backend`] keeps: a header, two snapshots, two journals. Numbers are
//! stored with the lowest byte first. What has a generation stands in the area, or slot, of its parity.
//!
//! | header: 2 slots, at 0 and 4096 | bytes |
//! |---|---|
//! | 0 | `ECTOBASE` |
//! | 8 | version |
//! | 12 | generation |
//! | 16 | the number of the last commit in the snapshot (8 bytes) |
//! | 24 | the length of the snapshot, 0 for none (8 bytes) |
//! | 32 | the number of its blocks |
//! | 36 | zeros |
//! | 60 | checksum of the bytes before |
//!
//! | journal | bytes |
//! |---|---|
//! | 0 | `ECTOJRNL` |
//! | 8 | version |
//! | 12 | generation |
//! | 16 | the number of the last commit before it (8 bytes) |
//! | 24 | zeros |
//! | 28 | checksum of the bytes before |
//! | 32 | frames, one a commit, one behind the other |
//!
//! | frame | bytes |
//! |---|---|
//! | 0 | `FRME` |
//! | 4 | the length of the records |
//! | 8 | the number of the commit (8 bytes) |
//! | 16 | the number of the last commit that was known to be durable (8 bytes) |
//! | 24 | generation |
//! | 28 | the checksum of the head before: of the frame, or of the journal |
//! | 32 | checksum of the records |
//! | 36 | checksum of the bytes before |
//! | 40 | the records of the commit |
//!
//! | snapshot, and file that is exported | bytes |
//! |---|---|
//! | 0 | `ECTOSNAP` |
//! | 8 | version |
//! | 12 | generation; 0 in a file |
//! | 16 | checksum of the bytes before |
//! | 20 | blocks, one behind the other |
//!
//! | block | bytes |
//! |---|---|
//! | 0 | the length of what is in it |
//! | 4 | its place among the blocks, from 0 |
//! | 8 | checksum of generation, place, length and what is in it |
//! | 12 | what is in it |
//!
//! A number without a size has 4 bytes; checksums are CRC-32. The form of a slot up to its version never changes.
//!
//! # Recovery
//!
//! The whole slot with the higher generation says where to begin: with its snapshot, and the journal of its generation,
//! then the journal of the next generation if that one goes on where the first ends. Frames are taken as long as they
//! are whole, follow each other in number and are chained. What comes after was torn by a crash and is cut, unless
//! a later frame says that it was durable: then the middle of the journal is damaged, which is
//! [an error](JournalError::Corrupt), as is a snapshot that is not whole. Damage to the very last frame can't be told from a torn
//! one.
//!
//! # Snapshots
//!
//! A snapshot is written beside the current one, block by block, while commits go to the next journal. When it
//! is durable, the other slot of the header is written, and with that slot's being whole the new generation is the
//! current one. Until then the old snapshot and both journals hold everything.

mod backend;
mod checksum;
mod error;
mod file;
mod layout;
mod log;
mod recover;

pub use backend::{Area, Backend, Failure, Memory};
pub use error::JournalError;
pub use file::Files;
pub(super) use log::Journal;
pub(super) use recover::Piece;

/// The version of the form that is written, and the newest that is read. Older ones are read, too: since 2 snapshots have
/// rows by columns.
pub const VERSION: u32 = 2;

/// The bytes of a file in the form of a snapshot, of blocks.
pub(super) fn file_head() -> Vec<u8> {
    layout::snapshot_head(0).to_vec()
}

/// A block of a file.
pub(super) fn file_block(index: u32, payload: &[u8]) -> Vec<u8> {
    layout::write_block(0, index, payload)
}

/// Hands over what is in each block of a file.
pub(super) fn read_file(
    bytes: &[u8],
    take: &mut dyn FnMut(&[u8]) -> Result<(), String>,
) -> Result<(), JournalError> {
    layout::read_blocks(None, bytes, 0, take).map(|_| ())
}
