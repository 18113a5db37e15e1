//! The vectors of migrations on the store: the recorded set-up, the migrator up and down, and the catalogue PostgreSQL had;
//! run here, or by the npm package.

use super::migration::migration;
use super::migration_catalogue::{catalogue, expected_catalogue};
use super::migration_setup::set_up;
use super::vectors::Outcome;
use ectomorph::adapter::{AdapterError, System, now};
use ectomorph::adapters::glue::Glue;
use ectomorph::migration::{Migrate, MigrationError, Migrator, Target};
use ectomorph::store::Database;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// What a vector did to a database.
pub struct Ran {
    /// The catalogue before.
    pub before: Vec<String>,
    pub up: Went,
    /// If the vector goes down again.
    pub down: Option<Went>,
}

/// How one direction went.
pub struct Went {
    /// `ok`, PostgreSQL's code, that something is unsupported, or that a mistake was found.
    pub outcome: String,
    /// The same for people.
    pub shown: String,
    /// The catalogue behind it, and the names of its tables.
    pub catalogue: Vec<String>,
    pub tables: Vec<String>,
}

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
    let before = glue.with_database(|database| Went::of(&Ok(Vec::new()), database)).catalogue;
    let up = now(migrator.migrate(Target::All)).expect("the store answers at once");
    let up = glue.with_database(|database| Went::of(&up, database));
    let down = (!case["down"].is_null()).then(|| {
        let down = now(migrator.rollback(Target::All)).expect("the store answers at once");
        glue.with_database(|database| Went::of(&down, database))
    });
    compare(case, &Ran { before, up, down })
}

/// Whether a vector did what it did to PostgreSQL.
pub fn compare(case: &serde_json::Value, ran: &Ran) -> Outcome {
    let Ran { before, up, down } = ran;
    let expected = outcome_of(&case["up"]["result"]);
    if expected != up.outcome {
        return Outcome::of(false, format!("up: {expected}"), format!("up: {}", up.shown));
    }
    let expected = match &case["postgres_after_up"] {
        serde_json::Value::String(_) | serde_json::Value::Null => before.clone(),
        catalogue => expected_catalogue(catalogue, &up.tables),
    };
    if expected != up.catalogue {
        return Outcome::of(false, expected.join("\n           "), up.catalogue.join("\n           "));
    }
    let Some(down) = down else {
        return Outcome::of(case["down"].is_null(), "down", "nothing that went down");
    };
    let expected = outcome_of(&case["down"]["result"]);
    if expected != down.outcome {
        return Outcome::of(false, format!("down: {expected}"), format!("down: {}", down.shown));
    }
    Outcome::of(
        case["down_restores_schema"].as_bool() == Some(down.catalogue == *before),
        format!("down restores the schema: {}", case["down_restores_schema"]),
        format!("{}\nwas {}", down.catalogue.join("\n"), before.join("\n")),
    )
}

/// What the npm package did, as `pkg/test/migration-dump.mjs` wrote it: by id, how both directions went, with the exported
/// database behind each.
pub fn dumped(path: &Path) -> BTreeMap<String, Ran> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let dump: serde_json::Value = serde_json::from_str(&text).expect("a dump is JSON");
    let ran = |ran: &serde_json::Value| Ran {
        before: went(&ran["before"]).catalogue,
        up: went(&ran["up"]),
        down: (!ran["down"].is_null()).then(|| went(&ran["down"])),
    };
    dump.as_object().into_iter().flatten().map(|(id, case)| (id.clone(), ran(case))).collect()
}

fn went(dumped: &serde_json::Value) -> Went {
    let hex = dumped["file"].as_str().unwrap_or_default();
    let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("a file is in hexadecimal digits");
    let file: Vec<u8> = (0..hex.len()).step_by(2).map(byte).collect();
    let mut database = Database::new();
    database.import(&file).expect("what was exported can be imported");
    let text = |key: &str| dumped[key].as_str().unwrap_or_default().to_owned();
    Went { outcome: text("outcome"), shown: text("shown"), ..Went::of(&Ok(Vec::new()), &database) }
}

impl Went {
    fn of(result: &Result<Vec<i64>, MigrationError>, database: &Database) -> Went {
        let tables = database.tables().map(|table| &**table.definition());
        let shown = match result {
            Ok(_) => "ok".to_owned(),
            Err(error) => error.to_string(),
        };
        Went {
            outcome: told(result),
            shown,
            catalogue: catalogue(tables.filter(|table| table.name.name != "schema_migrations")),
            tables: database.tables().map(|table| table.definition().name.to_string()).collect(),
        }
    }
}

/// `ok`, PostgreSQL's code, or that a mistake was found.
pub fn outcome_of(result: &serde_json::Value) -> String {
    match (result.as_str(), result["raised"]["pg_code"].as_str()) {
        (Some(ok), _) => ok.to_owned(),
        (None, Some(code)) => code.to_owned(),
        (None, None) => "mistake".to_owned(),
    }
}

pub fn told(result: &Result<Vec<i64>, MigrationError>) -> String {
    match result {
        Ok(_) => "ok".to_owned(),
        Err(MigrationError::Database { error: AdapterError::Query { code: Some(code), .. }, .. }) => {
            code.to_string()
        }
        Err(MigrationError::Database { error: AdapterError::Constraint(violations), .. }) => {
            violations.first().map_or_else(String::new, |violation| violation.kind.code().to_owned())
        }
        Err(MigrationError::Database { error: AdapterError::Unsupported { .. }, .. }) => {
            "unsupported".to_owned()
        }
        Err(_) => "mistake".to_owned(),
    }
}
