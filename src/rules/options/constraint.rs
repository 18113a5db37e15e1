//! The options of constraints.

use crate::pattern::Pattern;
use crate::value::Str;

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
