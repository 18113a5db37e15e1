//! Heads of areas and frames: fixed numbers of bytes, each with a checksum of its own.

use super::checksum::checksum;
use super::error::JournalError;
use super::{Area, VERSION};

/// Bytes between the two slots of the header: no disk writes both at once.
pub(super) const SLOT_DISTANCE: usize = 4096;
pub(super) const SLOT: usize = 64;
pub(super) const HEAD: usize = 32;
pub(super) const FRAME: usize = 40;
pub(super) const SNAPSHOT_HEAD: usize = 20;
pub(super) const BLOCK: usize = 12;

const HEADER_MAGIC: &[u8; 8] = b"ECTOBASE";
const JOURNAL_MAGIC: &[u8; 8] = b"ECTOJRNL";
const SNAPSHOT_MAGIC: &[u8; 8] = b"ECTOSNAP";
const FRAME_MAGIC: &[u8; 4] = b"FRME";

/// A slot of the header: the current snapshot, and by its generation the current journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    pub generation: u32,
    /// The last commit that is in the snapshot.
    pub number: u64,
    /// How long the snapshot is; 0 if there is none.
    pub length: u64,
    pub blocks: u32,
}

/// The head of a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub generation: u32,
    /// The last commit before its first frame.
    pub base: u64,
}

/// The head of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub length: u32,
    pub number: u64,
    /// The last commit that was known to be durable when this one was written.
    pub durable: u64,
    pub generation: u32,
    /// The checksum of the head before: of the frame, or of the journal.
    pub chain: u32,
    pub payload: u32,
}

impl Slot {
    pub(super) fn write(&self) -> [u8; SLOT] {
        let mut bytes = [0; SLOT];
        bytes[..8].copy_from_slice(HEADER_MAGIC);
        put(&mut bytes, 8, &VERSION.to_le_bytes());
        put(&mut bytes, 12, &self.generation.to_le_bytes());
        put(&mut bytes, 16, &self.number.to_le_bytes());
        put(&mut bytes, 24, &self.length.to_le_bytes());
        put(&mut bytes, 32, &self.blocks.to_le_bytes());
        seal(&mut bytes);
        bytes
    }

    /// The slot at its place in the header; none if there is none that is whole.
    pub(super) fn read(header: &[u8], at: usize) -> Result<Option<Slot>, JournalError> {
        let Some(bytes) = header.get(at * SLOT_DISTANCE..).and_then(|rest| rest.get(..SLOT)) else {
            return Ok(None);
        };
        if &bytes[..8] != HEADER_MAGIC || !is_sealed(bytes) {
            return Ok(None);
        }
        check_version(u32_at(bytes, 8))?;
        Ok(Some(Slot {
            generation: u32_at(bytes, 12),
            number: u64_at(bytes, 16),
            length: u64_at(bytes, 24),
            blocks: u32_at(bytes, 32),
        }))
    }
}

impl Head {
    pub(super) fn write(&self) -> [u8; HEAD] {
        let mut bytes = [0; HEAD];
        bytes[..8].copy_from_slice(JOURNAL_MAGIC);
        put(&mut bytes, 8, &VERSION.to_le_bytes());
        put(&mut bytes, 12, &self.generation.to_le_bytes());
        put(&mut bytes, 16, &self.base.to_le_bytes());
        seal(&mut bytes);
        bytes
    }

    pub(super) fn read(journal: &[u8]) -> Result<Option<Head>, JournalError> {
        let Some(bytes) = journal.get(..HEAD) else { return Ok(None) };
        if &bytes[..8] != JOURNAL_MAGIC || !is_sealed(bytes) {
            return Ok(None);
        }
        check_version(u32_at(bytes, 8))?;
        Ok(Some(Head { generation: u32_at(bytes, 12), base: u64_at(bytes, 16) }))
    }

    /// What the first frame is chained to.
    pub(super) fn chain(&self) -> u32 {
        u32_at(&self.write(), HEAD - 4)
    }
}

impl Frame {
    pub(super) fn write(&self) -> [u8; FRAME] {
        let mut bytes = [0; FRAME];
        bytes[..4].copy_from_slice(FRAME_MAGIC);
        put(&mut bytes, 4, &self.length.to_le_bytes());
        put(&mut bytes, 8, &self.number.to_le_bytes());
        put(&mut bytes, 16, &self.durable.to_le_bytes());
        put(&mut bytes, 24, &self.generation.to_le_bytes());
        put(&mut bytes, 28, &self.chain.to_le_bytes());
        put(&mut bytes, 32, &self.payload.to_le_bytes());
        seal(&mut bytes);
        bytes
    }

    pub(super) fn read(bytes: &[u8]) -> Option<Frame> {
        let bytes = bytes.get(..FRAME)?;
        (&bytes[..4] == FRAME_MAGIC && is_sealed(bytes)).then(|| Frame {
            length: u32_at(bytes, 4),
            number: u64_at(bytes, 8),
            durable: u64_at(bytes, 16),
            generation: u32_at(bytes, 24),
            chain: u32_at(bytes, 28),
            payload: u32_at(bytes, 32),
        })
    }

    /// What the next frame is chained to.
    pub(super) fn own_chain(&self) -> u32 {
        u32_at(&self.write(), FRAME - 4)
    }

    /// The heads of frames that begin anywhere in the bytes.
    pub(super) fn search(bytes: &[u8]) -> impl Iterator<Item = Frame> {
        let starts = bytes.windows(FRAME_MAGIC.len()).enumerate();
        starts.filter(|(_, start)| *start == FRAME_MAGIC).filter_map(|(at, _)| Frame::read(&bytes[at..]))
    }
}

/// What a snapshot begins with. A file that is exported has generation 0.
pub(super) fn snapshot_head(generation: u32) -> [u8; SNAPSHOT_HEAD] {
    let mut bytes = [0; SNAPSHOT_HEAD];
    bytes[..8].copy_from_slice(SNAPSHOT_MAGIC);
    put(&mut bytes, 8, &VERSION.to_le_bytes());
    put(&mut bytes, 12, &generation.to_le_bytes());
    seal(&mut bytes);
    bytes
}

/// A block of a snapshot: its head, and what is in it.
pub(super) fn write_block(generation: u32, index: u32, payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(BLOCK + payload.len());
    bytes.extend_from_slice(&(payload.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&index.to_le_bytes());
    bytes.extend_from_slice(&block_checksum(generation, index, payload).to_le_bytes());
    bytes.extend_from_slice(payload);
    bytes
}

/// Hands over what is in each block of a snapshot.
pub(super) fn read_blocks(
    area: Option<Area>,
    bytes: &[u8],
    generation: u32,
    take: &mut dyn FnMut(&[u8]) -> Result<(), String>,
) -> Result<u32, JournalError> {
    let damaged = |at: usize, message: &str| JournalError::corrupt(area, at, message);
    let head = bytes.get(..SNAPSHOT_HEAD).ok_or_else(|| damaged(0, "it is no snapshot of a database"))?;
    if &head[..8] != SNAPSHOT_MAGIC {
        return Err(damaged(0, "it is no snapshot of a database"));
    }
    if !is_sealed(head) {
        return Err(damaged(0, "the checksum of its head is wrong"));
    }
    check_version(u32_at(head, 8))?;
    if u32_at(head, 12) != generation {
        return Err(damaged(12, "it is a snapshot of another generation"));
    }
    let (mut at, mut index) = (SNAPSHOT_HEAD, 0);
    while at < bytes.len() {
        let block = &bytes[at..];
        let payload = block
            .get(..BLOCK)
            .and_then(|head| block[BLOCK..].get(..u32_at(head, 0) as usize))
            .ok_or_else(|| damaged(at, "a block is cut"))?;
        if u32_at(block, 4) != index || u32_at(block, 8) != block_checksum(generation, index, payload) {
            return Err(damaged(at, "the checksum of a block is wrong"));
        }
        take(payload).map_err(|message| damaged(at, &message))?;
        at += BLOCK + payload.len();
        index += 1;
    }
    Ok(index)
}

fn block_checksum(generation: u32, index: u32, payload: &[u8]) -> u32 {
    let mut head = [0; 12];
    put(&mut head, 0, &generation.to_le_bytes());
    put(&mut head, 4, &index.to_le_bytes());
    put(&mut head, 8, &(payload.len() as u32).to_le_bytes());
    checksum(checksum(0, &head), payload)
}

fn check_version(version: u32) -> Result<(), JournalError> {
    if version > VERSION { Err(JournalError::TooNew { version }) } else { Ok(()) }
}

/// Puts the checksum of all bytes before into the last four.
fn seal(bytes: &mut [u8]) {
    let end = bytes.len() - 4;
    let sum = checksum(0, &bytes[..end]);
    put(bytes, end, &sum.to_le_bytes());
}

fn is_sealed(bytes: &[u8]) -> bool {
    let end = bytes.len() - 4;
    checksum(0, &bytes[..end]) == u32_at(bytes, end)
}

fn put(bytes: &mut [u8], at: usize, part: &[u8]) {
    bytes[at..at + part.len()].copy_from_slice(part);
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let mut part = [0; 4];
    part.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(part)
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    let mut part = [0; 8];
    part.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(part)
}
