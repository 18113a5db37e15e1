//! One plan.

use super::{Assign, Compiler, Named, Result, Scope, Shape, refused};
use crate::adapter::AdapterError;
use crate::adapters::glue::node::{Function, Node};
use crate::adapters::glue::select::{Core, Cte, Distinct, Grouping, Order, Select};
use crate::adapters::glue::value::{Arithmetic, Cast};
use crate::query::plan::{
    Assignment, Condition, CteRows, Expr, Order as PlanOrder, Piece, PlanCte, PlanDistinct,
};
use crate::query::{Plan, SetOperation, UpdateOp};
use crate::store::Kind;
use crate::value::Str;

/// A SELECT, its order, and the names and kinds of its columns.
type Selected = (Core, Vec<Order>, Vec<(Str, Kind)>);

impl<'c> Compiler<'c> {
    /// A plan that reads.
    pub(super) fn select(&mut self, plan: &'c Plan) -> Result<Select> {
        self.deeper(|compiler| compiler.select_in(plan))
    }

    fn select_in(&mut self, plan: &'c Plan) -> Result<Select> {
        let known = self.ctes.len();
        self.scopes.push(Scope { plan: Some(plan), ..Scope::default() });
        let made = self.select_of(plan);
        self.ctes.truncate(known);
        let scope = self.scopes.pop().unwrap_or_default();
        let mut select = made?;
        scope.tell(&mut select.core.sources);
        let mut reach = scope.reach;
        for (_, combined) in &select.combinations {
            reach = reach.max(combined.reach);
        }
        select.reach = reach;
        Ok(select)
    }

    fn select_of(&mut self, plan: &'c Plan) -> Result<Select> {
        if let Some(lock) = &plan.lock {
            row_lock(lock)?;
        }
        let mut ctes = Vec::new();
        for cte in &plan.ctes {
            if let Some(cte) = self.cte(cte, plan.recursive)? {
                ctes.push(cte);
            }
        }
        let (core, orders, columns) = self.core(plan)?;
        let mut combinations = Vec::new();
        for (operation, combined) in &plan.combinations {
            // A combined query stands beside this one, not within it.
            let scope = self.scopes.pop();
            let select = self.select(combined);
            self.scopes.extend(scope);
            let select = select?;
            if select.core.fields.len() != core.fields.len() {
                return Err(refused(
                    "42601",
                    format!("each {} query must have the same number of columns", operation.name()),
                ));
            }
            combinations.push((*operation, select));
        }
        let limit = plan.limit.as_ref().map(|limit| self.constant(limit)).transpose()?;
        let offset = plan.offset.as_ref().map(|offset| self.constant(offset)).transpose()?;
        let mut select = Select {
            ctes,
            core,
            combinations,
            orders,
            limit,
            with_ties: plan.with_ties,
            offset,
            columns,
            reach: 0,
        };
        super::access::order_by_index(self, &mut select);
        Ok(select)
    }

    /// A plan that updates or deletes: its sources and conditions, what it sets, what it answers with.
    pub(super) fn write(&mut self, plan: &'c Plan) -> Result<(Select, Vec<Assign>, Vec<Node>)> {
        if plan.combinations.len() + plan.groups.len() + plan.orders.len() > 0
            || plan.limit.is_some()
            || plan.offset.is_some()
            || plan.distinct.is_some()
        {
            return Err(AdapterError::unsupported(
                "order, limit, groups and combinations of a query that writes",
            ));
        }
        self.scopes.push(Scope { plan: Some(plan), ..Scope::default() });
        let mut ctes = Vec::new();
        for cte in &plan.ctes {
            ctes.extend(self.cte(cte, plan.recursive)?);
        }
        let (sources, joins) = self.sources(plan)?;
        let filter = self.conditions(&plan.filters)?;
        let mut core = Core { sources, joins, ..Core::default() };
        super::access::place(self, &mut core, filter);
        let assigns = plan.updates.iter().map(|update| self.assign(update)).collect::<Result<_>>()?;
        let returning =
            plan.fields.iter().map(|field| self.expression(&field.expr)).collect::<Result<_>>()?;
        self.scopes.pop().unwrap_or_default().tell(&mut core.sources);
        // Of a row among others the number says which it is.
        if let [written, _, ..] = core.sources.as_mut_slice() {
            written.numbered = true;
        }
        Ok((Select { ctes, core, ..Select::default() }, assigns, returning))
    }

    /// An update of a row that an insert met: its condition and what it sets. The row that was to be inserted is the
    /// source `excluded`.
    pub(super) fn on_conflict(&mut self, plan: &'c Plan) -> Result<(Vec<Node>, Vec<Assign>)> {
        if plan.sources.len() != 1 || !plan.ctes.is_empty() {
            return Err(AdapterError::unsupported("joins in the update of on_conflict"));
        }
        self.scopes.push(Scope { plan: Some(plan), ..Scope::default() });
        self.sources(plan)?;
        let scope = self.scope()?;
        let excluded = Shape { name: Some(Str::Static("excluded")), ..scope.sources[0].clone() };
        scope.sources.push(excluded);
        let filters = self.conditions(&plan.filters)?;
        let assigns = plan.updates.iter().map(|update| self.assign(update)).collect::<Result<_>>()?;
        self.scopes.pop();
        Ok((filters, assigns))
    }

    fn assign(&mut self, update: &'c Assignment) -> Result<Assign> {
        let first = self.scope()?.sources.first_mut();
        // What is set is not asked for; what it is set to may be made of what was there.
        let column = first.and_then(|shape| match update.op {
            UpdateOp::Set => shape.position(&update.column),
            UpdateOp::Inc | UpdateOp::Push | UpdateOp::Pull => shape.ask(&update.column),
        });
        let column =
            column.ok_or_else(|| refused("42703", format!("column `{}` does not exist", update.column)))?;
        let by = self.expression(&update.expr)?;
        let old = Node::Column { up: 0, source: 0, column };
        let value = match update.op {
            UpdateOp::Set => by,
            UpdateOp::Inc => Node::Arithmetic(Arithmetic::Add, Box::new(old), Box::new(by)),
            UpdateOp::Push => Node::Call(Function::ArrayAppend, vec![old, by]),
            UpdateOp::Pull => Node::Call(Function::ArrayRemove, vec![old, by]),
        };
        Ok(Assign { column, value })
    }

    /// An expression that is the same for all rows: of LIMIT.
    fn constant(&mut self, expr: &'c Expr) -> Result<Node> {
        let node = self.expression(expr)?;
        if !node.is_fixed() {
            return Err(refused("42P10", "argument of LIMIT must not contain variables"));
        }
        Ok(node)
    }

    fn cte(&mut self, cte: &'c PlanCte, recursive: bool) -> Result<Option<Cte>> {
        let number = self.numbers;
        self.numbers += 1;
        let made = match &cte.rows {
            CteRows::Plan(plan) => {
                if !matches!(plan.operation, crate::query::Operation::All) {
                    return Err(AdapterError::unsupported("common table expressions that write"));
                }
                if recursive && self.names_itself(plan, &cte.name) {
                    let made = self.recursion(plan, &cte.name, number)?;
                    return Ok(Some(made));
                }
                let body = self.select(plan)?;
                self.note_outer(&body);
                self.name(&cte.name, number, &body.columns);
                Cte { number, body, steps: Vec::new(), casts: Vec::new() }
            }
            CteRows::Fragment(pieces) => {
                let body = self.select_fragment(pieces)?;
                self.name(&cte.name, number, &body.columns);
                Cte { number, body, steps: Vec::new(), casts: Vec::new() }
            }
        };
        Ok(Some(made))
    }

    fn name(&mut self, name: &Str, number: usize, columns: &[(Str, Kind)]) {
        self.ctes.push(Named { name: name.clone(), number, columns: columns.to_vec() });
    }

    fn names_itself(&self, plan: &Plan, name: &Str) -> bool {
        plan.combinations.iter().any(|(_, combined)| {
            combined
                .sources
                .iter()
                .any(|source| matches!(source, crate::query::plan::Source::Cte { name: other, .. } if other == name))
        })
    }

    /// A recursive expression: its first part, and the parts that name it.
    fn recursion(&mut self, plan: &'c Plan, name: &Str, number: usize) -> Result<Cte> {
        if !plan.orders.is_empty() || plan.limit.is_some() || plan.offset.is_some() {
            return Err(AdapterError::unsupported("order, limit and offset of a recursive query as a whole"));
        }
        let mut base = Vec::new();
        let mut steps = Vec::new();
        for (operation, combined) in &plan.combinations {
            if self.names_itself_directly(combined, name) {
                match operation {
                    SetOperation::UnionAll => steps.push((true, combined)),
                    SetOperation::Union => steps.push((false, combined)),
                    _ => return Err(refused("42P19", "a recursive query must be a union of its parts")),
                }
            } else {
                base.push((*operation, combined));
            }
        }
        // The first part: the plan without the combinations that name it.
        self.scopes.push(Scope { plan: Some(plan), ..Scope::default() });
        let core = self.core(plan);
        let scope = self.scopes.pop().unwrap_or_default();
        let (mut core, _, columns) = core?;
        scope.tell(&mut core.sources);
        let mut body = Select { core, columns: columns.clone(), ..Select::default() };
        for (operation, combined) in base {
            body.combinations.push((operation, self.select(combined)?));
        }
        self.name(name, number, &columns);
        let outer = std::mem::replace(&mut self.recursing, true);
        let mut made = Vec::new();
        for (repeat, step) in steps {
            let select = self.select(step);
            match select {
                Ok(select) => made.push((repeat, select)),
                Err(error) => {
                    self.recursing = outer;
                    return Err(error);
                }
            }
        }
        self.recursing = outer;
        let casts = columns.iter().map(|(_, kind)| cast_into(kind)).collect();
        Ok(Cte { number, body, steps: made, casts })
    }

    fn names_itself_directly(&self, plan: &Plan, name: &Str) -> bool {
        plan.sources.iter().any(
            |source| matches!(source, crate::query::plan::Source::Cte { name: other, .. } if other == name),
        )
    }

    /// A query in FROM or of a common table expression is one level below: what it reaches is noted here.
    fn note_outer(&mut self, select: &Select) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.reach = scope.reach.max(select.reach.saturating_sub(1));
        }
    }

    /// The SELECT itself, and its order.
    fn core(&mut self, plan: &'c Plan) -> Result<Selected> {
        let (sources, joins) = self.sources(plan)?;
        let filter = self.conditions(&plan.filters)?;
        let mut core = Core { sources, joins, ..Core::default() };
        super::access::place(self, &mut core, filter);
        #[cfg(all(feature = "glue", not(target_arch = "wasm32")))]
        self.give_to_engine(&mut core)?;
        let mut keys = Vec::new();
        let groups: Vec<&'c Expr> =
            plan.groups.iter().map(|group| self.selected(group)).collect::<Result<_>>()?;
        for group in &groups {
            keys.push(self.expression(group)?);
        }
        let having = self.conditions(&plan.havings)?;
        let mut columns = Vec::with_capacity(plan.fields.len());
        for field in &plan.fields {
            let node = self.expression(&field.expr)?;
            columns.push((field.alias.clone().unwrap_or_default(), self.kind(&node)));
            core.fields.push(node);
        }
        let mut orders = Vec::new();
        let combined = !plan.combinations.is_empty();
        if let Some(PlanDistinct::On(on)) = &plan.distinct {
            let mut nodes = Vec::new();
            for order in on {
                let made = self.order(order)?;
                nodes.push(made.by.clone());
                orders.push(made);
            }
            core.distinct = Distinct::On(nodes);
        } else if plan.distinct.is_some() {
            core.distinct = Distinct::Rows;
        }
        for order in &plan.orders {
            orders.push(if combined { self.order_of_result(plan, order)? } else { self.order(order)? });
        }
        let scope = self.scope()?;
        let aggregates = std::mem::take(&mut scope.aggregates);
        core.windows = std::mem::take(&mut scope.windows);
        let grouped = !keys.is_empty() || !aggregates.is_empty() || !having.is_empty();
        if grouped {
            self.check_grouping(plan, &groups, combined)?;
            core.grouping = Some(Grouping { keys, aggregates, having });
        }
        if core.distinct == Distinct::Rows && !combined {
            self.check_distinct(plan)?;
        }
        Ok((core, orders, columns))
    }

    /// Joins that GlueSQL runs as SQL asks are its own.
    #[cfg(all(feature = "glue", not(target_arch = "wasm32")))]
    fn give_to_engine(&mut self, core: &mut Core) -> Result<()> {
        let shapes = &self.scope()?.sources;
        let kinds: Vec<Vec<Kind>> =
            shapes.iter().map(|shape| shape.columns.iter().map(|(_, kind)| kind.clone()).collect()).collect();
        let keys: Vec<Option<usize>> = shapes
            .iter()
            .map(|shape| match shape.key.as_slice() {
                [key] => Some(*key),
                _ => None,
            })
            .collect();
        core.engine =
            super::super::engine::Joins::of(core, &kinds, &|source| keys.get(source).copied().flatten());
        Ok(())
    }

    /// Conditions with their ands and ors, as what must hold all together.
    pub(super) fn conditions(&mut self, conditions: &'c [Condition]) -> Result<Vec<Node>> {
        let mut all: Option<Node> = None;
        for condition in conditions {
            let node = self.expression(&condition.expr)?;
            all = Some(match all {
                None => node,
                Some(before) if condition.or => Node::Or(vec![before, node]),
                Some(Node::And(mut before)) => {
                    before.push(node);
                    Node::And(before)
                }
                Some(before) => Node::And(vec![before, node]),
            });
        }
        Ok(all.map(Node::conjuncts).unwrap_or_default())
    }

    pub(super) fn order(&mut self, order: &'c PlanOrder) -> Result<Order> {
        let expr = self.selected(&order.expr)?;
        Ok(ordered(order, self.expression(expr)?))
    }

    /// An order of combined queries: by a column of the result, named or selected.
    fn order_of_result(&mut self, plan: &'c Plan, order: &'c PlanOrder) -> Result<Order> {
        let by_name = |name: &str| plan.fields.iter().position(|field| field.alias.as_deref() == Some(name));
        let column = match &order.expr {
            Expr::SelectedAs(name) => by_name(name),
            Expr::Fragment(pieces) => match pieces.as_slice() {
                [Piece::Raw(raw)] => {
                    let name = raw.trim().trim_matches('"');
                    by_name(name).or_else(|| name.parse::<usize>().ok().and_then(|at| at.checked_sub(1)))
                }
                _ => None,
            },
            Expr::Literal(value) => value.as_integer().and_then(|at| usize::try_from(at - 1).ok()),
            // PostgreSQL knows only the names of result columns here; an expression that is selected is one.
            expr => plan.fields.iter().position(|field| field.expr == *expr),
        };
        let column = column.filter(|column| *column < plan.fields.len()).ok_or_else(|| {
            refused(
                "42703",
                "the order of combined queries must be by a selected column, named by `selected_as`",
            )
        })?;
        Ok(ordered(order, Node::Column { up: 0, source: 0, column }))
    }

    /// What `selected_as(name)` stands for; any other expression is itself.
    pub(super) fn selected(&mut self, expr: &'c Expr) -> Result<&'c Expr> {
        let Expr::SelectedAs(name) = expr else { return Ok(expr) };
        let plan = self.scope()?.plan;
        plan.and_then(|plan| plan.fields.iter().find(|field| field.alias.as_ref() == Some(name)))
            .map(|field| &field.expr)
            .ok_or_else(|| refused("42703", format!("nothing is selected as `{name}`")))
    }
}

/// Row locks hold as they are: while a transaction is open, statements of others wait. Any other text is refused.
fn row_lock(lock: &[Piece]) -> Result<()> {
    let words = lock.iter().map(|piece| match piece {
        Piece::Raw(raw) => raw.to_ascii_lowercase(),
        // The source after `OF`.
        Piece::Expr(_) => " ".to_owned(),
    });
    let text: String = words.collect();
    let mut words: Vec<&str> = text
        .split(|char: char| char.is_whitespace() || char == ',')
        .filter(|word| !word.is_empty())
        .collect();
    if let Some(at) = words.iter().position(|word| *word == "of") {
        words.retain({
            let mut place = 0;
            move |word| {
                place += 1;
                place <= at || matches!(*word, "nowait" | "skip" | "locked")
            }
        });
    }
    match words.as_slice() {
        ["for", "update" | "share", ..]
        | ["for", "no", "key", "update", ..]
        | ["for", "key", "share", ..] => Ok(()),
        _ => Err(AdapterError::unsupported(format!("lock {text}"))),
    }
}

fn ordered(order: &PlanOrder, by: Node) -> Order {
    Order { by, descending: order.direction.is_desc(), nulls_first: order.direction.nulls_first() }
}

/// How a step's column is made that of the first part.
fn cast_into(kind: &Kind) -> Cast {
    match kind {
        Kind::Integer(_) => Cast::Integer,
        Kind::Float => Cast::Float,
        Kind::Decimal(_) => Cast::Decimal(None),
        _ => Cast::Any,
    }
}

impl Shape {
    /// The place of a column.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|(column, _)| column.as_str() == name)
    }
}
