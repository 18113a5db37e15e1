//! Databases of servers: made once from the data, and copied for each case that writes.

use super::dataset::{Dataset, Table};
use super::{schemas, wait};
use ectomorph::adapter::{Cell, InsertAll, OnConflict, Rows, SchemaMeta, Statement, System};
use ectomorph::migration::{
    Column, Command, Migrate, OnDelete, array, column, constraint, fragment, references, unique_index,
};
use ectomorph::repo::Repo;
use ectomorph::types::uuid;
use ectomorph::value::{Str, Value};
use std::sync::Arc;

/// The tables of the data, as migrations of a database make them: `sqlite` has checks in columns alone, and lists as text,
/// `mysql` keeps lists as JSON.
pub fn commands(dataset: &Dataset, server: &str) -> Vec<Command> {
    let sqlite = server == "sqlite";
    let mut commands = Vec::new();
    for table in &dataset.tables {
        let columns: Vec<Column> = table
            .columns
            .iter()
            .map(|(name, kind, nullable)| {
                let mut made = match (server, kind.as_str()) {
                    ("mysql", "array(string)") => column("map"),
                    _ => kind_of(table, name, kind, server),
                };
                made = made.null(*nullable);
                if kind == "id" {
                    made = made.primary_key();
                }
                if let Some(default) = table.default_of(name) {
                    made = match default {
                        Value::Integer(number) => made.default(number),
                        _ if sqlite => made.default("[]"),
                        _ if server == "mysql" => made.default(fragment("('[]')")),
                        _ => made.default(Vec::<Value>::new()),
                    };
                }
                for (check, expr) in table.checks.iter().filter(|_| sqlite) {
                    if expr.contains(name.as_str()) {
                        made = made.check(check.as_str(), expr.as_str());
                    }
                }
                made.named(name.as_str())
            })
            .collect();
        let made = ectomorph::migration::table(table.name.as_str());
        commands.push(Command::CreateTable { table: made, columns, if_not_exists: false });
        for (name, columns) in &table.uniques {
            let index =
                unique_index(table.name.as_str(), columns.iter().map(String::as_str)).named(name.as_str());
            commands.push(Command::CreateIndex { index, if_not_exists: false });
        }
        for (name, expr) in table.checks.iter().filter(|_| !sqlite) {
            let constraint = constraint(table.name.as_str(), name.as_str()).check(expr.as_str());
            commands.push(Command::CreateConstraint { constraint });
        }
    }
    commands
}

fn kind_of(table: &Table, name: &str, kind: &str, server: &str) -> Column {
    if let Some(key) = table.foreign_keys.iter().find(|key| key.column == name) {
        let action = match key.on_delete.as_str() {
            "delete_all" => OnDelete::DeleteAll,
            "nilify_all" => OnDelete::NilifyAll,
            "restrict" => OnDelete::Restrict,
            _ => OnDelete::Nothing,
        };
        let reference = references(key.references.as_str()).name(key.name.as_str()).on_delete(action);
        return match server {
            // Its serials have no sign, nor have what refers to them.
            "mysql" => column(reference),
            _ => column(reference.column_type("bigint")),
        };
    }
    match kind {
        "id" => column("bigserial"),
        "integer" if name.ends_with("_id") => column("bigint"),
        "array(string)" => column(array("string")),
        decimal if decimal.starts_with("decimal(") => {
            let size = decimal.trim_start_matches("decimal(").trim_end_matches(')');
            let (precision, scale) = size.split_once(',').expect("precision and scale");
            column("decimal").precision(precision.parse().unwrap()).scale(scale.parse().unwrap())
        }
        kind => column(kind),
    }
}

/// Makes the tables and fills them.
pub fn fill<A: Migrate>(adapter: &A, dataset: &Dataset, server: &str) {
    wait(async {
        for command in commands(dataset, server) {
            adapter.execute_ddl(&command).await.unwrap_or_else(|error| panic!("{command:?}: {error}"));
        }
        for table in dataset.tables.iter().filter(|table| !table.rows.is_empty()) {
            let meta = SchemaMeta { source: table.name.as_str().into(), prefix: None, schema: None };
            let header: Vec<Str> = table.columns.iter().map(|(name, _, _)| name.as_str().into()).collect();
            let row = |row: &Vec<Value>| {
                let cells = row.iter().zip(&table.columns);
                cells.map(|(value, (_, kind, _))| Cell::Value(kept(server, kind, value))).collect()
            };
            let rows = table.rows.iter().map(row).collect();
            let insert = InsertAll {
                meta: &meta,
                header: &header,
                rows: Rows::Cells(rows),
                placeholders: Vec::new(),
                on_conflict: &OnConflict::default(),
                returning: &[],
            };
            let done = adapter.run(Statement::InsertAll(insert)).await;
            done.unwrap_or_else(|error| panic!("{}: {error}", table.name));
        }
    });
}

/// A value of the data as a column takes it: PostgreSQL reads the text of a UUID, and MySQL's column is sixteen bytes.
fn kept(server: &str, kind: &str, value: &Value) -> Value {
    match (server, kind, value) {
        ("mysql", "uuid", Value::String(text)) => {
            Value::Binary(uuid::parse(text).expect("a uuid").as_slice().into())
        }
        _ => value.clone(),
    }
}

fn repo(adapter: Arc<dyn ectomorph::adapter::Adapter>) -> Repo {
    Repo::with(adapter, Arc::new(System), schemas::all())
}

/// SQLite in files of the system's folder for such.
#[cfg(feature = "sqlite")]
pub fn sqlite(dataset: &Dataset) -> impl Fn() -> Repo + use<> {
    use ectomorph::adapters::server::Config;
    use ectomorph::adapters::sqlite::Sqlite;
    let folder = crate::servers::scratch("sqlite");
    let template = folder.join("template.db");
    let url = format!("sqlite://{}", template.display());
    let adapter = wait(Sqlite::connect(&url)).expect("a file");
    fill(&adapter, dataset, "sqlite");
    wait(async {
        for table in dataset.tables.iter().filter(|table| table.columns[0].0 == "id") {
            let name = &table.name;
            let sql = format!(
                "DELETE FROM sqlite_sequence WHERE name = '{name}'; INSERT INTO sqlite_sequence (name, seq) VALUES ('{name}', 1000)"
            );
            adapter.execute(&sql).await.expect("a sequence");
        }
        // All of it is in the one file that is copied, whenever the last connection is gone.
        let whole = adapter.query("PRAGMA wal_checkpoint(TRUNCATE)", Vec::new()).await.expect("a whole file");
        assert_eq!(whole.rows[0][0], Value::Integer(0), "nobody else reads the file");
        adapter.close().await;
    });
    let next = std::sync::atomic::AtomicUsize::new(0);
    move || {
        let number = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let file = folder.join(format!("{number}.db"));
        std::fs::copy(&template, &file).expect("a copy");
        let config = Config::url(format!("sqlite://{}", file.display())).unwrap().pool_size(3);
        repo(Arc::new(wait(Sqlite::connect_with(config)).expect("a file")))
    }
}

/// PostgreSQL: a database that is the template of others.
#[cfg(feature = "postgres")]
pub fn postgres(dataset: &Dataset) -> Option<impl Fn() -> Repo + use<>> {
    use ectomorph::adapters::postgres::Postgres;
    use ectomorph::adapters::server::Config;
    let server = crate::servers::postgres()?;
    let root = wait(Postgres::connect(server.database("postgres"))).expect("a server");
    wait(root.execute("CREATE DATABASE vectors")).expect("a database");
    let adapter = wait(Postgres::connect(server.database("vectors"))).expect("a database");
    fill(&adapter, dataset, "postgres");
    wait(async {
        for table in dataset.tables.iter().filter(|table| table.columns[0].0 == "id") {
            let sql = format!("ALTER SEQUENCE {}_id_seq RESTART WITH 1001", table.name);
            adapter.execute(&sql).await.expect("a sequence");
        }
        adapter.close().await;
    });
    let next = std::sync::atomic::AtomicUsize::new(0);
    let made = std::sync::Mutex::new(Vec::<String>::new());
    Some(move || {
        // Databases that nobody is connected to any more go; the server waits five seconds for one that is in use, so each is
        // tried once.
        let mut made = made.lock().unwrap();
        if made.len() > 2 {
            let _ = wait(root.execute(&format!("DROP DATABASE {}", made.remove(0))));
        }
        let name = format!("case_{}", next.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        wait(root.execute(&format!("CREATE DATABASE {name} TEMPLATE vectors"))).expect("a copy");
        made.push(name.clone());
        let config = Config::url(server.database(&name)).unwrap().pool_size(3);
        repo(Arc::new(wait(Postgres::connect_with(config)).expect("a database")))
    })
}

/// MySQL: one database, which has the name that PostgreSQL gives the prefix of all tables, and is put back to what it was before
/// each case.
#[cfg(feature = "mysql")]
pub fn mysql(dataset: &Dataset) -> Option<impl Fn() -> Repo + use<>> {
    use ectomorph::adapters::mysql::MySql;
    use ectomorph::adapters::server::Config;
    let server = crate::servers::mysql()?;
    let root = wait(MySql::connect(server.database("mysql"))).expect("a server");
    for name in ["vectors", "public"] {
        wait(root.execute(&format!("CREATE DATABASE {name}"))).expect("a database");
        let adapter = wait(MySql::connect(server.database(name))).expect("a database");
        fill(&adapter, dataset, "mysql");
        wait(adapter.close());
    }
    let mut restore = String::from("SET FOREIGN_KEY_CHECKS = 0;");
    for table in &dataset.tables {
        let name = &table.name;
        restore.push_str(&format!(
            "DELETE FROM public.{name}; INSERT INTO public.{name} SELECT * FROM vectors.{name};"
        ));
    }
    restore.push_str("SET FOREIGN_KEY_CHECKS = 1");
    // Changing a table is slow, so the numbers are put back where some were given.
    let given = "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'public' \
                 AND AUTO_INCREMENT <> 1001";
    let url = server.database("public");
    Some(move || {
        wait(root.execute(&restore)).expect("the data as it was");
        for table in wait(root.query(given, Vec::new())).expect("tables").rows {
            let name = table[0].as_str().expect("a name");
            wait(root.execute(&format!("ALTER TABLE public.{name} AUTO_INCREMENT = 1001")))
                .expect("a number");
        }
        repo(Arc::new(
            wait(MySql::connect_with(Config::url(&url).unwrap().pool_size(3))).expect("a database"),
        ))
    })
}
