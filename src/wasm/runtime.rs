//! What a module without the standard library must bring: an allocator and an end for panics.
//!
//! The allocator keeps free blocks in lists by size, a power of two each. Taking and giving back a block is a few
//! instructions; a block never changes its size, so memory is wasted (less than half) but never lost. About a hundred
//! lines of a general allocator would cost the page 3 KB.

#![allow(unsafe_code)]

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::ptr;

const SMALLEST: u32 = 4;
const CLASSES: usize = 28;
const PAGE: usize = 65_536;

struct Blocks {
    /// The first free block of each size; a free block holds the address of the next.
    free: [*mut u8; CLASSES],
    /// Memory never used yet.
    fresh: usize,
    end: usize,
}

struct ByClass(UnsafeCell<Blocks>);

// SAFETY: wasm32-unknown-unknown without atomics has no threads.
unsafe impl Sync for ByClass {}

#[global_allocator]
static ALLOCATOR: ByClass =
    ByClass(UnsafeCell::new(Blocks { free: [ptr::null_mut(); CLASSES], fresh: 0, end: 0 }));

/// The class of a layout: its size rounded up to a power of two, at least 16 bytes, at least its alignment.
fn class_of(layout: Layout) -> usize {
    let size = layout.size().max(layout.align()).max(1 << SMALLEST);
    (usize::BITS - (size - 1).leading_zeros() - SMALLEST) as usize
}

// SAFETY: a block of class c is 16 << c bytes, at a multiple of 16 or, where fresh memory is cut, of its alignment;
// alignments beyond 16 do not occur in this crate and are refused with a null pointer.
unsafe impl GlobalAlloc for ByClass {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let class = class_of(layout);
        if class >= CLASSES || layout.align() > 16 {
            return ptr::null_mut();
        }
        // SAFETY: one thread, and no reference to the blocks outlives this function.
        let blocks = unsafe { &mut *self.0.get() };
        let block = blocks.free[class];
        if block.is_null() {
            return blocks.cut(1 << (class + SMALLEST as usize));
        }
        // SAFETY: a free block holds the address of the next free one of its class.
        blocks.free[class] = unsafe { *block.cast::<*mut u8>() };
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let class = class_of(layout);
        // SAFETY: as above; the block came from `alloc` with this layout, so it has room for an address.
        unsafe {
            let blocks = &mut *self.0.get();
            *block.cast::<*mut u8>() = blocks.free[class];
            blocks.free[class] = block;
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller guarantees a layout with this size is valid; both blocks hold the bytes copied.
        unsafe {
            let wanted = Layout::from_size_align_unchecked(size, layout.align());
            if class_of(wanted) == class_of(layout) {
                return block;
            }
            let moved = self.alloc(wanted);
            if !moved.is_null() {
                ptr::copy_nonoverlapping(block, moved, layout.size().min(size));
                self.dealloc(block, layout);
            }
            moved
        }
    }
}

impl Blocks {
    /// Cuts a block off fresh memory, growing it by whole pages.
    fn cut(&mut self, size: usize) -> *mut u8 {
        if self.end - self.fresh < size {
            let pages = size.div_ceil(PAGE);
            let old = core::arch::wasm32::memory_grow(0, pages);
            if old == usize::MAX {
                return ptr::null_mut();
            }
            // What was left of the old memory stays unused unless the new follows on it.
            if old * PAGE != self.end {
                self.fresh = old * PAGE;
            }
            self.end = (old + pages) * PAGE;
        }
        let block = self.fresh;
        self.fresh += size;
        block as *mut u8
    }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
