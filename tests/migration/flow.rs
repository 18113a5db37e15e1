//! The flow of `tests/conformance/migration/runner.json`, task by task: what runs, what is logged, what is left.

use super::fake::{Fake, Log, done};
use ectomorph::migration;
use ectomorph::migration::{Migration, MigrationError, Status, Target, unique_index};

fn create_users() -> Migration {
    migration!(20240101000000, create_users, |m| {
        m.create("users", |t| t.add("name", "string").add("nick", "string"));
        m.create_index(unique_index("users", ["name"]).named("users_name_index"));
    })
}

fn add_age() -> Migration {
    migration!(20240102000000, add_age, |m| {
        m.alter("users", |t| t.add("age", "integer"));
    })
}

fn drop_nick_irreversibly() -> Migration {
    migration!(20240103000000, drop_nick, |m| {
        m.alter("users", |t| t.remove("nick"));
    })
}

fn drop_nick() -> Migration {
    migration!(20240103000000, drop_nick, |m| {
        m.alter("users", |t| t.remove_typed("nick", "string"));
    })
}

fn late_arrival() -> Migration {
    migration!(20231231000000, late_arrival, |m| {
        m.execute_both("SELECT 1", "SELECT 2");
    })
}

fn statuses(all: &[Status]) -> Vec<String> {
    let line = |status: &Status| {
        let name = status.name.as_deref().unwrap_or("** FILE NOT FOUND **");
        format!("{} {} {name}", if status.up { "up" } else { "down" }, status.version)
    };
    all.iter().map(line).collect()
}

#[test]
fn the_recorded_flow_of_the_tasks_comes_out_the_same() {
    let database = Fake::new();
    let first = [create_users(), add_age(), drop_nick_irreversibly()];
    let (migrator, log) = Log::of(database.migrator(first));

    assert_eq!(
        statuses(&done(migrator.migrations()).unwrap()),
        ["down 20240101000000 create_users", "down 20240102000000 add_age", "down 20240103000000 drop_nick"]
    );

    assert_eq!(done(migrator.migrate(Target::Step(1))), Ok(vec![20240101000000]));
    assert_eq!(
        log.lines(),
        [
            "== Running 20240101000000 create_users.change forward",
            "create table users",
            "create index users_name_index",
            "== Migrated 20240101000000 in 0.0s"
        ]
    );
    assert_eq!(
        statuses(&done(migrator.migrations()).unwrap()),
        ["up 20240101000000 create_users", "down 20240102000000 add_age", "down 20240103000000 drop_nick"]
    );

    assert_eq!(done(migrator.migrate(Target::All)), Ok(vec![20240102000000, 20240103000000]));
    assert_eq!(
        log.lines(),
        [
            "== Running 20240102000000 add_age.change forward",
            "alter table users",
            "== Migrated 20240102000000 in 0.0s",
            "== Running 20240103000000 drop_nick.change forward",
            "alter table users",
            "== Migrated 20240103000000 in 0.0s"
        ]
    );
    assert_eq!(done(migrator.migrate(Target::All)), Ok(vec![]));
    assert_eq!(log.lines(), ["Migrations already up"]);

    // Rolled back, the third can't say what it removed, and nothing changes.
    let before = database.state();
    assert_eq!(
        done(migrator.rollback(Target::Step(1))),
        Err(MigrationError::Irreversible {
            migration: "20240103000000_drop_nick".into(),
            commands: vec!["alter table users".into()]
        })
    );
    assert_eq!(database.state(), before);
    log.lines();

    let (migrator, log) =
        Log::of(database.migrator([create_users(), add_age(), drop_nick(), late_arrival()]));
    assert_eq!(
        statuses(&done(migrator.migrations()).unwrap()),
        [
            "down 20231231000000 late_arrival",
            "up 20240101000000 create_users",
            "up 20240102000000 add_age",
            "up 20240103000000 drop_nick"
        ]
    );
    assert_eq!(done(migrator.rollback(Target::Step(2))), Ok(vec![20240103000000, 20240102000000]));
    assert_eq!(
        log.lines(),
        [
            "== Running 20240103000000 drop_nick.change backward",
            "alter table users",
            "== Migrated 20240103000000 in 0.0s",
            "== Running 20240102000000 add_age.change backward",
            "alter table users",
            "== Migrated 20240102000000 in 0.0s"
        ]
    );
    assert_eq!(done(migrator.migrate(Target::To(20240102000000))), Ok(vec![20231231000000, 20240102000000]));
    assert_eq!(log.lines()[1], "execute \"SELECT 1\"");
    assert_eq!(database.versions(), [20240101000000, 20231231000000, 20240102000000]);
    assert_eq!(done(migrator.migrate(Target::ToExclusive(20240103000000))), Ok(vec![]));
    assert_eq!(log.lines(), ["Migrations already up"]);
    assert_eq!(done(migrator.migrate(Target::All)), Ok(vec![20240103000000]));
    assert_eq!(done(migrator.rollback(Target::To(20240102000000))), Ok(vec![20240103000000, 20240102000000]));
    log.lines();
    assert_eq!(done(migrator.rollback(Target::All)), Ok(vec![20240101000000, 20231231000000]));
    assert_eq!(
        log.lines(),
        [
            "== Running 20240101000000 create_users.change backward",
            "drop index users_name_index",
            "drop table users",
            "== Migrated 20240101000000 in 0.0s",
            "== Running 20231231000000 late_arrival.change backward",
            "execute \"SELECT 2\"",
            "== Migrated 20231231000000 in 0.0s"
        ]
    );
    assert_eq!(done(migrator.rollback(Target::Step(1))), Ok(vec![]));
    assert_eq!(log.lines(), ["Migrations already down"]);
    assert_eq!((database.tables(), database.versions()), (vec![], vec![]));
}

#[test]
fn a_version_whose_migration_is_gone_is_shown_and_skipped() {
    let database = Fake::new();
    done(database.migrator([create_users(), add_age(), drop_nick()]).migrate(Target::All)).unwrap();
    let migrator = database.migrator([create_users(), add_age()]);
    assert_eq!(
        statuses(&done(migrator.migrations()).unwrap()),
        [
            "up 20240101000000 create_users",
            "up 20240102000000 add_age",
            "up 20240103000000 ** FILE NOT FOUND **"
        ]
    );
    assert_eq!(done(migrator.rollback(Target::Step(1))), Ok(vec![20240102000000]));
}

#[test]
fn pending_migrations_share_neither_version_nor_name_and_applied_ones_may() {
    let database = Fake::new();
    let same = || migration!(20240110000000, same, |_| {});
    let version = database.migrator([same(), migration!(20240110000000, other, |_| {})]);
    assert_eq!(
        done(version.migrate(Target::All)).unwrap_err().to_string(),
        "migrations can't be run: migration version 20240110000000 is duplicated"
    );
    let name = database.migrator([same(), migration!(20240111000000, same, |_| {})]);
    assert_eq!(
        done(name.migrate(Target::All)).unwrap_err().to_string(),
        "migrations can't be run: migration name same is duplicated"
    );
    assert_eq!(database.versions(), [0; 0]);
    done(database.migrator([same()]).migrate(Target::All)).unwrap();
    assert_eq!(done(name.migrate(Target::All)), Ok(vec![20240111000000]));
}

#[test]
fn an_older_version_still_runs_unless_it_is_run_alone_in_strict_order() {
    let database = Fake::new();
    done(database.migrator([create_users()]).migrate(Target::All)).unwrap();
    let strict = database.migrator([late_arrival()]).strict_version_order();
    assert_eq!(
        done(strict.up(&late_arrival())),
        Err(MigrationError::OutOfOrder { version: 20231231000000, latest: 20240101000000 })
    );
    assert_eq!(done(strict.migrate(Target::All)), Ok(vec![20231231000000]));
    assert_eq!(done(strict.up(&late_arrival())), Ok(false));
    assert_eq!(done(strict.down(&late_arrival())), Ok(true));
    assert_eq!(done(strict.down(&late_arrival())), Ok(false));
}
