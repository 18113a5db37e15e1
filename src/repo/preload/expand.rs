//! Which associations a preload means.

use crate::query::plan::AssocRow;
use crate::query::{Preload, PreloadWith, Taken};
use crate::repo::RepoError;
use crate::schema::{FieldKind, Relation, RelationKind, Schema};
use crate::value::Str;
use std::sync::Arc;

/// How deep associations may lead into each other; a preload of finite length can't ask for more.
const MAX_STEPS: usize = 64;

/// The associations of a schema to read, and to walk afterwards.
#[derive(Default)]
pub(super) struct Expanded {
    /// Each once.
    pub assocs: Vec<Assoc>,
    /// Through associations, in the order they were named.
    pub throughs: Vec<Walk>,
    /// Slots that hold records already, and what is preloaded into those.
    pub filled: Vec<(usize, Vec<Preload>)>,
}

/// An association to read.
pub(super) struct Assoc {
    /// Its position in the schema.
    pub position: usize,
    /// The position of our key.
    pub owner_position: usize,
    pub owner: Arc<Schema>,
    pub relation: Relation,
    pub with: PreloadWith,
    pub take: Vec<Taken>,
    pub nested: Vec<Preload>,
}

/// A through association to fill by walking.
pub(super) struct Walk {
    /// Its position in the schema.
    pub position: usize,
    /// The associations to walk.
    pub path: Vec<Str>,
    /// Whether it holds many.
    pub many: bool,
}

pub(super) fn expand(
    schema: &Arc<Schema>,
    preloads: &[Preload],
    take: &[Taken],
    joined: &[AssocRow],
    into: &mut Expanded,
) -> Result<(), RepoError> {
    expand_at(schema, preloads, take, joined, into, 0)
}

fn expand_at(
    schema: &Arc<Schema>,
    preloads: &[Preload],
    take: &[Taken],
    joined: &[AssocRow],
    into: &mut Expanded,
    depth: usize,
) -> Result<(), RepoError> {
    if depth > MAX_STEPS {
        return Err(RepoError::mistake("preload: through associations lead into each other without end"));
    }
    for preload in preloads {
        let name = &preload.assoc;
        let Some(position) = schema.position(name) else {
            let mistake = schema.unknown_field(name);
            let message = format!(
                "schema {} does not have association or embed `{name}`: {}",
                schema.name(),
                mistake.message()
            );
            return Err(RepoError::mistake(message));
        };
        match &schema.fields()[position].kind {
            FieldKind::Relation(relation) if relation.is_embed() => {
                if preload.nested.is_empty() {
                    return Err(RepoError::mistake(format!(
                        "cannot preload the embed `{name}`: it is there; name an association of its records"
                    )));
                }
                into.filled.push((position, preload.nested.clone()));
            }
            FieldKind::Relation(relation) => {
                let assoc = Assoc {
                    position,
                    owner_position: schema.expect_position(owner_key(relation))?,
                    owner: schema.clone(),
                    relation: Relation::clone(relation),
                    with: preload.with.clone(),
                    take: taken(take, name),
                    nested: preload.nested.clone(),
                };
                add(into, assoc)?;
            }
            FieldKind::Through { path, cardinality } => {
                if joined.iter().any(|assoc| assoc.assoc == *name) {
                    into.filled.push((position, preload.nested.clone()));
                    continue;
                }
                let many = *cardinality == crate::schema::Cardinality::Many;
                into.throughs.push(Walk { position, path: path.clone(), many });
                // The path becomes a preload nested as deep as it is long; query and nested go to its end.
                let mut chain: Option<Preload> = None;
                for step in path.iter().rev() {
                    chain = Some(match chain {
                        None => Preload { assoc: step.clone(), ..preload.clone() },
                        Some(inner) => {
                            Preload { assoc: step.clone(), with: PreloadWith::Table, nested: vec![inner] }
                        }
                    });
                }
                let chain: Vec<Preload> = chain.into_iter().collect();
                expand_at(schema, &chain, &[], joined, into, depth + 1)?;
            }
            FieldKind::Value(_) => {
                return Err(RepoError::mistake(format!(
                    "schema {} does not have association or embed `{name}`: it is a field",
                    schema.name()
                )));
            }
        }
    }
    Ok(())
}

/// The field of ours that the association goes by.
pub(super) fn owner_key(relation: &Relation) -> &Str {
    match &relation.kind {
        RelationKind::ManyToMany(join) => &join.owner_key.1,
        _ => &relation.owner_key,
    }
}

/// Adds an association; named twice, it is read once, with all that is nested in either.
fn add(into: &mut Expanded, assoc: Assoc) -> Result<(), RepoError> {
    let Some(known) = into.assocs.iter_mut().find(|known| known.position == assoc.position) else {
        into.assocs.push(assoc);
        return Ok(());
    };
    match (&known.with, &assoc.with) {
        (_, PreloadWith::Table) => {}
        (PreloadWith::Table, _) => known.with = assoc.with,
        _ => {
            return Err(RepoError::mistake(format!(
                "cannot preload `{}`: it is named more than once with different queries",
                known.relation.field
            )));
        }
    }
    known.nested.extend(assoc.nested);
    Ok(())
}

fn taken(take: &[Taken], name: &str) -> Vec<Taken> {
    take.iter()
        .find_map(|taken| match taken {
            Taken::Assoc(assoc, nested) if *assoc == *name => Some(nested.clone()),
            _ => None,
        })
        .unwrap_or_default()
}
