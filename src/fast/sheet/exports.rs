//! The functions the host calls. Numbers cross, and memory that the host asked for.

#![allow(unsafe_code)]

use super::Sheet;
use crate::params::csv::Scanned;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::slice;

/// Room for so many words; where it is.
#[unsafe(no_mangle)]
pub extern "C" fn take(words: usize) -> *mut u64 {
    Box::into_raw(alloc::vec![0_u64; words.div_ceil(2)].into_boxed_slice()).cast()
}

/// Gives room back.
#[unsafe(no_mangle)]
pub extern "C" fn give(at: *mut u64, words: usize) {
    // SAFETY: the host gives back what it took, once.
    drop(unsafe { Box::from_raw(core::ptr::slice_from_raw_parts_mut(at, words.div_ceil(2))) });
}

/// A CSV; its address.
#[unsafe(no_mangle)]
pub extern "C" fn sheet(delimiter: u32, max_record: usize) -> *mut Sheet {
    Box::into_raw(Box::new(Sheet::new(delimiter as u8, max_record)))
}

/// Forgets a CSV.
#[unsafe(no_mangle)]
pub extern "C" fn close(sheet: *mut Sheet) {
    // SAFETY: the host gives back what it got, once.
    drop(unsafe { Box::from_raw(sheet) });
}

/// The first record: where a list of words is that begins with its length. The words are what was found (0: nothing yet,
/// 1: a record, 2: nothing at all, 3: a record that can't be read), the bytes it took, its line, and where each of its cells
/// begins and ends.
#[unsafe(no_mangle)]
pub extern "C" fn head(sheet: *mut Sheet, text: *mut u8, length: usize, is_last: u32) -> *const u32 {
    // SAFETY: the host wrote so many bytes there, and has one call at a time.
    let (sheet, text) = unsafe { (&mut *sheet, slice::from_raw_parts_mut(text, length)) };
    let (scanned, cells) = sheet.head(text, is_last != 0);
    let mut words = match scanned {
        Scanned::More { .. } => Vec::from([0, 0, 0]),
        Scanned::End => Vec::from([2, 0, 0]),
        Scanned::Record { next, line, fault, .. } => {
            Vec::from([if fault.is_some() { 3 } else { 1 }, next as u32, line as u32])
        }
    };
    words.extend(cells.iter().flat_map(|cell| [cell.start as u32, cell.end as u32]));
    words.insert(0, words.len() as u32);
    sheet.answer = words;
    sheet.answer.as_ptr()
}

/// Says what columns there are.
#[unsafe(no_mangle)]
pub extern "C" fn expect(sheet: *mut Sheet, at: *const u32, words: usize) {
    // SAFETY: as above.
    unsafe { (*sheet).expect(slice::from_raw_parts(at, words)) };
}

/// Reads rows into `out`, and how many they are, the bytes they took and whether they are the last into `found`.
#[unsafe(no_mangle)]
pub extern "C" fn read(
    sheet: *mut Sheet,
    text: *mut u8,
    length: usize,
    is_last: u32,
    out: *mut u32,
    words: usize,
    found: *mut u32,
) {
    // SAFETY: as above; the three do not overlap.
    let (sheet, text, out, found) = unsafe {
        (
            &mut *sheet,
            slice::from_raw_parts_mut(text, length),
            slice::from_raw_parts_mut(out, words),
            slice::from_raw_parts_mut(found, 3),
        )
    };
    let rows = sheet.read(text, is_last != 0, out);
    found.copy_from_slice(&[rows.count as u32, rows.consumed as u32, u32::from(rows.stopped)]);
}
