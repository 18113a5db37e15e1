//! Reading the records of an association for many parents.

use super::expand::Assoc;
use crate::mistake::Mistake;
use crate::query::{
    Direction, Expr, Function, Join, JoinKind, Operation, Order, Pin, Planned, PreloadWith, Query, Source,
    SourceKind, Take, Taken, TypeSpec,
};
use crate::repo::key::Key;
use crate::repo::queryable::{Queryable, call, field, filter, pin};
use crate::repo::{FromOutput, Options, Output, Repo, RepoError};
use crate::schema::{Cardinality, Fields, Record, RelationKind};
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
        let options = options.of_preloads();
        let planned = self.plan(&assoc_query(assoc, ids, prefix)?, Operation::All, &options)?;
        self.fetch_planned(planned, assoc, &options).await
    }

    /// Reads the records of an association, whose query is planned.
    pub(super) async fn fetch_planned(
        &self,
        planned: Planned,
        assoc: &Assoc,
        options: &Options,
    ) -> Result<Fetched, RepoError> {
        let (_, children) = Box::pin(self.planned_outputs::<Child>(planned, options)).await?;
        let children = children.unwrap_or_default();
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
pub(super) fn assoc_query(assoc: &Assoc, ids: Vec<Value>, prefix: &Option<Str>) -> Result<Query, RepoError> {
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
    parts.prefix.clone_from(prefix);
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

pub(super) fn by_function(assoc: &Assoc, records: Vec<Record>) -> Result<Fetched, RepoError> {
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

/// The key of a parent; none where it is null.
pub(super) fn key_of(value: &Value) -> Option<Key> {
    (!value.is_null()).then(|| Key::of(value))
}

/// Which of the records that were read belong to which parent.
pub(super) struct Groups {
    /// Where the places of a key's records begin and end.
    by_key: HashMap<Key, (usize, usize)>,
    /// The places of the records, those of one parent side by side.
    places: Vec<usize>,
}

impl Groups {
    /// Groups of the records whose keys these are.
    pub fn new(keys: &[Key]) -> Groups {
        let mut by_key: HashMap<Key, (usize, usize)> = HashMap::new();
        let mut of: Vec<usize> = Vec::with_capacity(keys.len());
        let mut sizes: Vec<usize> = Vec::new();
        for (at, key) in keys.iter().enumerate() {
            // Records mostly come in the order of their keys.
            let group = match at.checked_sub(1) {
                Some(before) if keys[before] == *key => of[before],
                _ => by_key.entry(key.clone()).or_insert((sizes.len(), 0)).0,
            };
            if group == sizes.len() {
                sizes.push(0);
            }
            sizes[group] += 1;
            of.push(group);
        }
        let mut ends = Vec::with_capacity(sizes.len());
        let mut start = 0;
        for size in &sizes {
            ends.push(start);
            start += size;
        }
        let mut places = vec![0; keys.len()];
        for (at, group) in of.into_iter().enumerate() {
            places[ends[group]] = at;
            ends[group] += 1;
        }
        for span in by_key.values_mut() {
            let group = span.0;
            *span = (ends[group] - sizes[group], ends[group]);
        }
        Groups { by_key, places }
    }

    /// The places of the records that the association of a parent holds.
    pub fn places(&self, key: Option<&Key>, cardinality: Cardinality) -> &[usize] {
        let Some((start, end)) = key.and_then(|key| self.by_key.get(key)) else { return &[] };
        match cardinality {
            // The last one counts, as in a map that is filled from first to last.
            Cardinality::One => &self.places[end - 1..*end],
            Cardinality::Many => &self.places[*start..*end],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_grouped_by_the_key_of_their_parent_in_the_order_they_came() {
        let keys = |keys: &[i64]| keys.iter().map(|key| Key::of(&(*key).into())).collect::<Vec<_>>();
        let groups = Groups::new(&keys(&[7, 7, 3, 9, 9, 9]));
        let places = |groups: &Groups, key: i64| {
            groups.places(Some(&Key::of(&key.into())), Cardinality::Many).to_vec()
        };
        assert_eq!(
            [7, 3, 9, 1].map(|key| places(&groups, key)),
            [vec![0, 1], vec![2], vec![3, 4, 5], vec![]]
        );
        let apart = Groups::new(&keys(&[1, 2, 1, 3, 2, 1]));
        assert_eq!([1, 2, 3].map(|key| places(&apart, key)), [vec![0, 2, 5], vec![1, 4], vec![3]]);
        assert_eq!(apart.places(Some(&Key::of(&2.into())), Cardinality::One), [4]);
        assert!(apart.places(None, Cardinality::Many).is_empty());
    }
}
