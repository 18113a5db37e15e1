//! What is waited for no longer: cursors that are slow or undone, and migrators that are at work.

use crate::blog::{Served, User, VERSIONS, blog, migrations};
use crate::suite::named;
use ectomorph::adapter::{Adapter, AdapterError, System};
use ectomorph::adapters::server::{Config, Server};
use ectomorph::migration::{Migrate, MigrationError, Migrator, Target, VersionTable};
use ectomorph::query::{Direction, field, from};
use ectomorph::repo::{Options, Repo};
use ectomorph::schema::HasSchema;
use std::sync::Arc;
use std::time::{Duration, Instant};

async fn cursors_of_savepoints<D: Served>() {
    let Some((repo, adapter, _)) = blog::<Server<D>>("pool_size=1").await else { return };
    for name in ["Ada", "Bob"] {
        repo.insert(named(name, &format!("{name}@x"))).await.unwrap();
    }
    let users = || from(User::schema()).order_by(Direction::Asc, field("id")).select(field("name"));
    let one = Options::new().max_rows(1);
    let transaction = adapter.begin().await.unwrap();
    let within = Repo::new(transaction.clone());
    let mut before = within.stream::<String>(users(), &one).await.unwrap();
    assert_eq!(before.next().await.unwrap().as_deref(), Some("Ada"));
    transaction.savepoint().await.unwrap();
    let mut since = within.stream::<String>(users(), &one).await.unwrap();
    assert_eq!(since.next().await.unwrap().as_deref(), Some("Ada"));
    transaction.rollback_to_savepoint().await.unwrap();
    match since.next().await {
        Err(error) if D::UNDOES_CURSORS => assert_eq!(
            error.to_string(),
            "the cursor ended when the savepoint before it was rolled back: open the stream anew"
        ),
        next => assert_eq!(next.unwrap().as_deref(), Some("Bob")),
    }
    // One of a savepoint that is kept is of what is around it.
    transaction.savepoint().await.unwrap();
    let mut kept = within.stream::<String>(users(), &one).await.unwrap();
    transaction.release().await.unwrap();
    transaction.savepoint().await.unwrap();
    transaction.rollback_to_savepoint().await.unwrap();
    assert_eq!(kept.next().await.unwrap().as_deref(), Some("Ada"));
    assert_eq!(before.next().await.unwrap().as_deref(), Some("Bob"));
    transaction.commit().await.unwrap();
    assert_eq!(repo.count("users").await.unwrap(), 2);
}

async fn migrators_give_up<D: Served>() {
    let Some(url) = D::fresh().await else { return };
    let config = || Config::url(&url).unwrap().migration_lock_timeout(Duration::from_millis(150));
    // Each is another program, as far as the other can tell.
    let first = Arc::new(Server::<D>::connect_with(config()).await.unwrap());
    let second = Arc::new(Server::<D>::connect_with(config()).await.unwrap());
    let migrator = |of: &Arc<Server<D>>| Migrator::new(of.clone(), Arc::new(System), migrations(of.name()));
    migrator(&first).migrate(Target::Step(1)).await.unwrap();
    let held = first.lock_for_migrations(&VersionTable::default()).await.unwrap();
    for late in [&second, &first] {
        let start = Instant::now();
        let error = migrator(late).migrate(Target::All).await.unwrap_err();
        assert!(
            matches!(&error, MigrationError::Database { error: AdapterError::Environment { message }, .. }
                if message.starts_with("another migrator is at work and did not end in time")),
            "{error:?}"
        );
        assert!((150..5_000).contains(&start.elapsed().as_millis()), "{:?}", start.elapsed());
    }
    held.release().await.unwrap();
    assert_eq!(migrator(&second).migrate(Target::All).await.unwrap(), VERSIONS[1..]);
}

macro_rules! tests {
    ($($(#[$given:meta])? $module:ident: $driver:ty;)*) => {
        $($(#[$given])?
        mod $module {
            use super::*;

            #[tokio::test]
            async fn cursors_end_with_the_savepoint_that_they_were_opened_in() {
                cursors_of_savepoints::<$driver>().await;
            }

            #[tokio::test]
            async fn a_migrator_waits_no_longer_for_another_than_it_is_told() {
                migrators_give_up::<$driver>().await;
            }
        })*
    };
}

tests! {
    #[cfg(feature = "postgres")] postgres: ectomorph::adapters::postgres::PostgresDriver;
    #[cfg(feature = "mysql")] mysql: ectomorph::adapters::mysql::MySqlDriver;
    #[cfg(feature = "sqlite")] sqlite: ectomorph::adapters::sqlite::SqliteDriver;
}
