//! `reorder_assoc`: the order in which a repo writes children.

use super::expect_relation;
use crate::changeset::parts::{Change, Parts};
use crate::mistake::Mistake;
use crate::schema::{OnReplace, Relation};
use alloc::vec::Vec;

/// Sorts the changed children so that deletions come first, then updates, then inserts: a row that makes room for
/// another (a unique index) is gone before the other arrives.
pub(in crate::changeset) fn reorder_assoc(parts: &mut Parts, field: &str) -> Result<(), Mistake> {
    let schema = parts.schema().clone();
    let (position, relation) = expect_relation(&schema, "reorder", false, field)?;
    match parts.changes.iter_mut().find(|(at, _)| *at == position) {
        Some((_, Change::Many(children))) => {
            let mut sorted: Vec<Parts> = Vec::with_capacity(children.len());
            for wanted in 0..=LAST {
                sorted.extend(children.iter().filter(|child| rank(child, relation) == wanted).cloned());
            }
            *children = sorted;
            Ok(())
        }
        _ => Err(Mistake::about("reorder_assoc: `%` has no list of changed children", &[field])),
    }
}

const LAST: u8 = 3;

fn rank(child: &Parts, relation: &Relation) -> u8 {
    match (child.action.as_deref(), relation.on_replace) {
        (Some("delete"), _) | (Some("replace"), OnReplace::Delete) => 0,
        (Some("update"), _) | (Some("replace"), OnReplace::Nilify) => 1,
        (Some("insert"), _) => 2,
        _ => LAST,
    }
}
