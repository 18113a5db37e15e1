//! The host's clock, randomness and storage.

use crate::adapter::Environment;
use crate::store::journal::{Area, Backend, Failure};
use std::task::{Context, Poll};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(module = "/src/wasm/repo/host.js")]
extern "C" {
    /// Milliseconds since the start of 1970.
    fn clock() -> f64;
    /// Milliseconds of a clock that only goes forward.
    fn ticks() -> f64;
    /// Reads an area; how many bytes it has, or less than zero.
    fn storage_read(storage: u32, area: u32) -> f64;
    /// Copies what was read.
    fn storage_take(storage: u32, into: usize);
    fn storage_write(storage: u32, area: u32, at: f64, bytes: usize, length: usize) -> u32;
    fn storage_truncate(storage: u32, area: u32, length: f64) -> u32;
    fn storage_flush(storage: u32, area: u32) -> u32;
    /// Copies the text of the last failure; how long it is.
    fn storage_failure(storage: u32, into: usize, capacity: usize) -> usize;
}

/// The clock and the randomness of the host.
pub(super) struct World;

impl Environment for World {
    fn unix_microseconds(&self) -> i64 {
        (clock() * 1e3) as i64
    }

    fn ticks(&self) -> u64 {
        (ticks() * 1e6) as u64
    }

    fn fill(&self, random: &mut [u8]) {
        // Without randomness keys would collide: rather none at all than bad ones.
        if getrandom::getrandom(random).is_err() {
            core::arch::wasm32::unreachable();
        }
    }
}

/// What storage functions of the host answer.
const DONE: u32 = 0;
const PENDING: u32 = 1;
const FULL: u32 = 3;
/// How long the text of a failure may be.
const MAX_TEXT: usize = 1024;

/// A storage of the host, by its number.
pub(super) struct Storage(pub(super) u32);

impl Storage {
    fn check(&self, status: u32) -> Result<(), Failure> {
        if status == DONE { Ok(()) } else { Err(self.failure(status == FULL)) }
    }

    fn failure(&self, full: bool) -> Failure {
        let mut bytes = vec![0; MAX_TEXT];
        let length = storage_failure(self.0, bytes.as_mut_ptr() as usize, bytes.len());
        bytes.truncate(length);
        Failure { full, message: String::from_utf8_lossy(&bytes).into_owned() }
    }
}

fn number(area: Area) -> u32 {
    Area::ALL.iter().position(|other| *other == area).unwrap_or(0) as u32
}

impl Backend for Storage {
    fn read(&mut self, area: Area) -> Result<Vec<u8>, Failure> {
        let length = storage_read(self.0, number(area));
        if length < 0.0 {
            return Err(self.failure(false));
        }
        let mut bytes = vec![0; length as usize];
        storage_take(self.0, bytes.as_mut_ptr() as usize);
        Ok(bytes)
    }

    fn write(&mut self, area: Area, at: u64, bytes: &[u8]) -> Result<(), Failure> {
        let status = storage_write(self.0, number(area), at as f64, bytes.as_ptr() as usize, bytes.len());
        self.check(status)
    }

    fn truncate(&mut self, area: Area, length: u64) -> Result<(), Failure> {
        self.check(storage_truncate(self.0, number(area), length as f64))
    }

    fn poll_flush(&mut self, area: Area, _: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        match storage_flush(self.0, number(area)) {
            PENDING => Poll::Pending,
            status => Poll::Ready(self.check(status)),
        }
    }
}
