//! What holds on every adapter, the one in this program among them.

use crate::blog::{Booking, Place, Post, Sample, User, VERSIONS, blog, migrations};
use crate::memory as used;
use crate::{bulk, load, manner};
use ectomorph::Changeset;
use ectomorph::adapter::{AdapterError, Capability, System, ViolationKind};
use ectomorph::adapters::server::Sandbox;
use ectomorph::migration::{Migrator, Target};
use ectomorph::query::{Direction, field, from};
use ectomorph::repo::{Conflict, Options, Repo, RepoError, WriteError};
use ectomorph::schema::HasSchema;
use ectomorph::value::{Date, Decimal, Map, NaiveDatetime, Time, UtcDatetime, Value};
use std::sync::Arc;

/// A user of that name and address.
pub fn named(name: &str, email: &str) -> User {
    User { name: Some(name.into()), email: Some(email.into()), ..User::default() }
}

fn params(pairs: &[(&str, Value)]) -> Map {
    pairs.iter().map(|(key, value)| (*key, value.clone())).collect()
}

async fn values<P: Place>() {
    let Some((repo, ..)) = blog::<P>("").await else { return };
    let sample = Sample {
        id: None,
        flag: Some(true),
        ratio: Some(-0.125),
        price: Decimal::parse("-97.2210"),
        day: Date::from_iso("1969-07-20"),
        hour: Time::from_iso("23:59:58"),
        seen: NaiveDatetime::from_iso("1969-07-20T20:17:40.123456"),
        paid: UtcDatetime::from_iso("2038-01-19T03:14:08.000001Z"),
        token: Some("e674db5d-faf0-4f7a-94ed-aefc84d799a9".into()),
        bytes: Some(vec![0, 255, 39, 34]),
        settings: Some(Map::from([("theme", Value::from("d'a\"rk")), ("sizes", [1, 2].into())])),
    };
    let written: Sample = repo.insert(sample.clone()).await.unwrap();
    let read: Sample = repo.get_required(written.id.unwrap()).await.unwrap();
    assert_eq!(read.price.unwrap().compare(&sample.price.unwrap()), std::cmp::Ordering::Equal);
    assert_eq!(read, Sample { id: written.id, price: read.price, ..sample.clone() });
    let empty: Sample = repo.insert(Sample::default()).await.unwrap();
    assert_eq!(
        repo.get_required::<Sample>(empty.id.unwrap()).await.unwrap(),
        Sample { id: empty.id, ..Sample::default() }
    );
    // Each value finds its row again.
    let found = |column: &'static str, value: Value| {
        let repo = repo.clone();
        async move {
            let query = from(Sample::schema())
                .where_(field(column).eq(ectomorph::query::pin(value)))
                .select(field("id"));
            assert_eq!(repo.all::<i64>(query).await.unwrap(), [written.id.unwrap()], "{column}");
        }
    };
    found("flag", true.into()).await;
    found("ratio", (-0.125).into()).await;
    found("price", sample.price.unwrap().into()).await;
    found("day", sample.day.unwrap().into()).await;
    found("hour", sample.hour.unwrap().into()).await;
    found("seen", sample.seen.unwrap().into()).await;
    found("paid", sample.paid.unwrap().into()).await;
    found("token", sample.token.unwrap().into()).await;
}

async fn constraints<P: Place>() {
    let Some((repo, ..)) = blog::<P>("").await else { return };
    let ada = [("name", "Ada".into()), ("email", "ada@x".into())];
    let registration = |pairs: &[(&str, Value)]| User::registration().apply(User::default(), &params(pairs));
    let first: User = repo.insert(registration(&ada)).await.unwrap();
    assert!(first.id.is_some() && first.inserted_at.is_some());
    let invalid = |written: Result<User, WriteError<Changeset<User>>>| match written {
        Err(WriteError::Invalid(changeset)) => {
            let error = &changeset.errors[0];
            (
                error.field.to_string(),
                error.message.to_string(),
                error.metadata.get("constraint_name").cloned(),
            )
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(
        invalid(repo.insert(registration(&ada)).await),
        ("email".into(), "has already been taken".into(), Some("users_email_index".into()))
    );
    let negative = [("name", "Bob".into()), ("karma", (-1).into())];
    assert_eq!(
        invalid(repo.insert(registration(&negative)).await),
        ("karma".into(), "is invalid".into(), Some("users_karma_check".into()))
    );
    let lost = Post::rules().apply(Post::default(), &params(&[("user_id", 999.into())]));
    match repo.insert(lost).await {
        Err(WriteError::Invalid(changeset)) => {
            let error = &changeset.errors[0];
            assert_eq!((error.field.as_str(), error.message.as_str()), ("user_id", "does not exist"));
        }
        other => panic!("{other:?}"),
    }
    // A constraint that no changeset declares is an error of the repo, with its name.
    let Err(WriteError::Failed(error)) = repo.insert(named("Eve", "ada@x")).await else { panic!("no error") };
    assert!(error.to_string().contains("users_email_index"), "{error}");
    let post = Post { user_id: first.id, ..Post::default() };
    repo.insert(post).await.unwrap();
    let Err(WriteError::Failed(error)) = repo.delete(first).await else { panic!("no error") };
    assert!(error.to_string().contains("posts_user_id_fkey"), "{error}");
    match repo.insert_all("users", [Map::from([("email", Value::from("z@x"))])]).await {
        Err(RepoError::Adapter(AdapterError::Constraint(violations))) => {
            assert_eq!(violations[0].kind, ViolationKind::NotNull);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(repo.count("users").await.unwrap(), 1);
}

/// The fields of the errors of a write that is refused.
fn fields_of<T>(written: Result<T, WriteError<Changeset<T>>>) -> Vec<String> {
    match written {
        Err(WriteError::Invalid(changeset)) => {
            changeset.errors.iter().map(|error| format!("{} {}", error.field, error.message)).collect()
        }
        Err(WriteError::Failed(error)) => panic!("{error}"),
        Ok(_) => Vec::new(),
    }
}

async fn unique_keys<P: Place>() {
    let Some((repo, adapter, _)) = blog::<P>("").await else { return };
    let ada: User = repo.insert(named("Ada", "a@x")).await.unwrap();
    let book = |room: &str, day: &str, state: &str, user: Option<i64>| {
        let pairs = [
            ("room", room.into()),
            ("day", day.into()),
            ("state", state.into()),
            ("user_id", user.map_or(Value::Null, Value::from)),
        ];
        let changeset = Booking::rules().apply(Booking::default(), &params(&pairs));
        let repo = repo.clone();
        async move { fields_of(repo.insert(changeset).await) }
    };
    assert!(book("blue", "2024-05-01", "open", ada.id).await.is_empty());
    assert!(book("blue", "2024-05-02", "closed", ada.id).await.is_empty());
    assert_eq!(book("blue", "2024-05-01", "closed", None).await, ["room has already been taken"]);
    // Nulls are not equal to each other.
    for _ in 0..2 {
        assert!(book("blue", "", "closed", None).await.is_empty());
    }
    let again = book("red", "2024-05-03", "open", ada.id).await;
    match adapter.name() {
        "mysql" => assert!(again.is_empty(), "there are no such indexes"),
        _ => assert_eq!(again, ["user_id has already been taken"]),
    }
    assert_eq!(book("red", "2024-05-04", "closed", Some(999)).await, ["user_id does not exist"]);
    let Err(WriteError::Failed(error)) = repo.insert(Booking { room: None, ..empty() }).await else {
        panic!("no room is no error")
    };
    match error {
        RepoError::Adapter(AdapterError::Constraint(violations)) => {
            assert_eq!((violations[0].kind, violations[0].name.as_str()), (ViolationKind::NotNull, "room"));
        }
        other => panic!("{other}"),
    }
}

fn empty() -> Booking {
    Booking { id: None, room: None, day: None, state: None, user_id: None, editor_id: None, payer_id: None }
}

async fn referred_rows<P: Place>() {
    let Some((repo, ..)) = blog::<P>("").await else { return };
    let mut users = Vec::new();
    for email in ["user@x", "editor@x", "payer@x"] {
        let user: User = repo.insert(named("Ada", email)).await.unwrap();
        users.push(user);
    }
    let [user, editor, payer] = <[User; 3]>::try_from(users).unwrap();
    let booking = Booking {
        room: Some("blue".into()),
        user_id: user.id,
        editor_id: editor.id,
        payer_id: payer.id,
        ..empty()
    };
    let booking: Booking = repo.insert(booking).await.unwrap();
    let Err(WriteError::Failed(error)) = repo.delete(payer).await else { panic!("the payer must stay") };
    assert!(error.to_string().contains("bookings_payer_id_fkey"), "{error}");
    repo.delete(editor).await.unwrap();
    let read: Booking = repo.get_required(booking.id.unwrap()).await.unwrap();
    assert_eq!(read, Booking { editor_id: None, ..booking });
    repo.delete(user).await.unwrap();
    assert_eq!(repo.count("bookings").await.unwrap(), 0);
    assert_eq!(repo.count("users").await.unwrap(), 1);
}

async fn conflicts<P: Place>() {
    let Some((repo, ..)) = blog::<P>("").await else { return };
    let ada: User = repo.insert(named("Ada", "a@x")).await.unwrap();
    let has_targets = repo.adapter().supports(Capability::ConflictTarget);
    let on_email = |conflict| {
        let options = Options::new().on_conflict(conflict);
        if has_targets { options.conflict_target(["email"]) } else { options }
    };
    let again = repo.insert_with(named("Bob", "a@x"), &on_email(Conflict::Nothing)).await.unwrap();
    assert_eq!((again.name.as_deref(), again.id), (Some("Bob"), None));
    let mut options = on_email(Conflict::Replace(vec!["name".into()]));
    if repo.adapter().supports(Capability::Returning) {
        options = options.returning_all();
    }
    let replaced = repo.insert_with(named("Cid", "a@x"), &options).await.unwrap();
    assert_eq!((replaced.id, replaced.name.as_deref()), (ada.id, Some("Cid")));
    let all: Vec<User> = repo.all(User::schema()).await.unwrap();
    assert_eq!(all.iter().map(|user| user.name.clone().unwrap()).collect::<Vec<_>>(), ["Cid"]);
    let rows = [("a@x", "Dee"), ("b@x", "Eli")].map(|(email, name)| {
        let now = NaiveDatetime::from_iso("2024-01-01T00:00:00").unwrap();
        let now = Value::from(now);
        Map::from([
            ("email", email.into()),
            ("name", name.into()),
            ("inserted_at", now.clone()),
            ("updated_at", now),
        ])
    });
    let options = on_email(Conflict::ReplaceAllExcept(vec!["id".into(), "karma".into()]));
    let (count, _) = repo.insert_all_with::<User>(User::schema(), rows, &options).await.unwrap();
    // MySQL counts a row that is replaced twice.
    assert_eq!(count, if has_targets { 2 } else { 3 });
    let names = from(User::schema()).order_by(Direction::Asc, field("email")).select(field("name"));
    assert_eq!(repo.all::<String>(names).await.unwrap(), ["Dee", "Eli"]);
}

async fn transactions<P: Place>() {
    let Some((repo, ..)) = blog::<P>("").await else { return };
    let count = || async { repo.count("users").await.unwrap() };
    let kept = repo
        .transaction(async |repo: Repo| -> Result<usize, RepoError> {
            repo.insert(named("Ada", "a@x")).await?;
            // A failure in a savepoint leaves the rest alone.
            let options = Options::new().savepoint();
            assert!(repo.insert_with(named("Eve", "a@x"), &options).await.is_err());
            repo.insert(named("Bob", "b@x")).await?;
            repo.count("users").await
        })
        .await;
    assert_eq!(kept.unwrap(), 2);
    assert_eq!(count().await, 2);
    let undone = repo
        .transaction(async |repo: Repo| -> Result<(), RepoError> {
            repo.insert(named("Cid", "c@x")).await?;
            Err(RepoError::RolledBack)
        })
        .await;
    assert!(matches!(undone, Err(RepoError::RolledBack)));
    // A failure without a savepoint ends it all, on every database.
    let aborted = repo
        .transaction(async |repo: Repo| -> Result<(), RepoError> {
            repo.insert(named("Cid", "c@x")).await?;
            assert!(repo.insert(named("Eve", "a@x")).await.is_err());
            let error = repo.count("users").await.unwrap_err();
            assert!(matches!(error, RepoError::Adapter(AdapterError::Aborted)), "{error}");
            Ok(())
        })
        .await;
    assert!(matches!(aborted, Err(RepoError::RolledBack)), "{aborted:?}");
    let dropped = repo.begin().await.unwrap();
    dropped.insert(named("Dee", "d@x")).await.unwrap();
    drop(dropped);
    assert_eq!(count().await, 2);
}

async fn adapters_keep_the_rules_of_transactions<P: Place>() {
    let Some((_, adapter, _)) = blog::<P>("").await else { return };
    let statement = |column: &'static str| {
        let query = from("users").where_(field(column).eq(1)).select(field("id"));
        ectomorph::query::plan(&query, ectomorph::query::Operation::All, &Default::default()).unwrap()
    };
    let (good, bad) = (statement("id"), statement("no_such_column"));
    let ask = |planned: &ectomorph::query::Planned| {
        ectomorph::adapter::Statement::Query(ectomorph::adapter::Query::new(
            Box::leak(Box::new(planned.plan.clone())),
            Vec::new(),
        ))
    };
    let transaction = adapter.begin().await.unwrap();
    assert!(transaction.run(ask(&good)).await.is_ok());
    transaction.savepoint().await.unwrap();
    assert!(transaction.run(ask(&bad)).await.is_err());
    assert_eq!(transaction.run(ask(&good)).await, Err(AdapterError::Aborted));
    assert_eq!(transaction.release().await, Err(AdapterError::Aborted));
    transaction.rollback_to_savepoint().await.unwrap();
    assert!(transaction.run(ask(&good)).await.is_ok());
    assert!(transaction.rollback_to_savepoint().await.is_err());
    assert!(transaction.run(ask(&bad)).await.is_err());
    assert_eq!(transaction.commit().await, Err(AdapterError::Aborted));
    assert!(transaction.run(ask(&good)).await.is_err());
    assert!(transaction.commit().await.is_err());
    assert_eq!(transaction.rollback().await, Ok(()));
}

async fn sandboxes<P: Place>() {
    let Some((outside, adapter, _)) = blog::<P>("").await else { return };
    let sandbox = || async { Repo::new(Arc::new(Sandbox::start(&*adapter).await.unwrap())) };
    // Where there is one writer at a time, a sandbox has to wait for the one before.
    let others = if P::MANY_WRITERS { 1 } else { 0 };
    let (repo, mut neighbours) = (sandbox().await, Vec::new());
    for _ in 0..others {
        neighbours.push(sandbox().await);
    }
    repo.insert(named("Ada", "a@x")).await.unwrap();
    assert!(repo.insert(named("Eve", "a@x")).await.is_err());
    let undone = repo
        .transaction(async |repo: Repo| -> Result<(), RepoError> {
            repo.insert(named("Bob", "b@x")).await?;
            assert!(repo.insert(named("Eve", "a@x")).await.is_err());
            Ok(())
        })
        .await;
    assert!(matches!(undone, Err(RepoError::RolledBack)), "{undone:?}");
    let kept = repo
        .transaction(async |repo: Repo| -> Result<(), RepoError> {
            repo.insert(named("Cid", "c@x")).await?;
            Ok(())
        })
        .await;
    assert!(kept.is_ok());
    let left = repo.begin().await.unwrap();
    left.insert(named("Dee", "d@x")).await.unwrap();
    drop(left);
    let emails = from(User::schema()).order_by(Direction::Asc, field("email")).select(field("email"));
    assert_eq!(repo.all::<String>(emails).await.unwrap(), ["a@x", "c@x"]);
    for neighbour in &neighbours {
        assert_eq!(neighbour.count("users").await.unwrap(), 0);
    }
    drop((repo, neighbours));
    assert_eq!(outside.count("users").await.unwrap(), 0);
}

async fn streams<P: Place>() {
    // What others hold meanwhile counts, and the database in this program holds all its rows.
    static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _alone = ALONE.lock().await;
    let Some((repo, adapter, _)) = blog::<P>("timeout=120000").await else { return };
    // With a million rows it takes too long for every day.
    let rows = if std::env::var_os("ECTOMORPH_LONG").is_some() { 1_000_000 } else { 100_000 };
    adapter.fill(rows).await;
    let before = used::reset();
    let query = || from(User::schema()).order_by(Direction::Asc, field("id"));
    let count = repo
        .transaction(async |repo: Repo| -> Result<usize, RepoError> {
            let mut stream = repo.stream::<User>(query(), &Options::new().max_rows(500)).await?;
            let mut count = 0;
            while let Some(user) = stream.next().await? {
                count += 1;
                assert_eq!(user.email, Some(format!("user{count}@example.org")));
                if count % 25_000 == 0 {
                    // The transaction is free for other statements meanwhile.
                    assert_eq!(repo.count("posts").await?, 0);
                }
            }
            Ok(count)
        })
        .await
        .unwrap();
    assert_eq!(count, rows);
    let used = used::peak().saturating_sub(before);
    assert!(used < 24_000_000, "{used} bytes for what takes more than {} at once", rows * 400);
    // What is written meanwhile it does not see, neither where it has been nor where it goes.
    repo.transaction(async |repo: Repo| -> Result<(), RepoError> {
        let mut stream = repo.stream::<User>(query().limit(30), &Options::new().max_rows(10)).await?;
        assert_eq!(stream.portion().await?.len(), 10);
        let changed = from(User::schema()).where_(field("id").lte(20)).set("name", "changed");
        assert_eq!(repo.update_all(changed, &[]).await?, 20);
        assert_eq!(repo.delete_all(from(User::schema()).where_(field("id").eq(25))).await?, 1);
        let mut rest = 0;
        while let Some(user) = stream.next().await? {
            assert_eq!(user.name.as_deref(), Some("user"));
            rest += 1;
        }
        assert_eq!(rest, 20);
        Err(RepoError::Over)
    })
    .await
    .unwrap_err();
    // One that is left early, and one without a transaction around it.
    let mut left = repo.stream::<User>(query(), &Options::new().max_rows(10)).await.unwrap();
    assert!(left.next().await.unwrap().is_some());
    drop(left);
    let mut other = repo.stream::<User>(query().limit(3), &Options::new()).await.unwrap();
    let mut names = Vec::new();
    while let Some(user) = other.next().await.unwrap() {
        names.push(user.name.unwrap());
    }
    assert_eq!(names, ["user", "user", "user"]);
}

async fn migrators<P: Place>() {
    let Some(url) = P::fresh().await else { return };
    // The second pool is another program, as far as the first can tell.
    let adapters = [Arc::new(P::connect(&url).await.unwrap()), Arc::new(P::connect(&url).await.unwrap())];
    let migrator =
        |adapter: &Arc<P>| Migrator::new(adapter.clone(), Arc::new(System), migrations(adapter.name()));
    let (one, other) = (migrator(&adapters[0]), migrator(&adapters[0]));
    let (first, second) = tokio::join!(one.migrate(Target::All), other.migrate(Target::All));
    let mut ran = [first.unwrap(), second.unwrap()].concat();
    ran.sort_unstable();
    assert_eq!(ran, VERSIONS);
    assert_eq!(migrator(&adapters[1]).migrated_versions().await.unwrap(), ran);
    let back: Vec<i64> = VERSIONS.into_iter().rev().collect();
    assert_eq!(one.rollback(Target::All).await.unwrap(), back);
    assert!(one.migrated_versions().await.unwrap().is_empty());
    assert!(Repo::new(adapters[0].clone()).count("users").await.is_err());
}

macro_rules! suite {
    ($($(#[$given:meta])? $module:ident: $place:ty;)*) => {
        $($(#[$given])?
        mod $module {
            use super::*;

            fn wait(future: impl Future<Output = ()>) {
                tokio::runtime::Builder::new_multi_thread()
                    .worker_threads(2)
                    .enable_all()
                    .build()
                    .unwrap()
                    .block_on(future);
            }

            tests! { $place:
                values_come_back_and_are_found = values;
                constraints_are_errors_of_fields = constraints;
                keys_of_several_columns_and_of_some_rows_are_unique = unique_keys;
                rows_that_others_refer_to_go_as_was_said = referred_rows;
                conflicts_end_as_asked = conflicts;
                many_rows_are_inserted_whole_or_not_at_all = bulk::many_rows;
                values_of_many_rows_come_back = bulk::values_of_many_rows;
                transactions_happen_whole_or_not_at_all = transactions;
                a_failed_statement_aborts_its_transaction = adapters_keep_the_rules_of_transactions;
                a_sandbox_leaves_nothing_behind = sandboxes;
                streams_hold_few_rows_at_once = streams;
                writers_at_once_lose_nothing = load::writers;
                transfers_in_each_others_way_are_done_again = load::transfers;
                migrations_run_once_and_back = migrators;
                levels_and_retries_are_said_where_a_transaction_begins = manner::levels;
                a_replica_is_read_and_not_written = manner::replicas;
                work_that_nobody_waits_for_is_undone = manner::cancelled;
                one_connection_is_had_for_a_while = manner::checked_out;
            }
        })*
    };
}

macro_rules! tests {
    ($place:ty: $($name:ident = $($test:ident)::+;)*) => {
        $(#[test]
        fn $name() {
            wait($($test)::+::<$place>());
        })*
    };
}

suite! {
    memory: ectomorph::adapters::glue::Glue;
    #[cfg(feature = "sqlite")] sqlite: ectomorph::adapters::sqlite::Sqlite;
    #[cfg(feature = "mysql")] mysql: ectomorph::adapters::mysql::MySql;
    #[cfg(feature = "postgres")] postgres: ectomorph::adapters::postgres::Postgres;
}
