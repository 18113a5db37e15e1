//! The functions the host calls.

use super::answer::Reply;
use super::error::Failed;
use super::memory;
use super::open::Open;
use super::request;
use crate::mistake::Mistake;
use crate::store::Durability;
use crate::value::Value;
use crate::wasm::SingleThread;
use crate::wasm::exports::{DONE, answer_with, give_back, refuse, take_input, write_output};
use crate::wasm::result;
use crate::wasm::unpack::{Reader, unpack};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::wasm_bindgen;

/// The answer is an error: what it is called and what is known of it.
const FAILED: u32 = 2;
/// The answer is the result of a changeset that is invalid.
const INVALID: u32 = 3;
/// There is no answer yet: the host resumes the request when its storage is done with something.
const WAITS: u32 = 4;

static REPOS: SingleThread<RefCell<Vec<Option<Rc<Open>>>>> = SingleThread(RefCell::new(Vec::new()));

/// Opens a database; its handle, or 0 with an error.
#[wasm_bindgen]
pub fn repo_open(length: usize) -> u32 {
    let opened = take_input(length).map_err(Failed::from).and_then(|bytes| match unpack(&bytes, None)? {
        Value::Map(config) => Open::new(&config),
        _ => Err(Mistake::new("repo_open takes an object").into()),
    });
    match opened {
        Ok(open) => {
            let mut repos = REPOS.0.borrow_mut();
            let free = repos.iter().position(Option::is_none);
            let at = free.unwrap_or_else(|| {
                repos.push(None);
                repos.len() - 1
            });
            repos[at] = Some(Rc::new(open));
            at as u32 + 1
        }
        Err(failed) => {
            answer_with(&Value::Map(failed.describe()));
            0
        }
    }
}

/// Does what a request says.
#[wasm_bindgen]
pub fn repo_request(handle: u32, length: usize) -> u32 {
    let Some(open) = find(handle) else { return refuse(&closed()) };
    let bytes = match take_input(length) {
        Ok(bytes) => bytes,
        Err(mistake) => return refuse(&mistake),
    };
    memory::ahead(length);
    let done = request::perform(&open, &mut Reader::new(&bytes));
    give_back(bytes);
    answer(&open, done)
}

/// Lets commits be done before they are durable, or no more: for several that one flush makes durable before anybody is told.
#[wasm_bindgen]
pub fn repo_hold(handle: u32, held: bool) {
    let durability = if held { Durability::Relaxed } else { Durability::Strict };
    if let Some(open) = find(handle) {
        open.glue.with_database(|database| database.set_durability(durability));
    }
}

/// Goes on with the request that waits.
#[wasm_bindgen]
pub fn repo_resume(handle: u32) -> u32 {
    let Some(open) = find(handle) else { return refuse(&closed()) };
    answer(&open, open.resume())
}

/// Closes a database, of which nothing may be under way and everything durable.
#[wasm_bindgen]
pub fn repo_close(handle: u32) {
    if let Some(open) = REPOS.0.borrow_mut().get_mut(handle.wrapping_sub(1) as usize) {
        *open = None;
    }
}

pub(super) fn find(handle: u32) -> Option<Rc<Open>> {
    REPOS.0.borrow().get(handle.wrapping_sub(1) as usize).and_then(Clone::clone)
}

fn closed() -> Mistake {
    Mistake::new("the repo is closed")
}

fn answer(open: &Open, done: Result<Reply, Failed>) -> u32 {
    match done {
        Ok(reply) => {
            write_output(|out| open.shapes.borrow_mut().answer(out, &reply));
            DONE
        }
        Err(Failed::Waits) => WAITS,
        Err(Failed::Mistake(mistake)) => refuse(&mistake),
        Err(Failed::Invalid(parts)) => {
            write_output(|out| {
                out.clear();
                result::write(out, &parts);
            });
            INVALID
        }
        Err(failed) => {
            answer_with(&Value::Map(failed.describe()));
            FAILED
        }
    }
}
