//! The evaluator: SQL's three-valued logic over borrowed rows.

use super::{Comparison, Node, UnitNode};
use crate::adapters::glue::run::Rows;
use crate::adapters::glue::value::{
    self, Fault, Key, Pattern, Unit, add_interval, add_to_date, arithmetic, cast, compare, equal, negate,
    text_of,
};
use crate::store::Table;
use crate::value::{UtcDatetime, Value};
use core::cell::{OnceCell, RefCell};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Lists of at least so many elements are searched by hash.
const HASHED: usize = 8;

/// What a statement runs with.
pub(in super::super) struct Env<'e> {
    pub(in super::super) tables: &'e [&'e Table],
    pub(in super::super) params: &'e [Value],
    /// What was computed once: patterns, sets, results of nested queries that depend on no row.
    pub(in super::super) cache: Vec<OnceCell<Cached>>,
    /// The rows of common table expressions and of recursion's last step, by number.
    pub(in super::super) named: RefCell<HashMap<usize, Rc<Rows>>>,
    pub(in super::super) now: Option<UtcDatetime>,
    /// Whether GlueSQL runs the joins that it can.
    #[cfg_attr(not(all(feature = "glue", not(target_arch = "wasm32"))), expect(dead_code))]
    pub(in super::super) engine: bool,
}

/// Something a statement computes once.
pub(in super::super) enum Cached {
    Pattern(Pattern),
    Regex(regex::Regex),
    Set { keys: HashSet<Key>, null: bool },
    Value(Value),
    Flag(bool),
    Rows(Vec<Value>),
}

/// A row of the sources of a query, with the rows of the queries around it.
#[derive(Clone, Copy)]
pub(in super::super) struct Row<'r> {
    pub(in super::super) sources: &'r [&'r [Value]],
    /// The results of aggregates.
    pub(in super::super) slots: &'r [Value],
    /// The results of window functions.
    pub(in super::super) windows: &'r [Value],
    pub(in super::super) parent: Option<&'r Row<'r>>,
    pub(in super::super) env: &'r Env<'r>,
}

impl<'r> Row<'r> {
    /// A row without results.
    pub(in super::super) fn new(
        sources: &'r [&'r [Value]],
        parent: Option<&'r Row<'r>>,
        env: &'r Env<'r>,
    ) -> Row<'r> {
        Row { sources, slots: &[], windows: &[], parent, env }
    }

    fn outer(&self, up: usize) -> Option<&Row<'r>> {
        let mut row = self;
        for _ in 0..up {
            row = row.parent?;
        }
        Some(row)
    }
}

pub(super) static NULL: Value = Value::Null;

impl Node {
    /// The value for a row.
    pub(in super::super) fn value<'r>(&'r self, row: &Row<'r>) -> Result<Cow<'r, Value>, Fault> {
        if let Some(value) = self.peek(row) {
            return Ok(Cow::Borrowed(value));
        }
        let owned = match self {
            Node::Arithmetic(operation, left, right) => {
                let (left, right) = (left.value(row)?, right.value(row)?);
                if left.is_null() || right.is_null() {
                    Value::Null
                } else {
                    arithmetic(*operation, &left, &right)?
                }
            }
            Node::Negate(of) => match of.value(row)? {
                value if value.is_null() => Value::Null,
                value => negate(&value)?,
            },
            Node::Call(function, operands) => return function.call(operands, row),
            Node::Coalesce(all) => {
                for node in all {
                    let value = node.value(row)?;
                    if !value.is_null() {
                        return Ok(value);
                    }
                }
                Value::Null
            }
            Node::Case { whens, otherwise } => {
                for (when, then) in whens {
                    if when.holds(row)? == Some(true) {
                        return then.value(row);
                    }
                }
                return otherwise.as_ref().map_or(Ok(Cow::Borrowed(&NULL)), |otherwise| otherwise.value(row));
            }
            Node::Cast(of, to) => cast(&*of.value(row)?, to)?,
            Node::List(all) => Value::List(
                all.iter().map(|node| node.value(row).map(Cow::into_owned)).collect::<Result<_, _>>()?,
            ),
            Node::Path(of, keys, text) => {
                let keys: Vec<Value> =
                    keys.iter().map(|key| key.value(row).map(Cow::into_owned)).collect::<Result<_, _>>()?;
                let found = value::path(of.value(row)?, &keys);
                if !text || found.is_null() {
                    return Ok(found);
                }
                Value::from(text_of(&found))
            }
            Node::Later { base, amount, unit, date } => {
                let (base, amount) = (base.value(row)?, amount.value(row)?);
                let unit = match unit {
                    UnitNode::Known(unit) => *unit,
                    UnitNode::Computed(unit) => {
                        let name = unit.value(row)?;
                        name.as_str().and_then(Unit::named).ok_or_else(|| {
                            Fault::new("invalid_datetime_format", "not the unit of an interval")
                        })?
                    }
                };
                match (base.is_null() || amount.is_null(), date) {
                    (true, _) => Value::Null,
                    (false, true) => add_to_date(&base, &amount, unit)?,
                    (false, false) => add_interval(&base, &amount, unit)?,
                }
            }
            Node::Scalar(nested) => return nested.scalar(row),
            // What remains are conditions.
            _ => self.holds(row)?.map_or(Value::Null, Value::Bool),
        };
        Ok(Cow::Owned(owned))
    }

    /// The value, if it stands somewhere already.
    #[inline]
    pub(in super::super) fn peek<'r>(&'r self, row: &Row<'r>) -> Option<&'r Value> {
        match self {
            Node::Column { up: 0, source, column } => {
                Some(row.sources.get(*source)?.get(*column).unwrap_or(&NULL))
            }
            Node::Value(value) => Some(value),
            Node::Param(at) => Some(row.env.params.get(*at).unwrap_or(&NULL)),
            Node::Slot(slot) => Some(row.slots.get(*slot).unwrap_or(&NULL)),
            Node::Window(slot) => Some(row.windows.get(*slot).unwrap_or(&NULL)),
            Node::Column { up, source, column } => {
                Some(row.outer(*up)?.sources.get(*source)?.get(*column).unwrap_or(&NULL))
            }
            _ => None,
        }
    }

    /// Whether a condition holds for a row; `None` is SQL's unknown.
    pub(in super::super) fn holds<'r>(&'r self, row: &Row<'r>) -> Result<Option<bool>, Fault> {
        match self {
            Node::Compare(comparison, left, right) => {
                if let (Some(left), Some(right)) = (left.peek(row), right.peek(row)) {
                    return compared(*comparison, left, right);
                }
                compared(*comparison, &*left.value(row)?, &*right.value(row)?)
            }
            Node::And(all) => decide(all, row, false),
            Node::Or(all) => decide(all, row, true),
            Node::Not(of) => Ok(of.holds(row)?.map(|holds| !holds)),
            Node::IsNull(of) => Ok(Some(of.value(row)?.is_null())),
            Node::In(item, list, cache) => {
                let item = item.value(row)?;
                if list.len() >= HASHED && list.iter().all(Node::is_constant) {
                    return among(&item, row.env, *cache, || {
                        list.iter().map(|node| node.value(row).map(Cow::into_owned)).collect()
                    });
                }
                let mut unknown = item.is_null() && !list.is_empty();
                for node in list {
                    match equal(&item, &*node.value(row)?) {
                        Some(true) => return Ok(Some(true)),
                        Some(false) => {}
                        None => unknown = true,
                    }
                }
                Ok((!unknown).then_some(false))
            }
            Node::InArray(item, array, cache) => {
                let item = item.value(row)?;
                let array_value = array.value(row)?;
                match &*array_value {
                    Value::List(list) if list.len() >= HASHED && array.is_constant() => {
                        among(&item, row.env, *cache, || Ok(list.clone()))
                    }
                    Value::List(list) => Ok(in_values(&item, list)),
                    Value::Null => Ok(None),
                    other => {
                        Err(Fault::new("wrong_object_type", format!("no list to look in: {}", other.kind())))
                    }
                }
            }
            Node::Like { text, pattern, ignore_case, cache } => {
                let text = text.value(row)?;
                let read = |pattern: &Value| {
                    Pattern::new(&text_of(pattern), *ignore_case).ok_or_else(|| {
                        Fault::new(
                            "invalid_escape_sequence",
                            "LIKE pattern must not end with escape character",
                        )
                    })
                };
                let given = pattern.value(row)?;
                if text.is_null() || given.is_null() {
                    return Ok(None);
                }
                let test = |pattern: &Pattern| match text.as_str() {
                    Some(text) => pattern.matches(text),
                    None => pattern.matches(&text_of(&text)),
                };
                if pattern.is_constant() {
                    let cached = remembered(row.env, *cache, || read(&given).map(Cached::Pattern))?;
                    return Ok(match cached {
                        Cached::Pattern(pattern) => Some(test(pattern)),
                        _ => None,
                    });
                }
                Ok(Some(test(&read(&given)?)))
            }
            Node::Regex { text, pattern, ignore_case, cache } => {
                let (text, given) = (text.value(row)?, pattern.value(row)?);
                if text.is_null() || given.is_null() {
                    return Ok(None);
                }
                let read = || {
                    regex::RegexBuilder::new(&text_of(&given))
                        .case_insensitive(*ignore_case)
                        .size_limit(1 << 20)
                        .build()
                        .map_err(|error| Fault::new("invalid_regular_expression", error.to_string()))
                };
                if pattern.is_constant() {
                    let cached = remembered(row.env, *cache, || read().map(Cached::Regex))?;
                    return Ok(match cached {
                        Cached::Regex(regex) => Some(regex.is_match(&text_of(&text))),
                        _ => None,
                    });
                }
                Ok(Some(read()?.is_match(&text_of(&text))))
            }
            Node::Exists(nested) => nested.exists(row).map(Some),
            Node::InQuery(item, nested) => nested.contains(&*item.value(row)?, row),
            Node::Quantified { comparison, all, item, nested } => {
                let item = item.value(row)?;
                let mut answer = Some(*all);
                for value in nested.column(row)?.iter() {
                    match compared(*comparison, &item, value)? {
                        Some(holds) if holds != *all => return Ok(Some(!*all)),
                        Some(_) => {}
                        None => answer = None,
                    }
                }
                Ok(answer)
            }
            _ => match &*self.value(row)? {
                Value::Bool(flag) => Ok(Some(*flag)),
                Value::Null => Ok(None),
                other => Err(Fault::new("datatype_mismatch", format!("not a condition: {}", other.kind()))),
            },
        }
    }
}

/// The outcome of a comparison.
#[inline]
pub(in super::super) fn compared(
    comparison: Comparison,
    left: &Value,
    right: &Value,
) -> Result<Option<bool>, Fault> {
    let ordering = match (left, right) {
        (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
        (Value::Null, _) | (_, Value::Null) => {
            let both = left.is_null() && right.is_null();
            return Ok(match comparison {
                Comparison::Distinct => Some(!both),
                _ => None,
            });
        }
        _ => match compare(left, right) {
            Some(ordering) => ordering,
            None => {
                return Err(Fault::new(
                    "undefined_function",
                    format!("cannot compare {} with {}", left.kind(), right.kind()),
                ));
            }
        },
    };
    Ok(Some(comparison.allows(ordering)))
}

/// `and` and `or`: one that is `decisive` decides, else one unknown makes all unknown.
fn decide<'r>(all: &'r [Node], row: &Row<'r>, decisive: bool) -> Result<Option<bool>, Fault> {
    let mut answer = Some(!decisive);
    for node in all {
        match node.holds(row)? {
            Some(holds) if holds == decisive => return Ok(Some(decisive)),
            Some(_) => {}
            None => answer = None,
        }
    }
    Ok(answer)
}

pub(super) fn in_values(item: &Value, list: &[Value]) -> Option<bool> {
    let mut unknown = item.is_null() && !list.is_empty();
    for element in list {
        match equal(item, element) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => unknown |= item.is_null() || element.is_null(),
        }
    }
    (!unknown).then_some(false)
}

/// Whether a value is in a list that is the same for all rows.
pub(super) fn among(
    item: &Value,
    env: &Env<'_>,
    cache: usize,
    list: impl FnOnce() -> Result<Vec<Value>, Fault>,
) -> Result<Option<bool>, Fault> {
    let cached = remembered(env, cache, || {
        let list = list()?;
        let null = list.iter().any(Value::is_null);
        let keys = list.into_iter().filter(|value| !value.is_null()).map(|value| Key(vec![value])).collect();
        Ok(Cached::Set { keys, null })
    })?;
    Ok(match cached {
        Cached::Set { keys, null } => in_set(item, keys, *null),
        _ => None,
    })
}

fn in_set(item: &Value, keys: &HashSet<Key>, null: bool) -> Option<bool> {
    if item.is_null() {
        return if keys.is_empty() && !null { Some(false) } else { None };
    }
    match keys.contains(&Key(vec![item.clone()])) {
        true => Some(true),
        false if null => None,
        false => Some(false),
    }
}

pub(super) fn remembered<'e>(
    env: &'e Env<'_>,
    cache: usize,
    make: impl FnOnce() -> Result<Cached, Fault>,
) -> Result<&'e Cached, Fault> {
    let cell = env.cache.get(cache).ok_or_else(|| Fault::new("internal_error", "nothing remembered here"))?;
    match cell.get() {
        Some(cached) => Ok(cached),
        None => {
            let made = make()?;
            Ok(cell.get_or_init(|| made))
        }
    }
}
