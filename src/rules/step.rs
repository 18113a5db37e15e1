//! [`Step`]: one call of a changeset function, as data.

use super::custom::{Finding, Update, Validator};
use super::options::{
    CastOptions, CastRelation, ConstraintKind, ConstraintOptions, Length, Message, Number, Options,
};
use crate::expr::Expr;
use crate::mistake::Mistake;
use crate::pattern::Pattern;
use crate::value::{Map, Str, Value};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// The values an inclusion, exclusion or subset names.
#[derive(Clone, Debug, PartialEq)]
pub enum Choices {
    /// These.
    List(Vec<Value>),
    /// The integers from the first to the last, both included.
    Range(i64, i64),
}

impl Choices {
    /// As documents and the error's `enum` hold them: a list, or `{"$range": [first, last]}`.
    pub fn to_value(&self) -> Value {
        match self {
            Choices::List(list) => Value::List(list.clone()),
            Choices::Range(first, last) => {
                Value::Map(Map::from([(Str::Static("$range"), Value::from([*first, *last]))]))
            }
        }
    }
}

impl<T: Into<Value>, const N: usize> From<[T; N]> for Choices {
    fn from(list: [T; N]) -> Self {
        Choices::List(list.into_iter().map(Into::into).collect())
    }
}

impl From<Vec<Value>> for Choices {
    fn from(list: Vec<Value>) -> Self {
        Choices::List(list)
    }
}

impl From<core::ops::RangeInclusive<i64>> for Choices {
    fn from(range: core::ops::RangeInclusive<i64>) -> Self {
        Choices::Range(*range.start(), *range.end())
    }
}

/// A rule on one field, with its options. Cheap to clone: a changeset keeps the rules it went through.
#[derive(Clone, Debug)]
pub enum Rule {
    /// A length within bounds.
    Length(Arc<Length>),
    /// A number within bounds.
    Number(Arc<Number>),
    /// Text that matches a pattern.
    Format(Pattern, Arc<Options>),
    /// One of these.
    Inclusion(Arc<Choices>, Arc<Options>),
    /// None of these.
    Exclusion(Arc<Choices>, Arc<Options>),
    /// A list with none but these.
    Subset(Arc<Choices>, Arc<Options>),
    /// A ticked box among the params.
    Acceptance(Arc<Options>),
    /// A param `<field>_confirmation` with the same value.
    Confirmation(Arc<Options>),
    /// The user's own, with what it says of itself.
    Custom(Validator, Value),
    /// Fixed errors, if the changed value equals the given one (or whatever it is).
    Fixed(Arc<(Vec<Finding>, Option<Value>)>),
    /// A condition over the record that must not be false, and the message if it is.
    Condition(Arc<(Expr, Option<Message>)>),
}

impl Rule {
    /// The word of `validations` and of an error's metadata.
    pub fn name(&self) -> &str {
        match self {
            Rule::Length(_) => "length",
            Rule::Number(_) => "number",
            Rule::Format(..) => "format",
            Rule::Inclusion(..) => "inclusion",
            Rule::Exclusion(..) => "exclusion",
            Rule::Subset(..) => "subset",
            Rule::Acceptance(_) => "acceptance",
            Rule::Confirmation(_) => "confirmation",
            Rule::Custom(validator, _) => validator.name().map_or("change", |name| name),
            Rule::Fixed(_) => "change",
            Rule::Condition(_) => "condition",
        }
    }
}

/// One call of a changeset function.
#[derive(Clone, Debug)]
pub enum Step {
    /// `cast(params, fields, options)`, with the params of the call.
    Cast(Vec<Str>, Arc<CastOptions>),
    /// `cast` with params of its own.
    CastParams(Value, Vec<Str>, Arc<CastOptions>),
    /// `change(changes)`, in this order. Values of relations are as [`Step::PutRelation`] takes them.
    Change(Vec<(Str, Value)>),
    /// `put_change(field, value)`.
    PutChange(Str, Value),
    /// `force_change(field, value)`.
    ForceChange(Str, Value),
    /// `delete_change(field)`.
    DeleteChange(Str),
    /// `update_change(field, function)`.
    UpdateChange(Str, Update),
    /// `merge`: with a changeset of the same record made by these steps, from these params and data if given.
    Merge {
        /// The steps from the record on.
        steps: Arc<[Step]>,
        /// Their params, instead of the call's.
        params: Option<Map>,
        /// Values set on their record first.
        data: Map,
    },
    /// Sets the action.
    SetAction(Option<Str>),
    /// Sets the action if the change of the field is the value.
    SetActionIf(Str, Value, Str),
    /// Puts the position among its siblings into a field of a child.
    PutIndex(Str),
    /// `add_error(field, message, metadata)`.
    AddError(Finding),
    /// `validate_required(fields, options)`.
    Required(Vec<Str>, Arc<Options>),
    /// Any other `validate_*` of one field.
    Validate(Str, Rule),
    /// A constraint; `unique_constraint` may name several fields.
    Constraint(ConstraintKind, Vec<Str>, Arc<ConstraintOptions>),
    /// `optimistic_lock(field)`.
    OptimisticLock(Str),
    /// Runs the functions registered with `prepare_changes`, as a repo does before it writes.
    RunPrepared,
    /// `cast_embed` or `cast_assoc`.
    CastRelation {
        /// Whether the step says "embed" (or "assoc"); it must fit the field.
        embed: bool,
        /// The relation.
        field: Str,
        /// The options.
        options: Arc<CastRelation>,
    },
    /// `put_embed` or `put_assoc`, with a value in the notation of documents.
    PutRelation {
        /// Whether the step says "embed" (or "assoc"); it must fit the field.
        embed: bool,
        /// The relation.
        field: Str,
        /// Null, attributes, `{"$struct": ..}`, `{"$existing": ..}`, `{"$changeset": ..}`, or a list of those.
        value: Value,
    },
    /// `reorder_assoc(field)`: the order a repo writes children in.
    ReorderAssoc(Str),
    /// Runs the steps if the condition holds: not if it is false, not if it is unknown.
    When(Arc<Expr>, Arc<[Step]>),
    /// A step that could not be made, such as a format with a bad pattern: running or writing it gives the mistake.
    Mistake(Arc<Mistake>),
}
