//! How to mend what keeps a database from answering: the error cases of Ecto's guide, and a few more.

use crate::settings::{Adapter, Repo};
use ectomorph::adapter::AdapterError;

/// How to mend an error of connecting, creating or dropping; none, if nobody knows.
pub fn of(repo: &Repo, error: &AdapterError) -> Option<String> {
    let place = &repo.place;
    let role = place.username.clone().unwrap_or_else(|| "postgres".into());
    let (message, code) = match error {
        AdapterError::Environment { message } => (message.as_str(), None),
        AdapterError::Query { message, code } => (message.as_str(), code.as_deref()),
        _ => return None,
    };
    let postgres = place.adapter == Adapter::Postgres;
    let quoted = super::storage::quoted(place.adapter, &role);
    let in_psql = |what: &str, sql: String| Some(format!("{what}, as a superuser in psql:\n\n    {sql}"));
    if message.contains("can't be reached") || message.contains("no answer in time") {
        let port = place.port.unwrap_or(if postgres { 5432 } else { 3306 });
        let host = place.hostname.as_deref().unwrap_or("localhost");
        let server = if postgres { "PostgreSQL" } else { "MySQL" };
        return Some(format!(
            "Start the server, or see that `hostname` and `port` are right: {} says that {server} is at {host}, port {port}.",
            place.origin
        ));
    }
    if postgres && code == Some("42501") && message.contains("create database") {
        return in_psql("Let the role create databases", format!("ALTER ROLE {quoted} CREATEDB;"));
    }
    if postgres && code == Some("42501") {
        return in_psql(
            "Let the role own the database",
            format!(
                "ALTER DATABASE {} OWNER TO {quoted};",
                super::storage::quoted(place.adapter, &place.database)
            ),
        );
    }
    if postgres && message.contains("is not permitted to log in") {
        return in_psql("Let the role log in", format!("ALTER ROLE {quoted} LOGIN;"));
    }
    if postgres && message.starts_with("role ") && message.contains("does not exist") {
        return in_psql("Create the role", format!("CREATE ROLE {quoted} LOGIN CREATEDB;"));
    }
    if message.contains("password authentication failed") {
        return Some(format!(
            "Put the right password where {} has it, or give the role this one, as a superuser in psql:\n\n    \\password {role}\n\nA \
             role that does not exist gets the same answer: CREATE ROLE {quoted} LOGIN CREATEDB;",
            place.origin
        ));
    }
    if code == Some("55006") {
        return Some("End the programs that are connected to it, or drop it with --force-drop.".into());
    }
    if message.starts_with("Access denied") && message.contains("to database") {
        let database = super::storage::quoted(place.adapter, &place.database);
        let role = role.replace('\'', "''");
        return Some(format!(
            "Let the role have the database, as root in mysql:\n\n    GRANT ALL ON {database}.* TO '{role}'@'%';"
        ));
    }
    if message.starts_with("Access denied") {
        return Some(format!("Put the right username and password where {} has them.", place.origin));
    }
    if message.contains("create the database first") {
        return create(repo);
    }
    None
}

/// That the database is to be created.
pub fn create(repo: &Repo) -> Option<String> {
    Some(format!("Create it: ectomorph create -r {}", shell(&repo.name)))
}

/// A word as a shell takes it.
fn shell(word: &str) -> String {
    let plain =
        !word.is_empty() && word.chars().all(|letter| letter.is_alphanumeric() || "._-".contains(letter));
    if plain { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}
