//! `--sql`: the text of the recorded queries, writes and migrations, in the dialects for which Ecto's was recorded.
//!
//! Each text is a case of its own, `sql:DIALECT:ID`. Reads and migrations have one for each of four dialects; of
//! writes, those were recorded that went to PostgreSQL: they run on the store here, and what a server would have been
//! sent is compared.

use super::migration;
use super::repo::{Runner, read};
use super::vectors::Outcome;
use ectomorph::adapters::sql::ddl;
use ectomorph::adapters::sql::query::{DIALECTS, Statement, statement};
use ectomorph::migration::{Command, Defaults, Step};
use ectomorph::query::{Operation, QueryError, plan};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

const KEYS: [&str; 4] = ["postgres", "mysql", "sqlite", "mssql"];

/// The text of a query that reads.
pub fn query(case: &Json, count: &mut dyn FnMut(&str, Outcome)) {
    let id = case["id"].as_str().unwrap_or_default();
    if case.get("sql").is_none() || case.get("query").is_none() {
        return;
    }
    for (dialect, key) in DIALECTS.into_iter().zip(KEYS) {
        let recorded = &case["sql"][key];
        let ours: Result<Statement, String> = read::document(&case["query"], &case["params"])
            .and_then(|query| plan(&query, Operation::All, &super::repo::schemas::all()))
            .map_err(|error: QueryError| error.to_string())
            .and_then(|planned| {
                statement(dialect, &planned.plan, &planned.params).map_err(|error| error.to_string())
            });
        let same = match (&ours, recorded["sql"].as_str()) {
            (Ok(ours), Some(theirs)) => ours.sql == theirs,
            (Err(_), None) => true,
            _ => false,
        };
        let actual = ours.map_or_else(|error| json!({"unsupported": error}), |ours| json!(ours.sql));
        let expected = recorded.get("sql").unwrap_or(recorded);
        count(&format!("sql:{key}:{id}"), Outcome::of(same, expected, &actual));
    }
}

/// The statements of a case that writes, in PostgreSQL's dialect.
pub fn write(case: &Json, runner: &Runner, count: &mut dyn FnMut(&str, Outcome)) {
    let id = case["id"].as_str().unwrap_or_default();
    let Some(results) = case["result"].as_array() else { return };
    let statements = results.iter().flat_map(|result| result["statements"].as_array().into_iter().flatten());
    let expected: Vec<String> =
        statements.map(|statement| unordered(statement["sql"].as_str().unwrap_or_default())).collect();
    let actual: Vec<String> = runner.sent(case).iter().map(|sql| unordered(sql)).collect();
    count(&format!("sql:postgres:{id}"), Outcome::of(expected == actual, json!(expected), json!(actual)));
}

/// The text with the columns of inserts and of `RETURNING` in one order: Ecto has them in that of an Elixir map.
fn unordered(sql: &str) -> String {
    let sorted = |list: &str, comma: &str| {
        let names: BTreeSet<&str> = list.split(comma).map(str::trim).collect();
        names.into_iter().collect::<Vec<_>>().join(",")
    };
    let mut text = sql.to_owned();
    if sql.starts_with("INSERT")
        && let (Some(start), Some(end)) = (text.find('('), text.find(')'))
    {
        text.replace_range(start + 1..end, &sorted(&text[start + 1..end], ","));
    }
    if let Some(at) = text.find(" RETURNING ").map(|at| at + " RETURNING ".len()) {
        text.replace_range(at.., &sorted(&text[at..], ","));
    }
    text
}

/// The statements of a migration, both ways.
pub fn migration(case: &Json, count: &mut dyn FnMut(&str, Outcome)) {
    let id = case["id"].as_str().unwrap_or_default();
    let Ok(migration) = migration::migration(case) else { return };
    for dialect in ddl::DIALECTS {
        let name = dialect.name();
        let (mut expected, mut actual, mut same, mut any) = (Vec::new(), Vec::new(), true, false);
        for (key, up) in [("up", true), ("down", false)] {
            let commands = case[key]["commands"].as_array().cloned().unwrap_or_default();
            let Ok(run) = migration.run(up, &Defaults::default()) else { continue };
            let ours: Vec<Command> = run.steps.into_iter().filter_map(command).collect();
            for (command, recorded) in ours.iter().zip(&commands) {
                any = true;
                let theirs = &recorded["sql"][name];
                let ours = dialect.statements(command);
                same &= match (&ours, theirs.as_array()) {
                    (Ok(ours), Some(theirs)) => {
                        theirs.iter().map(|text| text.as_str().unwrap_or_default()).eq(ours)
                    }
                    (Err(_), None) => theirs.get("unsupported").is_some(),
                    _ => false,
                };
                expected.push(theirs.clone());
                actual.push(json!(ours.map_err(|error| error.to_string())));
            }
        }
        if any {
            count(&format!("sql:{name}:{id}"), Outcome::of(same, json!(expected), json!(actual)));
        }
    }
}

fn command(step: Step) -> Option<Command> {
    match step {
        Step::Command(command) => Some(command),
        Step::Call(_) => None,
    }
}
