//! `cast_embed` and `cast_assoc`: params become the changesets of children.

use super::children::{self, Allowed, Invalid, Maker, Outcome, invalid_type, put_new_action};
use super::expect_relation;
use crate::changeset::error::{FieldError, validation};
use crate::changeset::parts::{Change, Parts};
use crate::changeset::run::{Context, run_steps};
use crate::mistake::Mistake;
use crate::rules::{CastRelation, Step};
use crate::schema::{Cardinality, Record, Relation, Slot};
use crate::value::{Map, Str, Value, sorted_positions};
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cmp::Ordering;

static NONE: Map = Map::new();
static EMPTY: Value = Value::Map(Map::new());

/// Casts the params of a relation, child by child, with the steps of the options or the child schema's own.
pub(in crate::changeset) fn cast_relation(
    parts: &mut Parts,
    embed: bool,
    name: &str,
    options: &CastRelation,
    depth: usize,
) -> Result<(), Mistake> {
    let schema = parts.schema().clone();
    let required = options.required == Some(true);
    let (position, relation) = expect_relation(&schema, "cast", embed, name)?;
    if required {
        parts.required.insert(0, relation.field.clone());
    }
    parts.fresh = false;
    let params = parts.params.take();
    let result = cast_params(parts, params.as_ref(), position, relation, options, depth);
    parts.params = params;
    match result? {
        Casting::Changed(change, valid) => {
            parts.valid &= valid;
            parts.changes.put(position, change);
            if options.force_update_on_change != Some(false) {
                parts.force = true;
            }
            require(parts, position, relation, required, options);
        }
        Casting::Unchanged => require(parts, position, relation, required, options),
        Casting::Invalid => {
            let mut metadata = validation(if embed { "embed" } else { "assoc" });
            metadata.set("type", invalid_type(relation));
            let custom = options.invalid_message.as_ref();
            parts.push_error(FieldError::of_rule(&relation.field, custom, "is invalid", metadata));
        }
    }
    Ok(())
}

enum Casting {
    Changed(Change, bool),
    Unchanged,
    Invalid,
}

fn cast_params(
    parts: &Parts,
    params: Option<&Map>,
    position: usize,
    relation: &Relation,
    options: &CastRelation,
    depth: usize,
) -> Result<Casting, Mistake> {
    let list_param = |name: &Option<Str>| {
        let value = name.as_ref().and_then(|name| params?.get(name));
        value.filter(|value| !value.is_null())
    };
    let (sort, drop) = (list_param(&options.sort_param), list_param(&options.drop_param));
    let given = params.and_then(|params| params.get(&relation.field));
    let listed = |value: Option<&Value>| value.is_some_and(|value| value.as_list().is_some());
    if given.is_none() && !listed(sort) && !listed(drop) {
        return Ok(Casting::Unchanged);
    }
    let value = given.unwrap_or(&Value::Null);
    let current = parts.current_children(position)?;
    let original = parts.data.slot(position);
    let owner = parts.schema().name();
    let related = relation.related.schema();
    let mut maker = CastMaker { relation, related: &related, options, depth, inputs: Vec::new() };
    match relation.cardinality() {
        Cardinality::One => {
            for (param, option) in [(sort, "sort_param"), (drop, "drop_param")] {
                if param.is_some() {
                    return Err(Mistake::about(
                        "% of `%` is for relations of many",
                        &[option, &relation.field],
                    ));
                }
            }
            match value {
                Value::Null => {}
                Value::Map(map) => maker.inputs.push(map),
                // An empty list is what an empty map looks like in some encodings of params.
                Value::List(list) if list.is_empty() => maker.inputs.push(&NONE),
                _ => return Ok(Casting::Invalid),
            }
            Ok(match children::one(relation, owner, current.first(), &maker)? {
                Ok(Outcome::Changed(None, _)) if *original == Slot::One(None) => Casting::Unchanged,
                Ok(Outcome::Changed(child, valid)) => {
                    Casting::Changed(Change::One(child.map(Box::new)), valid)
                }
                Ok(Outcome::Ignored) => Casting::Unchanged,
                Err(Invalid) => Casting::Invalid,
            })
        }
        Cardinality::Many => {
            let Some(inputs) = child_params(value, sort, drop) else { return Ok(Casting::Invalid) };
            for input in inputs {
                match input {
                    Value::Map(map) => maker.inputs.push(map),
                    _ => return Ok(Casting::Invalid),
                }
            }
            Ok(match children::many(relation, owner, current, &maker)? {
                Ok(Outcome::Changed(children, _))
                    if children.is_empty() && *original == Slot::Many(Vec::new()) =>
                {
                    Casting::Unchanged
                }
                Ok(Outcome::Changed(children, valid)) => Casting::Changed(Change::Many(children), valid),
                Ok(Outcome::Ignored) => Casting::Unchanged,
                Err(Invalid) => Casting::Invalid,
            })
        }
    }
}

/// The children's params in order: a list as it is; a map by the sort param first, then by its keys, numbers before
/// words, without those of the drop param.
fn child_params<'a>(value: &'a Value, sort: Option<&Value>, drop: Option<&Value>) -> Option<Vec<&'a Value>> {
    let sort = sort.and_then(Value::as_list);
    let drop = drop.and_then(Value::as_list);
    let map = match value {
        Value::List(list) => return Some(list.iter().collect()),
        Value::Map(map) => Some(map),
        Value::Null if sort.is_some() || drop.is_some() => None,
        _ => return None,
    };
    let keys: Option<Vec<&str>> = map.map(|map| map.keys().map(Str::as_str).collect());
    let order = order_of(keys.as_deref().unwrap_or(&[]), sort.unwrap_or(&[]), drop.unwrap_or(&[]));
    let input = |at: &Option<usize>| Some(&map?.entries().get((*at)?)?.1);
    Some(order.iter().map(|at| input(at).unwrap_or(&EMPTY)).collect())
}

/// The children of a map in order, by the places of their keys: by the sort param first, none for those of its keys
/// that there are no children of; then by key, numbers before words, without those of the drop param.
pub(crate) fn order_of(keys: &[&str], sort: &[Value], dropped: &[Value]) -> Vec<Option<usize>> {
    let mut order = Vec::new();
    let mut taken: Vec<usize> = Vec::new();
    let mut to_drop: Vec<&Value> = dropped.iter().collect();
    for key in sort {
        // As `--` of lists: one entry of the drop list takes one entry of the sort list.
        if let Some(at) = to_drop.iter().position(|dropped| *dropped == key) {
            to_drop.remove(at);
            continue;
        }
        let found = key.as_str().and_then(|key| keys.iter().position(|known| *known == key));
        let found = found.filter(|at| !taken.contains(at));
        taken.extend(found);
        order.push(found);
    }
    for at in sorted_positions(keys.len(), &|a, b| compare_indexes(keys[a], keys[b])) {
        let is_dropped = dropped.iter().any(|dropped| dropped.as_str() == Some(keys[at]));
        if !is_dropped && !taken.contains(&at) {
            order.push(Some(at));
        }
    }
    order
}

/// Keys that are integers come first, by number; then the others, bytewise.
fn compare_indexes(a: &str, b: &str) -> Ordering {
    match (as_integer(a), as_integer(b)) {
        (Some((false, a)), Some((false, b))) => compare_digits(a, b),
        (Some((true, a)), Some((true, b))) => compare_digits(b, a),
        (Some((a, _)), Some((b, _))) => b.cmp(&a),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.cmp(b),
    }
}

/// Whether the number is below zero, and its digits without leading zeros. Keys of 32 bytes and more are no numbers:
/// Ecto's limit.
fn as_integer(key: &str) -> Option<(bool, &[u8])> {
    let (negative, mut digits) = match key.as_bytes() {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    if key.len() >= 32 || digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    while let [b'0', rest @ ..] = digits {
        digits = rest;
    }
    Some((negative && !digits.is_empty(), digits))
}

fn compare_digits(a: &[u8], b: &[u8]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

fn require(parts: &mut Parts, position: usize, relation: &Relation, required: bool, options: &CastRelation) {
    if !required {
        return;
    }
    let empty = match parts.changes.get(position) {
        Some(Change::One(one)) => one.is_none(),
        Some(Change::Many(many)) => !children::any_counts(many),
        Some(Change::Value(_)) => false,
        None => parts.data.slot(position).records().is_empty(),
    };
    if empty {
        let custom = options.required_message.as_ref();
        let error = FieldError::of_rule(&relation.field, custom, "can't be blank", validation("required"));
        parts.push_error(error);
    }
}

struct CastMaker<'a> {
    relation: &'a Relation,
    related: &'a Arc<crate::schema::Schema>,
    options: &'a CastRelation,
    depth: usize,
    inputs: Vec<&'a Map>,
}

impl CastMaker<'_> {
    fn steps(&self) -> Result<&Arc<[Step]>, Mistake> {
        if let Some(steps) = &self.options.with {
            if self.options.with_index && self.relation.cardinality() == Cardinality::One {
                return Err(Mistake::about(
                    "the steps of `%` take a position (with_arity 3), which only relations of many have",
                    &[&self.relation.field],
                ));
            }
            return Ok(steps);
        }
        self.related.changeset().ok_or_else(|| {
            Mistake::about("schema `%` has no changeset, which casting `%` needs; give it one, or give the cast its steps (with)", &[self.related.name(), &self.relation.field])
        })
    }
}

/// A new child, with the defaults of the relation.
pub(super) fn build(relation: &Relation, related: &Arc<crate::schema::Schema>) -> Record {
    let mut record = Record::new(related);
    for (name, value) in relation.defaults.iter() {
        // The reader of schemas checked the names.
        let _ = record.set(name, Slot::Value(value.clone()));
    }
    record
}

impl Maker for CastMaker<'_> {
    fn count(&self) -> usize {
        self.inputs.len()
    }

    fn key(&self, input: usize) -> Vec<Value> {
        let params = self.inputs[input];
        let fields = self.related.primary_key().iter().map(|at| &self.related.fields()[*at]);
        fields
            .map(|field| match params.get(&field.name) {
                None | Some(Value::Null | Value::Bool(false)) => Value::Null,
                Some(param) => match field.value_type().map(|kind| kind.cast(param)) {
                    Some(Ok(value)) => value,
                    _ => param.clone(),
                },
            })
            .collect()
    }

    fn make(&self, input: usize, current: Option<&Arc<Record>>, allowed: Allowed) -> Result<Parts, Mistake> {
        let steps = self.steps()?;
        let record = match current {
            Some(record) => record.clone(),
            None => Arc::new(build(self.relation, self.related)),
        };
        let mut child = Parts::new(record);
        child.index = self.options.with_index.then_some(input);
        run_steps(&mut child, steps, &Context { params: Some(self.inputs[input]), depth: self.depth + 1 })
            .map_err(|mistake| mistake.at(&self.relation.field))?;
        let child = put_new_action(child, if current.is_some() { "update" } else { "insert" });
        allowed.check(child)
    }

    fn check_update(&self, _input: usize) -> Result<(), Mistake> {
        Ok(())
    }
}
