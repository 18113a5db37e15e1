//! The result of a run, written for reading in place: positions of fields instead of names, and marks for values that
//! the host has already.

use super::pack::{self, count, pack, text};
use crate::changeset::report::differing;
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
    write_parts(out, parts, true);
}

/// Only at the top does the host know which params a changeset was cast from: children may have been sorted or dropped.
fn write_parts(out: &mut Vec<u8>, parts: &Parts, top: bool) {
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
            Change::Value(value) if top && is_param(parts, position, value) => out.push(pack::PARAM),
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

/// The child, and which record it is of: a new one (0), the one at an index of the parent's data (1), or one that was
/// put with values of its own (2).
fn write_child(out: &mut Vec<u8>, parent: &Parts, position: usize, child: &Parts) {
    write_parts(out, child, false);
    let existing = parent.data.slot(position).records().iter().position(|record| same(record, &child.data));
    if let Some(index) = existing {
        out.push(1);
        count(out, index);
        return;
    }
    match differing(&child.data) {
        Value::Map(values) if !values.is_empty() => {
            out.push(2);
            pack::pack_map(out, &values);
        }
        _ => out.push(0),
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
