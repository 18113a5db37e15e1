//! A database in memory, asked by query documents.

use ectomorph::adapter::{Adapter, AdapterError, Answer, Query as Asked, Statement, System, now};
use ectomorph::adapters::glue::{Executor, Glue};
use ectomorph::query::plan::Build;
use ectomorph::query::{Operation, Planned, Query, Schemas, plan};
use ectomorph::store::{Column, Database, Ddl, Definition, ForeignKey, Index, Kind};
use ectomorph::value::{Map, Value};
use serde_json::Value as Json;
use std::sync::Arc;

/// `users` with an age, a name and a manager, `posts` of users with views and a title; both with nulls.
pub fn database() -> Database {
    let mut database = Database::new();
    let users = Definition::new("users")
        .column(Column::new("id", Kind::Integer(32)).sequence())
        .column(Column::new("age", Kind::Integer(32)))
        .column(Column::new("name", Kind::Text(None)))
        .column(Column::new("manager_id", Kind::Integer(32)))
        .primary_key(["id"])
        .index(Index::new("users_age_index", ["age"]));
    let posts = Definition::new("posts")
        .column(Column::new("id", Kind::Integer(32)).sequence())
        .column(Column::new("user_id", Kind::Integer(32)))
        .column(Column::new("views", Kind::Integer(32)))
        .column(Column::new("title", Kind::Text(None)))
        .primary_key(["id"])
        .index(Index::new("posts_user_id_views_index", ["user_id", "views"]))
        .foreign_key(ForeignKey::new("posts_user_id_fkey", ["user_id"], "users", ["id"]));
    for definition in [users, posts] {
        database.define(Ddl::CreateTable(definition)).unwrap();
    }
    database
}

/// Puts rows into a table, all columns in their order.
pub fn fill(database: &mut Database, table: &str, rows: &[Vec<Value>]) {
    let id = database.table_id(&table.into()).unwrap();
    for row in rows {
        let columns: Vec<usize> = (0..row.len()).collect();
        database.insert(id, &columns, row.clone()).unwrap();
    }
}

/// An adapter on the database.
pub fn open(database: Database, executor: Executor) -> Glue {
    let glue = Glue::new(database, Arc::new(System));
    glue.set_executor(executor);
    glue
}

/// Plans a query document.
pub fn planned(query: &Json, operation: Operation) -> Planned {
    let document = Map::from([("query", value(query)), ("params", Value::List(Vec::new()))]);
    let query = Query::read(&Value::Map(document)).unwrap_or_else(|error| panic!("{error}: {query}"));
    plan(&query, operation, &Schemas::new()).unwrap_or_else(|error| panic!("{error}"))
}

/// Plans and runs a query document; rows are what it selects, without the tuples around them.
pub fn ask(glue: &Glue, query: &Json) -> Result<Vec<Vec<Value>>, AdapterError> {
    let planned = planned(query, Operation::All);
    let asked = Asked::new(&planned.plan, planned.params);
    let answer: Answer = now(glue.run(Statement::Query(asked))).expect("no transaction is open")?;
    let select = planned.select.expect("a query selects");
    Ok(answer
        .rows
        .into_iter()
        .map(|row| match &select.build {
            Build::Tuple(all) => all.iter().map(|build| picked(build, &row)).collect(),
            one => vec![picked(one, &row)],
        })
        .collect())
}

fn picked(build: &Build, row: &[Value]) -> Value {
    match build {
        Build::Field(at) => row[*at].clone(),
        Build::Literal(value) => value.clone(),
        other => panic!("only values are selected here, not {other:?}"),
    }
}

fn value(json: &Json) -> Value {
    ectomorph::params::from_json(json.to_string(), &ectomorph::params::Limits::default()).unwrap()
}
