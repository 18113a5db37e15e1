//! Queries and writes on 100,000 users and 10,000 orders in memory: what the adapter itself takes, without a repo.
//!
//! `cargo bench --bench queries --features repo`, or with `glue` for joins by GlueSQL too. Medians, in microseconds.

use ectomorph::adapter::{
    Adapter, Answer, Cell, Delete, Insert, InsertAll, OnConflict, Query as Asked, Rows, SchemaMeta,
    Statement, System, Update, now,
};
use ectomorph::adapters::glue::{Executor, Glue};
use ectomorph::query::{Operation, Planned, Query, Schemas, plan};
use ectomorph::store::{Column, Database, Ddl, Definition, Index, Kind};
use ectomorph::value::{Map, Str, Value};
use std::sync::Arc;
use std::time::Instant;

const USERS: i64 = 100_000;
const ORDERS: i64 = 10_000;

fn value(json: &str) -> Value {
    ectomorph::params::from_json(json, &ectomorph::params::Limits::default()).unwrap()
}

fn planned(query: &str, params: &str, operation: Operation) -> Planned {
    let document = Map::from([("query", value(query)), ("params", value(params))]);
    let query = Query::read(&Value::Map(document)).unwrap();
    plan(&query, operation, &Schemas::new()).unwrap()
}

fn run(glue: &Glue, planned: &Planned, params: &[Value]) -> Answer {
    let params = if params.is_empty() { planned.params.clone() } else { params.to_vec() };
    now(glue.run(Statement::Query(Asked::new(&planned.plan, params)))).unwrap().unwrap()
}

fn measure(name: &str, times: usize, mut work: impl FnMut(usize)) {
    let mut taken: Vec<f64> = (0..times)
        .map(|at| {
            let start = Instant::now();
            work(at);
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    taken.sort_by(f64::total_cmp);
    println!("{name:<44} {:>12.2} us, at best {:>12.2}", taken[times / 2], taken[0]);
}

fn row(id: i64) -> Vec<Value> {
    let spread = (id * 7919) % 100_003;
    vec![
        id.into(),
        Value::from(format!("user {spread}")),
        Value::from(format!("user{id}@example.org")),
        (spread % 100).into(),
        Value::Float(spread as f64 / 7.0),
        (1_700_000_000 + spread).into(),
    ]
}

fn empty() -> Database {
    let mut database = Database::new();
    let users = Definition::new("users")
        .column(Column::new("id", Kind::Integer(64)).sequence())
        .column(Column::new("name", Kind::Text(None)))
        .column(Column::new("email", Kind::Text(None)))
        .column(Column::new("age", Kind::Integer(32)))
        .column(Column::new("balance", Kind::Float))
        .column(Column::new("inserted_at", Kind::Integer(64)))
        .primary_key(["id"]);
    let orders = Definition::new("orders")
        .column(Column::new("id", Kind::Integer(64)).sequence())
        .column(Column::new("user_id", Kind::Integer(64)))
        .column(Column::new("total", Kind::Integer(64)))
        .primary_key(["id"]);
    for definition in [users, orders] {
        database.define(Ddl::CreateTable(definition)).unwrap();
    }
    database
}

fn main() {
    let glue = Glue::new(empty(), Arc::new(System));
    let meta = SchemaMeta { source: "users".into(), prefix: None, schema: None };
    let header: Vec<Str> =
        ["id", "name", "email", "age", "balance", "inserted_at"].into_iter().map(Str::from).collect();
    let raise = OnConflict::default();
    measure("bulk insert 100k", 1, |_| {
        let rows = (1..=USERS).map(|id| row(id).into_iter().map(Cell::Value).collect()).collect();
        let insert = InsertAll {
            meta: &meta,
            header: &header,
            rows: Rows::Cells(rows),
            placeholders: Vec::new(),
            on_conflict: &raise,
            returning: &[],
        };
        now(glue.run(Statement::InsertAll(insert))).unwrap().unwrap();
    });
    glue.with_database(|database| {
        let orders = database.table_id(&"orders".into()).unwrap();
        for id in 1..=ORDERS {
            let values = vec![id.into(), ((id * 31) % USERS + 1).into(), (id % 500).into()];
            database.insert(orders, &[0, 1, 2], values).unwrap();
        }
    });
    let returning: [Str; 1] = ["id".into()];
    measure("insert one row", 10_000, |at| {
        let mut fields: Vec<(Str, Value)> = header.iter().cloned().zip(row(USERS + 1 + at as i64)).collect();
        fields.remove(0);
        fields.insert(0, ("id".into(), (USERS + 1 + at as i64).into()));
        let insert = Insert { meta: &meta, fields, on_conflict: &raise, returning: &returning };
        now(glue.run(Statement::Insert(insert))).unwrap().unwrap();
    });
    measure("delete one row", 10_000, |at| {
        let filters = vec![("id".into(), (USERS + 1 + at as i64).into())];
        now(glue.run(Statement::Delete(Delete { meta: &meta, filters, returning: &[] }))).unwrap().unwrap();
    });

    let all = r#"["tuple",["field","u","id"],["field","u","name"],["field","u","email"],["field","u","age"],["field","u","balance"],["field","u","inserted_at"]]"#;
    let users = r#""from":{"as":"u","named":true,"source":"users"}"#;
    let typed = |number: &str| format!(r#"[{{"value":{number},"type":"integer"}}]"#);
    let get = planned(
        &format!(r#"{{{users},"select":{all},"where":[["==",["field","u","id"],{{"param":0}}]]}}"#),
        &typed("5"),
        Operation::All,
    );
    measure("get by primary key", 10_000, |at| {
        assert_eq!(run(&glue, &get, &[Value::from((at as i64 * 37) % USERS + 1)]).count, 1);
    });
    let filter = planned(
        &format!(r#"{{{users},"select":{all},"where":[["==",["field","u","age"],{{"param":0}}]]}}"#),
        &typed("42"),
        Operation::All,
    );
    measure("filter unindexed 1 %", 31, |_| assert!(run(&glue, &filter, &[]).count >= 999));
    let top = planned(
        &format!(
            r#"{{{users},"select":{all},"where":[[">=",["field","u","age"],50]],"order_by":[["asc",["field","u","name"]]],"limit":20}}"#
        ),
        "[]",
        Operation::All,
    );
    measure("filter 50 % + order by name + limit 20", 31, |_| assert_eq!(run(&glue, &top, &[]).count, 20));
    let group = planned(
        &format!(
            r#"{{{users},"select":["tuple",["field","u","age"],["count"]],"group_by":[["field","u","age"]]}}"#
        ),
        "[]",
        Operation::All,
    );
    measure("group by age, count", 31, |_| assert_eq!(run(&glue, &group, &[]).count, 100));
    let join = planned(
        r#"{"from":{"as":"o","named":true,"source":"orders"},"join":[{"qual":"inner","as":"u","named":true,"source":"users","on":["==",["field","u","id"],["field","o","user_id"]]}],"select":["tuple",["field","o","id"],["field","u","name"],["field","o","total"]]}"#,
        "[]",
        Operation::All,
    );
    let back = planned(
        r#"{"from":{"as":"u","named":true,"source":"users"},"join":[{"qual":"inner","as":"o","named":true,"source":"orders","on":["==",["field","u","id"],["field","o","user_id"]]}],"select":["tuple",["field","o","id"],["field","u","name"],["field","o","total"]]}"#,
        "[]",
        Operation::All,
    );
    for executor in [Executor::Own, Executor::GlueSql] {
        glue.set_executor(executor);
        measure(&format!("join 10k x 100k by key, {executor:?}"), 15, |_| {
            assert_eq!(run(&glue, &join, &[]).count, ORDERS as usize);
        });
        measure(&format!("join 100k x 10k by hash, {executor:?}"), 15, |_| {
            assert_eq!(run(&glue, &back, &[]).count, ORDERS as usize);
        });
    }
    measure("update one row by key", 10_000, |at| {
        let update = Update {
            meta: &meta,
            fields: vec![("balance".into(), Value::Float(at as f64))],
            filters: vec![("id".into(), ((at as i64 * 37) % USERS + 1).into())],
            returning: &[],
        };
        assert_eq!(now(glue.run(Statement::Update(update))).unwrap().unwrap().count, 1);
    });
    let tenth = planned(
        &format!(
            r#"{{{users},"update":[{{"inc":[["inserted_at",1]]}}],"where":[["<",["field","u","age"],10]]}}"#
        ),
        "[]",
        Operation::UpdateAll,
    );
    measure("update 10 %", 11, |_| assert!(run(&glue, &tenth, &[]).count >= 9_990));
    glue.with_database(|database| {
        let index = Index::new("users_age_index", ["age"]);
        database.define(Ddl::CreateIndex { table: "users".into(), index }).unwrap();
        let index = Index::new("users_name_index", ["name"]);
        database.define(Ddl::CreateIndex { table: "users".into(), index }).unwrap();
    });
    measure("filter indexed 1 %", 31, |_| assert!(run(&glue, &filter, &[]).count >= 999));
    let by_index = planned(
        &format!(r#"{{{users},"select":{all},"order_by":[["asc",["field","u","name"]]],"limit":20}}"#),
        "[]",
        Operation::All,
    );
    measure("order by index, limit 20", 1_000, |_| assert_eq!(run(&glue, &by_index, &[]).count, 20));
    let remove = planned(
        &format!(r#"{{{users},"where":[["<",["field","u","age"],10]]}}"#),
        "[]",
        Operation::DeleteAll,
    );
    measure("delete 10 %, with two indexes", 1, |_| assert!(run(&glue, &remove, &[]).count >= 9_990));
}
