//! Checks and exclusions.

use super::Condition;
use crate::value::Str;

/// A check or an exclusion of a table. Made by [`constraint`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Constraint {
    /// Its table.
    pub table: Str,
    /// The prefix of the table.
    pub prefix: Option<Str>,
    /// Its name.
    pub name: Str,
    /// What must hold of every row.
    pub check: Option<Condition>,
    /// What no two rows may share, in the words of PostgreSQL.
    pub exclude: Option<Str>,
    /// A comment the database keeps.
    pub comment: Option<Str>,
    /// Rows that are there already are not looked at.
    pub not_validated: bool,
}

/// The constraint `name` of `table`; say what it is by [`check`](Constraint::check) or [`exclude`](Constraint::exclude).
///
/// ```
/// use ectomorph::migration::constraint;
/// let positive = constraint("posts", "views_positive").check("views >= 0");
/// ```
pub fn constraint(table: impl Into<Str>, name: impl Into<Str>) -> Constraint {
    Constraint { table: table.into(), name: name.into(), ..Constraint::default() }
}

impl Constraint {
    /// Says what must hold of every row.
    pub fn check(mut self, condition: impl Into<Condition>) -> Constraint {
        self.check = Some(condition.into());
        self
    }

    /// Says what no two rows may share.
    pub fn exclude(mut self, exclusion: impl Into<Str>) -> Constraint {
        self.exclude = Some(exclusion.into());
        self
    }

    /// Says that its table is in a prefix.
    pub fn prefix(mut self, prefix: impl Into<Str>) -> Constraint {
        self.prefix = Some(prefix.into());
        self
    }

    /// Leaves a comment in the database.
    pub fn comment(mut self, comment: impl Into<Str>) -> Constraint {
        self.comment = Some(comment.into());
        self
    }

    /// Leaves rows that are there already unchecked.
    pub fn not_validated(mut self) -> Constraint {
        self.not_validated = true;
        self
    }
}
