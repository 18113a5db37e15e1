//! Going through a plan.

use super::plan::{Cast, Error, LengthKind, Level, Member, Op, Plan, Slot};
use super::record::{Param, Reader};
use super::relation;
use crate::changeset::cast::Caster;
use crate::changeset::validate::{confirmation, length, membership, number};
use crate::rules::Choices;
use crate::types::Type;
use crate::value::{Str, Value};
use crate::wasm::of_host::value_of_host;
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::vec::Vec;

/// Whether params were given, and whether data is.
const PARAMS: u32 = 1;
const DATA: u32 = 2;

static EMPTY: [Value; 1] = [Value::String(Str::Static(""))];

/// What a run asks of its host.
pub(crate) trait Host {
    /// Calls a validator with a value. The errors it finds, and the slots they are on.
    fn validate(&self, rule: u32, value: &Value) -> Vec<(Error, usize)>;
}

/// A mistake of the program: its number in the host's table.
pub(super) struct Mistaken(pub(super) Error);

type Result<T> = core::result::Result<T, Mistaken>;

/// What became of a record.
pub(super) struct Outcome {
    pub(super) valid: bool,
    pub(super) force: bool,
    pub(super) errors: Vec<Found>,
    /// By slot.
    pub(super) changes: Vec<Change>,
    /// The slots that have changes, in the order they got them.
    pub(super) order: Vec<u16>,
    pub(super) params: Vec<Param>,
}

/// What becomes of a field.
pub(super) enum Change {
    None,
    /// The value of a param, as it was given.
    Given(usize),
    /// A value, and the param it may be the text of.
    Value(Value, usize),
    /// Children, each with its place in the param, and the param.
    Children(Vec<(usize, Outcome)>, usize),
}

/// An error that was found.
pub(super) struct Found {
    pub(super) number: Error,
    /// The slot it is on.
    pub(super) slot: usize,
    /// Where in a list or map the bad element stands.
    pub(super) place: Option<Box<Value>>,
}

/// No param, and no slot.
pub(super) const NONE: usize = usize::MAX;

/// Runs the plan on a record.
pub(super) fn run(plan: &Plan, reader: &mut Reader, host: &dyn Host) -> Result<Outcome> {
    let level = &plan.root;
    let head = reader.word();
    let data = (head & DATA != 0).then(|| level.slots.iter().map(|slot| datum(slot, reader)).collect());
    let given = head & PARAMS != 0;
    let params = if given { reader.params(level) } else { Vec::new() };
    let mut run = Run::new(plan, level, host, params, given);
    run.data = data;
    Ok(run.go()?.outcome)
}

/// What the data holds in a slot.
fn datum(slot: &Slot, reader: &mut Reader) -> Value {
    match reader.param(None) {
        Param::Value(value) => value_of_host(&slot.kind, value),
        _ => slot.data.clone(),
    }
}

/// A record under way.
pub(super) struct Run<'a> {
    pub(super) plan: &'a Plan,
    pub(super) host: &'a dyn Host,
    level: &'a Level,
    data: Option<Vec<Value>>,
    /// Whether there are params at all.
    given: bool,
    /// Whether they were cast yet.
    cast: bool,
    empty_values: &'a [Value],
    /// The place among siblings.
    pub(super) index: usize,
    pub(super) outcome: Outcome,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        plan: &'a Plan,
        level: &'a Level,
        host: &'a dyn Host,
        params: Vec<Param>,
        given: bool,
    ) -> Self {
        let changes = level.slots.iter().map(|_| Change::None).collect();
        let (errors, order) = (Vec::new(), Vec::with_capacity(level.slots.len()));
        let outcome = Outcome { valid: true, force: false, errors, changes, order, params };
        Run { plan, host, level, data: None, given, cast: false, empty_values: &EMPTY, index: 0, outcome }
    }

    /// Goes through all steps.
    pub(super) fn go(mut self) -> Result<Self> {
        let level = self.level;
        for op in &level.ops {
            self.op(op)?;
        }
        Ok(self)
    }

    pub(super) fn level(&self) -> &'a Level {
        self.level
    }

    pub(super) fn change(&self, slot: usize) -> &Change {
        &self.outcome.changes[slot]
    }

    fn op(&mut self, op: &'a Op) -> Result<()> {
        match op {
            Op::Cast(cast) => self.cast(cast),
            Op::Required(fields) => self.require(fields),
            Op::Length { slot, count, bounds } => {
                let found = match &self.outcome.changes[*slot] {
                    Change::Children(children, _) => Some(children.len() as u64),
                    _ => self.changed(*slot).and_then(|value| length::length_of(value, *count)),
                };
                if let Some(found) = found {
                    let broken = |(kind, count, _): &&(LengthKind, u64, Error)| match kind {
                        LengthKind::Is => found != *count,
                        LengthKind::Min => found < *count,
                        LengthKind::Max => found > *count,
                    };
                    self.add(bounds.iter().find(broken).map(|(_, _, error)| *error));
                }
            }
            Op::Number { slot, bounds } => {
                if let Some(value) = self.changed(*slot) {
                    let broken = bounds.iter().find(|(kind, target, _)| {
                        !number::compare(value, target).is_some_and(|ordering| number::holds(*kind, ordering))
                    });
                    self.add(broken.map(|(_, _, error)| *error));
                }
            }
            Op::Format { slot, automaton, error, mistake } => match self.changed(*slot) {
                None => {}
                Some(Value::String(text)) => {
                    let matches = automaton.is_match(text.as_bytes());
                    self.add((!matches).then_some(*error));
                }
                Some(_) => return Err(Mistaken(*mistake)),
            },
            Op::Member { slot, rule, choices, is_sorted, error } => {
                if let Some(value) = self.changed(*slot) {
                    let kind = &self.level.slots[*slot].kind;
                    let is_included = || match (choices, value) {
                        (Choices::List(list), Value::String(text)) if *is_sorted => list
                            .binary_search_by(|choice| choice.as_bytes().cmp(&Some(text.as_bytes())))
                            .is_ok(),
                        _ => membership::is_included(kind, value, choices),
                    };
                    let broken = match (rule, kind, value) {
                        (Member::Included, ..) => !is_included(),
                        (Member::Excluded, ..) => is_included(),
                        (Member::Subset, Type::Array(element), Value::List(list)) => {
                            !list.iter().all(|value| membership::is_included(element, value, choices))
                        }
                        _ => false,
                    };
                    self.add(broken.then_some(*error));
                }
            }
            Op::Acceptance { param, error } => {
                if self.cast {
                    let accepted = self.outcome.params[*param]
                        .value()
                        .is_some_and(|value| Type::Boolean.cast(value) == Ok(Value::Bool(true)));
                    self.add((!accepted).then_some(*error));
                }
            }
            Op::Confirmation { param, confirming, mismatch, missing } => {
                if self.cast {
                    let given = self.outcome.params[*param].value().unwrap_or(&Value::Null);
                    let error = match &self.outcome.params[*confirming] {
                        Param::Value(confirmed) if confirmation::same(confirmed, given) => None,
                        Param::Value(_) => Some(*mismatch),
                        _ => *missing,
                    };
                    self.add(error);
                }
            }
            Op::Findings { slot, errors, when_equals } => {
                let applies = match (self.changed(*slot), when_equals) {
                    (Some(value), Some(wanted)) => value == wanted,
                    (Some(_), None) => true,
                    (None, Some(_)) => false,
                    (None, None) => matches!(self.outcome.changes[*slot], Change::Children(..)),
                };
                if applies {
                    let found = errors.iter().map(|error| self.found(*error)).collect();
                    self.push(found);
                }
            }
            Op::Custom { slot, rule } => {
                if let Some(value) = self.changed(*slot) {
                    let found = self.host.validate(*rule, value);
                    let found = found.into_iter().map(|(number, slot)| Found { number, slot, place: None });
                    self.push(found.collect());
                }
            }
            Op::AddError(error) => self.add(Some(*error)),
            Op::Put { slot, value, force } => self.put_change(*slot, value.clone(), *force),
            Op::PutIndex { slot } => self.put_change(*slot, Value::Integer(self.index as i64), false),
            Op::Delete { slot } => self.remove(*slot),
            Op::Relation(cast) => relation::cast_further(self, cast)?,
        }
        Ok(())
    }

    fn cast(&mut self, cast: &'a Cast) {
        let level = self.level;
        let empty_values = cast.empty_values.as_deref().unwrap_or(self.empty_values);
        let caster = Caster { empty_values, trim: cast.trim };
        let is_plain = core::ptr::eq(empty_values, &EMPTY);
        let mut errors = Vec::new();
        if self.given {
            for field in &cast.fields {
                let slot = &level.slots[field.slot];
                let param = match &self.outcome.params[field.param] {
                    Param::Value(value) => value,
                    Param::Missing | Param::Children(_) => continue,
                };
                if let (Type::String, Value::String(text)) = (&slot.kind, param)
                    && is_plain
                    && is_visible(text)
                {
                    if cast.force || !same_text(self.value(field.slot), text) {
                        self.put(field.slot, Change::Given(field.param));
                    }
                    continue;
                }
                let param = caster.filter(&slot.kind, param).unwrap_or(Cow::Borrowed(&slot.default));
                match slot.kind.cast(&param) {
                    Ok(value) => {
                        drop(param);
                        if cast.force || !slot.kind.equal(self.value(field.slot), &value) {
                            self.put(field.slot, Change::Value(value, field.param));
                        }
                    }
                    Err(error) => {
                        let number = if error.metadata.is_empty() { field.error } else { field.inner };
                        let mut found = self.found(number);
                        found.place = (!error.source.is_empty()).then(|| Box::new(Value::List(error.source)));
                        errors.push(found);
                    }
                }
            }
            if cast.is_first {
                self.empty_values = empty_values;
            }
        }
        self.cast |= self.given;
        self.outcome.valid &= self.given && errors.is_empty();
        let all = &mut self.outcome.errors;
        all.append(&mut errors);
        if !cast.is_first {
            unique(all);
        }
    }

    fn require(&mut self, fields: &[(usize, Error)]) {
        let mut found = Vec::new();
        for (slot, error) in fields {
            if self.is_missing(*slot) && !self.has_error(*slot) {
                found.push(self.found(*error));
            }
        }
        for error in &found {
            self.remove(error.slot);
        }
        self.push(found);
    }

    fn is_missing(&self, slot: usize) -> bool {
        let value = match &self.outcome.changes[slot] {
            Change::Children(..) => return false,
            Change::Value(value, _) => value,
            Change::Given(param) => self.outcome.params[*param].value().unwrap_or(&Value::Null),
            Change::None => match self.level.slots[slot].many {
                Some(many) => return !many,
                None => self.data(slot),
            },
        };
        value.is_null() || self.empty_values.contains(value)
    }

    fn has_error(&self, slot: usize) -> bool {
        self.outcome.errors.iter().any(|error| error.slot == slot)
    }

    /// The change of a slot to a value other than null.
    fn changed(&self, slot: usize) -> Option<&Value> {
        match &self.outcome.changes[slot] {
            Change::Value(value, _) if !value.is_null() => Some(value),
            Change::Given(param) => self.outcome.params[*param].value(),
            _ => None,
        }
    }

    pub(super) fn value(&self, slot: usize) -> &Value {
        match &self.outcome.changes[slot] {
            Change::Value(value, _) => value,
            Change::Given(param) => self.outcome.params[*param].value().unwrap_or(&Value::Null),
            Change::Children(..) => &Value::Null,
            Change::None => self.data(slot),
        }
    }

    fn data(&self, slot: usize) -> &Value {
        match &self.data {
            Some(data) => &data[slot],
            None => &self.level.slots[slot].data,
        }
    }

    /// Whether the data says that there are no children, and not only nothing.
    pub(super) fn is_loaded(&self, slot: usize) -> bool {
        self.data.as_ref().is_some_and(|data| data[slot] == Value::Bool(true))
    }

    /// Whether params were cast.
    pub(super) fn params(&mut self) -> Option<&mut [Param]> {
        if self.cast { Some(&mut self.outcome.params) } else { None }
    }

    fn put_change(&mut self, slot: usize, value: Value, force: bool) {
        if !force && self.level.slots[slot].kind.equal(self.data(slot), &value) {
            self.remove(slot);
        } else {
            self.put(slot, Change::Value(value, NONE));
        }
    }

    pub(super) fn put(&mut self, slot: usize, change: Change) {
        let old = core::mem::replace(&mut self.outcome.changes[slot], change);
        if matches!(old, Change::None) {
            self.outcome.order.push(slot as u16);
        }
    }

    fn remove(&mut self, slot: usize) {
        let old = core::mem::replace(&mut self.outcome.changes[slot], Change::None);
        if !matches!(old, Change::None) {
            self.outcome.order.retain(|other| usize::from(*other) != slot);
        }
    }

    fn found(&self, number: Error) -> Found {
        let slot = self.plan.slots.get(number as usize).copied().unwrap_or(NONE);
        Found { number, slot, place: None }
    }

    /// Puts an error in front of the others.
    pub(super) fn add(&mut self, error: Option<Error>) {
        if let Some(number) = error {
            let found = self.found(number);
            self.outcome.errors.insert(0, found);
            self.outcome.valid = false;
        }
    }

    /// Puts errors that were found together in front of the others.
    fn push(&mut self, mut found: Vec<Found>) {
        if !found.is_empty() {
            found.append(&mut self.outcome.errors);
            self.outcome.errors = found;
            self.outcome.valid = false;
        }
    }
}

/// Whether a text is seen at its first byte not to be blank.
fn is_visible(text: &str) -> bool {
    text.as_bytes().first().is_some_and(u8::is_ascii_graphic)
}

fn same_text(value: &Value, text: &Str) -> bool {
    matches!(value, Value::String(_) | Value::Binary(_)) && value.as_bytes() == Some(text.as_bytes())
}

/// Keeps the first of equal errors.
fn unique(errors: &mut Vec<Found>) {
    let mut at = 0;
    while at < errors.len() {
        let is_known = |other: &Found| other.number == errors[at].number && other.place == errors[at].place;
        if errors[..at].iter().any(is_known) {
            errors.remove(at);
        } else {
            at += 1;
        }
    }
}
