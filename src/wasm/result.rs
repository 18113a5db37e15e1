//! The result of a run, written for reading in place: positions of fields instead of names, and marks for values that
//! the host has already.

use super::pack::{self, count, pack, text};
use crate::changeset::{Change, Parts};
use crate::schema::Record;
use crate::value::{Str, Value};
use alloc::sync::Arc;
use alloc::vec::Vec;

const VALID: u8 = 1;
const FORCE: u8 = 2;
const ACTION: u8 = 4;

/// Writes flags, action, changes and errors of a changeset.
pub(crate) fn write(out: &mut Vec<u8>, parts: &Parts) {
    let mut flags = 0;
    for (flag, on) in [(VALID, parts.valid), (FORCE, parts.force), (ACTION, parts.action.is_some())] {
        if on {
            flags |= flag;
        }
    }
    out.push(flags);
    if let Some(action) = &parts.action {
        text(out, action);
    }
    count(out, parts.changes.len());
    for (position, change) in parts.changes.iter() {
        out.extend_from_slice(&(position as u16).to_le_bytes());
        match change {
            Change::Value(value) if is_param(parts, position, value) => out.push(pack::PARAM),
            Change::Value(value) => pack(out, value),
            Change::One(None) => out.push(pack::NULL),
            Change::One(Some(child)) => {
                out.push(pack::ONE);
                write_child(out, parts, position, child);
            }
            Change::Many(children) => {
                out.push(pack::MANY);
                count(out, children.len());
                for child in children {
                    write_child(out, parts, position, child);
                }
            }
        }
    }
    count(out, parts.errors.len());
    for error in &parts.errors {
        text(out, &error.field);
        text(out, &error.message);
        pack::pack_map(out, &error.metadata);
    }
}

/// The child, and which record it is of: a new one (0), or the one at an index of the parent's data (1).
fn write_child(out: &mut Vec<u8>, parent: &Parts, position: usize, child: &Parts) {
    write(out, child);
    let existing = parent.data.slot(position).records().iter().position(|record| same(record, &child.data));
    match existing {
        None => out.push(0),
        Some(index) => {
            out.push(1);
            count(out, index);
        }
    }
}

fn same(a: &Arc<Record>, b: &Arc<Record>) -> bool {
    Arc::ptr_eq(a, b)
}

/// Whether a changed value is the very text of the param of the same name.
fn is_param(parts: &Parts, position: usize, value: &Value) -> bool {
    let Value::String(Str::Shared(text)) = value else { return false };
    let name = &parts.schema().fields()[position].name;
    match parts.params.as_ref().and_then(|params| params.get(name)) {
        Some(Value::String(Str::Shared(param))) => Arc::ptr_eq(text, param),
        _ => false,
    }
}
