//! `dump` and `load`: the structure of a database as a file.
//!
//! PostgreSQL and MySQL have programs for it, which are run as Ecto runs them; SQLite keeps the statements itself.

use crate::arguments::{Dump, Load};
use crate::connect::Database;
use crate::failure::{Failure, Result, of_file};
use crate::mend;
use crate::output::Output;
use crate::settings::{Adapter, Place, Repo};
use crate::storage::quoted;
use ectomorph::adapter::AdapterError;
use ectomorph::value::Value;
use std::fmt::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Writes the structure of a database, and the versions that have run, into a file.
pub async fn dump(repo: &Repo, options: &Dump, output: &Output) -> Result {
    let path = path(repo, options.dump_path.as_ref());
    let database = Database::of(repo, None).await?;
    let versions = versions(repo, &database).await;
    let text = match repo.place.adapter {
        Adapter::Sqlite => sqlite_structure(&database).await.map_err(|error| failed(repo, &error)),
        Adapter::Postgres => {
            let mut command = postgres("pg_dump", &repo.place);
            command.args(["--schema-only", "--no-acl", "--no-owner"]).arg(argument(&repo.place.database));
            answer(command)
        }
        Adapter::MySql => {
            let mut command = mysql(&["mysqldump", "mariadb-dump"], &repo.place)?;
            command.args(["--no-data", "--routines", "--skip-comments", "--no-tablespaces"]);
            command.arg("--").arg(&repo.place.database);
            answer(command)
        }
    };
    database.close().await;
    let mut text = text?;
    for version in versions {
        let table = quoted(repo.place.adapter, &repo.version_table(None).source);
        let prefix = if repo.place.adapter == Adapter::Postgres { "public." } else { "" };
        let _ = writeln!(text, "INSERT INTO {prefix}{table} (version) VALUES ({version});");
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| of_file(folder, &error))?;
    }
    std::fs::write(&path, text).map_err(|error| of_file(&path, &error))?;
    if !options.quiet {
        output.line(format_args!("The structure for {} has been dumped to {}", repo.name, path.display()));
    }
    Ok(())
}

/// Gives a database the structure that a file has.
pub async fn load(repo: &Repo, options: &Load, output: &Output) -> Result {
    let path = path(repo, options.dump_path.as_ref());
    let text = std::fs::read_to_string(&path).map_err(|error| {
        of_file(&path, &error)
            .mend("`ectomorph dump` writes it from a database that has the structure.".to_owned())
    })?;
    let database = Database::of(repo, None).await?;
    let loaded = !versions(repo, &database).await.is_empty();
    if loaded && options.skip_if_loaded {
        database.close().await;
        return Ok(());
    }
    if loaded && !options.force {
        output.confirm(&format!(
            "Are you sure you want to load a new structure for {}? Any existing data in this repo may be lost.",
            repo.name
        ))?;
    }
    let done = match repo.place.adapter {
        Adapter::Sqlite => {
            database.execute(&format!("BEGIN;\n{text}\nCOMMIT;")).await.map_err(|error| failed(repo, &error))
        }
        Adapter::Postgres => {
            let mut command = postgres("psql", &repo.place);
            command.args(["--quiet", "--no-psqlrc", "-vON_ERROR_STOP=1", "--single-transaction", "--file"]);
            command.arg(&path).arg("--dbname").arg(argument(&repo.place.database));
            answer(command).map(drop)
        }
        Adapter::MySql => {
            let mut command = mysql(&["mysql", "mariadb"], &repo.place)?;
            let file = std::fs::File::open(&path).map_err(|error| of_file(&path, &error))?;
            command.args(["--init-command", "SET FOREIGN_KEY_CHECKS = 0", "--database"]);
            command.arg(&repo.place.database).stdin(Stdio::from(file));
            answer(command).map(drop)
        }
    };
    database.close().await;
    done?;
    if !options.quiet {
        output.line(format_args!("The structure for {} has been loaded from {}", repo.name, path.display()));
    }
    Ok(())
}

fn path(repo: &Repo, given: Option<&PathBuf>) -> PathBuf {
    given.or(repo.keys.dump_path.as_ref()).cloned().unwrap_or_else(|| repo.private().join("structure.sql"))
}

/// The versions that have run, in order; none where there is no table of them.
async fn versions(repo: &Repo, database: &Database) -> Vec<i64> {
    let table = repo.version_table(repo.keys.migration_default_prefix.as_deref());
    let mut versions = database.migrate().versions(&table).await.unwrap_or_default();
    versions.sort_unstable();
    versions
}

async fn sqlite_structure(database: &Database) -> std::result::Result<String, AdapterError> {
    let sql = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid";
    let answer = database.query(sql, Vec::new()).await?;
    let statements = answer.rows.iter().filter_map(|row| row.first().and_then(Value::as_str));
    Ok(statements.fold(String::new(), |text, statement| text + statement + ";\n"))
}

/// A program of PostgreSQL that knows where the database is. The password is in its environment, where nobody else reads it.
fn postgres(program: &str, place: &Place) -> Command {
    let mut command = Command::new(program);
    let port = place.port.map(|port| port.to_string());
    for (name, value) in [
        ("PGHOST", Some(place.hostname.as_deref().unwrap_or("localhost"))),
        ("PGPORT", port.as_deref()),
        ("PGUSER", place.username.as_deref()),
        ("PGPASSWORD", place.password.as_deref()),
    ] {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    command
}

/// The name of a database as libpq takes it: what looks like a URL or a list of options is not one.
fn argument(database: &str) -> String {
    format!("dbname='{}'", database.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// The first of some programs of MySQL that is there.
fn mysql(programs: &[&str], place: &Place) -> Result<Command> {
    let there = |program: &&&str| Command::new(program).arg("--version").output().is_ok();
    let Some(program) = programs.iter().find(there) else {
        return Err(missing(programs.first().unwrap_or(&"")));
    };
    let mut command = Command::new(program);
    command.args(["--protocol", "tcp", "--host", place.hostname.as_deref().unwrap_or("localhost")]);
    if let Some(port) = place.port {
        command.arg("--port").arg(port.to_string());
    }
    if let Some(name) = &place.username {
        command.arg("--user").arg(name);
    }
    if let Some(password) = &place.password {
        command.env("MYSQL_PWD", password);
    }
    Ok(command)
}

/// What a program writes to its standard output.
fn answer(mut command: Command) -> Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = match command.output() {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(missing(&program)),
        Err(error) => return Err(Failure::new(format!("{program} can't be run: {error}"))),
    };
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::new(format!("{program} failed: {}", said.trim())));
    }
    String::from_utf8(output.stdout).map_err(|_| Failure::new(format!("{program} wrote what is no text")))
}

fn missing(program: &str) -> Failure {
    let package = if program.starts_with("my") { "mariadb-client" } else { "postgresql-client" };
    Failure::new(format!("{program} was not found, which this needs"))
        .mend(format!("Install it: apt-get install {package}, or the programs of your database elsewhere."))
}

fn failed(repo: &Repo, error: &AdapterError) -> Failure {
    Failure::new(error.to_string()).mend(mend::of(repo, error))
}
