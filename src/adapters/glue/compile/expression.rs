//! Expressions.

use super::{Compiler, Result, cast_of, refused};
use crate::adapter::AdapterError;
use crate::adapters::glue::node::{Comparison, Nested, Node, UnitNode};
use crate::adapters::glue::value::{Arithmetic, Cast, Unit};
use crate::query::plan::{Column, Expr};
use crate::query::{DateKind, Function, Key, Plan};
use crate::store::Kind;
use crate::value::Value;

impl<'c> Compiler<'c> {
    /// An expression of the innermost plan.
    pub(super) fn expression(&mut self, expr: &'c Expr) -> Result<Node> {
        self.deeper(|compiler| compiler.expression_in(expr))
    }

    fn expression_in(&mut self, expr: &'c Expr) -> Result<Node> {
        Ok(match expr {
            Expr::Column(column) => self.column(column)?,
            Expr::Literal(value) | Expr::Constant(value) => Node::Value(value.clone()),
            Expr::Param(at) => Node::Param(*at),
            Expr::Call(function, operands) => self.call(*function, operands)?,
            Expr::List(all) => Node::List(self.all(all)?),
            Expr::Filter(aggregate, condition) => self.aggregate(aggregate, Some(condition))?,
            Expr::Over(function, over) => self.window(function, over)?,
            Expr::Subquery(plan) => Node::Scalar(Box::new(self.one_column(plan)?)),
            Expr::Cast(of, to) => {
                let node = self.expression(of)?;
                let to = cast_of(to);
                match (&to, self.kind(&node)) {
                    (Cast::Any, _) => node,
                    _ => Node::Cast(Box::new(node), to),
                }
            }
            Expr::Fragment(pieces) => self.fragment(pieces)?,
            Expr::JsonPath(of, keys) => {
                let of = self.expression(of)?;
                let keys = keys
                    .iter()
                    .map(|key| match key {
                        Key::Name(name) => Node::Value(Value::from(name)),
                        Key::Index(at) => Node::Value(Value::Integer(*at)),
                    })
                    .collect();
                Node::Path(Box::new(of), keys, false)
            }
            Expr::DateAdd { kind, from, count, unit } => {
                let base = Box::new(self.expression(from)?);
                let amount = Box::new(self.expression(count)?);
                let unit = match self.expression(unit)? {
                    Node::Value(value) => UnitNode::Known(
                        value
                            .as_str()
                            .and_then(Unit::named)
                            .ok_or_else(|| refused("22007", "the unit of an interval is unknown"))?,
                    ),
                    node => UnitNode::Computed(Box::new(node)),
                };
                Node::Later { base, amount, unit, date: *kind == DateKind::Date }
            }
            Expr::SelectedAs(_) => {
                let selected = self.selected(expr)?;
                self.expression(selected)?
            }
            Expr::Source(at) => match self.scope()?.sources.get_mut(*at) {
                Some(shape) if shape.columns.len() == 1 => {
                    shape.asked.add(0);
                    Node::Column { up: 0, source: *at, column: 0 }
                }
                _ => return Err(AdapterError::unsupported("a whole row as a value")),
            },
            Expr::Splice(_) => {
                return Err(AdapterError::unsupported("splice outside of a list of a fragment"));
            }
            Expr::Identifier(name) => {
                let name = name.clone();
                self.named_column(&name)?
            }
        })
    }

    pub(super) fn all(&mut self, all: &'c [Expr]) -> Result<Vec<Node>> {
        all.iter().map(|expr| self.expression(expr)).collect()
    }

    fn column(&mut self, column: &Column) -> Result<Node> {
        let scope = self.scope_at(column.level)?;
        let shape = scope
            .sources
            .get_mut(column.source)
            .ok_or_else(|| AdapterError::query("an expression refers to a source that is not there"))?;
        match shape.ask(&column.name) {
            Some(at) => Ok(Node::Column { up: column.level, source: column.source, column: at }),
            None => Err(refused("42703", format!("column `{}` does not exist", column.name))),
        }
    }

    fn call(&mut self, function: Function, operands: &'c [Expr]) -> Result<Node> {
        if function.is_aggregate() {
            return self.aggregate_call(function, operands, None);
        }
        let comparison = match function {
            Function::Eq => Some(Comparison::Equal),
            Function::Ne => Some(Comparison::NotEqual),
            Function::Lt => Some(Comparison::Less),
            Function::Lte => Some(Comparison::LessOrEqual),
            Function::Gt => Some(Comparison::Greater),
            Function::Gte => Some(Comparison::GreaterOrEqual),
            _ => None,
        };
        if let (Some(comparison), [left, right]) = (comparison, operands) {
            return self.comparison(comparison, left, right);
        }
        let arithmetic = match function {
            Function::Add => Some(Arithmetic::Add),
            Function::Subtract => Some(Arithmetic::Subtract),
            Function::Multiply => Some(Arithmetic::Multiply),
            Function::Divide => Some(Arithmetic::Divide),
            _ => None,
        };
        if let (Some(arithmetic), [left, right]) = (arithmetic, operands) {
            let (left, right) = (self.expression(left)?, self.expression(right)?);
            return Ok(Node::Arithmetic(arithmetic, Box::new(left), Box::new(right)));
        }
        Ok(match (function, operands) {
            (Function::And, _) => Node::And(self.all(operands)?),
            (Function::Or, _) => Node::Or(self.all(operands)?),
            (Function::Not, [of]) => Node::Not(Box::new(self.expression(of)?)),
            (Function::IsNil, [of]) => Node::IsNull(Box::new(self.expression(of)?)),
            (Function::Coalesce, _) => {
                let all = self.all(operands)?;
                Node::Coalesce(
                    all.into_iter()
                        .flat_map(|node| match node {
                            Node::Coalesce(inner) => inner,
                            other => vec![other],
                        })
                        .collect(),
                )
            }
            (Function::Like | Function::Ilike, [text, pattern]) => Node::Like {
                text: Box::new(self.expression(text)?),
                pattern: Box::new(self.expression(pattern)?),
                ignore_case: function == Function::Ilike,
                cache: self.cache(),
            },
            (Function::In, [item, list]) => self.among(item, list)?,
            (Function::Exists, [Expr::Subquery(plan)]) => {
                let nested = self.nested(plan)?;
                Node::Exists(Box::new(nested))
            }
            _ => return Err(AdapterError::unsupported(format!("{} in this place", function.name()))),
        })
    }

    fn comparison(&mut self, comparison: Comparison, left: &'c Expr, right: &'c Expr) -> Result<Node> {
        for (quantified, other, comparison) in [(right, left, comparison), (left, right, comparison.turned())]
        {
            if let Expr::Call(function @ (Function::All | Function::Any), operands) = quantified {
                let [Expr::Subquery(plan)] = operands.as_slice() else {
                    return Err(AdapterError::unsupported(format!(
                        "{} of anything but a subquery",
                        function.name()
                    )));
                };
                let item = Box::new(self.expression(other)?);
                let nested = Box::new(self.one_column(plan)?);
                return Ok(Node::Quantified { comparison, all: *function == Function::All, item, nested });
            }
        }
        let (left, right) = (self.expression(left)?, self.expression(right)?);
        Ok(Node::Compare(comparison, Box::new(left), Box::new(right)))
    }

    /// `item in list`.
    fn among(&mut self, item: &'c Expr, list: &'c Expr) -> Result<Node> {
        let item = Box::new(self.expression(item)?);
        Ok(match list {
            Expr::List(all) => {
                let all = self.all(all)?;
                Node::In(item, all, self.cache())
            }
            Expr::Subquery(plan) => Node::InQuery(item, Box::new(self.one_column(plan)?)),
            // A value written in the query, a param that is a list, or an array of the row.
            other => {
                let list = self.expression(other)?;
                Node::InArray(item, Box::new(list), self.cache())
            }
        })
    }

    /// A query as a value or a list of values.
    fn one_column(&mut self, plan: &'c Plan) -> Result<Nested> {
        let nested = self.nested(plan)?;
        if nested.select.core.fields.len() > 1 {
            return Err(refused("42601", "subquery must return only one column"));
        }
        Ok(nested)
    }

    pub(super) fn nested(&mut self, plan: &'c Plan) -> Result<Nested> {
        // What is within a subquery is not within the aggregate around it.
        let outer = std::mem::replace(&mut self.in_aggregate, false);
        let select = self.select(plan);
        self.in_aggregate = outer;
        let select = select?;
        let cache = if select.reach == 0 && !self.recursing { Some(self.cache()) } else { None };
        Ok(Nested { select, cache })
    }

    /// A column named in a fragment: of whichever source has it.
    pub(super) fn named_column(&mut self, name: &str) -> Result<Node> {
        let scope = self.scope()?;
        let mut found = scope
            .sources
            .iter_mut()
            .enumerate()
            .filter_map(|(source, shape)| Some(Node::Column { up: 0, source, column: shape.ask(name)? }));
        match (found.next(), found.next()) {
            (Some(column), None) => Ok(column),
            (Some(_), Some(_)) => Err(refused("42702", format!("column reference \"{name}\" is ambiguous"))),
            (None, _) => {
                drop(found);
                let plan = scope.plan;
                let selected = plan
                    .and_then(|plan| plan.fields.iter().find(|field| field.alias.as_deref() == Some(name)));
                match selected {
                    Some(field) => self.expression(&field.expr),
                    None => Err(refused("42703", format!("column \"{name}\" does not exist"))),
                }
            }
        }
    }

    /// A column of a source that a fragment names by its alias.
    pub(super) fn qualified_column(&mut self, source: &str, name: &str) -> Result<Node> {
        let scope = self.scope()?;
        for (at, shape) in scope.sources.iter_mut().enumerate() {
            if shape.name.as_deref() == Some(source) {
                return match shape.ask(name) {
                    Some(column) => Ok(Node::Column { up: 0, source: at, column }),
                    None => Err(refused("42703", format!("column {source}.{name} does not exist"))),
                };
            }
        }
        Err(refused("42P01", format!("missing FROM-clause entry for table \"{source}\"")))
    }

    /// Sums of 64-bit integers are decimals.
    pub(super) fn widened(&self, slot: Node, kind: &Kind) -> Node {
        match kind {
            Kind::Decimal(_) => Node::Cast(Box::new(slot), Cast::Decimal(None)),
            _ => slot,
        }
    }
}
