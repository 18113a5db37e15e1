//! `create` and `drop`.

use crate::arguments;
use crate::connect::Database;
use crate::failure::{Failure, Result, of_file};
use crate::mend;
use crate::output::Output;
use crate::settings::{Adapter, Keys, Repo};
use ectomorph::adapter::AdapterError;
use std::path::{Path, PathBuf};

/// What came of it: done, or there was nothing to do.
type Changed = std::result::Result<bool, AdapterError>;

/// Creates the database of a repo.
pub async fn create(repo: &Repo, quiet: bool, output: &Output) -> Result {
    let done = match repo.place.file() {
        Some(file) => create_file(&file),
        None if repo.place.adapter == Adapter::Sqlite => Ok(false),
        None => on_server(repo, &create_text(repo), already_there(repo.place.adapter)).await?,
    };
    said(repo, done, "created", quiet, output)
}

/// Drops the database of a repo.
pub async fn drop(repo: &Repo, options: &arguments::Drop, output: &Output) -> Result {
    if !options.force {
        output.confirm(&format!("Are you sure you want to drop the database for {}?", repo.name))?;
    }
    let done = match repo.place.file() {
        Some(file) => drop_file(&file),
        None if repo.place.adapter == Adapter::Sqlite => Ok(false),
        None => {
            let adapter = repo.place.adapter;
            let force = options.force_drop || repo.keys.force_drop;
            let with = if force && adapter == Adapter::Postgres { " WITH (FORCE)" } else { "" };
            let sql = format!("DROP DATABASE {}{with}", quoted(adapter, &repo.place.database));
            on_server(repo, &sql, not_there(adapter)).await?
        }
    };
    said(repo, done, "dropped", options.quiet, output)
}

/// Runs a statement beside the database it is about. `nothing`: the words of there being nothing to do.
async fn on_server(repo: &Repo, sql: &str, nothing: &[&str]) -> Result<Changed> {
    let database = match repo.place.adapter {
        Adapter::Postgres => Some(repo.keys.maintenance_database.as_deref().unwrap_or("postgres")),
        Adapter::MySql | Adapter::Sqlite => Some(""),
    };
    let config = repo.place.config(&repo.keys, database)?;
    Ok(match Database::connect(repo.place.adapter, config).await {
        Err(error) => Err(error),
        Ok(server) => {
            let done = server.execute(sql).await;
            server.close().await;
            let is_nothing = |error: &AdapterError| {
                let said = error.to_string();
                nothing.iter().any(|words| said.contains(words))
            };
            match done {
                Ok(()) => Ok(true),
                Err(error) if is_nothing(&error) => Ok(false),
                Err(error) => Err(error),
            }
        }
    })
}

/// How a server says that the database is there.
fn already_there(adapter: Adapter) -> &'static [&'static str] {
    if adapter == Adapter::Postgres { &["(42P04)"] } else { &["database exists"] }
}

/// How a server says that there is no such database.
fn not_there(adapter: Adapter) -> &'static [&'static str] {
    if adapter == Adapter::Postgres { &["create the database first"] } else { &["database doesn't exist"] }
}

fn said(repo: &Repo, done: Changed, what: &str, quiet: bool, output: &Output) -> Result {
    let name = &repo.name;
    let line = match done {
        Ok(true) => format!("The database for {name} has been {what}"),
        Ok(false) => format!("The database for {name} has already been {what}"),
        Err(error) => {
            let message = format!("The database for {name} couldn't be {what}, reason given: {error}");
            return Err(Failure::new(message).mend(mend::of(repo, &error)));
        }
    };
    if !quiet {
        output.line(line);
    }
    Ok(())
}

/// The text that creates a database on a server.
fn create_text(repo: &Repo) -> String {
    let adapter = repo.place.adapter;
    let mut sql = format!("CREATE DATABASE {}", quoted(adapter, &repo.place.database));
    let Keys { template, encoding, owner, lc_collate, lc_ctype, charset, collation, .. } = &repo.keys;
    let options: Vec<(&str, Option<String>)> = match adapter {
        Adapter::Postgres => vec![
            (" ENCODING ", Some(text(encoding.as_deref().unwrap_or("UTF8")))),
            (" TEMPLATE ", template.as_ref().map(|name| quoted(adapter, name))),
            (" OWNER ", owner.as_ref().map(|name| quoted(adapter, name))),
            (" LC_CTYPE ", lc_ctype.as_deref().map(text)),
            (" LC_COLLATE ", lc_collate.as_ref().or(collation.as_ref()).map(|name| text(name))),
        ],
        Adapter::MySql | Adapter::Sqlite => vec![
            (" DEFAULT CHARACTER SET = ", Some(text(charset.as_deref().unwrap_or("utf8mb4")))),
            (" DEFAULT COLLATE = ", collation.as_deref().map(text)),
        ],
    };
    for (option, value) in options {
        if let Some(value) = value {
            sql.push_str(option);
            sql.push_str(&value);
        }
    }
    sql
}

/// A name in the quotes of a database; a quote in it is doubled.
pub fn quoted(adapter: Adapter, name: &str) -> String {
    let quote = if adapter == Adapter::MySql { "`" } else { "\"" };
    format!("{quote}{}{quote}", name.replace(quote, &quote.repeat(2)))
}

/// A text in quotes.
fn text(text: &str) -> String {
    format!("'{}'", text.replace('\\', "").replace('\'', "''"))
}

fn create_file(file: &Path) -> Changed {
    if file.exists() {
        return Ok(false);
    }
    let made = file.parent().map_or(Ok(()), std::fs::create_dir_all);
    let made = made.and_then(|()| std::fs::File::create_new(file));
    made.map(|_| true).map_err(|error| AdapterError::environment(of_file(file, &error).message))
}

/// Removes a database with what SQLite and migrators put beside it.
fn drop_file(file: &Path) -> Changed {
    if !file.exists() {
        return Ok(false);
    }
    for ending in ["-wal", "-shm", "-journal", "-migrations", ""] {
        let mut name = file.as_os_str().to_owned();
        name.push(ending);
        let path = PathBuf::from(name);
        if ending.is_empty() || path.exists() {
            let removed = std::fs::remove_file(&path);
            removed.map_err(|error| AdapterError::environment(of_file(&path, &error).message))?;
        }
    }
    Ok(true)
}
