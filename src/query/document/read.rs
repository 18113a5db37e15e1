//! Reading the clauses of a query.

use super::check::{Read, boolean, known_keys, list, object, one_of, text, text_of, wrong};
use super::write::misleading_name;
use super::{MAX_DEPTH, MAX_NODES};
use crate::query::expr::{Expr, Piece, Window};
use crate::query::plan::Operation;
use crate::query::schemas::SchemaRef;
use crate::query::tree::{
    AssocPreload, Combination, Condition, Cte, CteBody, Distinct, Join, Order, Preload, PreloadWith, Query,
    Source, SourceKind, Update, With,
};
use crate::query::words::{Direction, JoinKind, SetOperation, UpdateOp};
use crate::types::Types;
use crate::value::{Map, Str, Value};
use alloc::format;
use alloc::vec::Vec;

const QUERY_KEYS: [&str; 19] = [
    "with",
    "select",
    "distinct",
    "from",
    "join",
    "update",
    "where",
    "group_by",
    "having",
    "windows",
    "combinations",
    "order_by",
    "limit",
    "with_ties",
    "offset",
    "lock",
    "preload",
    "preload_assocs",
    "prefix",
];
const SOURCE_KEYS: [&str; 8] =
    ["as", "named", "prefix", "source", "schema", "subquery", "fragment", "values"];
const JOIN_KEYS: [&str; 12] = [
    "as", "named", "prefix", "source", "schema", "subquery", "fragment", "values", "qual", "on", "assoc",
    "query",
];

pub(super) fn read(document: &Value, types: &Types) -> Read<Query> {
    let map = object(document, "a document of a query")?;
    known_keys(map, &["query", "params"], "the document of a query")?;
    let params = match map.get("params") {
        None => &[],
        Some(params) => list(params, "params")?,
    };
    for param in params {
        known_keys(object(param, "a param")?, &["value", "type"], "a param")?;
    }
    let query = map.get("query").ok_or_else(|| wrong("a document of a query needs the key `query`"))?;
    Reader { params, types, scopes: Vec::new(), depth: 0, nodes: 0 }.query(query)
}

pub(super) struct Reader<'a> {
    pub(super) params: &'a [Value],
    pub(super) types: &'a Types,
    /// The names of sources of the queries around, outermost first.
    pub(super) scopes: Vec<Vec<Str>>,
    depth: usize,
    nodes: usize,
}

impl Reader<'_> {
    pub(super) fn query(&mut self, document: &Value) -> Read<Query> {
        let map = object(document, "a query")?;
        known_keys(map, &QUERY_KEYS, "a query")?;
        self.enter()?;
        self.scopes.push(names_of_sources(map));
        let query = self.clauses(map)?;
        self.scopes.pop();
        self.depth -= 1;
        Ok(query)
    }

    fn clauses(&mut self, map: &Map) -> Read<Query> {
        let from = map.get("from").ok_or_else(|| wrong("a query needs a `from`"))?;
        let from = self.from(from).map_err(|error| error.at("from"))?;
        let mut query = Query::of(from);
        let parts = query.parts_mut();
        for (key, value) in map.iter() {
            let read = match key.as_str() {
                "with" => self.with(value).map(|with| parts.with = Some(with)),
                "select" => self.expr(value).map(|select| parts.select = Some(select)),
                "distinct" => self.distinct(value).map(|distinct| parts.distinct = distinct),
                "join" => self.each(value, Self::join).map(|joins| parts.joins = joins),
                "update" => self.each(value, Self::update).map(|updates| parts.updates = updates.concat()),
                "where" => self.each(value, Self::condition).map(|wheres| parts.wheres = wheres),
                "group_by" => self.each(value, Self::expr).map(|groups| parts.group_bys = groups),
                "having" => self.each(value, Self::condition).map(|havings| parts.havings = havings),
                "windows" => self.each(value, Self::named_window).map(|windows| parts.windows = windows),
                "combinations" => self.each(value, Self::combination).map(|all| parts.combinations = all),
                "order_by" => self.each(value, Self::order).map(|orders| parts.order_bys = orders),
                "limit" => self.expr(value).map(|limit| parts.limit = Some(limit)),
                "with_ties" => boolean(value).map(|flag| parts.with_ties = flag),
                "offset" => self.expr(value).map(|offset| parts.offset = Some(offset)),
                "lock" => self.lock(value).map(|lock| parts.lock = Some(lock)),
                "preload" => self.preloads(value).map(|preloads| parts.preloads = preloads),
                "preload_assocs" => self.each(value, Self::assoc).map(|assocs| parts.assocs = assocs),
                "prefix" => text(value).map(|prefix| parts.prefix = Some(prefix)),
                _ => Ok(()),
            };
            read.map_err(|error| error.at(key))?;
        }
        match misleading_name(query.parts().sources()) {
            None => Ok(query),
            Some(message) => Err(wrong(&message)),
        }
    }

    fn from(&mut self, document: &Value) -> Read<Source> {
        let map = object(document, "a source")?;
        known_keys(map, &SOURCE_KEYS, "a source")?;
        self.source(map)
    }

    fn source(&mut self, map: &Map) -> Read<Source> {
        let name = match map.get("named") {
            Some(Value::Bool(true)) => Some(text_of(map, "as")?),
            _ => None,
        };
        let prefix = map.get("prefix").map(text).transpose()?;
        let kinds = ["subquery", "fragment", "values", "assoc", "query"];
        let mut given = kinds.into_iter().filter(|key| map.contains_key(key));
        let kind = match (given.next(), given.next()) {
            (Some(one), Some(other)) => {
                return Err(wrong(&format!("a source is either `{one}` or `{other}`, not both")));
            }
            (Some(key), None) => {
                let value = &map.get(key).cloned().unwrap_or_default();
                match key {
                    "subquery" => SourceKind::Subquery(self.query(value)?),
                    "query" => SourceKind::Query(self.query(value)?),
                    "fragment" => SourceKind::Fragment(self.fragment(value)?),
                    "values" => self.values(value)?,
                    _ => match list(value, "assoc")? {
                        [binding, name] => SourceKind::Assoc(self.binding(binding)?, text(name)?),
                        _ => {
                            return Err(wrong(
                                "`assoc` is a list of a binding and the name of an association",
                            ));
                        }
                    },
                }
            }
            _ => {
                let table = map.get("source").map(text).transpose()?;
                let schema = map.get("schema").map(text).transpose()?.map(SchemaRef::Named);
                if table.is_none() && schema.is_none() {
                    return Err(wrong(
                        "a source needs a `source`, a `schema`, a `subquery`, a `fragment` or `values`",
                    ));
                }
                SourceKind::Table { table, schema }
            }
        };
        Ok(Source { kind, name, prefix })
    }

    fn values(&mut self, document: &Value) -> Read<SourceKind> {
        let map = object(document, "`values`")?;
        known_keys(map, &["types", "rows", "cells"], "`values`")?;
        let types = list(map.get("types").unwrap_or(&Value::Null), "`types`")?;
        let mut columns = Vec::with_capacity(types.len());
        for column in types {
            match list(column, "a column of `values`")? {
                [name, kind] => columns.push((text(name)?, self.plain_type(kind)?)),
                _ => return Err(wrong("a column of `values` is a name and a type")),
            }
        }
        let cells = list(map.get("cells").unwrap_or(&Value::Null), "`cells`")?;
        let rows = map.get("rows").and_then(Value::as_integer).unwrap_or(-1);
        if columns.is_empty() || rows < 0 || (rows as usize).checked_mul(columns.len()) != Some(cells.len()) {
            return Err(wrong("`values` need `types`, `rows` and as many `cells` as these say"));
        }
        let rows = cells.chunks(columns.len()).map(<[Value]>::to_vec).collect();
        Ok(SourceKind::Values { types: columns, rows })
    }

    fn join(&mut self, document: &Value) -> Read<Join> {
        let map = object(document, "a join")?;
        known_keys(map, &JOIN_KEYS, "a join")?;
        let kind = match map.get("qual") {
            None => JoinKind::Inner,
            Some(kind) => one_of(kind, "join", &JoinKind::ALL, JoinKind::name)?,
        };
        let source = self.source(map)?;
        let on = map.get("on").map(|on| self.expr(on)).transpose().map_err(|error| error.at("on"))?;
        Ok(Join { kind, source, on })
    }

    fn condition(&mut self, document: &Value) -> Read<Condition> {
        match document {
            Value::Map(map) if map.contains_key("or") => {
                known_keys(map, &["or"], "a condition")?;
                let expr = self.expr(map.get("or").unwrap_or(&Value::Null))?;
                Ok(Condition { or: true, expr })
            }
            _ => Ok(Condition { or: false, expr: self.expr(document)? }),
        }
    }

    pub(super) fn order(&mut self, document: &Value) -> Read<Order> {
        match document.as_list() {
            Some([direction, expr]) => Ok(Order {
                direction: one_of(direction, "direction", &Direction::ALL, Direction::name)?,
                expr: self.expr(expr)?,
            }),
            _ => Err(wrong("an order is a list of a direction and an expression")),
        }
    }

    fn distinct(&mut self, document: &Value) -> Read<Option<Distinct>> {
        match document {
            Value::Bool(true) => Ok(Some(Distinct::Rows)),
            Value::Bool(false) => Ok(None),
            _ => Ok(Some(Distinct::On(self.each(document, Self::order)?))),
        }
    }

    fn update(&mut self, document: &Value) -> Read<Vec<Update>> {
        let mut updates = Vec::new();
        for (op, pairs) in object(document, "an update")?.iter() {
            let op = one_of(&Value::from(op), "update", &UpdateOp::ALL, UpdateOp::name)?;
            for pair in list(pairs, "an update")? {
                match pair.as_list() {
                    Some([field, expr]) => {
                        updates.push(Update { op, field: text(field)?, expr: self.expr(expr)? });
                    }
                    _ => return Err(wrong("an update is a list of fields and expressions")),
                }
            }
        }
        Ok(updates)
    }

    fn named_window(&mut self, document: &Value) -> Read<(Str, Window)> {
        match document.as_list() {
            Some([name, window]) => Ok((text(name)?, self.window(window)?)),
            _ => Err(wrong("a window is a list of its name and what it is")),
        }
    }

    pub(super) fn window(&mut self, document: &Value) -> Read<Window> {
        let map = object(document, "a window")?;
        known_keys(map, &["partition_by", "order_by", "frame"], "a window")?;
        let mut window = Window::default();
        if let Some(partition) = map.get("partition_by") {
            window.partition_by = self.each(partition, Self::expr)?;
        }
        if let Some(order) = map.get("order_by") {
            window.order_by = self.each(order, Self::order)?;
        }
        window.frame = map.get("frame").map(|frame| self.fragment(frame)).transpose()?;
        Ok(window)
    }

    fn combination(&mut self, document: &Value) -> Read<Combination> {
        let map = object(document, "a combination")?;
        known_keys(map, &["op", "query"], "a combination")?;
        let operation = map.get("op").unwrap_or(&Value::Null);
        let operation = one_of(operation, "combination", &SetOperation::ALL, SetOperation::name)?;
        Ok(Combination { operation, query: self.query(map.get("query").unwrap_or(&Value::Null))? })
    }

    fn with(&mut self, document: &Value) -> Read<With> {
        let map = object(document, "`with`")?;
        known_keys(map, &["recursive", "ctes"], "`with`")?;
        let recursive = map.get("recursive").map(boolean).transpose()?.unwrap_or(false);
        let ctes = self.each(map.get("ctes").unwrap_or(&Value::Null), Self::cte)?;
        Ok(With { recursive, ctes })
    }

    fn cte(&mut self, document: &Value) -> Read<Cte> {
        let map = object(document, "a CTE")?;
        known_keys(map, &["name", "query", "fragment", "materialized", "operation"], "a CTE")?;
        let body = match (map.get("query"), map.get("fragment")) {
            (Some(query), None) => CteBody::Query(self.query(query)?),
            (None, Some(fragment)) => CteBody::Fragment(self.fragment(fragment)?),
            _ => return Err(wrong("a CTE has a `query` or a `fragment`")),
        };
        let operations = [Operation::All, Operation::UpdateAll, Operation::DeleteAll];
        let operation = match map.get("operation") {
            None | Some(Value::Null) => Operation::All,
            Some(operation) => one_of(operation, "operation", &operations, Operation::name)?,
        };
        let materialized = match map.get("materialized") {
            None | Some(Value::Null) => None,
            Some(flag) => Some(boolean(flag)?),
        };
        Ok(Cte { name: text_of(map, "name")?, body, materialized, operation })
    }

    fn lock(&mut self, document: &Value) -> Read<Vec<Piece>> {
        match document {
            Value::String(lock) => Ok([Piece::Raw(lock.clone())].into()),
            _ => self.fragment(document),
        }
    }

    fn preloads(&mut self, document: &Value) -> Read<Vec<Preload>> {
        self.enter()?;
        let mut preloads = Vec::new();
        for preload in list(document, "preloads")? {
            match preload {
                Value::Map(map) => {
                    for (assoc, with) in map.iter() {
                        let preload = self.preload(assoc, with).map_err(|error| error.at(assoc))?;
                        preloads.push(preload);
                    }
                }
                name => {
                    let assoc = text(name)?;
                    preloads.push(Preload { assoc, with: PreloadWith::Table, nested: Vec::new() });
                }
            }
        }
        self.depth -= 1;
        Ok(preloads)
    }

    fn preload(&mut self, assoc: &Str, document: &Value) -> Read<Preload> {
        let (with, nested) = match document {
            Value::Map(map) => {
                known_keys(map, &["query", "preload"], "a preload")?;
                let with = match map.get("query") {
                    Some(query) => PreloadWith::Query(self.query(query)?),
                    None => PreloadWith::Table,
                };
                (with, map.get("preload").map(|nested| self.preloads(nested)).transpose()?)
            }
            nested => (PreloadWith::Table, Some(self.preloads(nested)?)),
        };
        Ok(Preload { assoc: assoc.clone(), with, nested: nested.unwrap_or_default() })
    }

    fn assoc(&mut self, document: &Value) -> Read<AssocPreload> {
        let map = object(document, "a preload of a join")?;
        known_keys(map, &["assoc", "binding", "nested"], "a preload of a join")?;
        self.enter()?;
        let nested = map.get("nested").map(|nested| self.each(nested, Self::assoc)).transpose()?;
        self.depth -= 1;
        Ok(AssocPreload {
            assoc: text_of(map, "assoc")?,
            binding: self.binding(map.get("binding").unwrap_or(&Value::Null))?,
            nested: nested.unwrap_or_default(),
        })
    }

    pub(super) fn each<T>(
        &mut self,
        document: &Value,
        mut read: impl FnMut(&mut Self, &Value) -> Read<T>,
    ) -> Read<Vec<T>> {
        let documents = list(document, "this")?;
        let mut all = Vec::with_capacity(documents.len().min(1000));
        for (at, document) in documents.iter().enumerate() {
            self.count()?;
            all.push(read(self, document).map_err(|error| error.at(&format!("{at}")))?);
        }
        Ok(all)
    }

    /// Goes one level down. An error ends the reading, so only a success needs to come up again.
    pub(super) fn enter(&mut self) -> Read<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(wrong("the query is nested more than 64 levels deep"));
        }
        self.count()
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    fn count(&mut self) -> Read<()> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(wrong("the query has more than 20000 parts"));
        }
        Ok(())
    }

    /// An expression below the present one.
    pub(super) fn expr(&mut self, document: &Value) -> Read<Expr> {
        self.enter()?;
        let expr = self.expression(document)?;
        self.leave();
        Ok(expr)
    }
}

/// The names that sources were given, found before the clauses that refer to them are read.
fn names_of_sources(query: &Map) -> Vec<Str> {
    let joins = query.get("join").and_then(Value::as_list).unwrap_or_default();
    let sources = query.get("from").into_iter().chain(joins).filter_map(Value::as_map);
    let named = sources.filter(|source| matches!(source.get("named"), Some(Value::Bool(true))));
    named.filter_map(|source| source.get("as").and_then(Value::as_str)).map(Str::from).collect()
}
