//! Queries for people, printed as Ecto prints them.

mod expr;
mod value;

pub(super) use expr::type_text;

pub use value::inspect_value;

use super::expr::{Binding, Expr, Piece, Taken, Window};
use super::plan::Operation;
use super::schemas::Schemas;
use super::tree::{
    AssocPreload, Condition, CteBody, Distinct, Order, Parts, Preload, PreloadWith, Query, Source,
    SourceKind, Update,
};
use super::words::{Direction, JoinKind};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use expr::Printer;

impl Query {
    /// The query in one line: `#Ecto.Query<from u0 in User, where: u0.age > ^18>`.
    ///
    /// ```
    /// use ectomorph::query::{Query, field};
    /// let query = Query::from_table("users").where_(field("age").gt(18)).limit(3);
    /// assert_eq!(query.inspect(), "#Ecto.Query<from u0 in \"users\", where: u0.age > 18, limit: 3>");
    /// ```
    pub fn inspect(&self) -> String {
        inspected(self, 0)
    }

    /// The query as it stands in messages, a clause a line.
    ///
    /// ```
    /// use ectomorph::query::{Query, field};
    /// let query = Query::from_table("users").where_(field("age").gt(18)).limit(3);
    /// assert_eq!(query.to_text(), "from u0 in \"users\",\n  where: u0.age > 18,\n  limit: 3");
    /// ```
    pub fn to_text(&self) -> String {
        self.text_with(&Schemas::new())
    }

    /// As [`Query::to_text`]; a table that is that of its schema is not mentioned besides it.
    pub fn text_with(&self, schemas: &Schemas) -> String {
        lines(self, schemas, 0).join(",\n  ")
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.inspect())
    }
}

pub(super) fn inspected(query: &Query, depth: usize) -> String {
    let mut text = format!("#Ecto.Query<{}>", lines(query, &Schemas::new(), depth).join(", "));
    let Some(with) = &query.parts().with else { return text };
    if with.recursive {
        text.push_str("\n|> recursive_ctes(true)");
    }
    for cte in &with.ctes {
        let body = match &cte.body {
            CteBody::Query(query) => inspected(query, depth + 1),
            CteBody::Fragment(pieces) => Printer { names: Vec::new(), depth }.fragment(pieces),
        };
        let materialized = match cte.materialized {
            None => "nil",
            Some(true) => "true",
            Some(false) => "false",
        };
        let operation = match cte.operation {
            Operation::All => String::new(),
            other => format!(", operation: :{}", other.name()),
        };
        let name = &cte.name;
        text.push_str(&format!(
            "\n|> with_cte(\"{name}\", materialized: {materialized}{operation}, as: {body})"
        ));
    }
    text
}

/// An expression as it stands in messages about `query`.
pub(super) fn expr_text(query: &Query, expr: &Expr) -> String {
    Printer { names: names(query.parts()), depth: 0 }.expr(expr)
}

/// How many queries within each other are printed.
const MAX_QUERIES: usize = 20;

fn lines(query: &Query, schemas: &Schemas, depth: usize) -> Vec<String> {
    if depth > MAX_QUERIES {
        return Vec::from(["...".to_string()]);
    }
    let parts = query.parts();
    let printer = Printer { names: names(parts), depth };
    let mut out = Vec::new();
    out.push(format!("from {} in {}", printer.names[0], printer.source(&parts.from, schemas)));
    named(&mut out, &parts.from);
    for (at, join) in parts.joins.iter().enumerate() {
        let source = printer.source(&join.source, schemas);
        out.push(format!("{}: {} in {source}", join_word(join.kind), printer.names[at + 1]));
        named(&mut out, &join.source);
        match &join.on {
            Some(on) => out.push(format!("on: {}", printer.expr(on))),
            None if matches!(join.source.kind, SourceKind::Assoc(..)) => {}
            None => out.push("on: true".to_string()),
        }
    }
    conditions(&mut out, &printer, ["where", "or_where"], &parts.wheres);
    if !parts.group_bys.is_empty() {
        out.push(format!("group_by: {}", printer.list(&parts.group_bys)));
    }
    conditions(&mut out, &printer, ["having", "or_having"], &parts.havings);
    for (name, window) in &parts.windows {
        out.push(format!("windows: [{name}: [{}]]", printer.window(window)));
    }
    for combination in &parts.combinations {
        out.push(format!(
            "{}: ({})",
            combination.operation.name(),
            lines(&combination.query, schemas, depth + 1).join(",\n  ")
        ));
    }
    if !parts.order_bys.is_empty() {
        out.push(format!("order_by: {}", printer.orders(&parts.order_bys)));
    }
    if let Some(limit) = &parts.limit {
        out.push(format!("limit: {}", printer.expr(limit)));
        if parts.with_ties {
            out.push("with_ties: true".to_string());
        }
    }
    if let Some(offset) = &parts.offset {
        out.push(format!("offset: {}", printer.expr(offset)));
    }
    match parts.lock.as_deref() {
        None => {}
        Some([Piece::Raw(lock)]) => out.push(format!("lock: {}", value::quoted(lock))),
        Some(pieces) => out.push(format!("lock: {}", printer.fragment(pieces))),
    }
    match &parts.distinct {
        None => {}
        Some(Distinct::Rows) => out.push("distinct: true".to_string()),
        Some(Distinct::On(orders)) => out.push(format!("distinct: {}", printer.orders(orders))),
    }
    if !parts.updates.is_empty() {
        out.push(format!("update: [{}]", updates(&printer, &parts.updates)));
    }
    if let Some(select) = &parts.select {
        out.push(format!("select: {}", printer.expr(select)));
    }
    if !parts.preloads.is_empty() {
        out.push(format!("preload: {}", preloads(&parts.preloads)));
    }
    if !parts.assocs.is_empty() {
        out.push(format!("preload: [{}]", assocs(&printer, &parts.assocs)));
    }
    out
}

fn named(out: &mut Vec<String>, source: &Source) {
    if let Some(name) = &source.name {
        out.push(format!("as: {}", value::atom(name)));
    }
    if let Some(prefix) = &source.prefix {
        out.push(format!("prefix: {}", value::quoted(prefix)));
    }
}

fn conditions(out: &mut Vec<String>, printer: &Printer, words: [&str; 2], conditions: &[Condition]) {
    for condition in conditions {
        let word = words[usize::from(condition.or)];
        out.push(format!("{word}: {}", printer.expr(&condition.expr)));
    }
}

fn updates(printer: &Printer, updates: &[Update]) -> String {
    let of_op = |op: super::words::UpdateOp| {
        let fields: Vec<String> = updates
            .iter()
            .filter(|update| update.op == op)
            .map(|update| format!("{}: {}", update.field, printer.expr(&update.expr)))
            .collect();
        (!fields.is_empty()).then(|| format!("{}: [{}]", op.name(), fields.join(", ")))
    };
    let all: Vec<String> = super::words::UpdateOp::ALL.into_iter().filter_map(of_op).collect();
    all.join(", ")
}

/// Names first, then those with something nested, as a keyword list must be.
fn preloads(all: &[Preload]) -> String {
    let plain = |preload: &&Preload| preload.nested.is_empty() && preload.with == PreloadWith::Table;
    let names = all.iter().filter(plain).map(|preload| value::atom(&preload.assoc));
    let nested = all.iter().filter(|preload| !plain(preload)).map(|preload| {
        let inside = match (&preload.with, preload.nested.as_slice()) {
            (PreloadWith::Table, nested) => preloads(nested),
            (PreloadWith::Query(query), []) => query.inspect(),
            (PreloadWith::Query(query), nested) => format!("{{{}, {}}}", query.inspect(), preloads(nested)),
            (PreloadWith::Function(_), _) => "#Function<>".to_string(),
        };
        format!("{}: {inside}", preload.assoc)
    });
    let all: Vec<String> = names.chain(nested).collect();
    format!("[{}]", all.join(", "))
}

fn assocs(printer: &Printer, all: &[AssocPreload]) -> String {
    let one = |assoc: &AssocPreload| {
        let binding = printer.binding(&assoc.binding);
        match assoc.nested.as_slice() {
            [] => format!("{}: {binding}", assoc.assoc),
            nested => format!("{}: {{{binding}, [{}]}}", assoc.assoc, assocs(printer, nested)),
        }
    };
    all.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn join_word(kind: JoinKind) -> &'static str {
    match kind {
        JoinKind::Inner => "join",
        JoinKind::Left => "left_join",
        JoinKind::Right => "right_join",
        JoinKind::Full => "full_join",
        JoinKind::Cross => "cross_join",
        JoinKind::InnerLateral => "inner_lateral_join",
        JoinKind::LeftLateral => "left_lateral_join",
        JoinKind::CrossLateral => "cross_lateral_join",
    }
}

/// A letter and a number for each source: `u0`, `p1`.
fn names(parts: &Parts) -> Vec<String> {
    let sources = core::iter::once(&parts.from).chain(parts.joins.iter().map(|join| &join.source));
    sources.enumerate().map(|(at, source)| format!("{}{at}", letter(source))).collect()
}

fn letter(source: &Source) -> String {
    let name: &str = match &source.kind {
        SourceKind::Table { schema: Some(schema), .. } => schema.name(),
        SourceKind::Table { table, .. } => table.as_deref().unwrap_or("q"),
        SourceKind::Subquery(query) | SourceKind::Query(query) => return letter(&query.parts().from),
        SourceKind::Assoc(_, name) => name,
        SourceKind::Fragment(_) => "f",
        SourceKind::Values { .. } => "v",
    };
    name.chars().next().map(|first| first.to_lowercase().collect()).unwrap_or_default()
}

impl Printer {
    fn source(&self, source: &Source, schemas: &Schemas) -> String {
        match &source.kind {
            SourceKind::Table { table: None, schema: Some(schema) } => schema.name().to_string(),
            SourceKind::Table { table: Some(table), schema: None } => value::quoted(table),
            SourceKind::Table { table: Some(table), schema: Some(schema) } => {
                let is_own = schemas.resolve(schema).is_ok_and(|known| known.source() == Some(table));
                match is_own {
                    true => schema.name().to_string(),
                    false => format!("{{{}, {}}}", value::quoted(table), schema.name()),
                }
            }
            SourceKind::Table { table: None, schema: None } => "nil".to_string(),
            SourceKind::Subquery(query) => {
                format!("subquery({})", lines(query, schemas, self.depth + 1).join(",\n  "))
            }
            SourceKind::Query(query) => format!("^{}", inspected(query, self.depth + 1)),
            SourceKind::Assoc(binding, name) => {
                format!("assoc({}, {})", self.binding(binding), value::atom(name))
            }
            SourceKind::Fragment(pieces) => self.fragment(pieces),
            SourceKind::Values { types, .. } => {
                let names: Vec<&str> = types.iter().map(|(name, _)| name.as_str()).collect();
                format!("values ({})", names.join(", "))
            }
        }
    }

    fn orders(&self, orders: &[Order]) -> String {
        let one = |order: &Order| format!("{}: {}", order_word(order.direction), self.expr(&order.expr));
        format!("[{}]", orders.iter().map(one).collect::<Vec<_>>().join(", "))
    }

    fn list(&self, exprs: &[Expr]) -> String {
        format!("[{}]", self.commas(exprs))
    }

    fn window(&self, window: &Window) -> String {
        let mut parts = Vec::new();
        if !window.partition_by.is_empty() {
            parts.push(format!("partition_by: {}", self.list(&window.partition_by)));
        }
        if !window.order_by.is_empty() {
            parts.push(format!("order_by: {}", self.orders(&window.order_by)));
        }
        if let Some(frame) = &window.frame {
            parts.push(format!("frame: {}", self.fragment(frame)));
        }
        parts.join(", ")
    }

    fn binding(&self, binding: &Binding) -> String {
        match binding {
            Binding::At(at) => match self.names.get(*at) {
                Some(name) => name.clone(),
                None => format!("unknown_binding_{at}!"),
            },
            Binding::Named(name) => format!("as({})", value::atom(name)),
            Binding::Parent(name) => format!("parent_as({})", value::atom(name)),
        }
    }
}

fn order_word(direction: Direction) -> &'static str {
    direction.name()
}

fn taken(fields: &[Taken]) -> String {
    let one = |field: &Taken| match field {
        Taken::Field(name) => value::atom(name),
        Taken::Assoc(name, fields) => format!("{name}: {}", taken(fields)),
    };
    format!("[{}]", fields.iter().map(one).collect::<Vec<_>>().join(", "))
}
