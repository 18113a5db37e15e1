//! The options of rules.

use crate::pattern::Pattern;
use crate::value::{Map, Str, Value};
use alloc::vec::Vec;

/// A message that replaces a rule's own: a template, and metadata merged into the error's.
///
/// ```
/// use ectomorph::rules::Message;
/// let message = Message::new("needs %{what}").with("what", "a name");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The template; `%{key}` stands for the metadata's value.
    pub text: Str,
    /// Metadata merged over the rule's.
    pub extra: Map,
}

impl Message {
    /// A message without metadata of its own.
    pub fn new(text: impl Into<Str>) -> Self {
        Message { text: text.into(), extra: Map::new() }
    }

    /// Adds metadata.
    pub fn with(mut self, key: impl Into<Str>, value: impl Into<Value>) -> Self {
        self.extra.insert(key, value);
        self
    }
}

impl<T: Into<Str>> From<T> for Message {
    fn from(text: T) -> Self {
        Message::new(text)
    }
}

/// The options of rules that have no other than a message: required, format, inclusion, exclusion, subset,
/// acceptance, confirmation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// Replaces the rule's message.
    pub message: Option<Message>,
    /// For a confirmation: whether it must be there.
    pub required: Option<bool>,
}

impl Options {
    /// No options yet.
    pub fn new() -> Self {
        Options::default()
    }

    /// Replaces the rule's message.
    pub fn message(mut self, message: impl Into<Message>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// For a confirmation: it must be there.
    pub fn required(mut self) -> Self {
        self.required = Some(true);
        self
    }
}

/// What a length counts in text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Count {
    /// What people see as characters.
    #[default]
    Graphemes,
    /// Unicode code points.
    Codepoints,
    /// Bytes of UTF-8.
    Bytes,
}

impl Count {
    /// The word of documents.
    pub fn name(self) -> &'static str {
        match self {
            Count::Graphemes => "graphemes",
            Count::Codepoints => "codepoints",
            Count::Bytes => "bytes",
        }
    }

    /// Every choice.
    pub const ALL: [Count; 3] = [Count::Graphemes, Count::Codepoints, Count::Bytes];
}

/// Bounds of a length: `Length::new().min(2).max(140)`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Length {
    /// Exactly this many.
    pub is: Option<u64>,
    /// At least this many.
    pub min: Option<u64>,
    /// At most this many.
    pub max: Option<u64>,
    /// What is counted in text; absent means graphemes.
    pub count: Option<Count>,
    /// Replaces the rule's message.
    pub message: Option<Message>,
}

impl Length {
    /// No bounds yet.
    pub fn new() -> Self {
        Length::default()
    }

    /// Exactly `count`.
    pub fn is(mut self, count: u64) -> Self {
        self.is = Some(count);
        self
    }

    /// At least `count`.
    pub fn min(mut self, count: u64) -> Self {
        self.min = Some(count);
        self
    }

    /// At most `count`.
    pub fn max(mut self, count: u64) -> Self {
        self.max = Some(count);
        self
    }

    /// What is counted in text.
    pub fn count(mut self, count: Count) -> Self {
        self.count = Some(count);
        self
    }

    /// Replaces the rule's message.
    pub fn message(mut self, message: impl Into<Message>) -> Self {
        self.message = Some(message.into());
        self
    }
}

/// A comparison of a number rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberKind {
    /// `<`
    LessThan,
    /// `>`
    GreaterThan,
    /// `<=`
    LessThanOrEqualTo,
    /// `>=`
    GreaterThanOrEqualTo,
    /// `==`
    EqualTo,
    /// `!=`
    NotEqualTo,
}

impl NumberKind {
    /// The word of documents and of the error's `kind`.
    pub fn name(self) -> &'static str {
        match self {
            NumberKind::LessThan => "less_than",
            NumberKind::GreaterThan => "greater_than",
            NumberKind::LessThanOrEqualTo => "less_than_or_equal_to",
            NumberKind::GreaterThanOrEqualTo => "greater_than_or_equal_to",
            NumberKind::EqualTo => "equal_to",
            NumberKind::NotEqualTo => "not_equal_to",
        }
    }

    /// Every comparison.
    pub const ALL: [NumberKind; 6] = [
        NumberKind::LessThan,
        NumberKind::GreaterThan,
        NumberKind::LessThanOrEqualTo,
        NumberKind::GreaterThanOrEqualTo,
        NumberKind::EqualTo,
        NumberKind::NotEqualTo,
    ];
}

/// Bounds of a number, tried in the order they were given; the first that fails is reported.
///
/// `Number::new().greater_than(0).less_than_or_equal_to(100)`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Number {
    /// Comparison and target, in order.
    pub bounds: Vec<(NumberKind, Value)>,
    /// Replaces the message, with its place among the bounds (documents keep the order).
    pub message: Option<(usize, Message)>,
}

impl Number {
    /// No bounds yet.
    pub fn new() -> Self {
        Number::default()
    }

    /// Adds a bound: an integer, float or decimal.
    pub fn bound(mut self, kind: NumberKind, target: impl Into<Value>) -> Self {
        self.bounds.push((kind, target.into()));
        self
    }

    /// The value must be less.
    pub fn less_than(self, target: impl Into<Value>) -> Self {
        self.bound(NumberKind::LessThan, target)
    }

    /// The value must be greater.
    pub fn greater_than(self, target: impl Into<Value>) -> Self {
        self.bound(NumberKind::GreaterThan, target)
    }

    /// The value must be less or equal.
    pub fn less_than_or_equal_to(self, target: impl Into<Value>) -> Self {
        self.bound(NumberKind::LessThanOrEqualTo, target)
    }

    /// The value must be greater or equal.
    pub fn greater_than_or_equal_to(self, target: impl Into<Value>) -> Self {
        self.bound(NumberKind::GreaterThanOrEqualTo, target)
    }

    /// The value must be equal.
    pub fn equal_to(self, target: impl Into<Value>) -> Self {
        self.bound(NumberKind::EqualTo, target)
    }

    /// The value must differ.
    pub fn not_equal_to(self, target: impl Into<Value>) -> Self {
        self.bound(NumberKind::NotEqualTo, target)
    }

    /// Replaces the rule's message.
    pub fn message(mut self, message: impl Into<Message>) -> Self {
        self.message = Some((self.bounds.len(), message.into()));
        self
    }
}

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
    pub with: Option<alloc::sync::Arc<[super::Step]>>,
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
    pub fn with(steps: impl Into<alloc::sync::Arc<[super::Step]>>) -> Self {
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

/// Which violation a constraint turns into an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConstraintKind {
    /// A unique index, found by a field.
    Unique,
    /// A foreign key, found by a field.
    ForeignKey,
    /// A check.
    Check,
    /// An exclusion, found by a field.
    Exclusion,
    /// A foreign key, found by a `belongs_to`.
    Assoc,
    /// The foreign key of children, found by a `has_one` or `has_many`.
    NoAssoc,
}

impl ConstraintKind {
    /// The name of the function and of the step.
    pub fn step_name(self) -> &'static str {
        match self {
            ConstraintKind::Unique => "unique_constraint",
            ConstraintKind::ForeignKey => "foreign_key_constraint",
            ConstraintKind::Check => "check_constraint",
            ConstraintKind::Exclusion => "exclusion_constraint",
            ConstraintKind::Assoc => "assoc_constraint",
            ConstraintKind::NoAssoc => "no_assoc_constraint",
        }
    }

    /// Every kind.
    pub const ALL: [ConstraintKind; 6] = [
        ConstraintKind::Unique,
        ConstraintKind::ForeignKey,
        ConstraintKind::Check,
        ConstraintKind::Exclusion,
        ConstraintKind::Assoc,
        ConstraintKind::NoAssoc,
    ];
}

/// How the name of a constraint is compared with the database's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Match {
    /// Equal.
    #[default]
    Exact,
    /// The database's name ends with it.
    Suffix,
    /// The database's name starts with it.
    Prefix,
}

impl Match {
    /// The word of documents.
    pub fn name(self) -> &'static str {
        match self {
            Match::Exact => "exact",
            Match::Suffix => "suffix",
            Match::Prefix => "prefix",
        }
    }

    /// Every choice.
    pub const ALL: [Match; 3] = [Match::Exact, Match::Suffix, Match::Prefix];
}

/// The name of a constraint.
#[derive(Clone, Debug, PartialEq)]
pub enum ConstraintName {
    /// Text, compared as [`Match`] says.
    Text(Str),
    /// A pattern.
    Pattern(Pattern),
}

/// The options of constraints.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConstraintOptions {
    /// The name in the database; absent means the name a migration gives.
    pub name: Option<ConstraintName>,
    /// Replaces the message.
    pub message: Option<Str>,
    /// How the name is compared.
    pub matching: Option<Match>,
    /// The field that gets the error, instead of the constraint's.
    pub error_key: Option<Str>,
}

impl ConstraintOptions {
    /// The defaults.
    pub fn new() -> Self {
        ConstraintOptions::default()
    }

    /// The name in the database.
    pub fn name(mut self, name: impl Into<Str>) -> Self {
        self.name = Some(ConstraintName::Text(name.into()));
        self
    }

    /// A pattern for the name in the database.
    pub fn name_pattern(mut self, pattern: Pattern) -> Self {
        self.name = Some(ConstraintName::Pattern(pattern));
        self
    }

    /// Replaces the message.
    pub fn message(mut self, message: impl Into<Str>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// How the name is compared.
    pub fn matching(mut self, matching: Match) -> Self {
        self.matching = Some(matching);
        self
    }

    /// The field that gets the error.
    pub fn error_key(mut self, field: impl Into<Str>) -> Self {
        self.error_key = Some(field.into());
        self
    }
}
