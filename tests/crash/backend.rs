//! A backend that stops, and what may be left of what it was given.

use ectomorph::store::journal::{Area, Backend, Failure};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

/// SplitMix64: a few lines, and the same numbers on every machine.
#[derive(Clone)]
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

/// What was asked for since the last flush.
#[derive(Clone, Debug)]
enum Change {
    Write(u64, Vec<u8>),
    Truncate(u64),
}

/// What becomes of what was not flushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// All of it is there.
    Kept,
    /// None of it is there.
    Lost,
    /// A beginning of it is there, the last write cut.
    Torn,
    /// Some of it is there, whatever came first.
    Reordered,
    /// A beginning of it is there, with bits of it flipped.
    Flipped,
}

pub const FATES: [Fate; 5] = [Fate::Kept, Fate::Lost, Fate::Torn, Fate::Reordered, Fate::Flipped];

/// The disk: what is durable, and what is on its way, for each area.
#[derive(Clone, Default)]
pub struct Disk {
    durable: HashMap<Area, Vec<u8>>,
    on_its_way: HashMap<Area, Vec<Change>>,
    /// Steps that were taken: writes, truncations, flushes.
    pub steps: usize,
    /// The step at which everything stops.
    pub stop_at: Option<usize>,
    /// Steps that fail, without anything else.
    pub failing: Option<fn(usize) -> bool>,
    /// The disk as it was before each step, if anybody looks.
    pub watched: Option<Vec<Disk>>,
    /// Bytes that there may be.
    pub quota: Option<usize>,
}

impl Disk {
    /// What is there for whoever looks now, before a crash.
    fn seen(&self, area: Area) -> Vec<u8> {
        let mut bytes = self.durable.get(&area).cloned().unwrap_or_default();
        self.on_its_way.get(&area).into_iter().flatten().for_each(|change| apply(&mut bytes, change));
        bytes
    }

    /// What is there after a crash.
    pub fn after_crash(&self, fate: Fate, random: &mut Random) -> Disk {
        let mut after = Disk { durable: self.durable.clone(), ..Disk::default() };
        for area in Area::ALL {
            let Some(changes) = self.on_its_way.get(&area) else { continue };
            let bytes = after.durable.entry(area).or_default();
            for change in survivors(changes, fate, random) {
                apply(bytes, &change);
            }
        }
        after
    }

    /// A copy of what is there and on its way.
    pub fn now(&self) -> Disk {
        let (durable, on_its_way) = (self.durable.clone(), self.on_its_way.clone());
        Disk { durable, on_its_way, ..Disk::default() }
    }

    /// An empty one that stops at a step.
    pub fn stopping_at(step: usize) -> Disk {
        Disk { stop_at: Some(step), ..Disk::default() }
    }

    pub fn bytes(&mut self, area: Area) -> &mut Vec<u8> {
        self.durable.entry(area).or_default()
    }

    fn step(&mut self) -> Result<(), Failure> {
        if self.stop_at.is_some_and(|stop| self.steps >= stop) {
            return Err(Failure::new("the machine has stopped"));
        }
        self.steps += 1;
        if self.watched.is_some() {
            let now = self.now();
            self.watched.iter_mut().for_each(|watched| watched.push(now.clone()));
        }
        match self.failing {
            Some(failing) if failing(self.steps) => Err(Failure::new("this step fails")),
            _ => Ok(()),
        }
    }
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Truncate(length) => bytes.truncate(*length as usize),
        Change::Write(at, written) => {
            let end = *at as usize + written.len();
            if bytes.len() < end {
                bytes.resize(end, 0);
            }
            bytes[*at as usize..end].copy_from_slice(written);
        }
    }
}

fn survivors(changes: &[Change], fate: Fate, random: &mut Random) -> Vec<Change> {
    let kept = random.below(changes.len() + 1);
    match fate {
        Fate::Kept => changes.to_vec(),
        Fate::Lost => Vec::new(),
        Fate::Torn => {
            let mut changes = changes[..kept].to_vec();
            if let Some(Change::Write(_, bytes)) = changes.last_mut() {
                bytes.truncate(random.below(bytes.len() + 1));
            }
            changes
        }
        Fate::Reordered => changes.iter().filter(|_| random.below(2) == 0).cloned().collect(),
        Fate::Flipped => {
            let mut changes = changes[..kept].to_vec();
            for change in &mut changes {
                let Change::Write(_, bytes) = change else { continue };
                if !bytes.is_empty() && random.below(3) == 0 {
                    let at = random.below(bytes.len());
                    bytes[at] ^= 1 << random.below(8);
                }
            }
            changes
        }
    }
}

/// A backend on a disk that the test holds too.
#[derive(Clone)]
pub struct Crashing(pub Arc<Mutex<Disk>>);

impl Crashing {
    pub fn on(disk: Disk) -> (Crashing, Arc<Mutex<Disk>>) {
        let disk = Arc::new(Mutex::new(disk));
        (Crashing(disk.clone()), disk)
    }
}

impl Backend for Crashing {
    fn read(&mut self, area: Area) -> Result<Vec<u8>, Failure> {
        Ok(self.0.lock().unwrap().seen(area))
    }

    fn write(&mut self, area: Area, at: u64, bytes: &[u8]) -> Result<(), Failure> {
        let mut disk = self.0.lock().unwrap();
        // A write that is stopped or fails may have happened, in part.
        let result = disk.step();
        let used: usize = Area::ALL.iter().map(|area| disk.seen(*area).len()).sum();
        let full = disk.quota.is_some_and(|quota| used + bytes.len() > quota);
        let part = if result.is_err() || full { bytes.len() / 2 } else { bytes.len() };
        disk.on_its_way.entry(area).or_default().push(Change::Write(at, bytes[..part].to_vec()));
        if full { Err(Failure::full("the quota is used up")) } else { result }
    }

    fn truncate(&mut self, area: Area, length: u64) -> Result<(), Failure> {
        let mut disk = self.0.lock().unwrap();
        disk.step()?;
        disk.on_its_way.entry(area).or_default().push(Change::Truncate(length));
        Ok(())
    }

    fn poll_flush(&mut self, area: Area, _context: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        let mut disk = self.0.lock().unwrap();
        if let Err(failure) = disk.step() {
            return Poll::Ready(Err(failure));
        }
        let bytes = disk.seen(area);
        disk.durable.insert(area, bytes);
        disk.on_its_way.remove(&area);
        Poll::Ready(Ok(()))
    }
}
