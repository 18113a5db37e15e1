//! The adapters that the vectors run on.

use super::dataset::Dataset;
use super::schemas;
use crate::naive;
use ectomorph::adapter::System;
use ectomorph::repo::Repo;
use std::sync::Arc;

/// Makes a repo on a new database with the data.
pub type Host = Box<dyn Fn(&Dataset) -> Repo>;

/// The adapters there are.
pub const NAMES: [&str; 5] = ["memory", "naive", "sqlite", "postgres", "mysql"];

/// The adapter of that name.
pub fn find(name: &str, dataset: &Dataset) -> Option<Host> {
    let _ = dataset;
    match name {
        "glue" => Some(Box::new(glue)),
        "naive" => Some(Box::new(naive)),
        #[cfg(feature = "sqlite")]
        "sqlite" => {
            let make = super::servers::sqlite(dataset);
            Some(Box::new(move |_| make()))
        }
        #[cfg(feature = "postgres")]
        "postgres" => {
            // The reason was said.
            let Some(make) = super::servers::postgres(dataset) else { std::process::exit(0) };
            Some(Box::new(move |_| make()))
        }
        #[cfg(feature = "mysql")]
        "mysql" => {
            let Some(make) = super::servers::mysql(dataset) else { std::process::exit(0) };
            Some(Box::new(move |_| make()))
        }
        _ => None,
    }
}

fn naive(dataset: &Dataset) -> Repo {
    let mut database = naive::Database::default();
    for table in &dataset.tables {
        database.tables.push(naive::Table {
            name: table.name.clone(),
            columns: table
                .columns
                .iter()
                .map(|(name, kind, nullable)| naive::Column {
                    name: name.clone(),
                    kind: kind.clone(),
                    nullable: *nullable,
                    default: table.default_of(name),
                })
                .collect(),
            uniques: table.uniques.clone(),
            foreign_keys: table
                .foreign_keys
                .iter()
                .map(|key| naive::ForeignKey {
                    name: key.name.clone(),
                    column: key.column.clone(),
                    references: key.references.clone(),
                    on_delete: key.on_delete.clone(),
                })
                .collect(),
            checks: table.checks.clone(),
            rows: table.rows.clone(),
            next: 1001,
        });
    }
    Repo::with(Arc::new(naive::Naive::new(database)), Arc::new(System), schemas::all())
}

fn glue(dataset: &Dataset) -> Repo {
    Repo::with(Arc::new(store(dataset)), Arc::new(System), schemas::all())
}

/// A database of the store with the data.
pub fn store(dataset: &Dataset) -> ectomorph::adapters::glue::Glue {
    use ectomorph::store::{Action, Column, Database, Ddl, Default, Definition, ForeignKey, Index, Kind};
    let mut database = Database::new();
    for table in &dataset.tables {
        let mut definition = Definition::new(table.name.as_str());
        let key = table.columns[0].0 == "id";
        for (name, kind, nullable) in &table.columns {
            let stored = match kind.as_str() {
                "id" => Kind::Integer(64),
                "integer" if name.ends_with("_id") => Kind::Integer(64),
                "integer" => Kind::Integer(32),
                "string" => Kind::Text(Some(255)),
                "text" => Kind::Text(None),
                "boolean" => Kind::Boolean,
                "float" => Kind::Float,
                "date" => Kind::Date,
                "time" => Kind::Time(0),
                "naive_datetime" => Kind::NaiveDatetime(0),
                "utc_datetime" => Kind::UtcDatetime(0),
                "utc_datetime_usec" => Kind::UtcDatetime(6),
                "map" => Kind::Json,
                "uuid" if (table.name.as_str(), name.as_str()) != ("orders", "ref") => Kind::Uuid,
                "uuid" => Kind::Any,
                "array(string)" => Kind::List(Box::new(Kind::Text(Some(255)))),
                decimal => {
                    let size = decimal.trim_start_matches("decimal(").trim_end_matches(')');
                    let (precision, scale) = size.split_once(',').expect("precision and scale");
                    Kind::Decimal(Some((precision.parse().unwrap(), scale.parse().unwrap())))
                }
            };
            let mut column = Column::new(name.as_str(), stored);
            column.nullable = *nullable;
            if kind == "id" {
                column = column.sequence();
            } else if let Some(default) = table.default_of(name) {
                column.default = Default::Value(default);
            }
            definition = definition.column(column);
        }
        if key {
            definition = definition.primary_key(["id"]);
        }
        for (name, columns) in &table.uniques {
            definition =
                definition.index(Index::new(name.as_str(), columns.iter().map(String::as_str)).unique());
        }
        for (name, expr) in &table.checks {
            let kinds = |column: &str| {
                definition.columns.iter().find(|known| known.name == column).map(|known| known.kind.clone())
            };
            let condition = ectomorph::adapters::define::condition(expr, &kinds).expect("a simple condition");
            definition = definition.check(name.as_str(), condition);
        }
        database.define(Ddl::CreateTable(definition)).expect("a table");
    }
    for table in &dataset.tables {
        let id = database.table_id(&table.name.as_str().into()).expect("a table");
        let columns: Vec<usize> = (0..table.columns.len()).collect();
        for row in &table.rows {
            database.insert(id, &columns, row.clone()).expect("a row");
        }
        if table.columns[0].0 == "id" {
            database.statement(|statement| statement.set_sequence(id, 0, 1001)).expect("a sequence");
        }
    }
    for table in &dataset.tables {
        for key in &table.foreign_keys {
            let action = match key.on_delete.as_str() {
                "delete_all" => Action::Cascade,
                "nilify_all" => Action::Nilify(None),
                "restrict" => Action::Restrict,
                _ => Action::Nothing,
            };
            let foreign =
                ForeignKey::new(key.name.as_str(), [key.column.as_str()], key.references.as_str(), ["id"])
                    .on_delete(action);
            database
                .define(Ddl::AddForeignKey {
                    table: table.name.as_str().into(),
                    foreign_key: foreign,
                    validate: true,
                })
                .expect("a foreign key");
        }
    }
    ectomorph::adapters::glue::Glue::new(database, Arc::new(System))
}
