//! What a run leaves: transactions, failures, locks, functions.

use super::fake::{Fake, Log, done, names};
use ectomorph::adapter::{AdapterError, Task};
use ectomorph::migration;
use ectomorph::migration::{
    Defaults, Function, Migration, MigrationError, PrimaryKey, PrimaryKeyColumn, Step, Target, Timestamps,
    column, index, references,
};
use ectomorph::value::{NaiveDatetime, Value};

fn failing() -> Migration {
    migration!(20240104000000, bad_sql, |m| {
        m.create("x", |t| t.add("a", "integer"));
        m.execute_both("SELECT nope", "");
    })
}

fn create_posts() -> Migration {
    migration!(20240101000000, create_posts, |m| {
        m.create("posts", |t| t.add("title", "string").timestamps());
    })
}

#[test]
fn the_table_of_migrations_holds_version_and_time_in_seconds() {
    let database = Fake::new();
    done(database.migrator([create_posts()]).migrate(Target::All)).unwrap();
    assert_eq!(database.state().tables["schema_migrations"], names(&["version", "inserted_at"]));
    let at = Value::NaiveDatetime(NaiveDatetime::from_iso("2024-03-01T12:10:00").unwrap());
    assert_eq!(database.state().versions, [(20240101000000, at)]);
    assert_eq!(database.state().tables["posts"], names(&["id", "title", "inserted_at", "updated_at"]));
}

#[test]
fn a_failing_migration_leaves_the_version_before_and_names_itself_and_the_command() {
    let database = Fake::new();
    let migrator = database.migrator([create_posts(), failing()]);
    let error = done(migrator.migrate(Target::All)).unwrap_err();
    assert_eq!(
        error,
        MigrationError::Database {
            migration: Some("20240104000000_bad_sql".into()),
            command: "execute \"SELECT nope\"".into(),
            error: AdapterError::query("column \"nope\" does not exist"),
        }
    );
    assert_eq!(
        error.to_string(),
        "migration 20240104000000_bad_sql: execute \"SELECT nope\": column \"nope\" does not exist"
    );
    assert_eq!((database.tables(), database.versions()), (names(&["posts"]), vec![20240101000000]));
}

#[test]
fn without_a_transaction_a_failing_migration_leaves_what_it_did_but_is_not_noted() {
    let asked = Fake::new();
    let failing_alone = failing().disable_ddl_transaction();
    assert!(done(asked.migrator([failing_alone]).migrate(Target::All)).is_err());
    assert_eq!((asked.tables(), asked.versions()), (names(&["x"]), vec![]));

    let by_nature = Fake::without_ddl_transactions();
    assert!(done(by_nature.migrator([failing()]).migrate(Target::All)).is_err());
    assert_eq!((by_nature.tables(), by_nature.versions()), (names(&["x"]), vec![]));
}

#[test]
fn many_migrators_at_once_run_each_migration_once() {
    let database = Fake::new();
    let all = || {
        (1..=20).map(|version| {
            Migration::new(version, format!("create_{version}")).change(move |m| {
                m.create(format!("table_{version}"), |t| t);
                m.execute(format!("SELECT {version}"));
            })
        })
    };
    let ran: Vec<i64> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| done(database.migrator(all()).migrate(Target::All)).unwrap()))
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(ran.len(), 20);
    assert_eq!(database.state().statements.len(), 20);
    assert_eq!(database.versions(), (1..=20).collect::<Vec<i64>>());
}

#[test]
fn functions_run_where_they_stand_within_the_transaction() {
    let database = Fake::new();
    let migration = migration!(20240105000000, fill, |m| {
        m.create("tags", |t| t.add("name", "string"));
        m.execute_both(
            Function::new(|running| {
                assert!(running.in_transaction());
                running.execute("INSERT INTO tags")
            }),
            Function::new(|running| running.execute("DELETE FROM tags")),
        );
    })
    .after_begin(Function::new(|running| running.execute("SET lock_timeout TO '5s'")))
    .before_commit(Function::new(|_| Task::ready(Ok(()))));
    let migrator = database.migrator([migration]);
    done(migrator.migrate(Target::All)).unwrap();
    done(migrator.rollback(Target::All)).unwrap();
    assert_eq!(
        database.state().statements,
        ["SET lock_timeout TO '5s'", "INSERT INTO tags", "SET lock_timeout TO '5s'", "DELETE FROM tags"]
    );
    assert_eq!(database.tables(), [""; 0]);
}

#[test]
fn a_failing_function_undoes_the_migration() {
    let database = Fake::new();
    let migration = migration!(1, fill, |m| {
        m.create("tags", |t| t);
        m.execute(Function::new(|_| Task::ready(Err(AdapterError::query("no")))));
    });
    let error = done(database.migrator([migration]).migrate(Target::All)).unwrap_err();
    assert_eq!(error.to_string(), "migration 1_fill: execute a function: no");
    assert_eq!(database.tables(), [""; 0]);
}

#[test]
fn an_index_made_concurrently_asks_for_its_switches() {
    let database = Fake::new();
    let add = |m: &mut migration::Recorder<'_>| {
        m.create_index(index("posts", ["title"]).concurrently());
    };
    let (migrator, log) = Log::of(database.migrator([Migration::new(1, "slow").change(add)]));
    done(migrator.migrate(Target::All)).unwrap();
    assert_eq!(
        log.lines()[..2],
        [
            "migration 1 slow makes index posts_title_index concurrently: it needs disable_ddl_transaction",
            "migration 1 slow makes index posts_title_index concurrently: it needs disable_migration_lock"
        ]
    );
    let quiet = Migration::new(2, "fast").change(add).disable_ddl_transaction().disable_migration_lock();
    let (migrator, log) = Log::of(database.migrator([quiet]));
    done(migrator.migrate(Target::All)).unwrap();
    assert_eq!(log.lines()[0], "== Running 2 fast.change forward");
}

#[test]
fn defaults_say_what_migrations_leave_out() {
    let key = PrimaryKeyColumn { column_type: Some("uuid".into()), ..PrimaryKeyColumn::default() };
    let defaults = Defaults {
        primary_key: PrimaryKey::Column(Box::new(key)),
        timestamps: Timestamps::new().of_type("utc_datetime").inserted_at("created_at"),
        prefix: Some("blog".into()),
        ..Defaults::default()
    };
    let migration = migration!(1, create_posts, |m| {
        m.create("posts", |t| {
            t.add("author_id", references("users")).timestamps_with(Timestamps::new().null(true))
        });
    });
    let run = migration.run(true, &defaults).unwrap();
    let Step::Command(migration::Command::CreateTable { table, columns, .. }) = &run.steps[0] else {
        panic!("{run:?}")
    };
    assert_eq!(table.prefix.as_deref(), Some("blog"));
    let expected = [
        column("uuid").primary_key().named("id"),
        column(references("users").column("id").column_type("uuid")).named("author_id"),
        column("utc_datetime").null(true).named("created_at"),
        column("utc_datetime").null(true).named("updated_at"),
    ];
    assert_eq!(*columns, expected);

    let elsewhere = migration!(2, elsewhere, |m| {
        m.drop(migration::table("posts").prefix("shop"));
    });
    assert_eq!(
        elsewhere.run(true, &defaults).unwrap_err().to_string(),
        "migration 2_elsewhere: drop table shop.posts: the prefix shop is not that of the run, blog"
    );
}
