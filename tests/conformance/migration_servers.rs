//! The vectors of migrations on servers: the recorded set-up, the migrator up and down, and what the database then says of
//! itself. PostgreSQL is held to the recorded catalogue word by word; MySQL and SQLite to its tables, columns, indexes
//! and foreign keys, and refuse what Ecto's adapters refuse.

use super::migration::migration;
use super::migration_setup::set_up;
use super::migration_store::told;
use super::repo::wait;
use super::vectors::Outcome;
use ectomorph::adapter::System;
use ectomorph::adapters::server::{Driver, Server};
use ectomorph::migration::{Migrate, Migrator, Target};
use ectomorph::value::{Value, to_text};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A server, and how it is asked what it holds.
trait Place {
    type Driver: Driver;
    /// An empty database with the tables of a vector, or why it can't have them.
    async fn start(&self, setup: &[&str]) -> Result<Server<Self::Driver>, String>;
    /// What is in it, line by line.
    async fn catalogue(&self, server: &Server<Self::Driver>) -> Vec<String>;
    /// What a recorded catalogue has of that.
    fn expected(&self, recorded: &Json) -> Vec<String>;
    /// How the commands of a direction should end.
    fn outcome(&self, direction: &Json) -> String;
}

/// Runs a vector on the server of a name; `None` if it is none, or not there.
pub fn run(name: &str, case: &Json) -> Option<Outcome> {
    match name {
        #[cfg(feature = "postgres")]
        "postgres" => Some(wait(on(postgres::place()?, case))),
        #[cfg(feature = "mysql")]
        "mysql" => Some(wait(on(mysql::place()?, case))),
        #[cfg(feature = "sqlite")]
        "sqlite" => Some(wait(on(&sqlite::Memory, case))),
        _ => None,
    }
}

async fn on<P: Place>(place: &P, case: &Json) -> Outcome {
    let setup: Vec<&str> =
        case["setup_sql"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    let server = match place.start(&setup).await {
        Ok(server) => server,
        Err(message) => return Outcome::of(false, "the tables of the set-up", message),
    };
    let migration = match migration(case) {
        Ok(migration) => migration,
        Err(unreadable) => return Outcome::of(false, &case["ecto"], unreadable),
    };
    let migrator = Migrator::new(Arc::new(server.clone()), Arc::new(System), [migration]);
    let before = place.catalogue(&server).await;
    let went = migrator.migrate(Target::All).await;
    let up = place.catalogue(&server).await;
    let expected = place.outcome(&case["up"]);
    if !same_outcome(&expected, &told(&went)) {
        let shown = went.map_or_else(|error| error.to_string(), |_| "ok".to_owned());
        return Outcome::of(false, format!("up: {expected}"), format!("up: {shown}"));
    }
    let mut expected = match &case["postgres_after_up"] {
        catalogue if went.is_ok() && catalogue.is_object() => place.expected(catalogue),
        _ => before.clone(),
    };
    // Another vector left a table in a prefix.
    expected.retain(|line| {
        !line.starts_with("column ") || line.starts_with("column public.") || up.contains(line)
    });
    if expected != up {
        return different("up", &expected, &up);
    }
    if case["down"].is_null() || went.is_err() {
        return Outcome::Passed;
    }
    let went = migrator.rollback(Target::All).await;
    let down = place.catalogue(&server).await;
    server.close().await;
    let expected = place.outcome(&case["down"]);
    if !same_outcome(&expected, &told(&went)) {
        let shown = went.map_or_else(|error| error.to_string(), |_| "ok".to_owned());
        return Outcome::of(false, format!("down: {expected}"), format!("down: {shown}"));
    }
    match case["down_restores_schema"].as_bool() {
        Some(true) if went.is_ok() && before != down => different("down", &before, &down),
        Some(false) if P::Driver::NAME == "postgres" && before == down => {
            Outcome::of(false, "another schema than before", "the schema of before")
        }
        _ => Outcome::Passed,
    }
}

/// `refused` is any end but a good one.
fn same_outcome(expected: &str, actual: &str) -> bool {
    expected == actual || expected == "refused" && actual != "ok"
}

/// The lines that one side has alone.
fn different(direction: &str, expected: &[String], actual: &[String]) -> Outcome {
    let alone = |these: &[String], those: &[String]| {
        let lines: Vec<&str> =
            these.iter().filter(|line| !those.contains(line)).map(String::as_str).collect();
        format!("{direction}: {}", lines.join("\n           "))
    };
    Outcome::of(false, alone(expected, actual), alone(actual, expected))
}

/// Rows of a query, as text.
async fn rows<D: Driver>(server: &Server<D>, sql: &str) -> Vec<Vec<String>> {
    let answer = server.query(sql, Vec::new()).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    let text = |value: &Value| match value {
        Value::Null => "null".to_owned(),
        value => to_text(value).expect("a value that has text"),
    };
    answer.rows.iter().map(|row| row.iter().map(text).collect()).collect()
}

/// Makes the tables of a vector by the commands that make them.
async fn made<D: Driver>(server: Server<D>, setup: &[&str]) -> Result<Server<D>, String> {
    for command in setup.iter().flat_map(|sql| set_up(sql)) {
        server.execute_ddl(&command).await.map_err(|error| error.to_string())?;
    }
    Ok(server)
}

/// How a direction should end on a database that is not PostgreSQL: what Ecto's adapter for it has no text for is refused.
fn outcome_of(direction: &Json, dialect: &str) -> String {
    let mut commands = direction["commands"].as_array().into_iter().flatten();
    match direction["result"].as_str() {
        _ if commands.any(|command| command["sql"][dialect].get("unsupported").is_some()) => {
            "refused".to_owned()
        }
        Some(ok) => ok.to_owned(),
        None => "refused".to_owned(),
    }
}

/// What all databases have in common of a recorded catalogue.
fn common(recorded: &Json) -> Vec<String> {
    let list = |key: &str| recorded[key].as_array().into_iter().flatten();
    let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
    let mut lines = Vec::new();
    let mut places = BTreeMap::<String, usize>::new();
    for column in list("columns") {
        let table = text(&column[0]);
        let at = places.entry(table.clone()).or_default();
        if let Some(table) = table.strip_prefix("public.") {
            lines.push(column_line(table, *at, &text(&column[1]), column[3] == "YES"));
        }
        *at += 1;
    }
    for constraint in list("constraints") {
        if text(&constraint[2]).starts_with("FOREIGN KEY") {
            lines.push(format!("foreign key of {}", text(&constraint[0])));
        }
    }
    let keys: Vec<String> = list("constraints")
        .filter(|constraint| text(&constraint[2]).starts_with("PRIMARY KEY"))
        .map(|constraint| text(&constraint[1]))
        .collect();
    for index in list("indexes").map(text) {
        let words: Vec<&str> = index.split(' ').collect();
        let unique = words[1] == "UNIQUE";
        let at = usize::from(unique) + 2;
        if !keys.contains(&words[at].to_owned())
            && let Some(table) =
                words[at + 2].strip_prefix("public.").or(words[at + 3].strip_prefix("public."))
        {
            lines.push(index_line(table, words[at], unique));
        }
    }
    lines.sort();
    lines
}

fn column_line(table: &str, at: usize, name: &str, nullable: bool) -> String {
    format!("column public.{table} {at} {name}{}", if nullable { "" } else { " NOT NULL" })
}

fn index_line(table: &str, name: &str, unique: bool) -> String {
    format!("index {table} {name}{}", if unique { " UNIQUE" } else { "" })
}

#[cfg(feature = "postgres")]
mod postgres {
    use super::{Place, rows};
    use crate::repo::wait;
    use crate::servers;
    use ectomorph::adapters::postgres::{Postgres, PostgresDriver};
    use ectomorph::adapters::server::Config;
    use serde_json::Value as Json;
    use std::sync::OnceLock;

    pub struct Running {
        url: String,
    }

    pub fn place() -> Option<&'static Running> {
        static PLACE: OnceLock<Option<Running>> = OnceLock::new();
        let start = || {
            let server = servers::postgres()?;
            let root = wait(Postgres::connect(server.database("postgres"))).expect("a server");
            wait(root.execute("CREATE DATABASE migrations")).expect("a database");
            Some(Running { url: server.database("migrations") })
        };
        PLACE.get_or_init(start).as_ref()
    }

    const OWN: &str = "NOT IN ('pg_catalog', 'information_schema', 'pg_toast')";

    impl Place for Running {
        type Driver = PostgresDriver;

        async fn start(&self, setup: &[&str]) -> Result<Postgres, String> {
            let config = Config::url(&self.url).unwrap().pool_size(2);
            let server = Postgres::connect_with(config).await.expect("a database");
            let schemas = format!("SELECT nspname::text FROM pg_namespace WHERE nspname {OWN}");
            for schema in rows(&server, &schemas).await {
                server
                    .execute(&format!("DROP SCHEMA \"{}\" CASCADE", schema[0]))
                    .await
                    .expect("it is dropped");
            }
            server.execute("CREATE SCHEMA public").await.expect("a schema");
            for sql in setup {
                server.execute(sql).await.map_err(|error| error.to_string())?;
            }
            Ok(server)
        }

        async fn catalogue(&self, server: &Postgres) -> Vec<String> {
            let columns = format!(
                "SELECT (table_schema || '.' || table_name)::text, column_name::text, data_type::text, is_nullable::text, \
                 column_default::text, character_maximum_length::int, numeric_precision::int, numeric_scale::int, \
                 datetime_precision::int FROM information_schema.columns WHERE table_schema {OWN} \
                 AND table_name <> 'schema_migrations' \
                 ORDER BY table_schema, table_name, ordinal_position"
            );
            let constraints = "SELECT c.relname::text, o.conname::text, pg_get_constraintdef(o.oid) FROM pg_constraint AS o \
                 JOIN pg_class AS c ON c.oid = o.conrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace \
                 WHERE n.nspname = 'public' AND c.relname <> 'schema_migrations'";
            let indexes = format!(
                "SELECT indexdef FROM pg_indexes WHERE schemaname {OWN} AND tablename <> 'schema_migrations'"
            );
            lines(rows(server, &columns).await, rows(server, constraints).await, rows(server, &indexes).await)
        }

        fn expected(&self, recorded: &Json) -> Vec<String> {
            let text = |json: &Json| match json {
                Json::String(text) => text.clone(),
                other => other.to_string(),
            };
            let rows = |key: &str| -> Vec<Vec<String>> {
                let rows = recorded[key].as_array().into_iter().flatten();
                rows.map(|row| match row {
                    Json::Array(cells) => cells.iter().map(text).collect(),
                    one => vec![text(one)],
                })
                .collect()
            };
            lines(rows("columns"), rows("constraints"), rows("indexes"))
        }

        fn outcome(&self, direction: &Json) -> String {
            crate::migration_store::outcome_of(&direction["result"])
        }
    }

    /// The columns of a table in their order, then the rest.
    fn lines(
        columns: Vec<Vec<String>>,
        constraints: Vec<Vec<String>>,
        indexes: Vec<Vec<String>>,
    ) -> Vec<String> {
        let (mut table, mut at) = (String::new(), 0);
        let mut lines = Vec::new();
        for column in columns {
            if column[0] != table {
                (table, at) = (column[0].clone(), 0);
            }
            lines.push(format!("column {table} {at} {}", column[1..].join(" ")));
            at += 1;
        }
        lines.extend(constraints.iter().map(|constraint| format!("constraint {}", constraint.join(" "))));
        lines.extend(indexes.iter().map(|index| format!("index {}", index.join(" "))));
        lines.sort();
        lines
    }
}

#[cfg(feature = "mysql")]
mod mysql {
    use super::{Place, column_line, common, index_line, made, outcome_of, rows};
    use crate::repo::wait;
    use crate::servers;
    use ectomorph::adapters::mysql::{MySql, MySqlDriver};
    use ectomorph::adapters::server::Config;
    use serde_json::Value as Json;
    use std::sync::OnceLock;

    pub struct Running {
        root: MySql,
        url: String,
    }

    pub fn place() -> Option<&'static Running> {
        static PLACE: OnceLock<Option<Running>> = OnceLock::new();
        let start = || {
            let server = servers::mysql()?;
            let root = wait(MySql::connect(server.database("mysql"))).expect("a server");
            Some(Running { root, url: server.database("migrations") })
        };
        PLACE.get_or_init(start).as_ref()
    }

    impl Place for Running {
        type Driver = MySqlDriver;

        async fn start(&self, setup: &[&str]) -> Result<MySql, String> {
            let own = "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME NOT IN \
                       ('mysql', 'sys', 'information_schema', 'performance_schema', 'vectors', 'public')";
            for name in rows(&self.root, own).await {
                self.root.execute(&format!("DROP DATABASE `{}`", name[0])).await.expect("it is dropped");
            }
            self.root.execute("CREATE DATABASE migrations").await.expect("a database");
            // A prefix is a database.
            for sql in setup.iter().filter(|sql| sql.starts_with("CREATE SCHEMA")) {
                self.root.execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
            }
            let config = Config::url(&self.url).unwrap().pool_size(2);
            let server = MySql::connect_with(config).await.expect("a database");
            made(server, setup).await
        }

        async fn catalogue(&self, server: &MySql) -> Vec<String> {
            let columns = "SELECT TABLE_NAME, COLUMN_NAME, IS_NULLABLE, ORDINAL_POSITION FROM information_schema.COLUMNS \
                           WHERE TABLE_SCHEMA = 'migrations' AND TABLE_NAME <> 'schema_migrations' AND TABLE_NAME IN \
                           (SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_TYPE = 'BASE TABLE')";
            let keys = "SELECT TABLE_NAME, CONSTRAINT_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS \
                        WHERE CONSTRAINT_SCHEMA = 'migrations'";
            let indexes = "SELECT DISTINCT TABLE_NAME, INDEX_NAME, NON_UNIQUE FROM information_schema.STATISTICS \
                           WHERE TABLE_SCHEMA = 'migrations' AND INDEX_NAME <> 'PRIMARY' \
                           AND TABLE_NAME <> 'schema_migrations'";
            let keys = rows(server, keys).await;
            let mut lines: Vec<String> =
                keys.iter().map(|key| format!("foreign key of {}", key[0])).collect();
            for column in rows(server, columns).await {
                let at: usize = column[3].parse().expect("a place");
                lines.push(column_line(&column[0], at - 1, &column[1], column[2] == "YES"));
            }
            for index in rows(server, indexes).await {
                // Each foreign key brings an index of its name.
                if !keys.iter().any(|key| key[0] == index[0] && key[1] == index[1]) {
                    lines.push(index_line(&index[0], &index[1], index[2] == "0"));
                }
            }
            lines.sort();
            lines
        }

        fn expected(&self, recorded: &Json) -> Vec<String> {
            common(recorded)
        }

        fn outcome(&self, direction: &Json) -> String {
            outcome_of(direction, "mysql")
        }
    }
}

#[cfg(feature = "sqlite")]
mod sqlite {
    use super::{Place, column_line, common, index_line, made, outcome_of, rows};
    use ectomorph::adapters::sqlite::{Sqlite, SqliteDriver};
    use serde_json::Value as Json;

    pub struct Memory;

    impl Place for Memory {
        type Driver = SqliteDriver;

        async fn start(&self, setup: &[&str]) -> Result<Sqlite, String> {
            let server = Sqlite::connect("sqlite::memory:").await.expect("a database");
            made(server, setup).await
        }

        async fn catalogue(&self, server: &Sqlite) -> Vec<String> {
            let tables = "sqlite_schema AS t";
            let own = "t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name <> 'schema_migrations'";
            let columns = format!(
                "SELECT t.name, c.name, c.\"notnull\" + c.pk, c.cid FROM {tables}, pragma_table_info(t.name) AS c WHERE {own}"
            );
            let keys = format!(
                "SELECT DISTINCT t.name, k.id FROM {tables}, pragma_foreign_key_list(t.name) AS k WHERE {own}"
            );
            let indexes = format!(
                "SELECT t.name, i.name, i.\"unique\" FROM {tables}, pragma_index_list(t.name) AS i WHERE {own} AND i.origin = 'c'"
            );
            let mut lines: Vec<String> =
                rows(server, &keys).await.iter().map(|key| format!("foreign key of {}", key[0])).collect();
            for column in rows(server, &columns).await {
                let at: usize = column[3].parse().expect("a place");
                lines.push(column_line(&column[0], at, &column[1], column[2] == "0"));
            }
            for index in rows(server, &indexes).await {
                lines.push(index_line(&index[0], &index[1], index[2] == "1"));
            }
            lines.sort();
            lines
        }

        fn expected(&self, recorded: &Json) -> Vec<String> {
            common(recorded)
        }

        fn outcome(&self, direction: &Json) -> String {
            outcome_of(direction, "sqlite")
        }
    }
}
