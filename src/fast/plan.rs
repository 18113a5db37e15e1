//! [`Plan`]: rules made ready, as JavaScript hands them over: a packed list of lists.

use super::automaton::Automaton;
use crate::rules::{Choices, Count, NumberKind, Trim};
use crate::types::{Enum, Type};
use crate::value::{Str, Value};
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// The place of an error in JavaScript's table.
pub(super) type Error = u32;

/// Rules made ready: the level of the record itself, in which those of its children stand.
pub(crate) struct Plan {
    pub(super) root: Level,
    /// The slot that each error of the table is on, within its level.
    pub(super) slots: Vec<usize>,
}

/// The rules of one record.
pub(super) struct Level {
    /// The params that are read, each with the level of its children, if it is a relation's.
    pub(super) params: Vec<Option<Level>>,
    /// The fields that rules touch, in the order in which they are first cast.
    pub(super) slots: Vec<Slot>,
    /// The slots of the primary key, if it can be cast.
    pub(super) key: Vec<usize>,
    pub(super) ops: Vec<Op>,
}

/// A field.
pub(super) struct Slot {
    /// The type; any, for a relation.
    pub(super) kind: Type,
    /// Of a relation, whether it is of many.
    pub(super) many: Option<bool>,
    /// What an empty param is cast from.
    pub(super) default: Value,
    /// What a new record holds.
    pub(super) data: Value,
}

/// One step.
pub(super) enum Op {
    Cast(Cast),
    Required(Vec<(usize, Error)>),
    /// The length of what is changed: is, min and max.
    Length { slot: usize, count: Count, bounds: Vec<(LengthKind, u64, Error)> },
    Number { slot: usize, bounds: Vec<(NumberKind, Value, Error)> },
    /// With the mistake that bytes are.
    Format { slot: usize, automaton: Automaton, error: Error, mistake: Error },
    /// Whether the value, or all elements of it, must be among the choices, or must not.
    Member { slot: usize, rule: Member, choices: Choices, error: Error },
    Acceptance { param: usize, error: Error },
    Confirmation { param: usize, confirming: usize, mismatch: Error, missing: Option<Error> },
    /// Errors that are given, perhaps for one value only.
    Findings { slot: usize, errors: Vec<Error>, when_equals: Option<Value> },
    /// A rule of the host's, by its number there.
    Custom { slot: usize, rule: u32 },
    AddError(Error),
    Put { slot: usize, value: Value, force: bool },
    PutIndex { slot: usize },
    Delete { slot: usize },
    Relation(Box<Relation>),
}

/// Params cast to the types of their fields.
pub(super) struct Cast {
    pub(super) fields: Vec<CastField>,
    pub(super) empty_values: Option<Vec<Value>>,
    pub(super) trim: Trim,
    pub(super) force: bool,
    /// Whether it is the first step, whose empty values are those of the changeset.
    pub(super) is_first: bool,
}

pub(super) struct CastField {
    pub(super) param: usize,
    pub(super) slot: usize,
    pub(super) error: Error,
    /// The error of an element of a list or map that says what would be right.
    pub(super) inner: Error,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LengthKind {
    Is,
    Min,
    Max,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Member {
    Included,
    Excluded,
    Subset,
}

/// Children cast from a param onto data that has none yet.
pub(super) struct Relation {
    pub(super) slot: usize,
    pub(super) param: usize,
    pub(super) many: bool,
    pub(super) sort: Option<usize>,
    pub(super) drop: Option<usize>,
    /// Whether no children are what a new record holds, so that none are no change; an association of one is not there.
    pub(super) loaded: bool,
    pub(super) required: Option<Error>,
    pub(super) invalid: Error,
    /// The errors of a key that stands twice, one for each field of it.
    pub(super) taken: Vec<Error>,
    /// Whether its change makes a repo write the parent.
    pub(super) force: bool,
}

impl Plan {
    /// Reads `[level, slots of errors]`; none if it is not of this version.
    pub(crate) fn read(plan: &Value) -> Option<Plan> {
        let [root, slots] = plan.as_list()? else { return None };
        Some(Plan { root: Level::read(root)?, slots: each(slots, index)? })
    }
}

impl Level {
    fn read(level: &Value) -> Option<Level> {
        let [params, slots, key, ops] = level.as_list()? else { return None };
        Some(Level {
            params: each(params, |param| if param.is_null() { Some(None) } else { Level::read(param).map(Some) })?,
            slots: each(slots, Slot::read)?,
            key: each(key, index)?,
            ops: each(ops, |op| Op::read(op.as_list()?))?,
        })
    }
}

impl Slot {
    fn read(slot: &Value) -> Option<Slot> {
        let [kind, default, data] = slot.as_list()? else { return None };
        if kind.is_null() {
            return Some(Slot { kind: Type::Any, many: default.as_bool(), default: Value::Null, data: Value::Null });
        }
        Some(Slot { kind: read_type(kind)?, many: None, default: default.clone(), data: data.clone() })
    }
}

impl Op {
    fn read(op: &[Value]) -> Option<Op> {
        let (code, rest) = op.split_first()?;
        Some(match (index(code)?, rest) {
            (0, [fields, empty_values, trim, force, is_first]) => Op::Cast(Cast {
                fields: each(fields, |field| {
                    let [param, slot, error, inner] = indexes(field)?;
                    Some(CastField { param, slot, error: error as Error, inner: inner as Error })
                })?,
                empty_values: empty_values.as_list().map(<[Value]>::to_vec),
                trim: [Trim::Leading, Trim::None, Trim::Both].get(index(trim)?).copied()?,
                force: force.as_bool()?,
                is_first: is_first.as_bool()?,
            }),
            (1, [fields]) => Op::Required(each(fields, |field| {
                let [slot, error] = indexes(field)?;
                Some((slot, error as Error))
            })?),
            (2, [slot, count, bounds]) => Op::Length {
                slot: index(slot)?,
                count: Count::ALL.get(index(count)?).copied()?,
                bounds: each(bounds, |bound| {
                    let [kind, count, error] = indexes(bound)?;
                    let kind = [LengthKind::Is, LengthKind::Min, LengthKind::Max].get(kind).copied()?;
                    Some((kind, count as u64, error as Error))
                })?,
            },
            (3, [slot, bounds]) => Op::Number {
                slot: index(slot)?,
                bounds: each(bounds, |bound| {
                    let [kind, target, error] = bound.as_list()? else { return None };
                    Some((NumberKind::ALL.get(index(kind)?).copied()?, target.clone(), error_of(error)?))
                })?,
            },
            (4, [slot, automaton, error, mistake]) => Op::Format {
                slot: index(slot)?,
                automaton: Automaton::read(automaton.as_bytes()?)?,
                error: error_of(error)?,
                mistake: error_of(mistake)?,
            },
            (5, [slot, rule, choices, error]) => Op::Member {
                slot: index(slot)?,
                rule: [Member::Included, Member::Excluded, Member::Subset].get(index(rule)?).copied()?,
                choices: match choices {
                    Value::List(list) => Choices::List(list.clone()),
                    Value::Map(range) => {
                        Choices::Range(range.get("first")?.as_integer()?, range.get("last")?.as_integer()?)
                    }
                    _ => return None,
                },
                error: error_of(error)?,
            },
            (6, [param, error]) => Op::Acceptance { param: index(param)?, error: error_of(error)? },
            (7, [param, confirming, mismatch, missing]) => Op::Confirmation {
                param: index(param)?,
                confirming: index(confirming)?,
                mismatch: error_of(mismatch)?,
                missing: error_of(missing),
            },
            (8, [slot, errors]) => {
                Op::Findings { slot: index(slot)?, errors: each(errors, error_of)?, when_equals: None }
            }
            (8, [slot, errors, wanted]) => Op::Findings {
                slot: index(slot)?,
                errors: each(errors, error_of)?,
                when_equals: Some(wanted.clone()),
            },
            (9, [slot, rule]) => Op::Custom { slot: index(slot)?, rule: error_of(rule)? },
            (10, [error]) => Op::AddError(error_of(error)?),
            (11, [slot, value, force]) => {
                Op::Put { slot: index(slot)?, value: value.clone(), force: force.as_bool()? }
            }
            (12, [slot]) => Op::PutIndex { slot: index(slot)? },
            (13, [slot]) => Op::Delete { slot: index(slot)? },
            (14, [slot, param, many, sort, drop, loaded, required, invalid, taken, force]) => {
                Op::Relation(Box::new(Relation {
                    slot: index(slot)?,
                    param: index(param)?,
                    many: many.as_bool()?,
                    sort: index(sort),
                    drop: index(drop),
                    loaded: loaded.as_bool()?,
                    required: error_of(required),
                    invalid: error_of(invalid)?,
                    taken: each(taken, error_of)?,
                    force: force.as_bool()?,
                }))
            }
            _ => return None,
        })
    }
}

/// A type: its number, or `["array", T]`, `["map", T]`, `["enum", [[name, stored], ..]]`.
fn read_type(notation: &Value) -> Option<Type> {
    const PLAIN: [Type; 18] = [
        Type::Any,
        Type::Id,
        Type::BinaryId,
        Type::Integer,
        Type::Float,
        Type::Boolean,
        Type::String,
        Type::Binary,
        Type::Map,
        Type::Decimal,
        Type::Date,
        Type::Time,
        Type::TimeUsec,
        Type::NaiveDatetime,
        Type::NaiveDatetimeUsec,
        Type::UtcDatetime,
        Type::UtcDatetimeUsec,
        Type::Uuid,
    ];
    let Some(composite) = notation.as_list() else { return PLAIN.get(index(notation)?).cloned() };
    let [Value::String(word), inner] = composite else { return None };
    Some(match word.as_str() {
        "array" => Type::Array(Box::new(read_type(inner)?)),
        "map" => Type::MapOf(Box::new(read_type(inner)?)),
        _ => {
            let members: Vec<(Str, Value)> = each(inner, |member| match member.as_list()? {
                [Value::String(name), stored] => Some((name.clone(), stored.clone())),
                _ => None,
            })?;
            Type::Enum(Arc::new(Enum::with_stored(members).ok()?))
        }
    })
}

fn each<T>(list: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    list.as_list()?.iter().map(read).collect()
}

fn index(value: &Value) -> Option<usize> {
    value.as_integer().and_then(|number| usize::try_from(number).ok())
}

fn error_of(value: &Value) -> Option<Error> {
    index(value).map(|at| at as Error)
}

fn indexes<const N: usize>(list: &Value) -> Option<[usize; N]> {
    let list: &[Value; N] = list.as_list()?.try_into().ok()?;
    let mut read = [0; N];
    for (into, value) in read.iter_mut().zip(list) {
        *into = index(value)?;
    }
    Some(read)
}
