//! Three-valued evaluation on borrowed values.

use super::arithmetic::arithmetic;
use super::compare::{compare, equal};
use super::like::{Case, like};
use super::{Binary, Expr, Logic, Unary};
use crate::value::{Map, Value, grapheme_count};
use alloc::borrow::Cow;

/// What an expression is evaluated against: a changeset, a row, a map of fields.
pub trait Scope {
    /// The value of a field; `None` if there is no such field, which evaluates like null.
    fn field(&self, name: &str) -> Option<&Value>;

    /// Whether the field has a change. What has no changes (a row) answers false.
    fn changed(&self, name: &str) -> bool {
        let _ = name;
        false
    }
}

/// A map is a record whose keys are the fields, without changes.
impl Scope for Map {
    fn field(&self, name: &str) -> Option<&Value> {
        self.get(name)
    }
}

impl Expr {
    /// The value of the expression. Fields and literals are borrowed, a condition is a boolean or null.
    ///
    /// Never panics: what makes no sense (`"a" < 1`, `not 5`) is null. The stack grows with the depth
    /// of the tree, which documents and [`Expr::check`] limit to [`MAX_DEPTH`](super::MAX_DEPTH).
    ///
    /// ```
    /// use ectomorph::{expr::field, value::{Map, Value}};
    /// let item = Map::from([("price", 3), ("quantity", 4)]);
    /// assert_eq!((field("price") * field("quantity")).evaluate(&item).into_owned(), Value::from(12));
    /// ```
    pub fn evaluate<'a>(&'a self, scope: &'a dyn Scope) -> Cow<'a, Value> {
        match self {
            Expr::Literal(value) => Cow::Borrowed(value),
            Expr::Field(name) => Cow::Borrowed(scope.field(name).unwrap_or(&Value::Null)),
            Expr::Unary(Unary::Length, operand) => Cow::Owned(length(&operand.evaluate(scope))),
            Expr::Binary(Binary::Coalesce, operands) => match operands[0].evaluate(scope) {
                value if value.is_null() => operands[1].evaluate(scope),
                value => value,
            },
            Expr::Binary(
                operator @ (Binary::Add | Binary::Subtract | Binary::Multiply | Binary::Divide),
                operands,
            ) => {
                Cow::Owned(arithmetic(*operator, &operands[0].evaluate(scope), &operands[1].evaluate(scope)))
            }
            condition => Cow::Owned(condition.holds(scope).into()),
        }
    }

    /// Whether the expression is true; `None` if that is unknown.
    ///
    /// ```
    /// use ectomorph::{expr::field, value::Map};
    /// let popular = field("likes").gt(100);
    /// assert_eq!(popular.holds(&Map::from([("likes", 101)])), Some(true));
    /// assert_eq!(popular.holds(&Map::new()), None);
    /// ```
    pub fn holds(&self, scope: &dyn Scope) -> Option<bool> {
        match self {
            Expr::Changed(name) => Some(scope.changed(name)),
            Expr::Logic(Logic::And, operands) => decide(operands, scope, false),
            Expr::Logic(Logic::Or, operands) => decide(operands, scope, true),
            Expr::Unary(Unary::Not, operand) => operand.holds(scope).map(|holds| !holds),
            Expr::Unary(Unary::IsNil, operand) => Some(operand.evaluate(scope).is_null()),
            Expr::Binary(operator, operands) => {
                let (left, right) = (operands[0].evaluate(scope), operands[1].evaluate(scope));
                match operator {
                    Binary::Equal => equal(&left, &right),
                    Binary::NotEqual => equal(&left, &right).map(|equal| !equal),
                    Binary::Less => compare(&left, &right).map(|order| order.is_lt()),
                    Binary::LessOrEqual => compare(&left, &right).map(|order| order.is_le()),
                    Binary::Greater => compare(&left, &right).map(|order| order.is_gt()),
                    Binary::GreaterOrEqual => compare(&left, &right).map(|order| order.is_ge()),
                    Binary::In => contains(&right, &left),
                    Binary::Like => Some(like(left.as_str()?, right.as_str()?, Case::Matters)),
                    Binary::Ilike => Some(like(left.as_str()?, right.as_str()?, Case::Ignored)),
                    Binary::Coalesce if left.is_null() => right.as_bool(),
                    Binary::Coalesce => left.as_bool(),
                    Binary::Add | Binary::Subtract | Binary::Multiply | Binary::Divide => None,
                }
            }
            Expr::Literal(_) | Expr::Field(_) | Expr::Unary(Unary::Length, _) => {
                self.evaluate(scope).as_bool()
            }
        }
    }
}

/// `and` and `or`: one operand that is `decisive` decides; else one unknown makes all unknown.
fn decide(operands: &[Expr], scope: &dyn Scope, decisive: bool) -> Option<bool> {
    let mut answer = Some(!decisive);
    for operand in operands {
        match operand.holds(scope) {
            Some(holds) if holds == decisive => return Some(decisive),
            Some(_) => {}
            None => answer = None,
        }
    }
    answer
}

fn contains(list: &Value, sought: &Value) -> Option<bool> {
    let list = list.as_list()?;
    let mut answer = Some(false);
    for element in list {
        match equal(sought, element) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => answer = None,
        }
    }
    answer
}

fn length(value: &Value) -> Value {
    let length = match value {
        Value::String(text) => grapheme_count(text),
        Value::Binary(bytes) => bytes.len(),
        Value::List(list) => list.len(),
        _ => return Value::Null,
    };
    Value::Integer(length as i64)
}
