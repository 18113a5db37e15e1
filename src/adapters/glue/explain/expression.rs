//! Expressions in words.

use super::{Told, concat};
use crate::adapters::glue::node::{Comparison, Node};
use crate::adapters::glue::value::Arithmetic;
use crate::query::inspect_value;

/// Lists longer than this are cut.
const MANY: usize = 5;

impl Told<'_> {
    /// An expression, short rather than exact: what is rare is told by its name.
    pub(super) fn expression(&self, node: &Node) -> String {
        let all = |nodes: &[Node], between: &str| {
            let mut texts: Vec<String> = nodes.iter().take(MANY).map(|node| self.expression(node)).collect();
            if nodes.len() > MANY {
                texts.push("..".to_owned());
            }
            texts.join(between)
        };
        let two = |left: &Node, word: &str, right: &Node| {
            concat(&[&self.expression(left), " ", word, " ", &self.expression(right)])
        };
        match node {
            Node::Value(value) => inspect_value(value),
            Node::Param(at) => concat(&["$", &(at + 1).to_string()]),
            Node::Column { up, source, column } => self.column(*up, *source, *column),
            Node::Slot(_) => "an aggregate".to_owned(),
            Node::Window(_) => "a window function".to_owned(),
            Node::And(nodes) => concat(&["(", &all(nodes, " and "), ")"]),
            Node::Or(nodes) => concat(&["(", &all(nodes, " or "), ")"]),
            Node::Not(node) => concat(&["not ", &self.expression(node)]),
            Node::IsNull(node) => concat(&[&self.expression(node), " is null"]),
            Node::Compare(comparison, left, right) => two(left, sign(*comparison), right),
            Node::Arithmetic(operation, left, right) => two(left, operator(*operation), right),
            Node::Negate(node) => concat(&["-", &self.expression(node)]),
            Node::In(item, list, _) => concat(&[&self.expression(item), " in (", &all(list, ", "), ")"]),
            Node::InArray(item, list, _) => two(item, "in", list),
            Node::Like { text, pattern, ignore_case, .. } => {
                two(text, if *ignore_case { "ilike" } else { "like" }, pattern)
            }
            Node::Regex { text, pattern, .. } => two(text, "~", pattern),
            Node::Call(_, nodes) => concat(&["function(", &all(nodes, ", "), ")"]),
            Node::Coalesce(nodes) => concat(&["coalesce(", &all(nodes, ", "), ")"]),
            Node::Case { .. } => "case".to_owned(),
            Node::Cast(node, _) => self.expression(node),
            Node::List(nodes) => concat(&["[", &all(nodes, ", "), "]"]),
            Node::Path(node, path, _) => concat(&[&self.expression(node), "[", &all(path, "]["), "]"]),
            Node::Later { base, amount, .. } => two(base, "+", amount),
            Node::Scalar(_) => "(subquery)".to_owned(),
            Node::Exists(_) => "exists(subquery)".to_owned(),
            Node::InQuery(node, _) => concat(&[&self.expression(node), " in (subquery)"]),
            Node::Quantified { comparison, all, item, .. } => {
                let word = if *all { " all(subquery)" } else { " any(subquery)" };
                concat(&[&self.expression(item), " ", sign(*comparison), word])
            }
        }
    }

    fn column(&self, up: usize, source: usize, column: usize) -> String {
        let scope = self.scopes.len().checked_sub(up + 1).and_then(|at| self.scopes.get(at));
        let Some(named) = scope.and_then(|scope| scope.get(source)) else { return "a column".to_owned() };
        match named.columns.get(column).filter(|name| !name.is_empty()) {
            Some(name) => concat(&[&named.name, ".", name]),
            None => concat(&[&named.name, ".", &(column + 1).to_string()]),
        }
    }
}

fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "=",
        Comparison::NotEqual => "<>",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
        Comparison::Distinct => "is distinct from",
    }
}

fn operator(operation: Arithmetic) -> &'static str {
    match operation {
        Arithmetic::Add => "+",
        Arithmetic::Subtract => "-",
        Arithmetic::Multiply => "*",
        Arithmetic::Divide => "/",
        Arithmetic::Remainder => "%",
    }
}
