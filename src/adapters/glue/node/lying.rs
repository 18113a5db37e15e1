//! Simple expressions of one row, where it lies.

use super::Node;
use crate::adapters::glue::value::{Fault, arithmetic, cast};
use crate::store::Cell;
use crate::value::Value;

impl Node {
    /// Whether it is made of columns of the first source, values and calculations alone.
    pub(in super::super) fn is_simple(&self) -> bool {
        match self {
            Node::Value(_) | Node::Param(_) | Node::Column { up: 0, source: 0, .. } => true,
            Node::Arithmetic(_, left, right) => left.is_simple() && right.is_simple(),
            Node::Cast(of, _) => of.is_simple(),
            _ => false,
        }
    }

    /// The value of a simple expression; null of any other.
    pub(in super::super) fn of_cells<'c>(
        &self,
        params: &[Value],
        cell: &dyn Fn(usize) -> Cell<'c>,
    ) -> Result<Value, Fault> {
        Ok(match self {
            Node::Value(value) => value.clone(),
            Node::Param(at) => params.get(*at).cloned().unwrap_or_default(),
            Node::Column { up: 0, source: 0, column } => cell(*column).to_value(),
            Node::Arithmetic(operation, left, right) => {
                let (left, right) = (left.of_cells(params, cell)?, right.of_cells(params, cell)?);
                if left.is_null() || right.is_null() {
                    Value::Null
                } else {
                    arithmetic(*operation, &left, &right)?
                }
            }
            Node::Cast(of, kind) => cast(&of.of_cells(params, cell)?, kind)?,
            _ => Value::Null,
        })
    }
}
