//! Conditions of checks and of partial indexes.

use crate::expr::Expr;
use crate::value::Str;

/// A condition of a check or of a partial index.
///
/// An [expression](crate::expr) is the same on every database: the condition that a rule holds a changeset to can be
/// what the database holds its rows to. Text is in the words of one database; the store reads it if it is simple.
///
/// ```
/// use ectomorph::expr::field;
/// use ectomorph::migration::{Condition, constraint};
/// let in_order = field("ends_on").gte(field("starts_on"));
/// let portable = constraint("orders", "in_order").check(in_order.clone());
/// assert_eq!(portable.check, Some(Condition::Expr(in_order)));
/// let text = constraint("orders", "in_order").check("ends_on >= starts_on");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Text of SQL.
    Sql(Str),
    /// An expression whose fields are columns.
    Expr(Expr),
}

impl<T: Into<Str>> From<T> for Condition {
    fn from(sql: T) -> Condition {
        Condition::Sql(sql.into())
    }
}

impl From<Expr> for Condition {
    fn from(expr: Expr) -> Condition {
        Condition::Expr(expr)
    }
}
