//! Plans are kept by their key: the shape of a query without the values of its params.

use crate::schemas::schemas;
use crate::vectors::vectors;
use ectomorph::query::{Operation, Query, field, from, pin, pin_list, plan};
use std::collections::BTreeMap;

fn key(query: &Query) -> ectomorph::query::plan::Key {
    plan(query, Operation::All, schemas()).unwrap().plan.key.clone()
}

#[test]
fn queries_that_differ_in_params_alone_have_one_key_and_one_plan() {
    let older = |age: i64| from("users").where_(field("age").gt(pin(age))).select(field("id"));
    assert_eq!(key(&older(18)), key(&older(65)));
    let among = |ids: Vec<i64>| from("users").where_(field("id").in_(pin_list(ids))).select(field("id"));
    assert_eq!(key(&among(vec![1])), key(&among(vec![2, 3])));
    let plans = [18, 65].map(|age| plan(&older(age), Operation::All, schemas()).unwrap());
    assert_eq!(plans[0].plan, plans[1].plan);
    assert_eq!((&plans[0].params[..], &plans[1].params[..]), (&[18.into()][..], &[65.into()][..]));
}

#[test]
fn anything_else_makes_another_key() {
    let base = from("users").where_(field("age").gt(pin(18))).select(field("id"));
    let others = [
        from("users").where_(field("age").gt(18)).select(field("id")),
        from("users").where_(field("age").gt(19)).select(field("id")),
        from("users").where_(field("age").gte(pin(18))).select(field("id")),
        from("users").or_where(field("age").gt(pin(18))).select(field("id")),
        from("users").where_(field("age").gt(pin(18))).select(field("age")),
        from("posts").where_(field("age").gt(pin(18))).select(field("id")),
        base.clone().limit(1),
        base.clone().offset(1),
        base.clone().distinct(),
        base.clone().put_query_prefix("blog"),
        base.clone().lock("FOR UPDATE"),
        base.clone().union(base.clone()),
        base.clone().union_all(base.clone()),
    ];
    let mut keys: Vec<_> = others.iter().map(key).collect();
    keys.push(key(&base));
    let count = keys.len();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), count);
    let deleted = from("users").where_(field("age").gt(pin(18)));
    let delete = plan(&deleted, Operation::DeleteAll, schemas()).unwrap();
    let update = plan(&deleted.set("age", 1), Operation::UpdateAll, schemas()).unwrap();
    assert_ne!(delete.plan.key, update.plan.key);
}

#[test]
fn recorded_queries_with_one_key_have_one_plan() {
    let mut by_key = BTreeMap::new();
    for vector in vectors() {
        let Ok(query) = Query::read(&vector.document) else { continue };
        let Ok(planned) = plan(&query, vector.operation, schemas()) else { continue };
        let again = plan(&query, vector.operation, schemas()).unwrap();
        assert_eq!(planned.plan, again.plan, "{}", vector.id);
        assert_eq!(planned.select, again.select, "{}", vector.id);
        if let Some(other) = by_key.insert(planned.plan.key.clone(), planned.plan.clone()) {
            assert_eq!(*other, *planned.plan, "{}", vector.id);
        }
    }
    assert!(by_key.len() > 200, "{}", by_key.len());
}
