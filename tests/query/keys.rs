//! Plans are kept by their key: the shape of a query without the values of its params.

use crate::schemas::schemas;
use crate::vectors::vectors;
use ectomorph::query::{Operation, Plans, Query, QueryErrorKind, field, from, pin, pin_list, plan};
use ectomorph::value::Value;
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

/// The document with every number among its params another one.
fn with_other_numbers(document: &Value) -> Value {
    fn other(value: &Value) -> Value {
        match value {
            Value::Integer(number) => Value::Integer(number + 100),
            Value::List(list) => Value::List(list.iter().map(other).chain([Value::Integer(7)]).collect()),
            value => value.clone(),
        }
    }
    let Value::Map(map) = document else { return document.clone() };
    let mut map = map.clone();
    if let Some(Value::List(params)) = map.get_mut("params") {
        for param in params {
            if let Value::Map(param) = param
                && let Some(value) = param.get_mut("value")
            {
                *value = other(value);
            }
        }
    }
    map.into()
}

#[test]
fn a_kept_plan_is_that_of_a_query_planned_anew() {
    let plans = Plans::new();
    let (mut kept, mut count) = (0, 0);
    for vector in vectors() {
        let Ok(query) = Query::read(&vector.document) else { continue };
        let Ok(first) = plans.plan(&query, vector.operation, schemas()) else { continue };
        count += 1;
        let other = Query::read(&with_other_numbers(&vector.document)).unwrap();
        for query in [query, other] {
            let expected = plan(&query, vector.operation, schemas());
            match (plans.plan(&query, vector.operation, schemas()), expected) {
                (Ok(ours), Ok(expected)) => {
                    assert_eq!(ours.plan, expected.plan, "{}", vector.id);
                    assert_eq!(ours.params, expected.params, "{}", vector.id);
                    assert_eq!(ours.select, expected.select, "{}", vector.id);
                    assert_eq!(ours.preloads, expected.preloads, "{}", vector.id);
                    kept += usize::from(std::sync::Arc::ptr_eq(&ours.plan, &first.plan));
                }
                (Err(ours), Err(expected)) => assert_eq!(ours, expected, "{}", vector.id),
                (ours, expected) => panic!("{}: {ours:?} {expected:?}", vector.id),
            }
        }
    }
    // All but what is pinned within copies: in the select of a subquery, say.
    assert!(kept * 100 > count * 2 * 95, "{kept} of {}", count * 2);
}

#[test]
fn a_subquery_that_stands_twice_is_no_plan_for_two() {
    let plans = Plans::new();
    let ids = |id: i64| from("posts").where_(field("id").gt(pin(id))).select(field("user_id"));
    let query = |first: Query, second: Query| {
        let of = |query| ectomorph::query::subquery(query);
        from("users")
            .where_(field("id").in_(of(first)))
            .where_(field("id").in_(of(second)))
            .select(field("id"))
    };
    let shared = ids(1);
    let twice = plans.plan(&query(shared.clone(), shared), Operation::All, schemas()).unwrap();
    let two = plans.plan(&query(ids(2), ids(3)), Operation::All, schemas()).unwrap();
    assert_eq!((twice.params, two.params), (vec![1.into(), 1.into()], vec![2.into(), 3.into()]));
}

#[test]
fn null_and_what_cannot_be_cast_are_refused_by_kept_plans_too() {
    let plans = Plans::new();
    let older = |age: Value| from(crate::schemas::schema("User")).where_(field("age").gt(pin(age)));
    assert!(plans.plan(&older(18.into()), Operation::All, schemas()).is_ok());
    assert_eq!(plans.len(), 1);
    for (age, kind) in [(Value::Null, QueryErrorKind::Argument), ("old".into(), QueryErrorKind::Cast)] {
        assert_eq!(plans.plan(&older(age), Operation::All, schemas()).unwrap_err().kind(), kind);
    }
}
