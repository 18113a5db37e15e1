//! The text of every recorded query, in four dialects.

use crate::schemas::{plain, schemas};
use crate::vectors::{Vector, vectors};
use ectomorph::adapters::sql::query::{DIALECTS, Statement, statement};
use ectomorph::query::{Operation, Query, plan};
use ectomorph::types::Type;
use ectomorph::value::{Map, Value};

const KEYS: [&str; 4] = ["postgres", "mysql", "sqlite", "mssql"];

/// Where the text is another on purpose.
const DEVIATIONS: [(&str, &str); 6] = [
    // The planner says that what is no record can't be preloaded into, before anything is read.
    ("query/error/preload_without_root_select", "postgres"),
    ("query/error/preload_without_root_select", "mysql"),
    ("query/error/preload_without_root_select", "sqlite"),
    ("query/error/preload_without_root_select", "mssql"),
    // A backslash means nothing in SQLite's text; Ecto's adapter doubles it, and so writes another text.
    ("query/where/like_escaped_percent", "sqlite"),
    // Ecto's adapter writes `over(count(t0.[id]), )`, which no server understands; here windows are refused.
    ("query/window/count_over_all", "mssql"),
];

fn ours(vector: &Vector, dialect: usize) -> Result<Statement, String> {
    let query = Query::read(&vector.document).map_err(|error| error.to_string())?;
    let planned = plan(&query, vector.operation, schemas()).map_err(|error| error.to_string())?;
    statement(DIALECTS[dialect], &planned.plan, &planned.params).map_err(|error| error.to_string())
}

#[test]
fn texts_are_those_of_ectos_adapters() {
    let mut failures = Vec::new();
    let mut deviations = Vec::new();
    let mut count = 0;
    for vector in vectors() {
        let Some(sql) = vector.map.get("sql").and_then(Value::as_map) else { continue };
        if vector.id == "query/preload/function" {
            continue;
        }
        count += 1;
        for (at, key) in KEYS.into_iter().enumerate() {
            let recorded = sql.get(key).and_then(Value::as_map).unwrap();
            let expected = recorded.get("sql").and_then(Value::as_str);
            match (ours(&vector, at), expected) {
                (Ok(ours), Some(expected)) if ours.sql == expected => {
                    if key == "postgres" {
                        same_params(&vector.id, recorded, &ours.params, &mut failures);
                    }
                }
                (Err(_), None) => {}
                (ours, expected) if DEVIATIONS.contains(&(vector.id.as_str(), key)) => {
                    deviations.push((vector.id.clone(), key, ours.is_ok(), expected.is_some()));
                }
                (ours, expected) => failures.push(format!(
                    "{} {key}\n  ours {}\n  ecto {}",
                    vector.id,
                    ours.map_or_else(|error| error, |ours| ours.sql),
                    expected.unwrap_or("unsupported")
                )),
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert_eq!(deviations.len(), DEVIATIONS.len(), "{deviations:?}");
    assert!(count > 300, "{count}");
}

/// Params as the driver of PostgreSQL got them.
fn same_params(id: &str, recorded: &Map, ours: &[Value], failures: &mut Vec<String>) {
    let theirs = recorded.get("params").and_then(Value::as_list).unwrap();
    let theirs: Vec<Value> = theirs.iter().map(driver_value).collect();
    if theirs != ours {
        failures.push(format!("{id} params\n  ours {ours:?}\n  ecto {theirs:?}"));
    }
}

fn driver_value(value: &Value) -> Value {
    match value.as_map().and_then(|map| map.get("$uuid_bytes")) {
        Some(text) => Type::Uuid.dump(text).unwrap(),
        None => plain(value),
    }
}

#[test]
fn bulk_writes_are_those_of_ectos_adapter() {
    let mut count = 0;
    for vector in vectors() {
        if !matches!(vector.operation, Operation::UpdateAll | Operation::DeleteAll) {
            continue;
        }
        let Some(expected) = sent(&vector) else { continue };
        let ours = ours(&vector, 0).unwrap_or_else(|error| panic!("{}: {error}", vector.id));
        let sql = expected.get("sql").and_then(Value::as_str).unwrap();
        assert_eq!(ours.sql, sql, "{}", vector.id);
        let params = expected.get("params").and_then(Value::as_list).unwrap();
        assert_eq!(ours.params, params.iter().map(driver_value).collect::<Vec<_>>(), "{}", vector.id);
        count += 1;
    }
    assert!(count >= 10, "{count}");
}

/// The statement that was sent for a step, if it was one.
fn sent(vector: &Vector) -> Option<&Map> {
    let result = vector.map.get("result")?.as_list()?.get(vector.step?)?.as_map()?;
    let statements = result.get("statements")?.as_list()?;
    statements.iter().filter_map(Value::as_map).find(|statement| {
        let sql = statement.get("sql").and_then(Value::as_str).unwrap_or_default();
        sql.starts_with("UPDATE") || sql.starts_with("DELETE")
    })
}

#[test]
fn what_would_be_sql_from_outside_is_refused() {
    use ectomorph::query::{datetime_add, field, from};
    let query = from("users").select(datetime_add(field("at"), 1, "day'; drop table users; --"));
    let planned = plan(&query, Operation::All, schemas()).unwrap();
    for dialect in DIALECTS {
        let error = statement(dialect, &planned.plan, &planned.params).unwrap_err();
        assert!(error.to_string().contains("the unit `day'; drop table users; --` is unknown"), "{error}");
    }
    let query = from("us\"ers`]").select(field("id"));
    let planned = plan(&query, Operation::All, schemas()).unwrap();
    for dialect in DIALECTS {
        let error = statement(dialect, &planned.plan, &planned.params).unwrap_err();
        assert!(error.to_string().contains("bad name"), "{error}");
    }
    let query = from("users").where_(field("name").eq("x' or '1'='1")).select(field("id"));
    let planned = plan(&query, Operation::All, schemas()).unwrap();
    for dialect in DIALECTS {
        let text = statement(dialect, &planned.plan, &planned.params).unwrap().sql;
        assert!(text.contains("'x'' or ''1''=''1'"), "{text}");
    }
}
