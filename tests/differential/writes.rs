//! Random sequences of writes: constraints, upserts, transactions and savepoints, beside SQLite.
//!
//! What both can say: a statement does all or nothing, and which kind of constraint it broke. A statement in a
//! transaction is in a savepoint of its own, since an error aborts a transaction here, as in PostgreSQL, and not in SQLite.

use crate::generate::Dice;
use crate::host::planned;
use ectomorph::adapter::{
    Adapter, AdapterError, Cell, ConflictAction, ConflictTarget, InsertAll, OnConflict, Rows, SchemaMeta,
    Statement, System, Task, Transaction, ViolationKind, now,
};
use ectomorph::adapters::glue::Glue;
use ectomorph::expr::field;
use ectomorph::query::Operation;
use ectomorph::store::{Action, Column, Database, Ddl, Definition, ForeignKey, Index, Kind};
use ectomorph::value::{Str, Value};
use rusqlite::Connection;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// So many sequences of so many steps. `ECTOMORPH_WRITES` asks for another number of sequences.
const SEQUENCES: u64 = 5_000;
const STEPS: usize = 14;

/// A step, in both forms.
enum Step {
    /// What is written: the columns, the rows, and what happens to those that are there.
    Insert {
        table: &'static str,
        columns: &'static [&'static str],
        rows: Vec<Vec<Value>>,
        conflict: Conflict,
    },
    /// An update or delete: the query, and its SQL.
    Bulk {
        operation: Operation,
        query: Json,
        sql: String,
    },
    Begin,
    Savepoint,
    /// Whether what was done since the last savepoint stays.
    EndSavepoint(bool),
    /// Whether the transaction stays.
    End(bool),
}

#[derive(Clone, Copy)]
enum Conflict {
    Raise,
    Nothing,
    NothingOn(&'static str),
    Replace(&'static str, &'static [&'static str]),
}

fn glue() -> Glue {
    let mut database = Database::new();
    let key = || Column::new("id", Kind::Integer(64)).not_null();
    let users = Definition::new("users")
        .column(key())
        .column(Column::new("email", Kind::Text(None)))
        .column(Column::new("name", Kind::Text(None)).not_null())
        .column(Column::new("age", Kind::Integer(64)).default(30))
        .primary_key(["id"])
        .index(Index::new("users_email_index", ["email"]).unique())
        .index(Index::new("users_name_index", ["name"]).unique().filter(field("age").gt(40)))
        .check("age_positive", field("age").gte(0));
    let refers = |column: &'static str, to, action| {
        ForeignKey::new(format!("posts_{column}_fkey"), [column], to, ["id"]).on_delete(action)
    };
    let posts = Definition::new("posts")
        .column(key())
        .column(Column::new("user_id", Kind::Integer(64)))
        .column(Column::new("editor_id", Kind::Integer(64)))
        .column(Column::new("parent_id", Kind::Integer(64)))
        .column(Column::new("slug", Kind::Text(None)))
        .primary_key(["id"])
        .index(Index::new("posts_user_id_slug_index", ["user_id", "slug"]).unique())
        .foreign_key(refers("user_id", "users", Action::Cascade))
        .foreign_key(refers("editor_id", "users", Action::Nilify(None)))
        .foreign_key(refers("parent_id", "posts", Action::Nothing));
    for definition in [users, posts] {
        database.define(Ddl::CreateTable(definition)).unwrap();
    }
    Glue::new(database, Arc::new(System))
}

fn sqlite() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    connection
        .execute_batch(
            "PRAGMA foreign_keys = ON;
             CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT NOT NULL, age INTEGER DEFAULT 30,
               CONSTRAINT age_positive CHECK (age >= 0));
             CREATE UNIQUE INDEX users_name_index ON users (name) WHERE age > 40;
             CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id) ON DELETE CASCADE,
               editor_id INTEGER REFERENCES users (id) ON DELETE SET NULL, parent_id INTEGER REFERENCES posts (id),
               slug TEXT, UNIQUE (user_id, slug));",
        )
        .unwrap();
    connection
}

fn id(dice: &mut Dice) -> Value {
    Value::from(dice.roll(7) as i64 + 1)
}

fn maybe(dice: &mut Dice, percent: u64, value: Value) -> Value {
    if dice.often(percent) { Value::Null } else { value }
}

fn word(dice: &mut Dice) -> Value {
    Value::from(["a", "b", "c", "d", "A", ""][dice.roll(6) as usize])
}

fn insert(dice: &mut Dice) -> Step {
    let count = 1 + dice.roll(3);
    if dice.often(50) {
        let whole = dice.often(70);
        let row = |dice: &mut Dice| {
            let (key, email, name) = (id(dice), word(dice), word(dice));
            let mut row = vec![key, maybe(dice, 30, email), maybe(dice, 8, name)];
            if whole {
                let age = Value::from(dice.roll(80) as i64 - 4);
                row.push(maybe(dice, 20, age));
            }
            row
        };
        let mut rows: Vec<_> = (0..count).map(|_| row(dice)).collect();
        let columns: &[&str] = if whole { &["id", "email", "name", "age"] } else { &["id", "email", "name"] };
        let conflict = match dice.roll(6) {
            0 => Conflict::Nothing,
            1 => Conflict::NothingOn("email"),
            2 => Conflict::Replace("email", &["name"]),
            3 => Conflict::Replace("id", &["email", "name"]),
            _ => Conflict::Raise,
        };
        once(&mut rows, conflict);
        return Step::Insert { table: "users", columns, rows, conflict };
    }
    let row = |dice: &mut Dice| {
        let [key, user, editor, parent] = [(); 4].map(|()| id(dice));
        let slug = word(dice);
        vec![
            key,
            maybe(dice, 20, user),
            maybe(dice, 50, editor),
            maybe(dice, 60, parent),
            maybe(dice, 20, slug),
        ]
    };
    let mut rows: Vec<_> = (0..count).map(|_| row(dice)).collect();
    let columns = &["id", "user_id", "editor_id", "parent_id", "slug"];
    let conflict = match dice.roll(5) {
        0 => Conflict::Nothing,
        1 => Conflict::NothingOn("id"),
        2 => Conflict::Replace("id", &["slug", "editor_id"]),
        _ => Conflict::Raise,
    };
    once(&mut rows, conflict);
    Step::Insert { table: "posts", columns, rows, conflict }
}

/// PostgreSQL, and so the store, refuses to write a row twice in one upsert; SQLite does it.
fn once(rows: &mut Vec<Vec<Value>>, conflict: Conflict) {
    if matches!(conflict, Conflict::Replace(..)) {
        rows.truncate(1);
    }
}

fn literal(value: &Value) -> (Json, String) {
    match value {
        Value::Null => (Json::Null, "NULL".to_owned()),
        Value::Integer(number) => (json!(number), number.to_string()),
        Value::String(text) => (json!(text.as_str()), format!("'{text}'")),
        other => panic!("no such value is written: {other:?}"),
    }
}

/// An update or delete of the rows of a comparison.
fn bulk(dice: &mut Dice) -> Step {
    let users = dice.often(50);
    let table = if users { "users" } else { "posts" };
    let columns: &[&str] = if users { &["id", "age"] } else { &["id", "user_id", "parent_id"] };
    let column = columns[dice.roll(columns.len() as u64) as usize];
    let sign = ["==", "<", ">=", "!="][dice.roll(4) as usize];
    let (compared, shown) = literal(&id(dice));
    let condition = json!([sign, ["field", "b0", column], compared]);
    let sql_sign = if sign == "==" { "=" } else { sign };
    let mut query = json!({"from": {"as": "b0", "source": table}, "where": [condition]});
    let filter = format!("WHERE {column} {sql_sign} {shown}");
    if dice.often(35) {
        return Step::Bulk {
            operation: Operation::DeleteAll,
            query,
            sql: format!("DELETE FROM {table} {filter}"),
        };
    }
    let (set, sql) = if users {
        match dice.roll(4) {
            0 => (json!({"inc": [["age", 7]]}), "age = age + 7".to_owned()),
            1 => (json!({"inc": [["age", -9]]}), "age = age + -9".to_owned()),
            2 => {
                let name = word(dice);
                let (value, sql) = literal(&maybe(dice, 15, name));
                (json!({"set": [["name", value]]}), format!("name = {sql}"))
            }
            _ => {
                let email = word(dice);
                let (value, sql) = literal(&maybe(dice, 30, email));
                (json!({"set": [["email", value]]}), format!("email = {sql}"))
            }
        }
    } else {
        match dice.roll(3) {
            0 => {
                let key = id(dice);
                let (value, sql) = literal(&maybe(dice, 20, key));
                (json!({"set": [["user_id", value]]}), format!("user_id = {sql}"))
            }
            1 => (json!({"set": [["parent_id", ["field", "b0", "id"]]]}), "parent_id = id".to_owned()),
            _ => {
                let (value, sql) = literal(&word(dice));
                (json!({"set": [["slug", value]]}), format!("slug = {sql}"))
            }
        }
    };
    query["update"] = json!([set]);
    Step::Bulk { operation: Operation::UpdateAll, query, sql: format!("UPDATE {table} SET {sql} {filter}") }
}

fn step(dice: &mut Dice, depth: usize) -> Step {
    match dice.roll(10) {
        0 if depth == 0 => Step::Begin,
        0 | 1 if depth > 0 => Step::Savepoint,
        2 if depth > 1 => Step::EndSavepoint(dice.often(50)),
        2 if depth == 1 => Step::End(dice.often(60)),
        3..=5 => bulk(dice),
        _ => insert(dice),
    }
}

/// What came of a statement: how many rows, or the kind of the constraint that it broke.
type Came = Result<usize, ViolationKind>;

fn on_glue(adapter: &dyn Adapter, step: &Step) -> Came {
    let answer = match step {
        Step::Insert { table, columns, rows, conflict } => {
            let names =
                |names: &[&'static str]| names.iter().map(|name| Str::from(*name)).collect::<Vec<_>>();
            let (action, target) = match conflict {
                Conflict::Raise => (ConflictAction::Raise, ConflictTarget::Any),
                Conflict::Nothing => (ConflictAction::Nothing, ConflictTarget::Any),
                Conflict::NothingOn(column) => {
                    (ConflictAction::Nothing, ConflictTarget::Columns(names(&[column])))
                }
                Conflict::Replace(column, replaced) => {
                    (ConflictAction::Replace(names(replaced)), ConflictTarget::Columns(names(&[column])))
                }
            };
            let meta = SchemaMeta { source: (*table).into(), prefix: None, schema: None };
            let cells = rows.iter().map(|row| row.iter().cloned().map(Cell::Value).collect()).collect();
            now(adapter.run(Statement::InsertAll(InsertAll {
                meta: &meta,
                header: &names(columns),
                rows: Rows::Cells(cells),
                placeholders: Vec::new(),
                on_conflict: &OnConflict { action, target },
                returning: &[],
            })))
        }
        Step::Bulk { operation, query, .. } => {
            let planned = planned(query, *operation);
            now(adapter
                .run(Statement::Query(ectomorph::adapter::Query::new(&planned.plan, planned.params.clone()))))
        }
        _ => panic!("no statement"),
    };
    match answer.expect("the store answers at once") {
        Ok(answer) => Ok(answer.count),
        Err(AdapterError::Constraint(violations)) => Err(violations[0].kind),
        Err(error) => panic!("{error}"),
    }
}

fn text_of(step: &Step) -> String {
    match step {
        Step::Insert { table, columns, rows, conflict } => {
            let row = |row: &Vec<Value>| {
                format!("({})", row.iter().map(|value| literal(value).1).collect::<Vec<_>>().join(", "))
            };
            let rows = rows.iter().map(row).collect::<Vec<_>>().join(", ");
            let conflict = match conflict {
                Conflict::Raise => String::new(),
                Conflict::Nothing => "ON CONFLICT DO NOTHING".to_owned(),
                Conflict::NothingOn(column) => format!("ON CONFLICT ({column}) DO NOTHING"),
                Conflict::Replace(column, replaced) => {
                    let set: Vec<String> =
                        replaced.iter().map(|column| format!("{column} = excluded.{column}")).collect();
                    format!("ON CONFLICT ({column}) DO UPDATE SET {}", set.join(", "))
                }
            };
            format!("INSERT INTO {table} ({}) VALUES {rows} {conflict}", columns.join(", "))
        }
        Step::Bulk { sql, .. } => sql.clone(),
        Step::Begin => "BEGIN".to_owned(),
        Step::Savepoint => "SAVEPOINT".to_owned(),
        Step::EndSavepoint(keep) => if *keep { "RELEASE" } else { "ROLLBACK TO" }.to_owned(),
        Step::End(keep) => if *keep { "COMMIT" } else { "ROLLBACK" }.to_owned(),
    }
}

fn on_sqlite(connection: &Connection, sql: &str) -> Came {
    use rusqlite::ffi;
    connection.execute(sql, []).map_err(|error| match error.sqlite_error().map(|error| error.extended_code) {
        Some(ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY) => ViolationKind::Unique,
        Some(ffi::SQLITE_CONSTRAINT_FOREIGNKEY) => ViolationKind::ForeignKey,
        Some(ffi::SQLITE_CONSTRAINT_CHECK) => ViolationKind::Check,
        Some(ffi::SQLITE_CONSTRAINT_NOTNULL) => ViolationKind::NotNull,
        _ => panic!("{error}: {sql}"),
    })
}

fn rows_of_glue(glue: &Glue) -> String {
    glue.with_database(|database| {
        let mut all = String::new();
        for name in ["users", "posts"] {
            for (_, row) in database.table_named(&name.into()).unwrap().rows() {
                let values: Vec<String> = row.iter().map(|value| literal(value).1).collect();
                all += &format!("{name} {}\n", values.join(" "));
            }
        }
        all
    })
}

fn rows_of_sqlite(connection: &Connection) -> String {
    let mut all = String::new();
    for (name, columns) in
        [("users", "id, email, name, age"), ("posts", "id, user_id, editor_id, parent_id, slug")]
    {
        let mut select =
            connection.prepare_cached(&format!("SELECT {columns} FROM {name} ORDER BY id")).unwrap();
        let width = select.column_count();
        let mut rows = select.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let value = |at| match row.get::<_, rusqlite::types::Value>(at).unwrap() {
                rusqlite::types::Value::Null => "NULL".to_owned(),
                rusqlite::types::Value::Integer(number) => number.to_string(),
                rusqlite::types::Value::Text(text) => format!("'{text}'"),
                other => panic!("no such value is written: {other:?}"),
            };
            all += &format!("{name} {}\n", (0..width).map(value).collect::<Vec<_>>().join(" "));
        }
    }
    all
}

/// Does a step on both; what came of it is the same.
fn perform(
    step: &Step,
    (glue, connection): (&Glue, &Connection),
    open: &mut Option<Arc<dyn Transaction>>,
    depth: &mut usize,
) -> (Came, Came) {
    let sqlite = |sql: &str| connection.execute_batch(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
    let done = |task: Task<'_, Result<(), AdapterError>>| {
        now(task).expect("the store answers at once").expect("what ends or begins")
    };
    let transaction = open.clone();
    let transaction = transaction.as_ref();
    match step {
        Step::Begin => {
            *open = Some(now(glue.begin()).unwrap().unwrap());
            *depth = 1;
            sqlite("BEGIN");
        }
        Step::Savepoint => {
            done(transaction.unwrap().savepoint());
            sqlite(&format!("SAVEPOINT s{depth}"));
            *depth += 1;
        }
        Step::EndSavepoint(keep) => {
            *depth -= 1;
            let transaction = transaction.unwrap();
            done(if *keep { transaction.release() } else { transaction.rollback_to_savepoint() });
            if !keep {
                sqlite(&format!("ROLLBACK TO s{depth}"));
            }
            sqlite(&format!("RELEASE s{depth}"));
        }
        Step::End(keep) => {
            let transaction = open.take().unwrap();
            done(if *keep { transaction.commit() } else { transaction.rollback() });
            *depth = 0;
            sqlite(if *keep { "COMMIT" } else { "ROLLBACK" });
        }
        written => {
            let theirs = on_sqlite(connection, &text_of(written));
            let Some(transaction) = transaction else { return (on_glue(glue, written), theirs) };
            done(transaction.savepoint());
            let ours = on_glue(&**transaction, written);
            done(if ours.is_ok() { transaction.release() } else { transaction.rollback_to_savepoint() });
            return (ours, theirs);
        }
    }
    (Ok(0), Ok(0))
}

#[test]
fn random_writes_do_on_the_store_what_they_do_in_sqlite() {
    let wanted = std::env::var("ECTOMORPH_WRITES").ok().and_then(|number| number.parse().ok());
    let (mut empty, mut steps) = (0, 0);
    let mut refused = BTreeMap::new();
    for seed in 1..=wanted.unwrap_or(SEQUENCES) {
        let dice = &mut Dice::new(seed);
        let (glue, connection) = (glue(), sqlite());
        let (mut open, mut depth) = (None, 0);
        let mut done = Vec::new();
        for _ in 0..STEPS {
            let step = step(dice, depth);
            done.push(text_of(&step));
            let (ours, theirs) = perform(&step, (&glue, &connection), &mut open, &mut depth);
            assert_eq!(ours, theirs, "seed {seed}: {}", done.join(";\n"));
            if let Err(kind) = ours {
                *refused.entry(kind.name()).or_insert(0) += 1;
            }
            let (ours, theirs) = (rows_of_glue(&glue), rows_of_sqlite(&connection));
            assert_eq!(ours, theirs, "seed {seed}: {}", done.join(";\n"));
            empty += u64::from(theirs.is_empty());
            steps += 1;
        }
        // What is not committed is not there.
        if open.take().is_some() {
            connection.execute_batch("ROLLBACK").unwrap();
        }
        assert_eq!(rows_of_glue(&glue), rows_of_sqlite(&connection), "seed {seed}: {}", done.join(";\n"));
    }
    // Writes to nothing show little.
    assert!(empty * 2 < steps, "after {empty} of {steps} steps there was no row");
    assert!(
        refused.len() == 4 && refused.values().all(|count| count * 1000 > steps),
        "{refused:?} of {steps}"
    );
}
