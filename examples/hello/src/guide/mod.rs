//! The chapters of the guide. Each prints what the guide prints, under a title for each of its outputs.

pub mod changesets;
pub mod persistence;
pub mod schema;
pub mod tasks;

use ectomorph::adapter::System;
use ectomorph::migration::{Migrate, Migrator, Target};
use std::error::Error;
use std::sync::Arc;

/// Undoes what an earlier run has left.
///
/// # Errors
///
/// The database's.
pub async fn start_over(database: Arc<dyn Migrate>) -> Result<(), Box<dyn Error>> {
    let migrator = Migrator::new(database, Arc::new(System), crate::migrations::all()?);
    migrator.rollback(Target::All).await?;
    Ok(())
}

/// Says what comes next.
fn title(text: &str) {
    println!("\n# {text}");
}
