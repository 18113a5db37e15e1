//! [`Plan`]: steps that were understood beforehand.

use crate::changeset::parts::Parts;
use crate::changeset::relation::expect_relation;
use crate::changeset::run::{Context, run_step};
use crate::changeset::validate::confirmation::confirming;
use crate::rules::{CastOptions, CastRelation, Choices, Length, Options, Rule, Step, Trim};
use crate::schema::{Cardinality, Field, FieldKind, Record, RecordState, RelationKind, Schema, Slot};
use crate::types::Type;
use crate::value::{Str, Value};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// Children stand no deeper in each other than this; a schema may have itself for a child.
const MAX_NESTING: usize = 8;

/// Steps of records of one schema, with the places of what they name.
#[derive(Debug)]
pub(in crate::changeset) struct Plan {
    pub(super) schema: Arc<Schema>,
    pub(super) lanes: Vec<Lane>,
    /// Of each field, its lane.
    pub(super) by_position: Vec<Option<usize>>,
    pub(super) checks: Vec<Check>,
    has_children: bool,
}

/// A param that is asked for, and the change of its field.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) name: Str,
    /// The field; none if only the param counts.
    pub(super) position: Option<usize>,
    /// How a param of the plainest shape is cast.
    pub(super) quick: Quick,
    /// Of a relation, its children.
    pub(super) children: Option<Arc<Children>>,
}

/// The types whose params mostly have their values already.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Quick {
    Text,
    Integer,
    Float,
    Boolean,
    /// Asked of the type.
    No,
}

impl Quick {
    fn of(field: &Field) -> Self {
        let is_any = |any: fn(&Value) -> bool| core::ptr::fn_addr_eq(any, field.fits);
        match field.value_type() {
            Some(Type::String) if field.any_text.is_some_and(is_any) => Quick::Text,
            Some(Type::Integer | Type::Id) => Quick::Integer,
            Some(Type::Float) => Quick::Float,
            Some(Type::Boolean) => Quick::Boolean,
            _ => Quick::No,
        }
    }
}

/// What is done with the params of a relation.
#[derive(Debug)]
pub(super) struct Children {
    pub(super) plan: Plan,
    /// A new child.
    pub(super) record: Arc<Record>,
    pub(super) cardinality: Cardinality,
    pub(super) options: Arc<CastRelation>,
}

/// A step.
#[derive(Debug)]
pub(super) enum Check {
    /// Casts the params of lanes.
    Cast { lanes: Vec<usize>, options: Arc<CastOptions>, is_first: bool },
    /// Fields must have a value: position and lane, if there is one.
    Required { fields: Vec<(usize, Option<usize>)>, options: Arc<Options> },
    /// The length of what changes in a lane.
    Length { lane: usize, length: Arc<Length>, rule: Rule },
    /// What changes in a lane is among these texts, which are sorted.
    Included { lane: usize, texts: Texts, rule: Rule },
    /// Another rule of what changes in a lane.
    Value { lane: usize, rule: Rule },
    /// The param of a lane is a ticked box.
    Acceptance { lane: usize, options: Arc<Options> },
    /// The param of a lane is there twice.
    Confirmation { lane: usize, confirming: usize, options: Arc<Options> },
    /// Casts children.
    Children { lane: usize, children: Arc<Children> },
}

impl Plan {
    /// The plan of steps; none if there are some that it does not cover, or that a changeset calls mistakes.
    pub(in crate::changeset) fn new(schema: &Arc<Schema>, steps: &[Step]) -> Option<Plan> {
        Plan::nested(schema, steps, 0)
    }

    fn nested(schema: &Arc<Schema>, steps: &[Step], depth: usize) -> Option<Plan> {
        if depth > MAX_NESTING || schema.is_schemaless() {
            return None;
        }
        let by_position = schema.fields().iter().map(|_| None).collect();
        let mut plan = Plan {
            schema: schema.clone(),
            lanes: Vec::new(),
            by_position,
            checks: Vec::new(),
            has_children: false,
        };
        for step in steps {
            plan.add(step, depth)?;
        }
        Some(plan)
    }

    fn add(&mut self, step: &Step, depth: usize) -> Option<()> {
        let is_first = self.checks.is_empty();
        let check = match step {
            Step::Cast(fields, options) => {
                if options.empty_values.is_some()
                    || options.trim_values.unwrap_or_default() != Trim::Leading
                    || options.force_changes == Some(true)
                {
                    return None;
                }
                let lanes = fields.iter().map(|field| self.value_lane(field)).collect::<Option<Vec<_>>>()?;
                if lanes.iter().enumerate().any(|(at, lane)| lanes[..at].contains(lane)) {
                    return None;
                }
                Check::Cast { lanes, options: options.clone(), is_first }
            }
            // What a database checks has no say before it is asked.
            Step::Constraint(..) | Step::OptimisticLock(_) => {
                let mut parts = Parts::new(Arc::new(Record::new(&self.schema)));
                let context = Context { params: None, depth: 0 };
                return run_step(&mut parts, step, &context).ok();
            }
            _ if is_first => return None,
            Step::Required(fields, options) => {
                let fields = fields.iter().map(|field| {
                    let position = self.schema.position(field)?;
                    self.schema.fields()[position].value_type()?;
                    Some((position, self.by_position[position]))
                });
                Check::Required { fields: fields.collect::<Option<_>>()?, options: options.clone() }
            }
            Step::Validate(field, rule) => match rule {
                Rule::Acceptance(options) => {
                    Check::Acceptance { lane: self.lane(field), options: options.clone() }
                }
                Rule::Confirmation(options) => Check::Confirmation {
                    lane: self.lane(field),
                    confirming: self.lane(&confirming(field)),
                    options: options.clone(),
                },
                Rule::Custom(..) | Rule::Fixed(_) | Rule::Condition(_) => return None,
                _ => {
                    self.schema.field_type(field)?;
                    let lane = self.value_lane(field)?;
                    self.of_value(lane, rule)?
                }
            },
            Step::CastRelation { embed, field, options } => {
                let children = Arc::new(self.children(*embed, field, options, depth)?);
                let lane = self.lane(field);
                self.has_children = true;
                if self.lanes[lane].children.replace(children.clone()).is_some() {
                    return None;
                }
                Check::Children { lane, children }
            }
            _ => return None,
        };
        self.checks.push(check);
        Some(())
    }

    /// The lane of a param.
    fn lane(&mut self, name: &Str) -> usize {
        if let Some(lane) = self.lanes.iter().position(|lane| lane.name == *name) {
            return lane;
        }
        let position = self.schema.position(name);
        let quick = position.map_or(Quick::No, |at| Quick::of(&self.schema.fields()[at]));
        self.lanes.push(Lane { name: name.clone(), position, quick, children: None });
        let lane = self.lanes.len() - 1;
        if let Some(position) = position {
            self.by_position[position] = Some(lane);
        }
        lane
    }

    /// The lane of a field that has a value.
    fn value_lane(&mut self, name: &Str) -> Option<usize> {
        self.schema.field_type(name)?;
        Some(self.lane(name))
    }

    fn of_value(&self, lane: usize, rule: &Rule) -> Option<Check> {
        let rule = rule.clone();
        Some(match &rule {
            Rule::Length(length) => Check::Length { lane, length: length.clone(), rule },
            Rule::Inclusion(choices, _) if self.field(lane)?.2 == &Type::String => {
                // Two such errors of one field would be told apart by what they name.
                let is_other =
                    |check: &Check| matches!(check, Check::Included { lane: other, .. } if *other == lane);
                if self.checks.iter().any(is_other) {
                    return None;
                }
                match Texts::new(choices) {
                    Some(texts) => Check::Included { lane, texts, rule },
                    None => Check::Value { lane, rule },
                }
            }
            _ => Check::Value { lane, rule },
        })
    }

    fn children(
        &self,
        embed: bool,
        name: &str,
        options: &Arc<CastRelation>,
        depth: usize,
    ) -> Option<Children> {
        let (_, relation) = expect_relation(&self.schema, "cast", embed, name).ok()?;
        let is_plain = !options.with_index
            && options.sort_param.is_none()
            && options.drop_param.is_none()
            && relation.defaults.is_empty()
            && !relation.defaults_to_struct()
            // What a parent is, is written to the field of its key as well.
            && !matches!(relation.kind, RelationKind::BelongsTo);
        if !is_plain {
            return None;
        }
        let related = relation.related.schema();
        let steps = options.with.clone().or_else(|| related.changeset().cloned())?;
        let plan = Plan::nested(&related, &steps, depth + 1)?;
        let record = Arc::new(Record::new(&related));
        // Two children with one key are an error, if a child may come with a key.
        let may_have_key =
            |at: &usize| plan.by_position[*at].is_some() || !record.slot(*at).value().is_null();
        if related.primary_key().iter().any(may_have_key) || !plan.fits(&record) {
            return None;
        }
        Some(Children { plan, record, cardinality: relation.cardinality(), options: options.clone() })
    }

    /// Whether the plan is one for this record: it is new, and has no children where some are cast.
    pub(super) fn fits(&self, record: &Record) -> bool {
        let is_empty = |lane: &Lane| match lane.position {
            Some(position) if lane.children.is_some() => {
                matches!(record.slot(position), Slot::NotLoaded | Slot::One(None))
                    || *record.slot(position) == Slot::Many(Vec::new())
            }
            _ => true,
        };
        Arc::ptr_eq(record.schema(), &self.schema)
            && record.state == RecordState::Built
            && (!self.has_children || self.lanes.iter().all(is_empty))
    }

    /// The field and the type of a lane.
    #[inline]
    pub(super) fn field(&self, lane: usize) -> Option<(usize, &Field, &Type)> {
        let position = self.lanes.get(lane)?.position?;
        let field = self.schema.fields().get(position)?;
        match &field.kind {
            FieldKind::Value(kind) => Some((position, field, kind)),
            _ => None,
        }
    }

    /// The lane of a param, which is probably the expected one.
    #[inline]
    pub(super) fn find(&self, name: &str, expected: usize) -> Option<usize> {
        let is = |lane: &Lane| is_same(lane.name.as_bytes(), name.as_bytes());
        match self.lanes.get(expected) {
            Some(lane) if is(lane) => Some(expected),
            _ => self.lanes.iter().position(is),
        }
    }
}

/// Texts in order, each with its first bytes as a number, by which most are told apart.
#[derive(Debug)]
pub(super) struct Texts(Vec<(u64, Str)>);

impl Texts {
    /// The choices, if all are texts.
    fn new(choices: &Choices) -> Option<Self> {
        let Choices::List(list) = choices else { return None };
        let texts = list.iter().map(|choice| match choice {
            Value::String(text) => Some((first_bytes(text), text.clone())),
            _ => None,
        });
        let mut texts = texts.collect::<Option<Vec<_>>>()?;
        texts.sort_unstable();
        Some(Texts(texts))
    }

    /// Whether a text is among them.
    pub(super) fn contains(&self, text: &str) -> bool {
        let first = first_bytes(text);
        self.0
            .binary_search_by(|(known, whole)| known.cmp(&first).then_with(|| whole.as_str().cmp(text)))
            .is_ok()
    }
}

fn first_bytes(text: &str) -> u64 {
    text.bytes().chain(core::iter::repeat(0)).take(8).fold(0, |number, byte| number << 8 | u64::from(byte))
}

/// Whether two names are the same. They are short: both ends of them are looked at as numbers.
#[inline]
fn is_same(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    match (left.first_chunk::<8>(), right.first_chunk::<8>(), left.last_chunk::<8>(), right.last_chunk::<8>())
    {
        (Some(left_start), Some(right_start), Some(left_end), Some(right_end)) => {
            left_start == right_start && left_end == right_end && (left.len() <= 16 || left == right)
        }
        _ => match (
            left.first_chunk::<4>(),
            right.first_chunk::<4>(),
            left.last_chunk::<4>(),
            right.last_chunk::<4>(),
        ) {
            (Some(left_start), Some(right_start), Some(left_end), Some(right_end)) => {
                left_start == right_start && left_end == right_end
            }
            _ => left.iter().eq(right),
        },
    }
}
