//! [`Plan`]: rules made ready, as JavaScript hands them over: packed lists within lists.

use super::automaton::Automaton;
use super::run::NONE;
use crate::rules::{Choices, Count, NumberKind, Trim};
use crate::types::{Enum, Type};
use crate::value::Value;
use crate::wasm::{pack, unpack};
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// The version of the form below. JavaScript and wasm come in one package, but a page may have an old file of one of them.
const VERSION: usize = 1;

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
    Length {
        slot: usize,
        count: Count,
        bounds: Vec<(LengthKind, u64, Error)>,
    },
    Number {
        slot: usize,
        bounds: Vec<(NumberKind, Value, Error)>,
    },
    /// With the mistake that bytes are.
    Format {
        slot: usize,
        automaton: Automaton,
        error: Error,
        mistake: Error,
    },
    /// Whether the value, or all elements of it, must be among the choices, or must not.
    Member {
        slot: usize,
        rule: Member,
        choices: Choices,
        is_sorted: bool,
        error: Error,
    },
    Acceptance {
        param: usize,
        error: Error,
    },
    Confirmation {
        param: usize,
        confirming: usize,
        mismatch: Error,
        missing: Option<Error>,
    },
    /// Errors that are given, perhaps for one value only.
    Findings {
        slot: usize,
        errors: Vec<Error>,
        when_equals: Option<Value>,
    },
    /// A rule of the host's, by its number there.
    Custom {
        slot: usize,
        rule: u32,
    },
    AddError(Error),
    Put {
        slot: usize,
        value: Value,
        force: bool,
    },
    PutIndex {
        slot: usize,
    },
    Delete {
        slot: usize,
    },
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
    /// Reads `[version, level, slots of errors]`; none if it is not of this version.
    pub(crate) fn read(bytes: &[u8]) -> Option<Plan> {
        let mut input = Input { bytes };
        input.count();
        (input.number() == VERSION).then(|| Plan { root: input.level(), slots: input.numbers() })
    }
}

/// What is left of a packed plan. It is trusted to be what the package writes: what is missing reads as nothing.
struct Input<'a> {
    bytes: &'a [u8],
}

impl<'a> Input<'a> {
    fn level(&mut self) -> Level {
        self.count();
        Level {
            params: self.list(Input::child),
            slots: self.list(Input::slot),
            key: self.numbers(),
            ops: self.list(Input::op),
        }
    }

    fn child(&mut self) -> Option<Level> {
        if self.accept(pack::NULL) { None } else { Some(self.level()) }
    }

    fn slot(&mut self) -> Slot {
        self.count();
        if self.accept(pack::NULL) {
            let many = Some(self.flag());
            self.byte();
            return Slot { kind: Type::Any, many, default: Value::Null, data: Value::Null };
        }
        Slot { kind: self.kind(), many: None, default: self.value(), data: self.value() }
    }

    fn op(&mut self) -> Op {
        let length = self.count();
        match self.number() {
            0 => Op::Cast(Cast {
                fields: self.list(|input| {
                    input.count();
                    let (param, slot) = (input.number(), input.number());
                    CastField { param, slot, error: input.error(), inner: input.error() }
                }),
                empty_values: if self.accept(pack::NULL) { None } else { Some(self.list(Input::value)) },
                trim: match self.number() {
                    1 => Trim::None,
                    2 => Trim::Both,
                    _ => Trim::Leading,
                },
                force: self.flag(),
                is_first: self.flag(),
            }),
            1 => Op::Required(self.list(|input| {
                input.count();
                (input.number(), input.error())
            })),
            2 => Op::Length {
                slot: self.number(),
                count: Count::ALL.get(self.number()).copied().unwrap_or_default(),
                bounds: self.list(|input| {
                    input.count();
                    let kind = match input.number() {
                        0 => LengthKind::Is,
                        1 => LengthKind::Min,
                        _ => LengthKind::Max,
                    };
                    (kind, input.number() as u64, input.error())
                }),
            },
            3 => Op::Number {
                slot: self.number(),
                bounds: self.list(|input| {
                    input.count();
                    let kind = NumberKind::ALL.get(input.number()).copied();
                    (kind.unwrap_or(NumberKind::NotEqualTo), input.value(), input.error())
                }),
            },
            4 => Op::Format {
                slot: self.number(),
                automaton: Automaton::new(self.binary()),
                error: self.error(),
                mistake: self.error(),
            },
            5 => Op::Member {
                slot: self.number(),
                rule: match self.number() {
                    0 => Member::Included,
                    1 => Member::Excluded,
                    _ => Member::Subset,
                },
                choices: if self.flag() {
                    Choices::Range(self.integer(), self.integer())
                } else {
                    Choices::List(self.list(Input::value))
                },
                is_sorted: self.flag(),
                error: self.error(),
            },
            6 => Op::Acceptance { param: self.number(), error: self.error() },
            7 => Op::Confirmation {
                param: self.number(),
                confirming: self.number(),
                mismatch: self.error(),
                missing: self.optional().map(|error| error as Error),
            },
            8 => Op::Findings {
                slot: self.number(),
                errors: self.list(Input::error),
                when_equals: (length > 3).then(|| self.value()),
            },
            9 => Op::Custom { slot: self.number(), rule: self.error() },
            10 => Op::AddError(self.error()),
            11 => Op::Put { slot: self.number(), value: self.value(), force: self.flag() },
            12 => Op::PutIndex { slot: self.number() },
            13 => Op::Delete { slot: self.number() },
            _ => Op::Relation(self.relation_further()),
        }
    }

    #[inline(never)]
    fn relation_further(&mut self) -> Box<Relation> {
        Box::new(Relation {
            slot: self.number(),
            param: self.number(),
            many: self.flag(),
            sort: self.optional(),
            drop: self.optional(),
            loaded: self.flag(),
            required: self.optional().map(|error| error as Error),
            invalid: self.error(),
            taken: self.list(Input::error),
            force: self.flag(),
        })
    }

    /// A type: its number, or `[18, T]` for lists, `[19, T]` for maps, `[20, name, stored, name, stored, ..]`.
    fn kind(&mut self) -> Type {
        if self.bytes.first() != Some(&pack::LIST) {
            return match self.number() {
                1 => Type::Id,
                2 => Type::BinaryId,
                3 => Type::Integer,
                4 => Type::Float,
                5 => Type::Boolean,
                6 => Type::String,
                7 => Type::Binary,
                8 => Type::Map,
                9 => Type::Decimal,
                10 => Type::Date,
                11 => Type::Time,
                12 => Type::TimeUsec,
                13 => Type::NaiveDatetime,
                14 => Type::NaiveDatetimeUsec,
                15 => Type::UtcDatetime,
                16 => Type::UtcDatetimeUsec,
                17 => Type::Uuid,
                _ => Type::Any,
            };
        }
        let length = self.count();
        match self.number() {
            18 => Type::Array(Box::new(self.kind())),
            19 => Type::MapOf(Box::new(self.kind())),
            _ => {
                let mut members = Vec::new();
                for _ in 0..length / 2 {
                    if let Value::String(name) = self.value() {
                        members.push((name, self.value()));
                    }
                }
                Type::Enum(Arc::new(Enum::known(members)))
            }
        }
    }

    fn list<T>(&mut self, read: fn(&mut Self) -> T) -> Vec<T> {
        let count = self.count().min(self.bytes.len());
        let mut list = Vec::with_capacity(count);
        for _ in 0..count {
            list.push(read(self));
        }
        list
    }

    fn numbers(&mut self) -> Vec<usize> {
        self.list(Input::number)
    }

    /// How many elements a list has.
    fn count(&mut self) -> usize {
        self.byte();
        self.word() as usize
    }

    fn number(&mut self) -> usize {
        self.optional().unwrap_or(NONE)
    }

    fn error(&mut self) -> Error {
        self.number() as Error
    }

    fn optional(&mut self) -> Option<usize> {
        (self.byte() == pack::SMALL).then(|| self.word() as usize)
    }

    fn integer(&mut self) -> i64 {
        self.value().as_integer().unwrap_or_default()
    }

    fn flag(&mut self) -> bool {
        self.byte() == pack::TRUE
    }

    fn binary(&mut self) -> &'a [u8] {
        let length = self.count();
        let (binary, rest) = self.bytes.split_at_checked(length).unwrap_or_default();
        self.bytes = rest;
        binary
    }

    fn value(&mut self) -> Value {
        let mut reader = unpack::Reader::new(self.bytes);
        let value = reader.value(None).unwrap_or_default();
        self.bytes = reader.rest();
        value
    }

    fn accept(&mut self, tag: u8) -> bool {
        let accepts = self.bytes.first() == Some(&tag);
        if accepts {
            self.byte();
        }
        accepts
    }

    fn byte(&mut self) -> u8 {
        let Some((byte, rest)) = self.bytes.split_first() else { return pack::NULL };
        self.bytes = rest;
        *byte
    }

    fn word(&mut self) -> u32 {
        let Some((word, rest)) = self.bytes.split_first_chunk() else { return 0 };
        self.bytes = rest;
        u32::from_le_bytes(*word)
    }
}
