//! What a query does, in words: which index finds the rows of a table, what is joined how, sorted, and grouped.

mod expression;

use super::adapter::Glue;
use super::node::{Nested, Node};
use super::prepare::{Prepared, prepare};
use super::select::{Access, Core, Distinct, Join, Order, Origin, Select, Source};
use crate::adapter::Outcome;
use crate::query::{Operation, Plan};
use crate::store::{Database, IndexInfo, Table, TableName};
use crate::value::Str;

impl Glue {
    /// How a plan is run: a step a line, below it and indented the steps that give it its rows. Params are `$1`, `$2`.
    ///
    /// # Errors
    ///
    /// As running it: what is unsupported, and tables that are not there.
    pub fn explain(&self, plan: &Plan) -> Outcome<String> {
        self.with_database(|database| {
            let prepared = prepare(plan, database)?;
            let (select, tables) = match &prepared {
                Prepared::Read(read) => (&read.run, &read.tables),
                Prepared::Write(write) => (&write.run.select, &write.tables),
            };
            let word = match plan.operation {
                Operation::UpdateAll => Some("update the rows of"),
                Operation::DeleteAll => Some("delete the rows of"),
                Operation::All | Operation::InsertAll => None,
            };
            let mut told = Told { database, tables, text: String::new(), depth: 0, scopes: Vec::new() };
            told.below(word.map(str::to_owned), &mut |told| told.select(select));
            told.text.truncate(told.text.trim_end().len());
            Ok(told.text)
        })
    }
}

/// What is told so far.
struct Told<'d> {
    database: &'d Database,
    tables: &'d [TableName],
    text: String,
    depth: usize,
    /// The names of sources and their columns, of the queries around the current one.
    scopes: Vec<Vec<Named>>,
}

/// A source as expressions call it.
struct Named {
    name: String,
    columns: Vec<Str>,
}

impl<'d> Told<'d> {
    fn line(&mut self, line: &str) {
        for _ in 0..self.depth {
            self.text.push_str("  ");
        }
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// A line, if there is something to say, and what follows below it.
    fn below(&mut self, line: Option<String>, rest: &mut dyn FnMut(&mut Self)) {
        let deeper = usize::from(line.is_some());
        if let Some(line) = line {
            self.line(&line);
        }
        self.depth += deeper;
        rest(self);
        self.depth -= deeper;
    }

    fn select(&mut self, select: &Select) {
        self.scopes.push(Vec::new());
        let names = select.core.sources.iter().enumerate().map(|(at, source)| self.named(at, source));
        let names: Vec<Named> = names.collect();
        *self.scope() = names;
        for cte in &select.ctes {
            let recursive = if cte.steps.is_empty() { "" } else { "recursive " };
            let line = concat(&[recursive, "common table expression ", &(cte.number + 1).to_string()]);
            self.below(Some(line), &mut |told| {
                told.select(&cte.body);
                cte.steps.iter().for_each(|(_, step)| told.select(step));
            });
        }
        let cut = match (&select.limit, &select.offset) {
            (None, None) => None,
            (Some(limit), None) => Some(concat(&["limit ", &self.expression(limit)])),
            (None, Some(offset)) => Some(concat(&["offset ", &self.expression(offset)])),
            (Some(limit), Some(offset)) => {
                Some(concat(&["limit ", &self.expression(limit), " offset ", &self.expression(offset)]))
            }
        };
        self.below(cut, &mut |told| {
            let sorts = !select.orders.is_empty() && !select.core.ordered;
            let sort = sorts.then(|| concat(&["sort by ", &told.orders(&select.orders)]));
            told.below(sort, &mut |told| match select.combinations.as_slice() {
                [] => told.core(&select.core),
                combined => {
                    told.core(&select.core);
                    for (operation, other) in combined {
                        let line = operation.name().replace('_', " ");
                        told.below(Some(line), &mut |told| told.select(other));
                    }
                }
            });
        });
        self.scopes.pop();
    }

    fn core(&mut self, core: &Core) {
        let distinct = match &core.distinct {
            Distinct::No => None,
            Distinct::Rows => Some("distinct rows".to_owned()),
            Distinct::On(on) => Some(concat(&["distinct on ", &self.list(on)])),
        };
        let windows = (!core.windows.is_empty()).then(|| "window functions".to_owned());
        let groups = core.grouping.as_ref().map(|grouping| {
            let by = match grouping.keys.as_slice() {
                [] => "aggregate all rows".to_owned(),
                keys => concat(&["group by ", &self.list(keys)]),
            };
            match grouping.having.as_slice() {
                [] => by,
                having => concat(&[&by, " having ", &self.all_of(having)]),
            }
        });
        self.below(distinct, &mut |told| {
            told.below(windows.clone(), &mut |told| {
                told.below(groups.clone(), &mut |told| {
                    let filter = told.filter(&core.filters);
                    told.below(filter, &mut |told| {
                        told.nested(&core.filters);
                        told.joins(core, &core.joins);
                    });
                });
            });
        });
        self.nested(&core.fields);
    }

    /// The last join is on top, and its left side below it.
    fn joins(&mut self, core: &Core, joins: &[Join]) {
        let Some((last, before)) = joins.split_last() else {
            if let Some(first) = core.sources.first() {
                self.source(0, first, None);
            }
            return;
        };
        let mut line = concat(&[&last.kind.name().replace('_', " "), " join"]);
        let pairs: Vec<String> = last
            .equal
            .iter()
            .map(|(left, right)| concat(&[&self.expression(left), " = ", &self.expression(right)]))
            .collect();
        let on: Vec<String> = last.on.iter().map(|on| self.expression(on)).collect();
        let by = match (last.equal.is_empty(), &last.probe) {
            (true, _) => " of all pairs",
            (false, None) => " by hash",
            (false, Some(_)) => " by index if few rows are on the left, else by hash",
        };
        line.push_str(by);
        if !pairs.is_empty() || !on.is_empty() {
            line.push_str(", on ");
            line.push_str(&[pairs, on].concat().join(" and "));
        }
        self.below(Some(line), &mut |told| {
            told.joins(core, before);
            if let Some(source) = core.sources.get(last.source) {
                told.source(last.source, source, last.probe.as_ref());
            }
        });
    }

    fn source(&mut self, at: usize, source: &Source, probe: Option<&Access>) {
        let name = self.scope().get(at).map(|named| named.name.clone()).unwrap_or_default();
        let mut line = match &source.rows {
            Origin::Nothing => "one row".to_owned(),
            Origin::Cte(number) => concat(&["rows of common table expression ", &(number + 1).to_string()]),
            Origin::Query(_) => "rows of a subquery".to_owned(),
            Origin::Values(rows) => concat(&[&rows.len().to_string(), " rows of values"]),
            Origin::Series { .. } => "a series".to_owned(),
            Origin::Elements(_) => "the elements of an array".to_owned(),
            Origin::Table { table, access } => {
                let access = probe.unwrap_or(access);
                match self.table(*table) {
                    Some(known) => self.access(known, access, at),
                    None => "a table".to_owned(),
                }
            }
        };
        line.push_str(" as ");
        line.push_str(&name);
        if let Some(filter) = self.filter(&source.filters) {
            line.push_str(", ");
            line.push_str(&filter);
        }
        self.below(Some(line), &mut |told| {
            if let Origin::Query(select) = &source.rows {
                told.select(select);
            }
            told.nested(&source.filters);
        });
    }

    fn access(&mut self, table: &Table, access: &Access, at: usize) -> String {
        let name = table.definition().name.to_string();
        let Some(index) = table.indexes().find(|index| Some(index.id) == access.index) else {
            return concat(&["scan of all ", &table.len().to_string(), " rows of ", &name]);
        };
        let mut keys = Vec::new();
        let column = |place: usize| {
            let position = index.columns.get(place).copied().unwrap_or_default();
            Node::Column { up: 0, source: at, column: position }
        };
        for (place, equal) in access.equal.iter().enumerate() {
            keys.push(concat(&[&self.expression(&column(place)), " = ", &self.expression(equal)]));
        }
        let next = self.expression(&column(access.equal.len()));
        if let Some(any) = &access.any {
            keys.push(concat(&[&next, " in ", &self.expression(any)]));
        }
        for (bound, without, with) in [(&access.lower, " > ", " >= "), (&access.upper, " < ", " <= ")] {
            if let Some((bound, included)) = bound {
                keys.push(concat(&[&next, if *included { with } else { without }, &self.expression(bound)]));
            }
        }
        let mut line = match access.is_full() {
            true => concat(&["rows of ", &name, " in the order of ", index_name(&index)]),
            false => concat(&["rows of ", &name, " by ", index_name(&index), " (", &keys.join(", "), ")"]),
        };
        if access.reverse {
            line.push_str(", backwards");
        }
        line
    }

    fn filter(&mut self, filters: &[Node]) -> Option<String> {
        (!filters.is_empty()).then(|| concat(&["filter ", &self.all_of(filters)]))
    }

    fn all_of(&self, conditions: &[Node]) -> String {
        conditions.iter().map(|node| self.expression(node)).collect::<Vec<_>>().join(" and ")
    }

    fn orders(&mut self, orders: &[Order]) -> String {
        let order = |order: &Order| {
            let by = self.expression(&order.by);
            if order.descending { concat(&[&by, " desc"]) } else { by }
        };
        orders.iter().map(order).collect::<Vec<_>>().join(", ")
    }

    fn list(&mut self, nodes: &[Node]) -> String {
        nodes.iter().map(|node| self.expression(node)).collect::<Vec<_>>().join(", ")
    }

    /// The queries within expressions.
    fn nested(&mut self, nodes: &[Node]) {
        let mut found: Vec<&Nested> = Vec::new();
        nodes.iter().for_each(|node| subqueries(node, &mut found));
        for nested in found {
            let often =
                if nested.cache.is_some() { "subquery, run once" } else { "subquery, run for each row" };
            self.below(Some(often.to_owned()), &mut |told| told.select(&nested.select));
        }
    }

    fn table(&self, table: usize) -> Option<&'d Table> {
        self.tables.get(table).and_then(|name| self.database.table_named(name))
    }

    /// A source under the name that Ecto gives it: the first letter of its table and its place.
    fn named(&self, at: usize, source: &Source) -> Named {
        let mut letter = 's';
        let columns = match &source.rows {
            Origin::Table { table, .. } => {
                let definition = self.table(*table).map(Table::definition);
                letter = definition
                    .and_then(|definition| definition.name.name.chars().next())
                    .filter(|first| first.is_ascii_lowercase())
                    .unwrap_or('t');
                definition.map_or_else(Vec::new, |definition| {
                    definition.columns.iter().map(|column| column.name.clone()).collect()
                })
            }
            Origin::Query(select) => select.columns.iter().map(|(name, _)| name.clone()).collect(),
            _ => Vec::new(),
        };
        let mut name = String::from(letter);
        name.push_str(&at.to_string());
        Named { name, columns }
    }

    fn scope(&mut self) -> &mut Vec<Named> {
        if self.scopes.is_empty() {
            self.scopes.push(Vec::new());
        }
        let last = self.scopes.len() - 1;
        &mut self.scopes[last]
    }
}

/// The name of an index as people know it.
fn index_name<'a>(index: &IndexInfo<'a>) -> &'a str {
    if index.primary { "its primary key" } else { index.name }
}

/// The queries within an expression.
fn subqueries<'n>(node: &'n Node, found: &mut Vec<&'n Nested>) {
    match node {
        Node::Scalar(nested) | Node::Exists(nested) | Node::InQuery(_, nested) => found.push(nested),
        Node::Quantified { nested, .. } => found.push(nested),
        _ => {}
    }
    node.children().into_iter().for_each(|child| subqueries(child, found));
}

fn concat(parts: &[&str]) -> String {
    parts.concat()
}
