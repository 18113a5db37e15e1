//! Reading the records of an association for many parents.

use super::expand::Assoc;
use crate::mistake::Mistake;
use crate::query::{
    Direction, Expr, Function, Join, JoinKind, Order, Pin, PreloadWith, Query, Source, SourceKind, Take,
    Taken, TypeSpec,
};
use crate::repo::key::Key;
use crate::repo::queryable::{Queryable, call, field, filter, pin};
use crate::repo::{FromOutput, Options, Output, Repo, RepoError};
use crate::schema::{Cardinality, Fields, Record, RelationKind, Slot};
use crate::types::Type;
use crate::value::{Str, Value};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Records, and for each the key of the parent it belongs to.
#[derive(Default)]
pub(super) struct Fetched {
    pub keys: Vec<Key>,
    pub records: Vec<Arc<Record>>,
}

/// A row of an association's query: the key of the parent and the record, if it selects one.
struct Child(Option<(Key, Arc<Record>)>);

impl FromOutput for Child {
    fn from_output(output: Output) -> Result<Self, Mistake> {
        Ok(Child(match <(Output, Output)>::from_output(output)? {
            (Output::Value(key), Output::Record(record)) => Some((Key::of(&key), record)),
            _ => None,
        }))
    }

    fn from_pair(first: Output, fields: &mut dyn Fields) -> Result<Self, Mistake> {
        let record = Arc::new(fields.to_record()?);
        Ok(Child(first.value().map(|key| (Key::of(key), record))))
    }
}

impl Repo {
    /// Reads the records of an association for the parents at `fresh`.
    pub(super) async fn fetch(
        &self,
        parents: &[Arc<Record>],
        fresh: &[usize],
        assoc: &Assoc,
        prefix: &Option<Str>,
        options: &Options,
    ) -> Result<Fetched, RepoError> {
        let mut seen = HashSet::new();
        let mut ids = Vec::new();
        for at in fresh {
            let id = parents[*at].slot(assoc.owner_position).value();
            if !id.is_null() && seen.insert(Key::of(id)) {
                ids.push(id.clone());
            }
        }
        if ids.is_empty() {
            return Ok(Fetched::default());
        }
        if let PreloadWith::Function(function) = &assoc.with {
            return by_function(assoc, (function.0)(&ids));
        }
        let mut query = assoc_query(assoc, ids)?;
        query.parts_mut().prefix.clone_from(prefix);
        let inherited =
            Options { savepoint: options.savepoint, timeout: options.timeout, ..Options::default() };
        let children: Vec<Child> = Box::pin(self.outputs(&query, &inherited)).await?;
        let (keys, records) = (Vec::with_capacity(children.len()), Vec::with_capacity(children.len()));
        let mut fetched = Fetched { keys, records };
        for child in children {
            let Child(Some((key, record))) = child else {
                return Err(RepoError::mistake(format!(
                    "the query that preloads `{}` must select records",
                    assoc.relation.field
                )));
            };
            fetched.keys.push(key);
            fetched.records.push(record);
        }
        Ok(fetched)
    }
}

/// Pairs of the parent's key and the record, ordered by the key where there are many.
fn assoc_query(assoc: &Assoc, ids: Vec<Value>) -> Result<Query, RepoError> {
    let relation = &assoc.relation;
    let related = relation.related.schema();
    let mut query = match &assoc.with {
        PreloadWith::Query(query) => query.clone(),
        _ => related.to_query(),
    };
    let many = relation.cardinality() == Cardinality::Many;
    if many && !query.parts().combinations.is_empty() {
        return Err(RepoError::mistake(format!(
            "the query that preloads `{}` is a combination: wrap it in a subquery that selects the key too",
            relation.field
        )));
    }
    let key = match &relation.kind {
        RelationKind::ManyToMany(join) => {
            let at = query.parts().joins.len() + 1;
            let kind = assoc.owner.field_type(&join.owner_key.1).cloned().unwrap_or(Type::Any);
            let on = call(Function::Eq, field(0, &join.related_key.1), field(at, &join.related_key.0));
            let table = SourceKind::Table { table: Some(join.source.clone()), schema: None };
            query.parts_mut().joins.push(Join {
                kind: JoinKind::Inner,
                source: Source { kind: table, name: None, prefix: None },
                on: Some(on),
            });
            let list = TypeSpec::In(Box::new(TypeSpec::Type(kind.clone())));
            let ids = Expr::Pin(Pin { value: Value::List(ids), kind: Some(list) });
            filter(&mut query, call(Function::In, field(at, &join.owner_key.0), ids));
            Expr::Type(Box::new(field(at, &join.owner_key.0)), TypeSpec::Type(kind))
        }
        _ => {
            let key = field(0, &relation.related_key);
            // One parent is common, and an equality finds an index more often than a list does.
            if let [id] = &ids[..] {
                filter(&mut query, call(Function::Eq, key.clone(), pin(id.clone())));
            } else {
                filter(&mut query, call(Function::In, key.clone(), pin(Value::List(ids))));
            }
            key
        }
    };
    for (name, value) in relation.filters.entries() {
        filter(&mut query, condition(field(0, name), value));
    }
    let parts = query.parts_mut();
    let selected = parts.select.take().unwrap_or(match &assoc.take[..] {
        [] => Expr::Source(0.into()),
        fields => Expr::Take(0.into(), Take::Any, with_key(fields, &relation.related_key)),
    });
    parts.select = Some(Expr::Tuple(vec![key.clone(), selected]));
    if many {
        if parts.order_bys.is_empty() {
            let order = |(name, desc): &(Str, bool)| Order {
                direction: if *desc { Direction::Desc } else { Direction::Asc },
                expr: field(0, name),
            };
            parts.order_bys.extend(relation.preload_order.iter().map(order));
        }
        parts.order_bys.insert(0, Order { direction: Direction::Asc, expr: key });
    }
    Ok(query)
}

/// A condition of an association's `where`: a value, null, a list or `{"not": ..}`.
fn condition(field: Expr, value: &Value) -> Expr {
    match value {
        Value::Null => Expr::Call(Function::IsNil, vec![field]),
        Value::List(list) => call(Function::In, field, pin(Value::List(list.clone()))),
        Value::Map(map) if map.len() == 1 && map.contains_key("not") => {
            let value = map.get("not").unwrap_or(&Value::Null);
            match value {
                Value::Null => Expr::Call(Function::Not, vec![condition(field, value)]),
                other => call(Function::Ne, field, pin(other.clone())),
            }
        }
        other => call(Function::Eq, field, pin(other.clone())),
    }
}

fn with_key(fields: &[Taken], key: &Str) -> Vec<Taken> {
    let mut fields: Vec<Taken> = fields.to_vec();
    if !fields.iter().any(|taken| matches!(taken, Taken::Field(name) if name == key)) {
        fields.push(Taken::Field(key.clone()));
    }
    fields
}

fn by_function(assoc: &Assoc, records: Vec<Record>) -> Result<Fetched, RepoError> {
    let relation = &assoc.relation;
    if matches!(relation.kind, RelationKind::ManyToMany(_)) {
        return Err(RepoError::mistake(format!(
            "a function can't preload the many_to_many `{}`: its records don't tell whom they belong to",
            relation.field
        )));
    }
    let mut pairs: Vec<(Value, Arc<Record>)> = records
        .into_iter()
        .map(|record| (record.value(&relation.related_key).clone(), Arc::new(record)))
        .collect();
    // Only the order within a parent is the function's.
    pairs.sort_by(|(a, _), (b, _)| match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
        (a, b) => a.as_bytes().cmp(&b.as_bytes()),
    });
    let mut fetched = Fetched::default();
    for (key, record) in pairs {
        fetched.keys.push(Key::of(&key));
        fetched.records.push(record);
    }
    Ok(fetched)
}

/// Records by the key of their parent.
pub(super) struct Groups(HashMap<Key, Vec<Arc<Record>>>);

pub(super) fn group(keys: Vec<Key>, records: impl Iterator<Item = Arc<Record>>) -> Groups {
    let mut groups: HashMap<Key, Vec<Arc<Record>>> = HashMap::new();
    for (key, record) in keys.into_iter().zip(records) {
        groups.entry(key).or_default().push(record);
    }
    Groups(groups)
}

/// The key of a parent; none where it is null.
pub(super) fn key_of(value: &Value) -> Option<Key> {
    (!value.is_null()).then(|| Key::of(value))
}

impl Groups {
    /// What the association of a parent holds.
    pub fn slot(&self, key: Option<Key>, cardinality: Cardinality) -> Slot {
        let records = key.and_then(|key| self.0.get(&key));
        match cardinality {
            // The last one counts, as in a map that is filled from first to last.
            Cardinality::One => Slot::One(records.and_then(|records| records.last().cloned())),
            Cardinality::Many => Slot::Many(records.cloned().unwrap_or_default()),
        }
    }
}
