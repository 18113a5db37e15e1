//! Children cast from params, onto data that has none.

use super::plan::Relation;
use super::record::{Children, Param};
use super::run::{Change, Mistaken, Outcome, Run};
use crate::changeset::relation::cast::order_of;
use crate::value::{Str, Value};
use alloc::vec::Vec;

/// Of a child that is in no param, as a sort param may ask for: its place.
const NO_PLACE: usize = u32::MAX as usize;

/// Casts the param of a relation, child by child.
#[inline(never)]
pub(super) fn cast_further(run: &mut Run, cast: &Relation) -> Result<(), Mistaken> {
    let list = |params: &[Param], at: Option<usize>| match at.and_then(|at| params[at].value()) {
        Some(Value::List(list)) => Some(list.clone()),
        _ => None,
    };
    let mut inputs = Some(Vec::new());
    let mut is_given = false;
    if let Some(params) = run.params() {
        let (sort, drop) = (list(params, cast.sort), list(params, cast.drop));
        let param = core::mem::replace(&mut params[cast.param], Param::Missing);
        is_given = !matches!(param, Param::Missing) || sort.is_some() || drop.is_some();
        if is_given {
            inputs = if cast.many { many(param, sort, drop) } else { one(param) };
        }
    }
    if !is_given {
        return require(run, cast);
    }
    let Some(inputs) = inputs else {
        run.add(Some(cast.invalid));
        return Ok(());
    };
    let is_loaded = cast.loaded || run.is_loaded(cast.slot);
    if inputs.is_empty() && is_loaded {
        return require(run, cast);
    }
    let change = if inputs.is_empty() && !cast.many {
        Change::Value(Value::Null, super::run::NONE)
    } else {
        Change::Children(children(run, cast, inputs)?, cast.param)
    };
    if let Change::Children(children, _) = &change {
        run.outcome.valid &= children.iter().all(|(_, child)| child.valid);
    }
    run.put(cast.slot, change);
    run.outcome.force |= cast.force;
    require(run, cast)
}

/// The params of children, each with its place in the param of the relation.
type Inputs = Option<Vec<(usize, Vec<Param>)>>;

fn one(param: Param) -> Inputs {
    match param {
        Param::Missing | Param::Value(Value::Null) => Some(Vec::new()),
        Param::Children(children) if children.is_one => each(children.items),
        // An empty list is what an empty map looks like in some encodings of params.
        Param::Children(children) if children.keys.is_none() && children.items.is_empty() => {
            Some(Vec::from([(NO_PLACE, Vec::new())]))
        }
        _ => None,
    }
}

fn many(param: Param, sort: Option<Vec<Value>>, drop: Option<Vec<Value>>) -> Inputs {
    let (keys, items) = match param {
        Param::Children(children) => match *children {
            Children { keys: Some(keys), items, .. } => (keys, items),
            Children { items, .. } => return each(items),
        },
        Param::Missing | Param::Value(Value::Null) if sort.is_some() || drop.is_some() => {
            (Vec::new(), Vec::new())
        }
        _ => return None,
    };
    let keys: Vec<&str> = keys.iter().map(Str::as_str).collect();
    let mut items: Vec<Option<Option<Vec<Param>>>> = items.into_iter().map(Some).collect();
    let mut inputs = Vec::new();
    for place in order_of(&keys, &sort.unwrap_or_default(), &drop.unwrap_or_default()) {
        inputs.push(match place.and_then(|at| Some((at, items.get_mut(at)?.take()?))) {
            Some((at, item)) => (at, item?),
            None => (NO_PLACE, Vec::new()),
        });
    }
    Some(inputs)
}

fn each(items: Vec<Option<Vec<Param>>>) -> Inputs {
    items.into_iter().enumerate().map(|(at, item)| Some((at, item?))).collect()
}

fn children(
    run: &Run,
    cast: &Relation,
    inputs: Vec<(usize, Vec<Param>)>,
) -> Result<Vec<(usize, Outcome)>, Mistaken> {
    let Some(level) = run.level().params.get(cast.param).and_then(Option::as_ref) else {
        return Ok(Vec::new());
    };
    let mut children: Vec<(usize, Outcome)> = Vec::with_capacity(inputs.len());
    let mut seen: Vec<Vec<Value>> = Vec::new();
    for (index, (place, mut params)) in inputs.into_iter().enumerate() {
        if params.is_empty() {
            params = level.params.iter().map(|_| Param::Missing).collect();
        }
        let mut child = Run::new(run.plan, level, run.host, params, true);
        child.index = index;
        let key: Vec<Value>;
        let mut child = child.go()?;
        if cast.many && !level.key.is_empty() {
            key = level.key.iter().map(|slot| child.value(*slot).clone()).collect();
            if !key.iter().any(Value::is_null) {
                if seen.contains(&key) {
                    cast.taken.iter().for_each(|error| child.add(Some(*error)));
                }
                seen.push(key);
            }
        }
        children.push((place, child.outcome));
    }
    Ok(children)
}

fn require(run: &mut Run, cast: &Relation) -> Result<(), Mistaken> {
    let is_empty = match run.change(cast.slot) {
        Change::Children(children, _) => children.is_empty(),
        _ => true,
    };
    if is_empty {
        run.add(cast.required);
    }
    Ok(())
}
