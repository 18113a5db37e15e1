//! Memory that is there before it is needed.
//!
//! An allocator that grows the memory page by page makes the host collect garbage each time, since it counts the whole
//! memory anew as memory that JavaScript holds.

use crate::wasm::SingleThread;
use core::arch::wasm32::memory_size;
use core::cell::Cell;

/// A page of WebAssembly.
const PAGE: usize = 1 << 16;
/// The least that the memory grows by.
const LEAST: usize = 1 << 21;
/// How many times as long as a request what becomes of it may be.
const SWELLS: usize = 4;

/// The pages there were when memory was last made.
static PAGES: SingleThread<Cell<usize>> = SingleThread(Cell::new(0));

/// Makes memory for what a request of so many bytes may take, if the memory has grown or the request is a large one: an
/// eighth of what there is. What is given back at once is what the allocator hands out next, and no host makes pages real
/// before they are written to.
pub(super) fn ahead(length: usize) {
    let pages = memory_size::<0>();
    if pages == PAGES.0.get() && length < LEAST / SWELLS {
        return;
    }
    let wanted = (pages * PAGE / 8).max(LEAST).max(length.saturating_mul(SWELLS));
    let mut room: Vec<u8> = Vec::new();
    // Where there is not so much, the allocator finds out how much there is.
    let _ = room.try_reserve_exact(wanted);
    drop(core::hint::black_box(room));
    PAGES.0.set(memory_size::<0>());
}
