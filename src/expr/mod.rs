//! The one expression language of rules, queries, partial indexes and CHECK constraints.
//!
//! An [`Expr`] is data: it is built in Rust ([`field`], [`changed`], and the methods of [`Expr`]) or read from
//! a document ([`Expr::from_document`]), checked against the types of a schema when a rule is
//! defined ([`Expr::check`]), and evaluated against anything that has fields ([`Scope`]) without copying them.
//!
//! ```
//! use ectomorph::expr::{Expr, field};
//! use ectomorph::value::{Map, Value};
//!
//! let published = field("status").eq("published").and(field("published_on").gte(field("written_on")));
//! let post = Map::from([("status", "draft")]);
//! assert_eq!(published.holds(&post), Some(false));
//! assert_eq!(Expr::from_document(&published.to_document()), Ok(published));
//! ```
//!
//! # True, false, unknown
//!
//! A field that is null (or absent) is a value nobody knows yet, so the logic has three values, as SQL's has: a
//! comparison with null is neither true nor false but *unknown*, written null, and [`Expr::holds`] answers `None`.
//!
//! | `and`   | true    | false | unknown |   | `or`    | true | false   | unknown |   | `not`   |         |
//! |---------|---------|-------|---------|---|---------|------|---------|---------|---|---------|---------|
//! | true    | true    | false | unknown |   | true    | true | true    | true    |   | true    | false   |
//! | false   | false   | false | false   |   | false   | true | false   | unknown |   | false   | true    |
//! | unknown | unknown | false | unknown |   | unknown | true | unknown | unknown |   | unknown | unknown |
//!
//! What a user of an expression does with unknown is SQL's choice again:
//!
//! | user | acts when | unknown |
//! |---|---|---|
//! | `["when", condition, steps]` | the condition is true: the steps run | the steps do not run |
//! | `["validate", field, condition, ..]` | the condition is false: the error is added | no error, like a CHECK |
//! | a query's `where`, a partial index | the condition is true: the row is taken | the row is left out |
//!
//! So an optional end date needs no guard: `field("ends_on").gte(field("starts_on"))` lets an empty one pass.
//!
//! # Operators
//!
//! In a document an expression is `[operator, argument, ..]` and a bare scalar is a literal.
//!
//! | document | Rust | result |
//! |---|---|---|
//! | `["field", name]` | `field(name)` | the field's value |
//! | `["changed", name]` | `changed(name)` | whether the changeset changes the field; never unknown |
//! | `["==", a, b]` `!=` `<` `<=` `>` `>=` | `a.eq(b)` `ne` `lt` `lte` `gt` `gte` | [comparison](#comparison) |
//! | `["and", a, b, ..]` `["or", a, b, ..]` | `a.and(b)` `a.or(b)` | the tables above |
//! | `["not", a]` | `!a` | |
//! | `["is_nil", a]` | `a.is_nil()` | whether `a` is null; never unknown |
//! | `["in", a, ["list", b, ..]]` | `a.is_in([b, ..])` | true if `a` equals one; unknown if not and `a` or one is null |
//! | `["in", a, ["field", tags]]` | `a.is_in(field(tags))` | the same, for a field that is a list |
//! | `["like", a, pattern]` `ilike` | `a.like(pattern)` `ilike` | `%` any text, `_` one character, `\` takes the next as it is |
//! | `["+", a, b]` `-` `*` `/` | `a + b` .. | [arithmetic](#arithmetic) |
//! | `["length", a]` | `a.length()` | graphemes of a string, bytes of a binary, elements of a list |
//! | `["coalesce", a, b]` | `a.coalesce(b)` | `a`, or `b` if `a` is null |
//!
//! # Comparison
//!
//! Integers, floats and decimals compare by number (a float counts as the decimal that it prints as), strings and
//! binaries byte by byte, false before true, calendar values by time, whatever their precision. Lists
//! and maps are equal when their elements are, null to null, and have no order. Values of
//! different kinds are not equal, and their order is unknown; [`Expr::check`] finds such comparisons beforehand.
//!
//! # Arithmetic
//!
//! Integers give an integer (`/` drops the fraction, as in PostgreSQL), a float with an integer gives a float, a
//! decimal with any number gives a decimal: exact, and 28 digits for `/`. What has no result (an overflow, a
//! division by zero, a float that is not finite) is null, for a rule has no place to raise an error.

mod arithmetic;
mod check;
mod compare;
mod document;
mod error;
mod evaluate;
mod like;
mod tree;

pub use check::Kind;
pub use document::{MAX_DEPTH, MAX_NODES};
pub use error::ExprError;
pub use evaluate::Scope;
pub use tree::{Call, Expr, Operator, changed, field};

#[cfg(test)]
mod tests;
