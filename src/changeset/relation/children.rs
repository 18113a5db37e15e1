//! Which child an input stands for: matching by primary key, and what becomes of the rest.
//!
//! Casting and putting differ only in how a child's changeset is made from its input; that is a [`Maker`].

use super::counts;
use crate::changeset::error::FieldError;
use crate::changeset::parts::Parts;
use crate::mistake::Mistake;
use crate::rules::Finding;
use crate::schema::{OnReplace, Record, RecordState, Relation};
use crate::value::{Str, Value, sorted_positions};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// The value of a relation that can't be: the parent gets an error on it.
pub(super) struct Invalid;

/// What became of a relation.
pub(super) enum Outcome<T> {
    /// A change, and whether the children are valid.
    Changed(T, bool),
    /// Nothing changes.
    Ignored,
}

pub(super) type Result<T> = core::result::Result<core::result::Result<Outcome<T>, Invalid>, Mistake>;

/// What a child may become.
#[derive(Clone, Copy)]
pub(super) struct Allowed {
    insert: bool,
    existing: bool,
}

impl Allowed {
    const INSERT: Allowed = Allowed { insert: true, existing: false };

    /// A child found by a key that is all null may just as well be a new one.
    fn for_key(key: &[Value]) -> Self {
        Allowed { insert: key.iter().all(Value::is_null), existing: true }
    }

    /// Refuses an action that is not allowed here.
    pub(super) fn check(self, child: Parts) -> core::result::Result<Parts, Mistake> {
        let refused = match child.action.as_deref() {
            Some("insert") if !self.insert => "it is already associated with the given record",
            Some("update" | "delete") if !self.existing => {
                "it is not associated with the given record; records are only associated by their foreign key"
            }
            Some("replace") => {
                "it is the result of another put or cast; a relation can only be put or cast once"
            }
            Some("insert" | "update" | "delete" | "ignore") => return Ok(child),
            _ => "a child can only be inserted, updated, deleted or ignored",
        };
        let action = child.action.as_deref().unwrap_or("change");
        Err(Mistake::about("cannot % related `%`: %", &[action, child.schema().name(), refused]))
    }
}

/// How the changesets of children are made from the inputs that the maker holds. Inputs are named by their position,
/// so that what follows is compiled once for all kinds of them.
pub(super) trait Maker {
    /// How many inputs there are.
    fn count(&self) -> usize;

    /// The primary key that an input names.
    fn key(&self, input: usize) -> Vec<Value>;

    /// The changeset of the child for an input.
    fn make(
        &self,
        input: usize,
        current: Option<&Arc<Record>>,
        allowed: Allowed,
    ) -> core::result::Result<Parts, Mistake>;

    /// Refuses an input that can't update whatever child is there (`on_replace: update`).
    fn check_update(&self, input: usize) -> core::result::Result<(), Mistake>;
}

/// What becomes of a child that is left out: its changeset with the action "replace", or an error of the parent.
pub(super) fn replace(
    relation: &Relation,
    owner: &str,
    current: &Arc<Record>,
) -> core::result::Result<core::result::Result<Parts, Invalid>, Mistake> {
    match relation.on_replace {
        OnReplace::Raise => Err(Mistake::about(
            "attempting to change relation `%` of `%`, whose on_replace is `raise`: give the key of the child to update it, or choose another on_replace",
            &[&relation.field, owner],
        )),
        OnReplace::MarkAsInvalid => Ok(Err(Invalid)),
        _ => {
            let mut parts = Parts::new(current.clone());
            parts.action = Some(Str::Static("replace"));
            Ok(Ok(parts))
        }
    }
}

/// The new value of a relation of one, of the first input if there is any.
pub(super) fn one(
    relation: &Relation,
    owner: &str,
    current: Option<&Arc<Record>>,
    maker: &dyn Maker,
) -> Result<Option<Parts>> {
    let Some(current) = current else {
        return match maker.count() {
            0 => Ok(Ok(Outcome::Changed(None, true))),
            _ => finish_one(maker.make(0, None, Allowed::INSERT)?, false),
        };
    };
    if maker.count() == 0 {
        return Ok(replace(relation, owner, current)?.map(|_| Outcome::Changed(None, true)));
    }
    let key = maker.key(0);
    let same = !key.is_empty() && key == current.primary_key();
    if !same && relation.on_replace == OnReplace::Update {
        maker.check_update(0)?;
    }
    if same || relation.on_replace == OnReplace::Update {
        return finish_one(maker.make(0, Some(current), Allowed::for_key(&key))?, true);
    }
    match replace(relation, owner, current)? {
        Ok(_) => finish_one(maker.make(0, None, Allowed::INSERT)?, false),
        Err(invalid) => Ok(Err(invalid)),
    }
}

fn finish_one(child: Parts, skippable: bool) -> Result<Option<Parts>> {
    if is(&child, "ignore") || skippable && unchanged(&child) {
        return Ok(Ok(Outcome::Ignored));
    }
    let valid = child.valid;
    Ok(Ok(Outcome::Changed(Some(child), valid)))
}

/// The new value of a relation of many.
pub(super) fn many(
    relation: &Relation,
    owner: &str,
    current: &[Arc<Record>],
    maker: &dyn Maker,
) -> Result<Vec<Parts>> {
    if maker.count() == 0 && current.is_empty() {
        return Ok(Ok(Outcome::Changed(Vec::new(), true)));
    }
    // The keys of embeds must come in the order they are stored in, or else the order itself is a change.
    let mut expected: Vec<Vec<Value>> = Vec::new();
    let mut remaining: Vec<(Vec<Value>, &Arc<Record>)> = Vec::new();
    for record in current {
        let key = record.primary_key();
        if relation.is_embed() {
            expected.push(key.clone());
        }
        match remaining.iter_mut().find(|(other, _)| !key.is_empty() && *other == key) {
            Some(entry) => entry.1 = record,
            None => remaining.push((key, record)),
        }
    }
    let mut expected = expected.as_slice();
    let mut children: Vec<Parts> = Vec::with_capacity(maker.count());
    let mut seen: Vec<Vec<Value>> = Vec::new();
    let (mut valid, mut skip) = (true, true);
    for input in 0..maker.count() {
        let key = maker.key(input);
        let found = remaining.iter().position(|(other, _)| !key.is_empty() && *other == key);
        let record = found.map(|at| remaining.remove(at).1);
        let allowed = if record.is_some() { Allowed::for_key(&key) } else { Allowed::INSERT };
        let mut child = maker.make(input, record, allowed)?;
        if is(&child, "ignore") {
            skip_key(&mut expected, &key);
            continue;
        }
        let new_key = changed_key(&child);
        if relation.unique() {
            let complete = !new_key.is_empty() && !new_key.iter().any(Value::is_null);
            if complete && seen.contains(&new_key) {
                for name in child.schema().clone().primary_key_names() {
                    child.push_error(FieldError::from(Finding::new(
                        name,
                        Str::Static("has already been taken"),
                    )));
                }
            }
            if complete {
                seen.push(new_key.clone());
            }
        }
        valid &= child.valid;
        skip = skip && record.is_some() && unchanged(&child);
        skip_key(&mut expected, &new_key);
        children.push(child);
    }
    skip = skip && expected.is_empty();
    let mut replaced: Vec<Parts> = Vec::with_capacity(remaining.len());
    for at in sorted_positions(remaining.len(), &|a, b| compare_keys(&remaining[a].0, &remaining[b].0)) {
        match replace(relation, owner, remaining[at].1)? {
            Ok(child) => replaced.push(child),
            Err(invalid) => return Ok(Err(invalid)),
        }
    }
    if replaced.is_empty() && skip {
        return Ok(Ok(Outcome::Ignored));
    }
    replaced.reverse();
    replaced.append(&mut children);
    Ok(Ok(Outcome::Changed(replaced, valid)))
}

/// Passes over the first key, if it is this one.
fn skip_key(expected: &mut &[Vec<Value>], key: &[Value]) {
    if let [first, rest @ ..] = *expected
        && *first == *key
    {
        *expected = rest;
    }
}

/// The error of a relation whose value has the wrong shape.
pub(super) fn invalid_type(relation: &Relation) -> Value {
    match relation.cardinality() {
        crate::schema::Cardinality::One => Value::String(Str::Static("map")),
        crate::schema::Cardinality::Many => {
            let map = crate::value::Map::from([(Str::Static("array"), Str::Static("map"))]);
            Value::Map(map)
        }
    }
}

/// Gives a child an action unless it has one.
pub(super) fn put_new_action(mut child: Parts, action: &'static str) -> Parts {
    child.action.get_or_insert(Str::Static(action));
    child
}

/// The action a child's own state asks for; embedded records have none, there it depends on what was there.
pub(super) fn action_of(child: &Parts, current: Option<&Arc<Record>>) -> &'static str {
    if child.schema().is_embedded() {
        return if current.is_some() { "update" } else { "insert" };
    }
    match child.data.state {
        RecordState::Built => "insert",
        RecordState::Loaded => "update",
        RecordState::Deleted => "delete",
    }
}

/// Whether any child counts.
pub(super) fn any_counts(children: &[Parts]) -> bool {
    children.iter().any(counts)
}

fn is(child: &Parts, action: &str) -> bool {
    child.action.as_deref() == Some(action)
}

fn unchanged(child: &Parts) -> bool {
    child.valid && child.changes.is_empty() && is(child, "update")
}

fn changed_key(child: &Parts) -> Vec<Value> {
    child.schema().primary_key().iter().map(|at| child.field_value(*at).clone()).collect()
}

/// The order that children without an input are replaced in: by key, integers before null before text.
fn compare_keys(a: &[Value], b: &[Value]) -> Ordering {
    fn rank(value: &Value) -> u8 {
        match value {
            Value::Integer(_) => 0,
            Value::Null | Value::Bool(_) => 1,
            _ => 2,
        }
    }
    a.iter()
        .zip(b)
        .map(|(a, b)| match (a, b) {
            (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
            (Value::String(a), Value::String(b)) => a.cmp(b),
            _ => rank(a).cmp(&rank(b)),
        })
        .find(|ordering| ordering.is_ne())
        .unwrap_or_else(|| a.len().cmp(&b.len()))
}
