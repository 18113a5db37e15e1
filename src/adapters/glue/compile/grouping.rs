//! Aggregates, windows, and what may be selected beside groups.

use super::{Compiler, Result, refused};
use crate::adapter::AdapterError;
use crate::adapters::glue::node::Node;
use crate::adapters::glue::select::{
    Aggregate, AggregateFunction, Bound, Frame, FrameUnit, Order, WindowCall, WindowFunction,
};
use crate::query::plan::{Column, Expr, Over, Piece, Window};
use crate::query::{Class, Function, Plan};
use crate::store::Kind;

impl<'c> Compiler<'c> {
    /// An aggregate with a condition.
    pub(super) fn aggregate(&mut self, expr: &'c Expr, filter: Option<&'c Expr>) -> Result<Node> {
        match expr {
            Expr::Call(function, operands) => self.aggregate_call(*function, operands, filter),
            Expr::Fragment(pieces) => {
                let slot = self.fragment(pieces)?;
                let Node::Slot(at) = slot else {
                    return Err(AdapterError::unsupported("filter of a fragment that is no aggregate"));
                };
                if let Some(filter) = filter {
                    let filter = self.within_aggregate(|compiler| compiler.expression(filter))?;
                    if let Some(aggregate) = self.scope()?.aggregates.get_mut(at) {
                        aggregate.filter = Some(filter);
                    }
                }
                Ok(slot)
            }
            _ => Err(AdapterError::unsupported("filter of anything but an aggregate")),
        }
    }

    pub(super) fn aggregate_call(
        &mut self,
        function: Function,
        operands: &'c [Expr],
        filter: Option<&'c Expr>,
    ) -> Result<Node> {
        if function.class() == Class::Window {
            return Err(refused(
                "42809",
                format!("window function {} requires an OVER clause", function.name()),
            ));
        }
        let aggregate = self.made(function, operands, filter)?;
        self.add_aggregate(aggregate)
    }

    /// Adds an aggregate to those of the plan.
    pub(super) fn add_aggregate(&mut self, aggregate: Aggregate) -> Result<Node> {
        if self.in_aggregate {
            return Err(refused("42803", "aggregate function calls cannot be nested"));
        }
        let kind = self.aggregate_kind(&aggregate.function, aggregate.operand.as_ref());
        let scope = self.scope()?;
        let slot = match scope.aggregates.iter().position(|other| *other == aggregate) {
            Some(slot) => slot,
            None => {
                scope.aggregates.push(aggregate);
                scope.aggregates.len() - 1
            }
        };
        let wide = matches!(self.scope()?.aggregates[slot].function, AggregateFunction::Sum)
            && kind == Kind::Decimal(None);
        Ok(if wide { self.widened(Node::Slot(slot), &kind) } else { Node::Slot(slot) })
    }

    pub(super) fn within_aggregate<T>(&mut self, make: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.in_aggregate {
            return Err(refused("42803", "aggregate function calls cannot be nested"));
        }
        self.in_aggregate = true;
        let made = make(self);
        self.in_aggregate = false;
        made
    }

    fn made(
        &mut self,
        function: Function,
        operands: &'c [Expr],
        filter: Option<&'c Expr>,
    ) -> Result<Aggregate> {
        let kind = match function {
            Function::Count | Function::CountDistinct => AggregateFunction::Count,
            Function::Sum => AggregateFunction::Sum,
            Function::Avg => AggregateFunction::Average,
            Function::Min => AggregateFunction::Min,
            Function::Max => AggregateFunction::Max,
            _ => return Err(AdapterError::unsupported(format!("{} as an aggregate", function.name()))),
        };
        self.within_aggregate(|compiler| {
            Ok(Aggregate {
                function: kind,
                operand: operands.first().map(|operand| compiler.expression(operand)).transpose()?,
                distinct: function == Function::CountDistinct,
                filter: filter.map(|filter| compiler.expression(filter)).transpose()?,
                orders: Vec::new(),
            })
        })
    }

    /// A function over a window.
    pub(super) fn window(&mut self, expr: &'c Expr, over: &'c Over) -> Result<Node> {
        let (expr, filter) = match expr {
            Expr::Filter(expr, filter) => (&**expr, Some(&**filter)),
            expr => (expr, None),
        };
        let Expr::Call(function, operands) = expr else {
            return Err(AdapterError::unsupported("a fragment over a window"));
        };
        let mut operand_nodes = Vec::new();
        let function = if function.class() == Class::Aggregate {
            // Its operands may hold aggregates of the groups: those are results by then.
            let kind = match function {
                Function::Count | Function::CountDistinct => AggregateFunction::Count,
                Function::Sum => AggregateFunction::Sum,
                Function::Avg => AggregateFunction::Average,
                Function::Min => AggregateFunction::Min,
                _ => AggregateFunction::Max,
            };
            if *function == Function::CountDistinct {
                return Err(refused("0A000", "DISTINCT is not implemented for window functions"));
            }
            let operand = operands.first().map(|operand| self.expression(operand)).transpose()?;
            let filter = filter.map(|filter| self.expression(filter)).transpose()?;
            WindowFunction::Aggregate(Box::new(Aggregate {
                function: kind,
                operand,
                distinct: false,
                filter,
                orders: Vec::new(),
            }))
        } else {
            if filter.is_some() {
                return Err(refused("0A000", "FILTER is not implemented for non-aggregate window functions"));
            }
            operand_nodes = self.all(operands)?;
            match function {
                Function::RowNumber => WindowFunction::RowNumber,
                Function::Rank => WindowFunction::Rank,
                Function::DenseRank => WindowFunction::DenseRank,
                Function::PercentRank => WindowFunction::PercentRank,
                Function::CumeDist => WindowFunction::CumeDist,
                Function::Ntile => WindowFunction::Ntile,
                Function::Lag => WindowFunction::Lag,
                Function::Lead => WindowFunction::Lead,
                Function::FirstValue => WindowFunction::FirstValue,
                Function::LastValue => WindowFunction::LastValue,
                Function::NthValue => WindowFunction::NthValue,
                other => return Err(AdapterError::unsupported(format!("{} over a window", other.name()))),
            }
        };
        let window = match over {
            Over::Window(window) => window,
            Over::Named(name) => {
                let plan = self.scope()?.plan;
                plan.and_then(|plan| plan.windows.iter().find(|(other, _)| other == name))
                    .map(|(_, window)| window)
                    .ok_or_else(|| refused("42704", format!("window \"{name}\" does not exist")))?
            }
        };
        self.over(function, operand_nodes, window)
    }

    fn over(&mut self, function: WindowFunction, operands: Vec<Node>, window: &'c Window) -> Result<Node> {
        let partition = self.all(&window.partition_by)?;
        let orders: Vec<Order> =
            window.order_by.iter().map(|order| self.order(order)).collect::<Result<_>>()?;
        let frame = match &window.frame {
            Some(pieces) => self.frame(pieces)?,
            None => Frame::default(),
        };
        let wide = match &function {
            WindowFunction::Aggregate(aggregate) => {
                let kind = self.aggregate_kind(&aggregate.function, aggregate.operand.as_ref());
                (aggregate.function == AggregateFunction::Sum).then_some(kind)
            }
            _ => None,
        };
        let scope = self.scope()?;
        scope.windows.push(WindowCall { function, operands, partition, orders, frame });
        let node = Node::Window(scope.windows.len() - 1);
        Ok(wide.map_or(node.clone(), |kind| self.widened(node, &kind)))
    }

    /// A frame: `ROWS BETWEEN 1 PRECEDING AND CURRENT ROW`.
    fn frame(&mut self, pieces: &'c [Piece]) -> Result<Frame> {
        let mut parser = self.parser(pieces)?;
        let unit = match parser.word().as_deref() {
            Some("rows") => FrameUnit::Rows,
            Some("range") => FrameUnit::Range,
            Some("groups") => FrameUnit::Groups,
            _ => {
                return Err(AdapterError::unsupported(
                    "a frame that begins with anything but ROWS, RANGE or GROUPS",
                ));
            }
        };
        let (start, end) = if parser.take_word("between") {
            let start = parser.bound()?;
            parser.expect_word("and")?;
            (start, parser.bound()?)
        } else {
            (parser.bound()?, Bound::Current)
        };
        parser.finish()?;
        Ok(Frame { unit, start, end })
    }

    /// What is selected beside groups must be the same for all rows of a group.
    pub(super) fn check_grouping(
        &mut self,
        plan: &'c Plan,
        groups: &[&'c Expr],
        combined: bool,
    ) -> Result<()> {
        let keyed: Vec<usize> = self
            .scope()?
            .sources
            .iter()
            .enumerate()
            .filter(|(source, shape)| {
                !shape.key.is_empty()
                    && shape.key.iter().all(|key| {
                        groups.iter().any(|group| match group {
                            Expr::Column(column) => {
                                column.level == 0
                                    && column.source == *source
                                    && shape.position(&column.name) == Some(*key)
                            }
                            _ => false,
                        })
                    })
            })
            .map(|(source, _)| source)
            .collect();
        let allowed = |column: &Column| column.level > 0 || keyed.contains(&column.source);
        for field in &plan.fields {
            grouped(&field.expr, groups, &allowed)?;
        }
        for having in &plan.havings {
            grouped(&having.expr, groups, &allowed)?;
        }
        if !combined {
            for order in &plan.orders {
                let expr = self.selected(&order.expr)?;
                grouped(expr, groups, &allowed)?;
            }
        }
        Ok(())
    }

    /// With DISTINCT, the order must be by what is selected.
    pub(super) fn check_distinct(&mut self, plan: &'c Plan) -> Result<()> {
        for order in &plan.orders {
            let expr = self.selected(&order.expr)?;
            if !plan.fields.iter().any(|field| field.expr == *expr) {
                return Err(refused(
                    "42P10",
                    "for SELECT DISTINCT, ORDER BY expressions must appear in select list",
                ));
            }
        }
        Ok(())
    }
}

fn grouped(expr: &Expr, groups: &[&Expr], allowed: &dyn Fn(&Column) -> bool) -> Result<()> {
    if groups.contains(&expr) {
        return Ok(());
    }
    let each = |all: &[Expr]| all.iter().try_for_each(|expr| grouped(expr, groups, allowed));
    match expr {
        Expr::Column(column) if allowed(column) => Ok(()),
        Expr::Column(column) => Err(refused(
            "42803",
            format!(
                "column `{}` must appear in the GROUP BY clause or be used in an aggregate function",
                column.name
            ),
        )),
        Expr::Call(function, _) if function.class() == Class::Aggregate => Ok(()),
        Expr::Call(_, operands) | Expr::List(operands) => each(operands),
        Expr::Filter(..) | Expr::Subquery(_) => Ok(()),
        Expr::Over(function, over) => {
            if let Expr::Call(_, operands) = &**function {
                each(operands)?;
            }
            match over {
                Over::Named(_) => Ok(()),
                Over::Window(window) => {
                    each(&window.partition_by)?;
                    window.order_by.iter().try_for_each(|order| grouped(&order.expr, groups, allowed))
                }
            }
        }
        Expr::Cast(of, _) | Expr::JsonPath(of, _) | Expr::Splice(of) => grouped(of, groups, allowed),
        Expr::DateAdd { from, count, unit, .. } => {
            grouped(from, groups, allowed)?;
            grouped(count, groups, allowed)?;
            grouped(unit, groups, allowed)
        }
        // An aggregate in a fragment takes what is in it.
        Expr::Fragment(pieces) if super::fragment::may_aggregate(pieces) => Ok(()),
        Expr::Fragment(pieces) => pieces.iter().try_for_each(|piece| match piece {
            Piece::Expr(expr) => grouped(expr, groups, allowed),
            Piece::Raw(_) => Ok(()),
        }),
        Expr::Literal(_)
        | Expr::Param(_)
        | Expr::Source(_)
        | Expr::Identifier(_)
        | Expr::Constant(_)
        | Expr::SelectedAs(_) => Ok(()),
    }
}
