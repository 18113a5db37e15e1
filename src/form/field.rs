//! [`Form`] and [`FormField`].

use super::options::Options;
use super::text::value_text;
use super::{naming, used};
use crate::changeset::{FieldError, Parts};
use crate::rules::{Rule, Step};
use crate::schema::RecordState;
use crate::types::Type;
use crate::value::{Map, Str, Value};
use alloc::borrow::Cow;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// A changeset as a form.
#[derive(Clone, Debug)]
pub struct Form<'a> {
    /// What the ids of its inputs start with: `user`, `user_items_0`; empty if with nothing.
    pub id: Str,
    /// What the names of its inputs start with: `user`, `user[items][0]`; empty if with nothing.
    pub name: Str,
    /// The position among its siblings, if it is the form of one child of many.
    pub index: Option<usize>,
    /// The action; errors are shown if there is one, other than "ignore".
    pub action: Option<Str>,
    pub(super) persistent_id: Option<Str>,
    parts: Cow<'a, Parts>,
    types: Map,
    steps: Option<Arc<[Step]>>,
}

/// A field of a form.
#[derive(Clone, Debug)]
pub struct FormField<'a> {
    /// The field.
    pub field: Str,
    /// The id of its input: `user_email`.
    pub id: Str,
    /// The name of its input: `user[email]`; of a list, `user[tags][]`.
    pub name: Str,
    /// The value as text: see [`Form::value`] and [`value_text`].
    pub value: Value,
    /// Its errors; none unless the form has an action.
    pub errors: Vec<&'a FieldError>,
    /// Whether a person has been at its input: see [`is_used`](super::is_used).
    pub used: bool,
}

impl<'a> Form<'a> {
    /// The form of a changeset.
    pub fn new(parts: &'a Parts, options: &Options) -> Self {
        let name = options.name.clone().unwrap_or_else(|| naming::of_schema(parts.schema()));
        Form {
            id: options.id.clone().unwrap_or_else(|| name.clone()),
            name,
            index: None,
            action: options.action.clone().or_else(|| parts.action.clone()),
            persistent_id: None,
            parts: Cow::Borrowed(parts),
            types: options.types.clone(),
            steps: options.steps.clone(),
        }
    }

    /// The form of a child, with its own id, name and index to be set.
    pub(super) fn child(
        &self,
        relation: &str,
        parts: Cow<'a, Parts>,
        steps: Option<Arc<[Step]>>,
    ) -> Form<'a> {
        let types = self.types.get(relation).and_then(Value::as_map).cloned();
        Form {
            id: naming::id(&self.id, relation),
            name: naming::name(&self.name, relation),
            index: None,
            action: self.action.clone(),
            persistent_id: None,
            parts,
            types: types.unwrap_or_default(),
            steps,
        }
    }

    /// The changeset.
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    /// What the input of `field` is to know. The field need not be one of the schema: confirmations and boxes to
    /// tick are not.
    pub fn field(&self, field: &str) -> FormField<'_> {
        let name = naming::name(&self.name, field);
        let is_list = matches!(self.parts.schema().field_type(field), Some(Type::Array(_)));
        FormField {
            field: Str::from(field),
            id: naming::id(&self.id, field),
            name: if is_list { naming::list_name(&name) } else { name },
            value: value_text(self.value(field)),
            errors: self.errors(field),
            used: self.is_used(field),
        }
    }

    /// The value of `field`: what was typed, else its change, else its data.
    ///
    /// What was typed goes first, so that an input keeps what a person is typing, be it `1.` or a space at its end.
    /// (Phoenix puts the change first.)
    pub fn value(&self, field: &str) -> &Value {
        let parts = self.parts();
        match (parts.params.as_ref().and_then(|params| params.get(field)), parts.schema().position(field)) {
            (Some(param), _) => param,
            (None, Some(position)) => parts.field_value(position),
            (None, None) => &Value::Null,
        }
    }

    /// The errors of `field`, newest first; none unless the form has an action.
    pub fn errors(&self, field: &str) -> Vec<&FieldError> {
        if matches!(self.action.as_deref(), None | Some("ignore")) {
            return Vec::new();
        }
        self.parts.errors.iter().filter(|error| error.field == *field).collect()
    }

    /// Whether a person has been at the input of `field`.
    pub fn is_used(&self, field: &str) -> bool {
        self.parts.params.as_ref().is_some_and(|params| used::is_used(params, field))
    }

    /// Names and values of inputs to send along unseen: which child this is among those of the form
    /// (`_persistent_id`, which keeps ids stable when children are sorted), and the primary key of data that has one.
    pub fn hidden(&self) -> Vec<(Str, Value)> {
        let mut hidden = Vec::new();
        if let Some(id) = &self.persistent_id {
            hidden.push((naming::name(&self.name, "_persistent_id"), Value::String(id.clone())));
        }
        let data = &self.parts.data;
        for position in data.schema().primary_key() {
            let value = data.slot(*position).value();
            if !value.is_null() {
                hidden.push((
                    naming::name(&self.name, &data.schema().fields()[*position].name),
                    value_text(value),
                ));
            }
        }
        hidden
    }

    /// The method to send the form with: "put" for a record of a database, "post" for a new one.
    pub fn method(&self) -> &'static str {
        if self.parts.data.state == RecordState::Loaded { "put" } else { "post" }
    }

    /// The rules that `field` went through, oldest first.
    pub(super) fn rules(&self, field: &str) -> impl Iterator<Item = &Rule> {
        let of_field = move |rule: &&crate::changeset::Validation| rule.field == *field;
        self.parts.validations.iter().rev().filter(of_field).map(|validation| &validation.rule)
    }

    pub(super) fn types(&self) -> &Map {
        &self.types
    }

    pub(super) fn steps(&self) -> Option<&[Step]> {
        self.steps.as_deref()
    }
}
