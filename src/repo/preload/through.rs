//! Walking through associations.

use super::expand::Walk;
use crate::repo::RepoError;
use crate::repo::key::Key;
use crate::schema::{FieldKind, Record, Slot};
use crate::value::Str;
use std::collections::HashSet;
use std::sync::Arc;

/// Fills a through association of each record by walking its path, whose associations are loaded.
pub(super) fn fill(records: &mut [Arc<Record>], walk: &Walk) -> Result<(), RepoError> {
    for record in records {
        let found = follow(vec![record.clone()], &walk.path, 0)?;
        let slot = if walk.many { Slot::Many(found) } else { Slot::One(found.into_iter().next()) };
        Arc::make_mut(record).set_slot(walk.position, slot);
    }
    Ok(())
}

/// The records at the end of the path, each once, in the order they are met.
fn follow(mut records: Vec<Arc<Record>>, path: &[Str], depth: usize) -> Result<Vec<Arc<Record>>, RepoError> {
    if depth > 32 {
        return Err(RepoError::mistake("preload: through associations lead into each other without end"));
    }
    for step in path {
        let Some(sample) = records.first() else { return Ok(records) };
        let position = sample.schema().expect_position(step)?;
        if let FieldKind::Through { path, .. } = &sample.schema().fields()[position].kind {
            let path = path.clone();
            records = follow(records, &path, depth + 1)?;
            continue;
        }
        let mut seen = HashSet::new();
        let mut next = Vec::new();
        for record in &records {
            for child in record.slot(position).records() {
                let schema = child.schema();
                if schema.primary_key().is_empty() {
                    return Err(RepoError::mistake(format!(
                        "cannot preload through `{step}`: `{}` has no primary key",
                        schema.name()
                    )));
                }
                if seen.insert(Key::of_all(schema.primary_key().iter().map(|at| child.slot(*at).value()))) {
                    next.push(child.clone());
                }
            }
        }
        records = next;
    }
    Ok(records)
}
