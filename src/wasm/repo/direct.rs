//! The short way to one row: numbers in, at most a row's values packed.
//!
//! What can go wrong here is that there is no short way, now or for these values. Nothing was done then, and the host
//! makes a request, which does it or says why not.

use super::exports::find;
use super::memory;
use crate::adapters::glue::Direct;
use crate::value::Value;
use crate::wasm::exports::{find as find_rules, give_back, take_input, write_output};
use crate::wasm::of_host::value_of_host;
use crate::wasm::pack::{self, pack};
use crate::wasm::unpack::{Reader, unpack};
use wasm_bindgen::prelude::wasm_bindgen;

/// Somebody else must do it.
const ELSEWHERE: i32 = -1;
const NONE: i32 = 0;
const DONE: i32 = 1;

/// How many short ways are remembered. Rules that are made anew again and again have none in the end.
const MOST: usize = 4096;

/// The largest integer that a float holds with all below it.
const MAX_SAFE: i64 = (1 << 53) - 1;

/// The number of the short way to the rows of a schema: that of compiled rules, or without, the one whose name is written.
/// 0 if there is none.
#[wasm_bindgen]
pub fn repo_direct(handle: u32, rules: u32, length: usize) -> u32 {
    let Some(open) = find(handle).filter(|open| !open.waits()) else { return 0 };
    let schema = if rules == 0 {
        let name = take_input(length).and_then(|bytes| {
            let name = unpack(&bytes, None);
            give_back(bytes);
            name
        });
        match name {
            Ok(Value::String(name)) => open.schema(&name).ok(),
            _ => None,
        }
    } else {
        find_rules(rules).ok().map(|compiled| compiled.schema.clone())
    };
    let Some(schema) = schema else { return 0 };
    let Some(direct) = open.glue.direct(&schema) else { return 0 };
    let mut ways = open.ways.borrow_mut();
    if ways.len() == MOST {
        return 0;
    }
    ways.push(direct);
    ways.len() as u32
}

/// Whether there is a row with that key. Its values are written in the order of fields, missing ones for associations.
#[wasm_bindgen]
pub fn repo_get(handle: u32, way: u32, key: f64) -> i32 {
    let found = on(handle, way, |open, direct| {
        let mut found = None;
        write_output(|out| {
            out.clear();
            found = open.glue.get_direct(direct, Value::Integer(key as i64), &mut |value| match value {
                Some(value) => pack(out, value),
                None => out.push(pack::MISSING),
            });
        });
        found
    });
    found.map_or(ELSEWHERE, |found| if found { DONE } else { NONE })
}

/// Inserts a row of the values written, in the order of fields, where those that are missing are left to the database.
/// The key, less than 0 if somebody else must do it. What else was generated is written: a field and its value each, the key
/// among them if it is no number above 0 that a float holds.
#[wasm_bindgen]
pub fn repo_insert(handle: u32, way: u32, length: usize) -> f64 {
    memory::ahead(length);
    let inserted = on(handle, way, |open, direct| {
        let (key, mut generated) = open.glue.insert_direct(direct, read(direct, length)?)?;
        if let Value::Integer(key @ 1..=MAX_SAFE) = key {
            return Some((key as f64, generated));
        }
        generated.push((direct.key(), key));
        Some((0.0, generated))
    });
    let Some((key, generated)) = inserted else { return f64::from(ELSEWHERE) };
    tell(&generated);
    key
}

/// Changes fields of the row with that key to the values written, in the order of fields, where those that are missing
/// stay. What was generated is written, as by [`repo_insert`].
#[wasm_bindgen]
pub fn repo_update(handle: u32, way: u32, key: f64, length: usize) -> i32 {
    memory::ahead(length);
    let done = on(handle, way, |open, direct| {
        let values = read(direct, length)?;
        open.glue.update_direct(direct, Value::Integer(key as i64), values)
    });
    match done {
        Some(generated) => {
            tell(&generated);
            DONE
        }
        None => ELSEWHERE,
    }
}

fn tell(generated: &[(usize, Value)]) {
    write_output(|out| {
        out.clear();
        for (field, value) in generated {
            pack(out, &Value::Integer(*field as i64));
            pack(out, value);
        }
    });
}

/// Goes a way; one that was found before definitions changed is found anew.
fn on<T>(handle: u32, way: u32, go: impl FnOnce(&super::open::Open, &Direct) -> Option<T>) -> Option<T> {
    let open = find(handle)?;
    let mut ways = open.ways.borrow_mut();
    let direct = ways.get_mut(way.wrapping_sub(1) as usize)?;
    if !open.glue.is_current(direct) {
        *direct = open.glue.direct(direct.schema())?;
    }
    go(&open, direct)
}

/// The values written, by their fields.
fn read(direct: &Direct, length: usize) -> Option<Vec<(usize, Value)>> {
    let bytes = take_input(length).ok()?;
    let mut reader = Reader::new(&bytes);
    let mut values = Vec::with_capacity(direct.width());
    let mut read = || {
        for (field, kind) in direct.kinds().enumerate() {
            let Some(value) = reader.given().ok()? else { continue };
            values.push((field, value_of_host(kind?, value)));
        }
        Some(())
    };
    let done = read();
    give_back(bytes);
    done.map(|()| values)
}
