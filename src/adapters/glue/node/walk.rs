//! Looking at the parts of an expression.

use super::{Node, UnitNode};

impl Node {
    /// The expressions directly within this one; not those of nested queries.
    pub(in super::super) fn children(&self) -> Vec<&Node> {
        match self {
            Node::Value(_) | Node::Param(_) | Node::Column { .. } | Node::Slot(_) | Node::Window(_) => {
                Vec::new()
            }
            Node::Scalar(_) | Node::Exists(_) => Vec::new(),
            Node::Not(one) | Node::IsNull(one) | Node::Negate(one) | Node::Cast(one, _) => vec![one],
            Node::InQuery(one, _) | Node::Quantified { item: one, .. } => vec![one],
            Node::And(all) | Node::Or(all) | Node::Coalesce(all) | Node::List(all) | Node::Call(_, all) => {
                all.iter().collect()
            }
            Node::Compare(_, a, b) | Node::Arithmetic(_, a, b) | Node::InArray(a, b, _) => vec![a, b],
            Node::Like { text, pattern, .. } | Node::Regex { text, pattern, .. } => vec![text, pattern],
            Node::In(one, rest, _) | Node::Path(one, rest, _) => {
                std::iter::once(&**one).chain(rest).collect()
            }
            Node::Case { whens, otherwise } => {
                whens.iter().flat_map(|(when, then)| [when, then]).chain(otherwise.as_deref()).collect()
            }
            Node::Later { base, amount, unit, .. } => {
                let mut all = vec![&**base, &**amount];
                if let UnitNode::Computed(unit) = unit {
                    all.push(unit);
                }
                all
            }
        }
    }

    /// Whether this expression or one within it, nested queries left out, is such.
    pub(in super::super) fn any(&self, test: &mut dyn FnMut(&Node) -> bool) -> bool {
        test(self) || self.children().into_iter().any(|child| child.any(test))
    }

    /// Whether the value is the same for all rows of this query.
    pub(in super::super) fn is_constant(&self) -> bool {
        !self.any(&mut |node| match node {
            Node::Column { .. } | Node::Slot(_) | Node::Window(_) => true,
            Node::Call(function, _) => function.is_volatile(),
            Node::Scalar(nested) | Node::Exists(nested) => nested.cache.is_none(),
            Node::InQuery(_, nested) | Node::Quantified { nested, .. } => nested.cache.is_none(),
            _ => false,
        })
    }

    /// Whether the value is the same for all rows of this query, given the row around it.
    pub(in super::super) fn is_fixed(&self) -> bool {
        self.sources() == 0
    }

    /// The sources of this query whose columns are used, as bits; all of them if that is not sure.
    pub(in super::super) fn sources(&self) -> u64 {
        let mut bits = 0;
        self.any(&mut |node| {
            match node {
                Node::Column { up: 0, source, .. } => bits |= 1 << (*source).min(63),
                Node::Slot(_) | Node::Window(_) => bits = u64::MAX,
                Node::Scalar(nested) | Node::Exists(nested) if nested.cache.is_none() => bits = u64::MAX,
                Node::InQuery(_, nested) | Node::Quantified { nested, .. } if nested.cache.is_none() => {
                    bits = u64::MAX;
                }
                _ => {}
            }
            false
        });
        bits
    }

    /// The conditions that must all hold, taken apart.
    pub(in super::super) fn conjuncts(self) -> Vec<Node> {
        match self {
            Node::And(all) => all.into_iter().flat_map(Node::conjuncts).collect(),
            Node::Value(value) if value.as_bool() == Some(true) => Vec::new(),
            other => vec![other],
        }
    }
}
