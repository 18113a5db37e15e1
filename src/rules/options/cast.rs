//! The options of casts.

use super::Message;
use crate::value::{Map, Str, Value};
use alloc::vec::Vec;

/// How strings are trimmed before they are compared with the empty values; the value itself is kept as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trim {
    /// White space in front, but not of binaries: Ecto's default.
    #[default]
    Leading,
    /// Not at all.
    None,
    /// On both sides, whatever the field's type.
    Both,
}

impl Trim {
    /// The word of documents.
    pub fn name(self) -> &'static str {
        match self {
            Trim::Leading => "leading",
            Trim::None => "none",
            Trim::Both => "both",
        }
    }
}

/// The options of `cast`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CastOptions {
    /// What counts as empty, instead of the changeset's own list (`[""]`).
    pub empty_values: Option<Vec<Value>>,
    /// How strings are trimmed for that comparison; absent means [`Trim::Leading`].
    pub trim_values: Option<Trim>,
    /// Keep values that equal the data's as changes too.
    pub force_changes: Option<bool>,
    /// Messages for values that can't be cast, by field.
    pub message: Map,
    /// Messages for values that can't be cast, by the name of the field's type.
    pub message_by_type: Map,
}

impl CastOptions {
    /// The defaults.
    pub fn new() -> Self {
        CastOptions::default()
    }

    /// What counts as empty.
    pub fn empty_values<V: Into<Value>>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        self.empty_values = Some(values.into_iter().map(Into::into).collect());
        self
    }

    /// How strings are trimmed before they are compared with the empty values.
    pub fn trim_values(mut self, trim: Trim) -> Self {
        self.trim_values = Some(trim);
        self
    }

    /// Keeps values that equal the data's as changes too.
    pub fn force_changes(mut self) -> Self {
        self.force_changes = Some(true);
        self
    }

    /// The message for a value of `field` that can't be cast.
    pub fn message(mut self, field: impl Into<Str>, message: impl Into<Str>) -> Self {
        self.message.insert(field, message.into());
        self
    }
}

/// The options of `cast_embed` and `cast_assoc`:
/// `CastRelation::with(Comment::rules()).required().sort_param("comments_sort")`.
#[derive(Clone, Debug, Default)]
pub struct CastRelation {
    /// Whether there must be a child.
    pub required: Option<bool>,
    /// The message when there is none.
    pub required_message: Option<Message>,
    /// The message when the param has the wrong shape.
    pub invalid_message: Option<Message>,
    /// The steps for each child, instead of its schema's changeset.
    pub with: Option<alloc::sync::Arc<[crate::rules::Step]>>,
    /// Whether the steps take the child's position (`put_index`): `with_arity: 3` in documents.
    pub with_index: bool,
    /// The param that lists the order of children by their keys.
    pub sort_param: Option<Str>,
    /// The param that lists children to leave out by their keys.
    pub drop_param: Option<Str>,
    /// Whether a change of a child alone makes a repo write the parent too; absent means yes.
    pub force_update_on_change: Option<bool>,
}

impl CastRelation {
    /// The defaults: children are cast by the changeset of their schema, and none is required.
    pub fn new() -> Self {
        CastRelation::default()
    }

    /// The steps for each child.
    pub fn with(steps: impl Into<alloc::sync::Arc<[crate::rules::Step]>>) -> Self {
        CastRelation { with: Some(steps.into()), ..CastRelation::default() }
    }

    /// There must be a child.
    pub fn required(mut self) -> Self {
        self.required = Some(true);
        self
    }

    /// The message when there is none.
    pub fn required_message(mut self, message: impl Into<Message>) -> Self {
        self.required_message = Some(message.into());
        self
    }

    /// The message when the param has the wrong shape.
    pub fn invalid_message(mut self, message: impl Into<Message>) -> Self {
        self.invalid_message = Some(message.into());
        self
    }

    /// The steps take the child's position (`put_index`).
    pub fn with_index(mut self) -> Self {
        self.with_index = true;
        self
    }

    /// The param that lists the order of children by their keys.
    pub fn sort_param(mut self, param: impl Into<Str>) -> Self {
        self.sort_param = Some(param.into());
        self
    }

    /// The param that lists children to leave out by their keys.
    pub fn drop_param(mut self, param: impl Into<Str>) -> Self {
        self.drop_param = Some(param.into());
        self
    }

    /// Whether a change of a child alone makes a repo write the parent too.
    pub fn force_update_on_change(mut self, force: bool) -> Self {
        self.force_update_on_change = Some(force);
        self
    }
}
