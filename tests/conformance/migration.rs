//! The vectors of migrations: the recorded Elixir is read, run on the builder, and the commands of both directions, their
//! documents and their SQL are compared.

use super::migration_elixir::{self, Node};
use super::migration_interpret::interpret;
#[cfg(any(feature = "mysql", feature = "sqlite", feature = "postgres"))]
use super::migration_servers;
use super::migration_store::{self, Ran};
use super::vectors::{Outcome, from_json, json};
use ectomorph::adapters::sql::ddl::{DIALECTS, Ddl, Postgres};
use ectomorph::migration::{Command, Defaults, Migration, Step, write_command};
use ectomorph::value::{Map, Value};
use std::collections::BTreeMap;

/// Compares what the npm package did with a vector, where the id contains `filter`.
pub fn run_dumped(
    case: &serde_json::Value,
    ran: &BTreeMap<String, Ran>,
    filter: &str,
    mut count: impl FnMut(&str, Outcome),
) {
    let id = case["id"].as_str().unwrap_or_default();
    let name = format!("glue:{id}");
    if name.contains(filter) {
        let compared = ran.get(id).map(|ran| migration_store::compare(case, ran));
        count(
            &name,
            compared.unwrap_or_else(|| Outcome::of(false, "a vector that the package runs", "none")),
        );
    }
}

/// Runs a vector as commands, and on the adapter if it is one that migrations run on, where the id contains `filter`.
pub fn run_all(
    case: &serde_json::Value,
    adapter: Option<&str>,
    filter: &str,
    mut count: impl FnMut(&str, Outcome),
) {
    let id = case["id"].as_str().unwrap_or_default();
    let on_adapter = adapter.map(|adapter| format!("{adapter}:{id}"));
    for id in std::iter::once(id.to_owned()).chain(on_adapter).filter(|id| id.contains(filter)) {
        let run = || match id.split_once(':') {
            None => Some(run(case)),
            Some(("glue", _)) => Some(migration_store::run(case)),
            #[cfg(any(feature = "mysql", feature = "sqlite", feature = "postgres"))]
            Some((server, _)) => migration_servers::run(server, case),
            #[cfg(not(any(feature = "mysql", feature = "sqlite", feature = "postgres")))]
            Some(_) => None,
        };
        // What the reader of Elixir does not know is a case that failed, not the end of the run.
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).unwrap_or_else(|_| {
            Some(Outcome::of(false, "Elixir that can be read", "a call or option that is not known"))
        });
        if let Some(outcome) = outcome {
            count(&id, outcome);
        }
    }
}

fn run(case: &serde_json::Value) -> Outcome {
    let migration = match migration(case) {
        Ok(migration) => migration,
        Err(unreadable) => return Outcome::of(false, &case["ecto"], unreadable),
    };
    let mut differences = Vec::new();
    if let Err(difference) = same_document(&migration) {
        differences.push(difference);
    }
    for (key, up) in [("up", true), ("down", false)] {
        let expected = &case[key];
        if !expected.is_null() {
            direction(&migration, up, expected, &mut differences);
        }
    }
    let (expected, actual): (Vec<String>, Vec<String>) = differences.into_iter().unzip();
    Outcome::of(expected.is_empty(), expected.join("\n           "), actual.join("\n           "))
}

/// What Ecto did, and what ectomorph does.
type Difference = (String, String);

/// The migration that the Elixir of a case describes.
pub fn migration(case: &serde_json::Value) -> Result<Migration, migration_elixir::Unreadable> {
    let mut migration = Migration::new(20240101000000, "vector");
    for (function, text) in case["ecto"].as_object().into_iter().flatten() {
        let body: Vec<Node> = migration_elixir::read(text.as_str().unwrap_or_default())?;
        let record = move |m: &mut ectomorph::migration::Recorder<'_>| interpret(&body, m);
        migration = match function.as_str() {
            "change" => migration.change(record),
            "up" => migration.up(record),
            "down" => migration.down(record),
            _ => migration,
        };
    }
    for attribute in case["attributes"].as_array().into_iter().flatten() {
        migration = match attribute.as_str() {
            Some("disable_ddl_transaction") => migration.disable_ddl_transaction(),
            Some("disable_migration_lock") => migration.disable_migration_lock(),
            _ => migration,
        };
    }
    Ok(migration)
}

/// A migration without functions does the same when it is written and read.
fn same_document(migration: &Migration) -> Result<(), Difference> {
    let defaults = Defaults::default();
    let Ok(text) = migration.to_json(&defaults) else { return Ok(()) };
    let read = Migration::from_json(&text)
        .map_err(|mistake| ("a document".to_owned(), format!("{mistake:?} of {text}")))?;
    for up in [true, false] {
        // A document holds what was recorded forward.
        let (ours, theirs) = (migration.run(true, &defaults), read.run(true, &defaults));
        if up && ours != theirs {
            return Err((format!("{ours:?}"), format!("{theirs:?} of {text}")));
        }
    }
    match read.to_json(&defaults) {
        Ok(again) if again == text => Ok(()),
        again => Err((text, format!("{again:?}"))),
    }
}

fn direction(
    migration: &Migration,
    up: bool,
    expected: &serde_json::Value,
    differences: &mut Vec<Difference>,
) {
    let name = if up { "up" } else { "down" };
    let empty = Vec::new();
    let commands = expected["commands"].as_array().unwrap_or(&empty);
    let error = &expected["result"]["raised"]["$error"];
    let run = match migration.run(up, &Defaults::default()) {
        Ok(run) => run,
        Err(ours) => {
            // Ecto finds some mistakes only when earlier commands have run.
            if !["ArgumentError", "Ecto.MigrationError", "RuntimeError"]
                .contains(&error.as_str().unwrap_or_default())
            {
                differences.push((format!("{name}: {}", expected["result"]), format!("{name}: {ours}")));
            }
            return;
        }
    };
    let ours: Vec<Command> = run
        .steps
        .into_iter()
        .filter_map(|step| match step {
            Step::Command(command) => Some(command),
            Step::Call(_) => None,
        })
        .collect();
    // Where Ecto raised before it reached an adapter or PostgreSQL, something of ours must refuse too.
    let refused = error.as_str().is_some_and(|error| error != "Postgrex.Error");
    if refused && !ours.iter().any(|command| Postgres.statements(command).is_err()) {
        differences.push((format!("{name}: {}", expected["result"]), format!("{name}: {ours:?}")));
    }
    let written = |command: &Command| match write_command(command) {
        Ok(Value::Map(mut map)) => {
            // Theirs says it under `sql`.
            map.remove("sql");
            plain(&map.into())
        }
        other => panic!("{other:?}"),
    };
    let theirs: Vec<Value> = commands
        .iter()
        .map(|command| {
            let Value::Map(mut map) = from_json(command) else { panic!("{command} is no command") };
            map.remove("sql");
            plain(&map.into())
        })
        .collect();
    let ours_written: Vec<Value> = ours.iter().map(written).collect();
    if ours_written != theirs {
        differences.push((
            format!("{name}: {}", json(&Value::List(theirs))),
            format!("{name}: {}", json(&Value::List(ours_written))),
        ));
        return;
    }
    for (command, expected) in ours.iter().zip(commands) {
        for dialect in DIALECTS {
            differences.extend(same_sql(dialect, command, &expected["sql"][dialect.name()]));
        }
    }
}

fn same_sql(dialect: &dyn Ddl, command: &Command, expected: &serde_json::Value) -> Option<Difference> {
    let name = dialect.name();
    let ours = dialect.statements(command);
    match (&ours, expected.as_array()) {
        (Ok(ours), Some(theirs)) if theirs.iter().map(|text| text.as_str().unwrap_or_default()).eq(ours) => {
            None
        }
        (Err(_), None) if expected.get("unsupported").is_some() => None,
        _ => Some((
            format!("{name}: {expected}"),
            format!("{name}: {}", serde_json::json!(ours.map_err(|error| error.to_string()))),
        )),
    }
}

/// The form both sides have: what says nothing is left out, but among the options of a column.
fn plain(value: &Value) -> Value {
    plain_within(value, false)
}

fn plain_within(value: &Value, options: bool) -> Value {
    match value {
        Value::List(list) => Value::List(list.iter().map(|value| plain_within(value, options)).collect()),
        Value::Map(map) => map
            .iter()
            .filter(|(_, value)| options || !says_nothing(value))
            // An empty `opts` of `from`, and the prefix of references that Ecto keeps a second time.
            .filter(|(key, value)| !(key == &"opts" && says_nothing(value)))
            .filter(|(key, _)| !(key == &"options" && map.contains_key("on_delete")))
            .map(|(key, value)| match &**key {
                "columns" if map.contains_key("table") && !map.contains_key("command") => {
                    (key.clone(), index_columns(value))
                }
                "opts" => (key.clone(), plain_within(value, true)),
                "references" => (key.clone(), plain_within(value, false)),
                _ => (key.clone(), plain_within(value, options)),
            })
            .collect::<Map>()
            .into(),
        other => other.clone(),
    }
}

/// A direction is a pair or an object, as Elixir's notation had it.
fn index_columns(value: &Value) -> Value {
    let one = |direction: &str, term: &Value| Map::from([(direction, term.clone())]).into();
    match value {
        Value::Map(map) => Value::List(map.iter().map(|(direction, term)| one(direction, term)).collect()),
        Value::List(list) => Value::List(
            list.iter()
                .map(|column| match column.as_list() {
                    Some([Value::String(direction), term]) => one(direction, term),
                    _ => column.clone(),
                })
                .collect(),
        ),
        other => other.clone(),
    }
}

fn says_nothing(value: &Value) -> bool {
    let empty = value.as_map().is_some_and(Map::is_empty) || value.as_list().is_some_and(<[Value]>::is_empty);
    empty || matches!(value, Value::Null | Value::Bool(false))
}
