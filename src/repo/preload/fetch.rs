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
        let owner = |at: &usize| parents[*at].slot(assoc.owner_position).value();
        let keys: Vec<Option<Key>> = fresh.iter().map(|at| key_of(owner(at))).collect();
        let ids: Vec<Value> = firsts(&keys).iter().map(|place| owner(&fresh[*place]).clone()).collect();
        if ids.is_empty() {
            return Ok(Fetched::default());
        }
        if let PreloadWith::Function(function) = &assoc.with {
            return by_function(assoc, (function.0)(&ids));
        }
        let (query, any_order) = assoc_query(assoc, ids, prefix)?;
        let options = options.of_preloads(any_order);
        let planned = self.plan(&query, Operation::All, &options)?;
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

/// Pairs of the parent's key and the record, ordered by the key where there are many; and whether nothing but finding the
/// pairs of a parent depends on that.
pub(super) fn assoc_query(
    assoc: &Assoc,
    ids: Vec<Value>,
    prefix: &Option<Str>,
) -> Result<(Query, bool), RepoError> {
    let mut any_order = false;
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
        // Ecto orders by the key to find those of a parent side by side. Here they are found in any order, so the database need
        // order only where that decides which rows there are, or there is an order beside it.
        let is_whole = parts.limit.is_none() && parts.offset.is_none() && parts.distinct.is_none();
        any_order = is_whole && parts.lock.is_none() && parts.order_bys.is_empty();
        parts.order_bys.insert(0, Order { direction: Direction::Asc, expr: key });
    }
    parts.prefix.clone_from(prefix);
    Ok((query, any_order))
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
    let mut fetched = Fetched::default();
    for record in records {
        fetched.keys.push(Key::of(record.value(&relation.related_key)));
        fetched.records.push(Arc::new(record));
    }
    Ok(fetched)
}

/// The key of a parent; none where it is null.
pub(super) fn key_of(value: &Value) -> Option<Key> {
    (!value.is_null()).then(|| Key::of(value))
}

/// The first places of the keys that are there, in their order.
pub(super) fn firsts(keys: &[Option<Key>]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..keys.len()).filter(|place| keys[*place].is_some()).collect();
    // Parents mostly come in the order of their keys.
    if !places.is_sorted_by(|a, b| keys[*a] < keys[*b]) {
        places.sort_by(|a, b| keys[*a].cmp(&keys[*b]));
        places.dedup_by(|later, first| keys[*later] == keys[*first]);
        places.sort_unstable();
    }
    places
}

/// Which of the records that were read belong to which parent.
pub(super) struct Groups<'k> {
    /// The keys of the groups, in order, and where their places end.
    groups: Vec<(&'k Key, usize)>,
    /// The places of the records, those of one parent side by side.
    places: Vec<usize>,
}

impl<'k> Groups<'k> {
    /// Groups of the records whose keys these are.
    pub fn new(keys: &'k [Key]) -> Groups<'k> {
        let mut places: Vec<usize> = (0..keys.len()).collect();
        // The database mostly gives them in the order of their keys.
        if !keys.is_sorted() {
            places.sort_by(|a, b| keys[*a].cmp(&keys[*b]));
        }
        let mut groups: Vec<(&Key, usize)> = Vec::new();
        for (at, place) in places.iter().enumerate() {
            match groups.last_mut() {
                Some((key, end)) if **key == keys[*place] => *end = at + 1,
                _ => groups.push((&keys[*place], at + 1)),
            }
        }
        Groups { groups, places }
    }

    /// The places of the records that the association of a parent holds.
    pub fn places(&self, key: Option<&Key>, cardinality: Cardinality) -> &[usize] {
        let found = key.map(|key| self.groups.binary_search_by(|(other, _)| (*other).cmp(key)));
        let Some(Ok(group)) = found else { return &[] };
        let start = group.checked_sub(1).map_or(0, |before| self.groups[before].1);
        let end = self.groups[group].1;
        match cardinality {
            // The last one counts, as in a map that is filled from first to last.
            Cardinality::One => &self.places[end - 1..end],
            Cardinality::Many => &self.places[start..end],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_grouped_by_the_key_of_their_parent_in_the_order_they_came() {
        let keys = |keys: &[i64]| keys.iter().map(|key| Key::of(&(*key).into())).collect::<Vec<_>>();
        let given = keys(&[7, 7, 3, 9, 9, 9]);
        let groups = Groups::new(&given);
        let places = |groups: &Groups, key: i64| {
            groups.places(Some(&Key::of(&key.into())), Cardinality::Many).to_vec()
        };
        assert_eq!(
            [7, 3, 9, 1].map(|key| places(&groups, key)),
            [vec![0, 1], vec![2], vec![3, 4, 5], vec![]]
        );
        let given = keys(&[1, 2, 1, 3, 2, 1]);
        let apart = Groups::new(&given);
        assert_eq!([1, 2, 3].map(|key| places(&apart, key)), [vec![0, 2, 5], vec![1, 4], vec![3]]);
        assert_eq!(apart.places(Some(&Key::of(&2.into())), Cardinality::One), [4]);
        assert!(apart.places(None, Cardinality::Many).is_empty());
    }

    #[test]
    fn parents_are_asked_for_once_in_the_order_they_came() {
        let keys = |keys: &[i64]| keys.iter().map(|key| Some(Key::of(&(*key).into()))).collect::<Vec<_>>();
        assert_eq!(firsts(&keys(&[1, 2, 5])), [0, 1, 2]);
        assert_eq!(firsts(&keys(&[5, 2, 5, 1, 2])), [0, 1, 3]);
        assert_eq!(firsts(&[None, Some(Key::of(&"b".into())), None, Some(Key::of(&"b".into()))]), [1]);
        assert!(firsts(&[]).is_empty());
    }
}
