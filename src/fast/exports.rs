//! The functions the host calls. Numbers cross, and memory that the host asked for.

#![allow(unsafe_code)]

use super::answer::Answer;
use super::plan::{Error, Plan};
use super::record::Reader;
use super::run::{Host, Mistaken, run as run_plan};
use crate::host;
use crate::value::Value;
use crate::wasm::SingleThread;
use crate::wasm::pack::pack;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cell::RefCell;

static ANSWER: SingleThread<RefCell<Answer>> =
    SingleThread(RefCell::new(Answer { words: Vec::new(), bytes: Vec::new() }));

/// Room for so many words, for good; where it is.
#[unsafe(no_mangle)]
pub extern "C" fn room(words: usize) -> *mut u32 {
    Box::leak(alloc::vec![0; words].into_boxed_slice()).as_mut_ptr()
}

/// Makes a plan of its packed form; its address, or null if it is not of this version.
#[unsafe(no_mangle)]
pub extern "C" fn plan(at: *const u8, length: usize) -> *mut Plan {
    // SAFETY: the host wrote so many bytes there.
    let bytes = unsafe { core::slice::from_raw_parts(at, length) };
    Plan::read(bytes).map_or(core::ptr::null_mut(), |plan| Box::into_raw(Box::new(plan)))
}

/// Forgets a plan.
#[unsafe(no_mangle)]
pub extern "C" fn forget(plan: *mut Plan) {
    // SAFETY: the host gives back what it got, once.
    drop(unsafe { Box::from_raw(plan) });
}

/// Runs a plan on a record: words, and the bytes of texts. Where the answer is: the address of its bytes, then its
/// words.
#[unsafe(no_mangle)]
pub extern "C" fn run(
    plan: *const Plan,
    words: *const u32,
    count: usize,
    text: *const u8,
    length: usize,
) -> *const u32 {
    // SAFETY: the host wrote so much there, and writes the next record elsewhere if it comes back while this one runs.
    // The plan lives as long as the rules that hold it. Nothing in the record outlives this call.
    let (plan, words, text) = unsafe {
        (&*plan, core::slice::from_raw_parts(words, count), core::slice::from_raw_parts(text, length))
    };
    let made = run_plan(plan, &mut Reader { words, text }, &JavaScript);
    let mut answer = ANSWER.0.borrow_mut();
    answer.clear();
    answer.words.push(0);
    match &made {
        Ok(outcome) => answer.record(&plan.root, outcome),
        Err(Mistaken(number)) => answer.mistake(*number),
    }
    let bytes = answer.bytes.as_ptr() as u32;
    if let Some(first) = answer.words.first_mut() {
        *first = bytes;
    }
    answer.words.as_ptr()
}

/// The validators of the user's own.
struct JavaScript;

impl Host for JavaScript {
    fn validate(&self, rule: u32, value: &Value) -> Vec<(Error, usize)> {
        let mut packed = Vec::new();
        pack(&mut packed, value);
        let count = host::found_by(rule, &packed);
        (0..count).map(|at| (host::finding(at), host::finding_slot(at) as usize)).collect()
    }
}
