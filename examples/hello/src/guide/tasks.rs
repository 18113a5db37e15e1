//! "Mix tasks": the migrations of posts and comments, forward and back.

use super::title;
use crate::repo::migrator;
use ectomorph::migration::{Migrate, Target};
use ectomorph::query;
use ectomorph::repo::Repo;
use ectomorph::value::NaiveDatetime;
use std::error::Error;
use std::sync::Arc;

/// Migrates, looks at what has run, rolls back, and migrates in steps.
///
/// # Errors
///
/// The database's.
pub async fn run(database: Arc<dyn Migrate>) -> Result<(), Box<dyn Error>> {
    // region: migrate
    title("migrate comments");
    let comments = migrator(database.clone(), &["create_post"])?;
    comments.migrate(Target::All).await?;
    // endregion

    // region: versions
    title("schema_migrations");
    let query = query!(
        from m in "schema_migrations",
        order_by: m.version,
        select: {m.version, type(m.inserted_at, naive_datetime)}
    );
    for (version, at) in Repo::new(database.clone()).all::<(i64, NaiveDatetime)>(query).await? {
        println!("{version} | {at}");
    }
    // endregion

    // region: rollback
    title("roll back");
    comments.rollback(Target::Step(1)).await?;
    // endregion

    // region: step
    title("migrate two");
    let all = migrator(database, &[])?;
    all.migrate(Target::Step(2)).await?;

    title("roll two back");
    all.rollback(Target::Step(2)).await?;

    title("migrate up to posts");
    all.migrate(Target::To(20250317170448)).await?;
    // endregion
    Ok(())
}
