//! Three-valued evaluation on borrowed values.

use super::arithmetic::arithmetic;
use super::compare::{compare, equal};
use super::like::{Case, like};
use super::{Expr, Operator};
use crate::value::{Map, Value, grapheme_count};
use alloc::borrow::Cow;
use core::cmp::Ordering;

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
        let call = match self {
            Expr::Literal(value) => return Cow::Borrowed(value),
            Expr::Field(name) => return Cow::Borrowed(scope.field(name).unwrap_or(&Value::Null)),
            Expr::Changed(name) => return Cow::Owned(Value::Bool(scope.changed(name))),
            Expr::Call(call) => call,
        };
        match (call.operator(), call.operands()) {
            (Operator::Length, [operand]) => Cow::Owned(length(&operand.evaluate(scope))),
            (Operator::Coalesce, [first, second]) => match first.evaluate(scope) {
                value if value.is_null() => second.evaluate(scope),
                value => value,
            },
            (
                operator @ (Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide),
                [left, right],
            ) => Cow::Owned(arithmetic(operator, &left.evaluate(scope), &right.evaluate(scope))),
            _ => Cow::Owned(self.holds(scope).map_or(Value::Null, Value::Bool)),
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
        let Expr::Call(call) = self else { return self.evaluate(scope).as_bool() };
        match (call.operator(), call.operands()) {
            (Operator::And, operands) => decide(operands, scope, false),
            (Operator::Or, operands) => decide(operands, scope, true),
            (Operator::Not, [operand]) => operand.holds(scope).map(|holds| !holds),
            (Operator::IsNil, [operand]) => Some(operand.evaluate(scope).is_null()),
            (
                Operator::Length
                | Operator::Coalesce
                | Operator::Add
                | Operator::Subtract
                | Operator::Multiply
                | Operator::Divide,
                _,
            ) => self.evaluate(scope).as_bool(),
            (operator, [left, right]) => related(operator, &left.evaluate(scope), &right.evaluate(scope)),
            _ => None,
        }
    }
}

/// The operators that answer for two values.
fn related(operator: Operator, left: &Value, right: &Value) -> Option<bool> {
    match operator {
        Operator::Equal => equal(left, right),
        Operator::NotEqual => equal(left, right).map(|equal| !equal),
        Operator::Less => compare(left, right).map(Ordering::is_lt),
        Operator::LessOrEqual => compare(left, right).map(Ordering::is_le),
        Operator::Greater => compare(left, right).map(Ordering::is_gt),
        Operator::GreaterOrEqual => compare(left, right).map(Ordering::is_ge),
        Operator::In => contains(right, left),
        Operator::Like => Some(like(left.as_str()?, right.as_str()?, Case::Matters)),
        Operator::Ilike => Some(like(left.as_str()?, right.as_str()?, Case::Ignored)),
        _ => None,
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
