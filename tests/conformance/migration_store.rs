//! The vectors of migrations on the store: the recorded set-up, the migrator up and down, and the catalogue PostgreSQL had.

use super::migration::migration;
use super::migration_catalogue::{catalogue, expected_catalogue};
use super::migration_setup::set_up;
use super::vectors::Outcome;
use ectomorph::adapter::{AdapterError, System, now};
use ectomorph::adapters::glue::Glue;
use ectomorph::migration::{Migrate, MigrationError, Migrator, Target};
use ectomorph::store::Database;
use std::sync::Arc;

/// Runs a vector.
pub fn run(case: &serde_json::Value) -> Outcome {
    let glue = Glue::new(Database::new(), Arc::new(System));
    for sql in case["setup_sql"].as_array().into_iter().flatten().filter_map(|sql| sql.as_str()) {
        for command in set_up(sql) {
            now(glue.execute_ddl(&command))
                .expect("an answer")
                .unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
    }
    let migration = match migration(case) {
        Ok(migration) => migration,
        Err(unreadable) => return Outcome::of(false, &case["ecto"], unreadable),
    };
    let migrator = Migrator::new(Arc::new(glue.clone()), Arc::new(System), [migration]);
    let before = catalogue_of(&glue);

    let up = now(migrator.migrate(Target::All)).expect("the store answers at once");
    let (expected, actual) = (outcome_of(&case["up"]["result"]), told(&up));
    if expected != actual {
        return Outcome::of(false, format!("up: {expected}"), format!("up: {}", shown(&up)));
    }
    let after = catalogue_of(&glue);
    let expected = match &case["postgres_after_up"] {
        serde_json::Value::String(_) | serde_json::Value::Null => before.clone(),
        catalogue => expected_catalogue(catalogue, &tables_of(&glue)),
    };
    if expected != after {
        return Outcome::of(false, expected.join("\n           "), after.join("\n           "));
    }
    if case["down"].is_null() {
        return Outcome::of(true, "", "");
    }

    let down = now(migrator.rollback(Target::All)).expect("the store answers at once");
    let (expected, actual) = (outcome_of(&case["down"]["result"]), told(&down));
    if expected != actual {
        return Outcome::of(false, format!("down: {expected}"), format!("down: {}", shown(&down)));
    }
    let restored = catalogue_of(&glue) == before;
    Outcome::of(
        case["down_restores_schema"].as_bool() == Some(restored),
        format!("down restores the schema: {}", case["down_restores_schema"]),
        format!("{}\nwas {}", catalogue_of(&glue).join("\n"), before.join("\n")),
    )
}

/// `ok`, PostgreSQL's code, or that a mistake was found.
fn outcome_of(result: &serde_json::Value) -> String {
    match (result.as_str(), result["raised"]["pg_code"].as_str()) {
        (Some(ok), _) => ok.to_owned(),
        (None, Some(code)) => code.to_owned(),
        (None, None) => "mistake".to_owned(),
    }
}

fn told(result: &Result<Vec<i64>, MigrationError>) -> String {
    match result {
        Ok(_) => "ok".to_owned(),
        Err(MigrationError::Database { error: AdapterError::Query { code: Some(code), .. }, .. }) => {
            code.to_string()
        }
        Err(MigrationError::Database { error: AdapterError::Unsupported { .. }, .. }) => {
            "unsupported".to_owned()
        }
        Err(_) => "mistake".to_owned(),
    }
}

fn shown(result: &Result<Vec<i64>, MigrationError>) -> String {
    match result {
        Ok(_) => "ok".to_owned(),
        Err(error) => error.to_string(),
    }
}

fn catalogue_of(glue: &Glue) -> Vec<String> {
    glue.with_database(|database| {
        let tables = database.tables().map(|table| &**table.definition());
        catalogue(tables.filter(|table| table.name.name != "schema_migrations"))
    })
}

fn tables_of(glue: &Glue) -> Vec<String> {
    glue.with_database(|database| {
        database.tables().map(|table| table.definition().name.to_string()).collect()
    })
}
