//! The functions the host calls.

use super::error::Failed;
use super::open::Open;
use super::request;
use crate::mistake::Mistake;
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
    let found = REPOS.0.borrow().get(handle.wrapping_sub(1) as usize).and_then(Clone::clone);
    let Some(open) = found else { return refuse(&Mistake::new("the repo is closed")) };
    let bytes = match take_input(length) {
        Ok(bytes) => bytes,
        Err(mistake) => return refuse(&mistake),
    };
    let done = request::perform(&open, &mut Reader::new(&bytes));
    give_back(bytes);
    match done {
        Ok(reply) => {
            write_output(|out| open.shapes.borrow_mut().answer(out, &reply));
            DONE
        }
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

/// Closes a database; what was not written to its storage yet is.
#[wasm_bindgen]
pub fn repo_close(handle: u32) -> u32 {
    let open = REPOS.0.borrow_mut().get_mut(handle.wrapping_sub(1) as usize).and_then(Option::take);
    let Some(open) = open else { return DONE };
    match open.glue.with_database(|database| database.flush()) {
        Ok(()) => DONE,
        Err(error) => {
            answer_with(&Value::Map(Failed::from(error).describe()));
            FAILED
        }
    }
}
