//! Records of joins, put into the associations of the records they were joined to.

use super::build::Builder;
use super::key::Key;
use super::read::{beside, root};
use super::{Output, RepoError};
use crate::adapter::Row;
use crate::query::Postprocess;
use crate::query::plan::{AssocRow, Build, Field};
use crate::schema::{Cardinality, FieldKind, Record, Slot};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The first sources of rows, with the rows.
pub(super) type Roots = (Vec<Output>, Vec<Row>);

/// The first source of each row, when nothing was joined to it.
pub(super) fn plain(fields: &[Field], select: &Postprocess, mut rows: Vec<Row>) -> Result<Roots, RepoError> {
    let mut builds = vec![&select.build];
    builds.extend(&select.from);
    let builder = Builder::new(fields, &builds);
    let mut roots = Vec::with_capacity(rows.len());
    for row in &mut rows {
        roots.push(match &select.from {
            Some(from) => root(&builder, from, row)?,
            None => Output::NULL,
        });
    }
    Ok((roots, rows))
}

/// The distinct first sources of rows, each with the records that were joined to it, in the order of the rows.
pub(super) fn group(fields: &[Field], select: &Postprocess, rows: Vec<Row>) -> Result<Roots, RepoError> {
    let Some(from) = &select.from else {
        return Err(RepoError::mistake("preload: the query must select the record of its first source"));
    };
    // Rows are read more than once here: by the record, by its key, by what is selected beside it.
    let builder = Builder { fields, once: false };
    let rest = beside(select, fields.len());
    let mut tree: Vec<Level> = select.assocs.iter().map(Level::of).collect();
    let mut seen = HashSet::new();
    let mut found: Vec<(Key, Output)> = Vec::new();
    let mut kept = Vec::new();
    for mut row in rows {
        let record = root(&builder, from, &mut row)?;
        let Output::Record(of) = &record else {
            return Err(RepoError::mistake("preload: the first source must be a record"));
        };
        let key = primary_key(of)?;
        for level in &mut tree {
            level.add(&builder, &key, &mut row)?;
        }
        let apart = Key::of_all(rest.iter().map(|place| &row[*place]));
        if seen.insert((key.clone(), apart)) {
            found.push((key, record));
            kept.push(row);
        }
    }
    let mut roots = Vec::with_capacity(found.len());
    for (key, output) in found {
        let Output::Record(mut record) = output else { continue };
        fill(Arc::make_mut(&mut record), &key, &tree)?;
        roots.push(Output::Record(record));
    }
    Ok((roots, kept))
}

/// The records of one joined association.
struct Level<'a> {
    assoc: &'a AssocRow,
    /// By the key of their parent, in the order they were met, each with its own key.
    by_parent: HashMap<Key, Vec<(Key, Arc<Record>)>>,
    seen: HashSet<(Key, Key)>,
    nested: Vec<Level<'a>>,
}

impl<'a> Level<'a> {
    fn of(assoc: &'a AssocRow) -> Self {
        Level {
            assoc,
            by_parent: HashMap::new(),
            seen: HashSet::new(),
            nested: assoc.nested.iter().map(Level::of).collect(),
        }
    }

    fn add(&mut self, builder: &Builder, parent: &Key, row: &mut Row) -> Result<(), RepoError> {
        let Build::Record { .. } = &self.assoc.build else {
            return Err(RepoError::mistake(format!(
                "preload: `{}` must be joined as a record",
                self.assoc.assoc
            )));
        };
        // A row of an outer join that matches nothing has no record here, nor further down.
        let Output::Record(record) = builder.build(&self.assoc.build, row, &Output::NULL)? else {
            return Ok(());
        };
        let key = primary_key(&record)?;
        for level in &mut self.nested {
            level.add(builder, &key, row)?;
        }
        if self.seen.insert((parent.clone(), key.clone())) {
            self.by_parent.entry(parent.clone()).or_default().push((key, record));
        }
        Ok(())
    }
}

/// Puts the records of the levels into their parent.
fn fill(record: &mut Record, key: &Key, levels: &[Level]) -> Result<(), RepoError> {
    for level in levels {
        let name = &level.assoc.assoc;
        let position = record.schema().expect_position(name)?;
        let many = match &record.schema().fields()[position].kind {
            FieldKind::Relation(relation) => relation.cardinality() == Cardinality::Many,
            FieldKind::Through { cardinality, .. } => *cardinality == Cardinality::Many,
            FieldKind::Value(_) => {
                return Err(RepoError::mistake(format!("preload: `{name}` is no association")));
            }
        };
        let mut children = Vec::new();
        for (child_key, child) in level.by_parent.get(key).map(Vec::as_slice).unwrap_or_default() {
            let mut child = child.clone();
            if !level.nested.is_empty() {
                fill(Arc::make_mut(&mut child), child_key, &level.nested)?;
            }
            children.push(child);
            if !many {
                break;
            }
        }
        let slot = if many { Slot::Many(children) } else { Slot::One(children.pop()) };
        record.set_slot(position, slot);
    }
    Ok(())
}

fn primary_key(record: &Record) -> Result<Key, RepoError> {
    let schema = record.schema();
    if schema.primary_key().is_empty() {
        return Err(RepoError::mistake(format!(
            "preload: `{}` has no primary key to tell its records apart by",
            schema.name()
        )));
    }
    let mut values = schema.primary_key().iter().map(|at| record.slot(*at).value());
    if values.any(|value| value.is_null()) {
        return Err(RepoError::NoPrimaryKeyValue { schema: schema.name().clone() });
    }
    Ok(Key::of_all(schema.primary_key().iter().map(|at| record.slot(*at).value())))
}
