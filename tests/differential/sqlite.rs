//! Random queries on random rows: both executors and SQLite give the same.

use crate::generate::{Case, Dice, case};
use crate::host::{ask, database, fill, open};
use ectomorph::adapters::glue::Executor;
use ectomorph::value::Value;
use rusqlite::Connection;
use rusqlite::types::Value as Cell;

/// So many queries run on each of so many sets of rows. `ECTOMORPH_QUERIES` asks for another number.
const SETS: u64 = 20;
const QUERIES: u64 = 3_000;

fn rows(dice: &mut Dice, users: i64, posts: bool) -> Vec<Vec<Value>> {
    let count = if posts { 14 } else { users };
    let maybe = |dice: &mut Dice, number: i64| if dice.often(20) { Value::Null } else { Value::from(number) };
    (1..=count)
        .map(|id| {
            let word = ["a", "ab", "B", "ba", "", "abc", "Ab"][dice.roll(7) as usize];
            let word = if dice.often(20) { Value::Null } else { Value::from(word) };
            let small = dice.roll(8) as i64 - 1;
            let reference = dice.roll(users as u64) as i64 + 1;
            let (small, reference) = (maybe(dice, small), maybe(dice, reference));
            if posts {
                vec![id.into(), reference, small, word]
            } else {
                vec![id.into(), small, word, reference]
            }
        })
        .collect()
}

fn sqlite(users: &[Vec<Value>], posts: &[Vec<Value>]) -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    connection
        .execute_batch(
            "PRAGMA case_sensitive_like = ON;
             CREATE TABLE users (id INTEGER PRIMARY KEY, age INTEGER, name TEXT, manager_id INTEGER);
             CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER, views INTEGER, title TEXT);",
        )
        .unwrap();
    for (table, rows) in [("users", users), ("posts", posts)] {
        for row in rows {
            let cells: Vec<Cell> = row.iter().map(cell).collect();
            let sql = format!("INSERT INTO {table} VALUES (?, ?, ?, ?)");
            connection.execute(&sql, rusqlite::params_from_iter(cells)).unwrap();
        }
    }
    connection
}

fn cell(value: &Value) -> Cell {
    match value {
        Value::Integer(number) => Cell::Integer(*number),
        Value::String(text) => Cell::Text(text.as_str().to_owned()),
        Value::Decimal(number) => Cell::Integer(number.text().parse().expect("a whole number")),
        Value::Null => Cell::Null,
        other => panic!("no such value is selected: {other:?}"),
    }
}

fn expected(connection: &Connection, case: &Case) -> Vec<Vec<String>> {
    let mut statement =
        connection.prepare_cached(&case.sql).unwrap_or_else(|error| panic!("{error}: {}", case.sql));
    let width = statement.column_count();
    let rows = statement
        .query_map([], |row| (0..width).map(|at| row.get::<_, Cell>(at)).collect::<Result<Vec<_>, _>>());
    rows.unwrap().map(|row| row.unwrap().iter().map(|cell| format!("{cell:?}")).collect()).collect()
}

#[test]
fn sqlite_and_both_executors_agree() {
    let wanted =
        std::env::var("ECTOMORPH_QUERIES").ok().and_then(|number| number.parse().ok()).unwrap_or(QUERIES);
    let (mut compared, mut with_rows) = (0, 0);
    for set in 0..SETS {
        let dice = &mut Dice::new(set + 1);
        let users = rows(dice, 9, false);
        let posts = rows(dice, 9, true);
        let connection = sqlite(&users, &posts);
        let [glue, own] = [Executor::GlueSql, Executor::Own].map(|executor| {
            let mut database = database();
            fill(&mut database, "users", &users);
            fill(&mut database, "posts", &posts);
            open(database, executor)
        });
        for number in 0..wanted / SETS {
            let seed = set * 1_000_003 + number;
            let case = case(seed);
            let mut expected = expected(&connection, &case);
            if !case.ordered {
                expected.sort();
            }
            for (name, adapter) in [("GlueSQL", &glue), ("own", &own)] {
                let answer = ask(adapter, &case.query).unwrap_or_else(|error| {
                    panic!("seed {seed}, {name}: {error}\n{}\n{}", case.sql, case.query)
                });
                let mut actual: Vec<Vec<String>> = answer
                    .iter()
                    .map(|row| row.iter().map(|value| format!("{:?}", cell(value))).collect())
                    .collect();
                if !case.ordered {
                    actual.sort();
                }
                assert_eq!(actual, expected, "seed {seed}, {name}\n{}\n{}", case.sql, case.query);
            }
            compared += 1;
            with_rows += u64::from(!expected.is_empty());
        }
    }
    // Queries without rows show little.
    assert!(with_rows * 2 > compared, "only {with_rows} of {compared} queries had rows");
}
