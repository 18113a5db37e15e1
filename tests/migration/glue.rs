//! Migrations on the adapter of the store: what they declare holds, and each runs once.

use ectomorph::adapter::{
    Adapter, AdapterError, Insert, OnConflict, SchemaMeta, Statement, System, ViolationKind,
};
use ectomorph::adapters::glue::Glue;
use ectomorph::migration;
use ectomorph::migration::{
    Migration, MigrationError, Migrator, OnDelete, Target, column, constraint, references, unique_index,
};
use ectomorph::store::Database;
use ectomorph::value::{Str, Value};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

fn glue() -> Glue {
    Glue::new(Database::new(), Arc::new(System))
}

pub(crate) fn migrator(glue: &Glue, migrations: impl IntoIterator<Item = Migration>) -> Migrator {
    Migrator::new(Arc::new(glue.clone()), Arc::new(System), migrations)
}

struct Thread(std::thread::Thread);

impl Wake for Thread {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits for a future on this thread.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Thread(std::thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(value) => return value,
            Poll::Pending => std::thread::park(),
        }
    }
}

pub(crate) fn blog() -> Vec<Migration> {
    vec![
        migration!(20170523151118, create_users, |m| {
            m.create("users", |t| {
                t.add("email", column("string").null(false))
                    .add("age", "integer")
                    .add("status", "string")
                    .timestamps()
            });
            m.create_index(unique_index("users", ["email"]).where_("status <> 'gone'"));
            m.create_constraint(constraint("users", "age_positive").check("age > 0"));
        }),
        migration!(20170524090000, create_posts, |m| {
            m.create("posts", |t| {
                t.add("title", column("string").size(10).default("untitled"))
                    .add("user_id", references("users").on_delete(OnDelete::DeleteAll).null(false))
            });
        }),
    ]
}

pub(crate) fn insert(glue: &Glue, table: &str, fields: &[(&str, Value)]) -> Result<(), AdapterError> {
    let meta = SchemaMeta { source: table.into(), prefix: None, schema: None };
    let fields = fields.iter().map(|(name, value)| (Str::from(*name), value.clone())).collect();
    let on_conflict = OnConflict::default();
    wait(glue.run(Statement::Insert(Insert {
        meta: &meta,
        fields,
        on_conflict: &on_conflict,
        returning: &[],
    })))
    .map(drop)
}

fn broken(result: Result<(), AdapterError>) -> (ViolationKind, Str) {
    match result {
        Err(AdapterError::Constraint(violations)) => (violations[0].kind, violations[0].name.clone()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_a_migration_declares_holds_of_every_row() {
    let glue = glue();
    assert_eq!(wait(migrator(&glue, blog()).migrate(Target::All)), Ok(vec![20170523151118, 20170524090000]));
    let at = Value::NaiveDatetime(ectomorph::value::NaiveDatetime::from_iso("2024-01-01T00:00:00").unwrap());
    let user = |email: Value, age: i64, status: &str| {
        let fields = [
            ("email", email),
            ("age", age.into()),
            ("status", status.into()),
            ("inserted_at", at.clone()),
            ("updated_at", at.clone()),
        ];
        insert(&glue, "users", &fields)
    };
    assert_eq!(user("ann@example.com".into(), 20, "here"), Ok(()));
    assert_eq!(
        broken(user("ann@example.com".into(), 30, "here")),
        (ViolationKind::Unique, "users_email_index".into())
    );
    assert_eq!(user("ann@example.com".into(), 30, "gone"), Ok(()));
    assert_eq!(
        broken(user("bob@example.com".into(), 0, "here")),
        (ViolationKind::Check, "age_positive".into())
    );
    assert_eq!(broken(user(Value::Null, 1, "here")), (ViolationKind::NotNull, "email".into()));
    assert_eq!(insert(&glue, "posts", &[("user_id", 1.into())]), Ok(()));
    assert_eq!(
        broken(insert(&glue, "posts", &[("user_id", 77.into())])),
        (ViolationKind::ForeignKey, "posts_user_id_fkey".into())
    );
    assert!(insert(&glue, "posts", &[("user_id", 1.into()), ("title", "much too long".into())]).is_err());
}

#[test]
fn a_migration_that_the_rows_break_changes_nothing() {
    let glue = glue();
    let mut migrations = blog();
    wait(migrator(&glue, migrations.clone()).migrate(Target::All)).unwrap();
    let at = Value::NaiveDatetime(ectomorph::value::NaiveDatetime::from_iso("2024-01-01T00:00:00").unwrap());
    let young = [("email", "x".into()), ("age", 7.into()), ("inserted_at", at.clone()), ("updated_at", at)];
    insert(&glue, "users", &young).unwrap();
    migrations.push(migration!(20180101000000, adults_only, |m| {
        m.alter("users", |t| t.add("nick", "string"));
        m.create_constraint(constraint("users", "adult").check("age >= 18"));
    }));
    let migrator = migrator(&glue, migrations);
    let error = wait(migrator.migrate(Target::All)).unwrap_err();
    assert!(matches!(&error, MigrationError::Database { error: AdapterError::Constraint(_), .. }), "{error}");
    assert_eq!(wait(migrator.migrated_versions()), Ok(vec![20170523151118, 20170524090000]));
    let has_nick = glue
        .with_database(|database| database.table_named(&"users".into()).unwrap().position("nick").is_some());
    assert!(!has_nick);
    assert_eq!(wait(migrator.rollback(Target::All)), Ok(vec![20170524090000, 20170523151118]));
    assert_eq!(glue.with_database(|database| database.tables().count()), 1);
}

#[test]
fn many_migrators_on_one_database_run_each_migration_once() {
    let glue = glue();
    let all = || {
        (1..=10).map(|version| {
            Migration::new(version, format!("create_{version}")).change(move |m| {
                m.create(format!("table_{version}"), |t| t.add("name", "string"));
            })
        })
    };
    let mut ran: Vec<i64> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| wait(migrator(&glue, all()).migrate(Target::All)).unwrap()))
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    ran.sort_unstable();
    assert_eq!(ran, (1..=10).collect::<Vec<i64>>());
}

#[test]
#[cfg(feature = "glue")]
fn sql_of_a_migration_runs_on_the_tables_it_made_and_is_undone_with_them() {
    let glue = glue();
    let filled = migration!(1, fill, |m| {
        m.create("tags", |t| t.add("name", "string"));
        m.execute_both("INSERT INTO tags (name) VALUES ('rust'), ('ecto')", "DELETE FROM tags");
    });
    let failing = migration!(2, fail, |m| {
        m.create("more", |t| t.add("name", "string"));
        m.execute_both("UPDATE tags SET name = nope", "");
    });
    let all = migrator(&glue, [filled, failing]);
    let error = wait(all.migrate(Target::All)).unwrap_err();
    let MigrationError::Database { error: AdapterError::Query { code, .. }, .. } = &error else {
        panic!("{error:?}")
    };
    assert_eq!(code.as_deref(), Some("42703"), "{error}");
    let names = || {
        glue.with_database(|database| {
            let table = database.table_named(&"tags".into())?;
            Some(table.rows().map(|(_, row)| row[1].clone()).collect::<Vec<_>>())
        })
    };
    assert_eq!(names(), Some(vec!["rust".into(), "ecto".into()]));
    assert!(glue.with_database(|database| database.table_named(&"more".into()).is_none()));
    assert_eq!(wait(all.rollback(Target::All)), Ok(vec![1]));
    assert_eq!(names(), None);
}
