//! The adapters that the vectors run on.

use super::dataset::Dataset;
use super::schemas;
use crate::naive;
use ectomorph::adapter::System;
use ectomorph::repo::Repo;
use std::sync::Arc;

/// Makes a repo on a new database with the data.
pub type Host = fn(&Dataset) -> Repo;

/// The adapters there are.
pub const NAMES: [&str; 1] = ["naive"];

/// The adapter of that name.
pub fn find(name: &str) -> Option<Host> {
    match name {
        "naive" => Some(naive),
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
