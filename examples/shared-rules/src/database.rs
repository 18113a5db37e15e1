//! The database: SQLite, whose tables are made when the server starts.

use ectomorph::adapter::System;
use ectomorph::adapters::connect;
use ectomorph::adapters::server::Config;
use ectomorph::migration::{Migration, Migrator, Recorder, Target, unique_index};
use ectomorph::repo::{Conflict, Options, Repo};
use ectomorph::value::Map;
use std::error::Error;
use std::sync::Arc;

/// The repo on the database of a URL, with its tables and what is taken from the start.
///
/// # Errors
///
/// The database can't be opened, or is not ours.
pub async fn open(url: &str) -> Result<Repo, Box<dyn Error + Send + Sync>> {
    let database = connect(Config::url(url)?).await?;
    Migrator::new(database.clone(), Arc::new(System), [create_tables()]).migrate(Target::All).await?;
    let repo = Repo::new(database);
    let known = Options::new().on_conflict(Conflict::Nothing);
    for (table, row) in [
        ("users", Map::from([("name", "Ada"), ("email", "ada@example.com"), ("bio", "Engines")])),
        ("accounts", Map::from([("email", "ada@example.com"), ("username", "ada")])),
        ("orders", Map::from([("number", "A-1")])),
    ] {
        repo.insert_all_with::<Map>(table, [row], &known).await?;
    }
    Ok(repo)
}

fn create_tables() -> Migration {
    ectomorph::migration!(20240101000000, create_tables, |m| {
        m.create("users", |t| {
            t.add("name", "string").add("email", "string").add("bio", "text").add("number_of_pets", "integer")
        });
        m.create("accounts", |t| {
            t.add("email", "string").add("username", "string").add("age", "integer").add("country", "string")
        });
        m.create("orders", |t| {
            t.add("number", "string").add("starts_on", "date").add("ends_on", "date").add("lines", "map")
        });
        unique(m, "users", "email");
        unique(m, "accounts", "email");
        unique(m, "accounts", "username");
        unique(m, "orders", "number");
    })
}

/// Whatever its case, a text is there once. The index has the name that `unique_constraint` expects.
fn unique(m: &mut Recorder<'_>, table: &'static str, column: &'static str) {
    let lower = format!("lower({column})");
    m.create_index(unique_index(table, [lower.as_str()]).named(format!("{table}_{column}_index")));
}
