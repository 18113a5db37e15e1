//! The language as its users meet it: tables of cases over a blog, and laws over random expressions.

mod checks;
mod documents;
mod laws;
mod logic;
mod values;

use super::{Expr, Scope};
use crate::value::{Map, Value};

/// A post that is being edited.
struct Edited {
    post: Map,
    changes: &'static [&'static str],
}

impl Scope for Edited {
    fn field(&self, name: &str) -> Option<&Value> {
        self.post.get(name)
    }

    fn changed(&self, name: &str) -> bool {
        self.changes.contains(&name)
    }
}

/// The value of an expression that has no fields.
fn value(expr: impl Into<Expr>) -> Value {
    expr.into().evaluate(&Map::new()).into_owned()
}

fn holds(expr: impl Into<Expr>) -> Option<bool> {
    expr.into().holds(&Map::new())
}

fn literal(value: impl Into<Value>) -> Expr {
    Expr::Literal(value.into())
}

fn list(elements: impl IntoIterator<Item = Value>) -> Value {
    Value::List(elements.into_iter().collect())
}
