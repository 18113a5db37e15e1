//! Reading what is there: the snapshot, and the good beginning of the journal.

use super::backend::{Area, Backend};
use super::checksum::checksum;
use super::error::JournalError;
use super::layout::{FRAME, Frame, HEAD, Head, SLOT_DISTANCE, Slot, read_blocks};
use super::log::{Journal, flush_now};

/// What recovery hands over, in this order: the blocks of the snapshot, then commits.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) enum Piece<'a> {
    Block(&'a [u8]),
    Commit(&'a [u8]),
}

type Take<'t> = &'t mut dyn FnMut(Piece<'_>) -> Result<(), String>;

/// How far a journal is good.
struct Good {
    /// Where the next frame begins.
    offset: usize,
    number: u64,
    chain: u32,
}

/// Opens what a backend keeps, or begins anew where there is nothing.
pub(super) fn open(mut backend: Box<dyn Backend + Send>, take: Take<'_>) -> Result<Journal, JournalError> {
    let header = backend.read(Area::Header)?;
    let slots = [Slot::read(&header, 0)?, Slot::read(&header, 1)?];
    // A slot stands where its generation belongs; anything else is not ours.
    let slot = slots
        .into_iter()
        .enumerate()
        .filter_map(|(at, slot)| slot.filter(|slot| slot.generation % 2 == at as u32))
        .max_by_key(|slot| slot.generation);
    let Some(slot) = slot else { return begin(backend) };
    let parity = slot.generation % 2 == 1;
    if slot.length > 0 {
        read_snapshot(&mut *backend, slot, take)?;
    }
    let area = Area::Journal(parity);
    let bytes = backend.read(area)?;
    let head = Head::read(&bytes)?.filter(|head| head.generation == slot.generation);
    let head = head.ok_or_else(|| JournalError::corrupt(Some(area), 0, "the journal has lost its head"))?;
    let mut good = replay(area, &bytes, head, slot.number, take)?;
    let mut active = (area, slot.generation, bytes.len());
    // While a snapshot is written commits go to the next journal.
    let next_area = Area::Journal(!parity);
    let next = backend.read(next_area)?;
    let generation = slot.generation.wrapping_add(1);
    match Head::read(&next)?.filter(|head| head.generation == generation) {
        Some(head) if head.base == good.number && good.offset == bytes.len() => {
            good = replay(next_area, &next, head, slot.number, take)?;
            active = (next_area, generation, next.len());
        }
        Some(_) => return Err(JournalError::corrupt(Some(area), good.offset, "commits are missing")),
        None => {
            let lost = Frame::search(&next)
                .any(|frame| frame.generation == generation && frame.durable > good.number);
            if lost {
                return Err(JournalError::corrupt(Some(next_area), 0, "the journal has lost its head"));
            }
        }
    }
    if good.number < slot.number {
        return Err(JournalError::corrupt(Some(active.0), good.offset, "commits are missing"));
    }
    let (area, active, length) = active;
    if good.offset < length {
        backend.truncate(area, good.offset as u64)?;
        flush_now(&mut *backend, area)?;
    }
    Ok(Journal {
        backend,
        generation: slot.generation,
        active,
        offset: good.offset as u64,
        number: good.number,
        chain: good.chain,
        durable: good.number,
        last: None,
        broken: None,
        snapshot: None,
        snapshot_length: slot.length,
        retry_at: 0,
    })
}

/// Nothing is there, or what is there was never finished.
fn begin(mut backend: Box<dyn Backend + Send>) -> Result<Journal, JournalError> {
    for area in [Area::Snapshot(false), Area::Snapshot(true), Area::Journal(false), Area::Journal(true)] {
        let length = backend.read(area)?.len();
        if length > if matches!(area, Area::Journal(_)) { HEAD } else { 0 } {
            return Err(JournalError::corrupt(Some(Area::Header), 0, "both of its slots are lost"));
        }
    }
    let generation = 1;
    let head = Head { generation, base: 0 };
    backend.truncate(Area::Journal(true), 0)?;
    backend.write(Area::Journal(true), 0, &head.write())?;
    flush_now(&mut *backend, Area::Journal(true))?;
    let mut header = vec![0; SLOT_DISTANCE];
    header.extend_from_slice(&Slot { generation, number: 0, length: 0, blocks: 0 }.write());
    backend.write(Area::Header, 0, &header)?;
    flush_now(&mut *backend, Area::Header)?;
    Ok(Journal {
        backend,
        generation,
        active: generation,
        offset: HEAD as u64,
        number: 0,
        chain: head.chain(),
        durable: 0,
        last: None,
        broken: None,
        snapshot: None,
        snapshot_length: 0,
        retry_at: 0,
    })
}

fn read_snapshot(backend: &mut dyn Backend, slot: Slot, take: Take<'_>) -> Result<(), JournalError> {
    let area = Area::Snapshot(slot.generation % 2 == 1);
    let bytes = backend.read(area)?;
    let length = usize::try_from(slot.length).unwrap_or(usize::MAX);
    let bytes = bytes
        .get(..length)
        .ok_or_else(|| JournalError::corrupt(Some(area), bytes.len(), "the snapshot is cut"))?;
    let blocks = read_blocks(Some(area), bytes, slot.generation, &mut |block| take(Piece::Block(block)))?;
    if blocks != slot.blocks {
        return Err(JournalError::corrupt(Some(area), length, "blocks are missing"));
    }
    Ok(())
}

/// Hands over the commits after `known`, up to the first frame that is not whole.
fn replay(area: Area, bytes: &[u8], head: Head, known: u64, take: Take<'_>) -> Result<Good, JournalError> {
    let mut good = Good { offset: HEAD, number: head.base, chain: head.chain() };
    while let Some(frame) = Frame::read(&bytes[good.offset..]) {
        let follows = frame.generation == head.generation
            && frame.chain == good.chain
            && Some(frame.number) == good.number.checked_add(1);
        let start = good.offset + FRAME;
        let payload = bytes[start..].get(..frame.length as usize);
        let Some(payload) = payload.filter(|payload| follows && checksum(0, payload) == frame.payload) else {
            break;
        };
        if frame.number > known {
            take(Piece::Commit(payload))
                .map_err(|message| JournalError::corrupt(Some(area), good.offset, message))?;
        }
        good = Good { offset: start + payload.len(), number: frame.number, chain: frame.own_chain() };
    }
    // What is not whole was never durable, unless a later frame says that it was.
    let rest = bytes.get(good.offset + 1..).unwrap_or_default();
    let lost = |frame: Frame| frame.generation == head.generation && frame.durable > good.number;
    if Frame::search(rest).any(lost) {
        return Err(JournalError::corrupt(Some(area), good.offset, "the checksum of a commit is wrong"));
    }
    Ok(good)
}
