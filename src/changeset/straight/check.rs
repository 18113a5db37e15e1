//! Going through a plan.

use super::cell::{Cells, Change, Given, Source};
use super::plan::{Check, Children, Lane, Plan, Quick};
use crate::changeset::cast::Caster;
use crate::changeset::error::{FieldError, validation};
use crate::changeset::merge::unique;
use crate::changeset::validate::length::{is_within, text_length};
use crate::changeset::validate::{acceptance, blank, check_value, confirmation, number};
use crate::rules::{CastOptions, Options, Rule, Trim};
use crate::schema::{Cardinality, Record};
use crate::types::Type;
use crate::value::{Map, Str, Value};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// What counts as empty, but for what a cast says of itself.
static EMPTY: [Value; 1] = [Value::String(Str::Static(""))];

/// What is wrong with a record: its errors in Ecto's order, and those of children.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::changeset) struct Wrong {
    pub(in crate::changeset) errors: Vec<FieldError>,
    /// Relations some of whose children are wrong.
    pub(in crate::changeset) children: Vec<WrongChildren>,
}

/// The children of a relation, some of which are wrong.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::changeset) struct WrongChildren {
    pub(in crate::changeset) field: Str,
    pub(in crate::changeset) cardinality: Cardinality,
    pub(in crate::changeset) all: Vec<Wrong>,
}

impl Wrong {
    /// Whether nothing is.
    pub(in crate::changeset) fn is_empty(&self) -> bool {
        self.errors.is_empty() && self.children.is_empty()
    }

    fn push(&mut self, error: FieldError) {
        self.errors.insert(0, error);
    }
}

/// What is wrong with the record whose cells begin at `first`; none where the changeset must say it.
pub(super) fn check<'a>(
    cells: &mut Cells<'a>,
    plan: &Plan,
    record: &Record,
    source: Source<'a>,
    first: usize,
) -> Option<Wrong> {
    cells.fill(plan, source, first);
    let mut work = Work { cells, plan, record, first, wrong: Wrong::default() };
    for check in &plan.checks {
        work.step(check)?;
    }
    Some(work.wrong)
}

/// Whether a value is null or among [`EMPTY`].
#[inline]
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Integer(_) | Value::Float(_) | Value::Bool(_) => false,
        other => EMPTY.contains(other),
    }
}

struct Work<'w, 'a> {
    cells: &'w mut Cells<'a>,
    plan: &'w Plan,
    record: &'w Record,
    first: usize,
    wrong: Wrong,
}

impl<'a> Work<'_, 'a> {
    fn step(&mut self, check: &Check) -> Option<()> {
        match check {
            Check::Cast { lanes, options, is_first } => self.cast(lanes, options, *is_first)?,
            Check::Required { fields, options } => self.require(fields, options),
            Check::Length { lane, length, rule } => match self.change(*lane) {
                Change::None => {}
                Change::Text(text)
                    if is_within(text_length(text, length.count.unwrap_or_default()) as u64, length) => {}
                _ => self.rule(*lane, rule)?,
            },
            Check::Included { lane, texts, rule } => match (self.change(*lane), rule) {
                (Change::None, _) => {}
                (Change::Text(text), _) if texts.contains(text) => {}
                // The error names all that is included, and most are told apart without that.
                (Change::Text(_), Rule::Inclusion(_, options)) if options.message.is_none() => {
                    let field = self.plan.lanes[*lane].name.clone();
                    let message = Str::Static("is invalid");
                    self.wrong.push(FieldError { field, message, metadata: Map::new() });
                }
                _ => self.rule(*lane, rule)?,
            },
            Check::Value { lane, rule } => match (self.change(*lane), rule) {
                (Change::None, _) => {}
                (Change::Text(text), Rule::Format(pattern, _)) if pattern.is_match(text) => {}
                (Change::Value(value), Rule::Number(number)) if number::is_within(value, number) => {}
                _ => self.rule(*lane, rule)?,
            },
            Check::Acceptance { lane, options } => {
                if !matches!(self.given(*lane), Given::Bool(true)) {
                    let param = self.given(*lane).to_value();
                    let name = &self.plan.lanes[*lane].name;
                    let error = acceptance::check(name, param.as_ref(), options);
                    error.into_iter().for_each(|error| self.wrong.push(error));
                }
            }
            Check::Confirmation { lane, confirming, options } => {
                match (self.given(*lane), self.given(*confirming)) {
                    (Given::Text(given), Given::Text(confirmed)) if given == confirmed => {}
                    (given, confirmed) => {
                        let (given, confirmed) = (given.to_value(), confirmed.to_value());
                        let name = &self.plan.lanes[*confirming].name;
                        let error = confirmation::check(name, given.as_ref(), confirmed.as_ref(), options);
                        error.into_iter().for_each(|error| self.wrong.push(error));
                    }
                }
            }
            Check::Children { lane, children } => self.children(*lane, children)?,
        }
        Some(())
    }

    #[inline]
    fn given(&self, lane: usize) -> Given<'a> {
        self.cells.at(self.first + lane).given
    }

    #[inline]
    fn change(&self, lane: usize) -> &Change<'a> {
        &self.cells.at(self.first + lane).change
    }

    #[inline]
    fn put(&mut self, lane: usize, change: Change<'a>) {
        self.cells.at_mut(self.first + lane).change = change;
    }

    fn cast(&mut self, lanes: &[usize], options: &CastOptions, is_first: bool) -> Option<()> {
        let mut errors = Vec::new();
        for lane in lanes {
            if let Err(error) = self.cast_param(*lane, options)? {
                errors.push(error);
            }
        }
        self.wrong.errors.append(&mut errors);
        if !is_first {
            unique(&mut self.wrong.errors);
        }
        Some(())
    }

    fn cast_param(&mut self, lane: usize, options: &CastOptions) -> Option<Result<(), FieldError>> {
        let Lane { position, quick, .. } = &self.plan.lanes[lane];
        let position = (*position)?;
        let value = match (self.given(lane), quick) {
            (Given::Missing, _) => return Some(Ok(())),
            // What is seen at its first byte is not blank.
            (Given::Text(text), Quick::Text) if text.as_bytes().first().is_some_and(u8::is_ascii_graphic) => {
                let is_same = match self.change(lane) {
                    Change::Text(old) => *old == text,
                    Change::Value(old) => old.as_str() == Some(text),
                    _ => self.record.slot(position).value().as_str() == Some(text),
                };
                if !is_same {
                    self.put(lane, Change::Text(text));
                }
                return Some(Ok(()));
            }
            (Given::Integer(number), Quick::Integer) => Value::Integer(number),
            (Given::Integer(number), Quick::Float) => Value::Float(number as f64),
            (Given::Float(number), Quick::Float) if number.is_finite() => Value::Float(number),
            (Given::Bool(flag), Quick::Boolean) => Value::Bool(flag),
            (given, _) => return self.cast_further(lane, &given.to_value()?, options),
        };
        let (_, field, kind) = self.plan.field(lane)?;
        if !(field.fits)(&value) {
            return self.cast_further(lane, &value, options);
        }
        self.put_value(lane, position, kind, value);
        Some(Ok(()))
    }

    /// Casts as a changeset does.
    #[inline(never)]
    fn cast_further(
        &mut self,
        lane: usize,
        param: &Value,
        options: &CastOptions,
    ) -> Option<Result<(), FieldError>> {
        let (position, field, kind) = self.plan.field(lane)?;
        let caster = Caster { empty_values: &EMPTY, trim: Trim::Leading };
        let cast = caster.cast(&self.plan.schema, field, kind, param, options);
        Some(cast.map(|value| self.put_value(lane, position, kind, value)))
    }

    /// Puts a value, unless it is there already.
    #[inline]
    fn put_value(&mut self, lane: usize, position: usize, kind: &Type, value: Value) {
        let equal = |old: &Value| match (old, &value) {
            (old, new) if matches!(kind, Type::Custom(_)) => kind.equal(old, new),
            (Value::Integer(old), Value::Integer(new)) => old == new,
            (Value::Float(old), Value::Float(new)) => old == new,
            (Value::Bool(old), Value::Bool(new)) => old == new,
            (Value::Null, new) => new.is_null(),
            (old, new) => kind.equal(old, new),
        };
        let is_same = match self.change(lane) {
            Change::Text(old) => equal(&Value::from(*old)),
            Change::Value(old) => equal(old),
            _ => equal(self.record.slot(position).value()),
        };
        if !is_same {
            self.put(lane, Change::Value(value));
        }
    }

    fn require(&mut self, fields: &[(usize, Option<usize>)], options: &Options) {
        let (mut found, mut gone) = (Vec::new(), Vec::new());
        for (position, lane) in fields {
            let is_missing = match lane.map(|lane| self.change(lane)) {
                Some(Change::Text(text)) => text.is_empty(),
                Some(Change::Value(value)) => is_empty(value),
                _ => is_empty(self.record.slot(*position).value()),
            };
            if !is_missing {
                continue;
            }
            let name = &self.plan.schema.fields()[*position].name;
            if !self.wrong.errors.iter().any(|error| error.field == *name) {
                found.push(blank(name, options));
                gone.extend(*lane);
            }
        }
        // A field that is named twice is looked at twice before its change goes.
        gone.into_iter().for_each(|lane| self.put(lane, Change::None));
        if !found.is_empty() {
            found.append(&mut self.wrong.errors);
            self.wrong.errors = found;
        }
    }

    /// Asks a rule as a changeset does.
    fn rule(&mut self, lane: usize, rule: &Rule) -> Option<()> {
        let (_, field, _) = self.plan.field(lane)?;
        let made;
        let value = match self.change(lane) {
            Change::Text(text) => {
                made = Value::from(*text);
                &made
            }
            Change::Value(Value::Null) | Change::None => return Some(()),
            Change::Value(value) => value,
            Change::Children { .. } => return None,
        };
        if let Some(error) = check_value(field, value, rule).ok()? {
            self.wrong.push(error);
        }
        Some(())
    }

    fn children(&mut self, lane: usize, children: &Arc<Children>) -> Option<()> {
        let Children { plan, record, cardinality, options } = &**children;
        let field = &self.plan.lanes[lane].name;
        let given = self.given(lane);
        if !matches!(given, Given::Missing) {
            let sources = given.children(*cardinality == Cardinality::Many)?;
            let count = sources.len();
            let first = self.cells.open(plan, count);
            let mut all = Vec::new();
            for (index, source) in sources.into_iter().enumerate() {
                let wrong = check(self.cells, plan, record, source, first + index * plan.lanes.len())?;
                if !wrong.is_empty() {
                    all.resize_with(index, Wrong::default);
                    all.push(wrong);
                }
            }
            if !all.is_empty() {
                all.resize_with(count, Wrong::default);
                let cardinality = *cardinality;
                self.wrong.children.push(WrongChildren { field: field.clone(), cardinality, all });
            }
            self.put(lane, Change::Children { first, count });
        }
        let has_some = matches!(self.change(lane), Change::Children { count, .. } if *count > 0);
        if options.required == Some(true) && !has_some {
            let custom = options.required_message.as_ref();
            self.wrong.push(FieldError::of_rule(field, custom, "can't be blank", validation("required")));
        }
        Some(())
    }
}
