//! What only databases behind connections have: sessions that are killed, servers that start anew, time that is over.

use crate::blog::{Place, User, blog};
use crate::servers::{self, Server as Machine};
use crate::suite::named;
use ectomorph::adapter::{AdapterError, Isolation};
use ectomorph::adapters::server::{Config, Sandbox, Server};
use ectomorph::query::{field, fragment, from};
use ectomorph::repo::{Options, Repo, RepoError, TransactionOptions};
use ectomorph::schema::HasSchema;
use ectomorph::value::Value;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What a server says in its own way.
trait Sessions: crate::blog::Served {
    /// Ends all sessions of this database but the one that asks; MySQL ends the one with a number.
    fn kill(session: i64) -> String;
    const SESSION: &'static str;
    const SLEEP: &'static str;
    const ROOT: &'static str;
    fn own(name: &str) -> Option<Machine>;
    const WRONG_PASSWORD: &'static str;
    const NO_DATABASE: &'static str;
}

#[cfg(feature = "postgres")]
impl Sessions for ectomorph::adapters::postgres::PostgresDriver {
    const SESSION: &'static str = "SELECT pg_backend_pid()";
    const SLEEP: &'static str = "pg_sleep(?)";
    const ROOT: &'static str = "postgres";
    const WRONG_PASSWORD: &'static str =
        "password authentication failed for user \"postgres\": see that username and password are right";
    const NO_DATABASE: &'static str = "database \"nowhere\" does not exist: create the database first";

    fn kill(session: i64) -> String {
        format!("SELECT pg_terminate_backend({session})")
    }

    fn own(name: &str) -> Option<Machine> {
        servers::own_postgres(name)
    }
}

#[cfg(feature = "mysql")]
impl Sessions for ectomorph::adapters::mysql::MySqlDriver {
    const SESSION: &'static str = "SELECT connection_id()";
    const SLEEP: &'static str = "sleep(?)";
    const ROOT: &'static str = "mysql";
    const WRONG_PASSWORD: &'static str = "Access denied for user 'root'@'localhost' (using password: YES): see that username and password are right";
    const NO_DATABASE: &'static str = "Unknown database 'nowhere': create the database first";

    fn kill(session: i64) -> String {
        format!("KILL {session}")
    }

    fn own(name: &str) -> Option<Machine> {
        servers::own_mysql(name)
    }
}

async fn killed<D: Sessions>() {
    let Some((repo, adapter, url)) = blog::<Server<D>>("pool_size=2").await else { return };
    repo.insert(named("Ada", "a@x")).await.unwrap();
    let one = Server::<D>::connect_with(Config::url(&url).unwrap().pool_size(1)).await.unwrap();
    let session = one.query(D::SESSION, Vec::new()).await.unwrap().rows[0][0].as_integer().unwrap();
    let repo_of_one = Repo::new(Arc::new(one));
    let cut = repo_of_one
        .transaction(async |repo: Repo| -> Result<(), RepoError> {
            repo.insert(named("Eve", "e@x")).await?;
            adapter.execute(&D::kill(session)).await?;
            // The server may need a moment.
            for _ in 0..100 {
                repo.count("users").await?;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Ok(())
        })
        .await;
    let Err(RepoError::Adapter(error)) = cut else { panic!("{cut:?}") };
    assert!(matches!(error, AdapterError::Environment { .. }), "{error:?}");
    // Nothing of it is there, and the only connection of that pool is a new one.
    for _ in 0..3 {
        assert_eq!(repo_of_one.count("users").await.unwrap(), 1);
        assert_eq!(repo.count("users").await.unwrap(), 1);
    }
}

async fn restarted<D: Sessions>() {
    let Some(machine) = D::own(&format!("{}-restarted", D::NAME)) else { return };
    let root = Server::<D>::connect(machine.database(D::ROOT)).await.unwrap();
    root.execute("CREATE DATABASE restarted").await.unwrap();
    root.close().await;
    let url = format!("{}?pool_size=3", machine.database("restarted"));
    let adapter = Arc::new(Server::<D>::connect(url).await.unwrap());
    adapter.execute("CREATE TABLE tags (name varchar(255))").await.unwrap();
    let repo = Repo::new(adapter);
    let tag = |name: &str| ectomorph::value::Map::from([("name", name)]);
    repo.insert_all("tags", [tag("before")]).await.unwrap();
    let cut = repo
        .transaction(async |inside: Repo| -> Result<(), RepoError> {
            inside.insert_all("tags", [tag("lost")]).await?;
            machine.restart();
            inside.insert_all("tags", [tag("lost")]).await?;
            Ok(())
        })
        .await;
    let Err(RepoError::Adapter(error)) = cut else { panic!("{cut:?}") };
    assert!(matches!(error, AdapterError::Environment { .. }), "{error:?}");
    // The next use connects anew, on each connection of the pool.
    let uses: Vec<_> = (0..6)
        .map(|_| {
            let repo = repo.clone();
            tokio::spawn(async move { repo.insert_all("tags", [tag("after")]).await })
        })
        .collect();
    for used in uses {
        assert_eq!(used.await.unwrap().unwrap(), 1);
    }
    let lost = from("tags").where_(field("name").eq("lost"));
    assert_eq!((repo.count("tags").await.unwrap(), repo.count(lost).await.unwrap()), (7, 0));
}

async fn times_are_over<D: Sessions>() {
    // A connection that is closed is waited for, for some seconds: meanwhile others are needed.
    let Some((repo, adapter, url)) = blog::<Server<D>>("pool_size=8").await else { return };
    repo.insert(named("Ada", "a@x")).await.unwrap();
    let sleepy = || from("users").select(fragment(D::SLEEP, [10]));
    let is_over = |error: RepoError, time: &str| {
        assert!(matches!(error, RepoError::Adapter(AdapterError::Environment { .. })), "{error:?}");
        assert!(
            error.to_string().starts_with(&format!("the statement took longer than its {time} ms")),
            "{error}"
        );
    };
    let start = Instant::now();
    let short = Options::new().timeout(Duration::from_millis(60));
    is_over(repo.all_with::<Value>(sleepy(), &short).await.unwrap_err(), "60");
    let hurried = repo.with_defaults(short);
    is_over(hurried.all::<Value>(sleepy()).await.unwrap_err(), "60");
    // In a transaction the end of it is the end of all.
    let cut = repo
        .transaction(async |repo: Repo| -> Result<(), RepoError> {
            repo.insert(named("Eve", "e@x")).await?;
            let short = Options::new().timeout(Duration::from_millis(70));
            is_over(repo.all_with::<Value>(sleepy(), &short).await.unwrap_err(), "70");
            let error = repo.count("users").await.unwrap_err();
            assert!(matches!(error, RepoError::Adapter(AdapterError::Aborted)), "{error:?}");
            Ok(())
        })
        .await;
    assert!(matches!(cut, Err(RepoError::RolledBack)), "{cut:?}");
    assert_eq!(repo.count("users").await.unwrap(), 1);
    // A stream is given up on where it waits: as it opens or when it is read.
    let waits = async |repo: &Repo, time: u64, options: &Options| {
        let error = match repo.stream::<Value>(sleepy(), options).await {
            Ok(mut stream) => stream.next().await.unwrap_err(),
            Err(error) => error,
        };
        is_over(error, &time.to_string());
    };
    waits(&repo, 65, &Options::new().timeout(Duration::from_millis(65))).await;
    waits(&hurried, 60, &Options::new()).await;
    let cut = repo
        .transaction(async |repo: Repo| -> Result<(), RepoError> {
            // Another address: the server does not know yet that nobody waits for the first Eve.
            repo.insert(named("Eve", "f@x")).await?;
            waits(&repo, 75, &Options::new().timeout(Duration::from_millis(75))).await;
            Ok(())
        })
        .await;
    assert!(matches!(cut, Err(RepoError::RolledBack | RepoError::Adapter(AdapterError::Aborted))), "{cut:?}");
    assert_eq!(repo.count("users").await.unwrap(), 1);
    // So it is in the transaction of a sandbox.
    let sandbox = Repo::new(Arc::new(Sandbox::start(&*adapter).await.unwrap()));
    let cut = sandbox
        .transaction(async |repo: Repo| -> Result<(), RepoError> {
            let short = Options::new().timeout(Duration::from_millis(50));
            is_over(repo.all_with::<Value>(sleepy(), &short).await.unwrap_err(), "50");
            Ok(())
        })
        .await;
    assert!(matches!(cut, Err(RepoError::Adapter(AdapterError::Aborted))), "{cut:?}");
    drop(sandbox);
    // The configuration says it of all.
    let config = Config::url(format!("{url}?timeout=80")).unwrap();
    let strict = Repo::new(Arc::new(Server::<D>::connect_with(config).await.unwrap()));
    is_over(strict.all::<Value>(sleepy()).await.unwrap_err(), "80");
    waits(&strict, 80, &Options::new()).await;
    // Nobody waited for those who sleep.
    assert!(start.elapsed() < Duration::from_secs(9), "{:?}", start.elapsed());
    adapter.close().await;
}

async fn exhausted<P: Place>() {
    let Some((repo, ..)) = blog::<P>("pool_size=2&pool_timeout=150").await else { return };
    let held = [repo.begin().await.unwrap(), repo.begin().await.unwrap()];
    let error = repo.count("users").await.unwrap_err();
    let message = "no connection was free within 150 ms: all 2 are in use; raise `pool_size` or `pool_timeout`, or hold them shorter";
    assert_eq!(error.to_string(), message);
    drop(held);
    assert_eq!(repo.count("users").await.unwrap(), 0);
}

async fn refused<D: Sessions>() {
    let Some(url) = <Server<D> as Place>::fresh().await else { return };
    let said = |config: Config| async move {
        let error = Server::<D>::connect_with(config).await.unwrap_err();
        assert!(matches!(error, AdapterError::Environment { .. }), "{error:?}");
        for text in [error.to_string(), format!("{error:?}")] {
            assert!(!text.contains("sesame"), "{text}");
        }
        error.to_string()
    };
    let config = || Config::url(&url).unwrap();
    assert_eq!(said(config().password("sesame")).await, D::WRONG_PASSWORD);
    assert_eq!(said(config().database("nowhere")).await, D::NO_DATABASE);
    let shown = said(config().password("sesame").show_sensitive_data_on_connection_error()).await;
    let place = format!("(connecting to {}", url.split(':').next().unwrap());
    assert!(shown.starts_with(D::WRONG_PASSWORD) && shown.contains(&place), "{shown}");
    let unreachable = said(config().hostname("127.0.0.1").port(1).password("sesame")).await;
    assert!(unreachable.starts_with("the server can't be reached"), "{unreachable}");
}

/// Two that read everything and write what the other read: one of them would be wrong.
async fn out_of_order<D: Sessions>() {
    let Some((repo, ..)) = blog::<Server<D>>("").await else { return };
    let serializable = TransactionOptions::new().isolation(Isolation::Serializable);
    let turn = tokio::sync::Barrier::new(2);
    let count_and_insert =
        async |options: TransactionOptions, email: &'static str, tries: &std::cell::Cell<u32>| {
            repo.transaction_with(&options, async |repo: Repo| -> Result<usize, RepoError> {
                let count = repo.count("users").await?;
                tries.set(tries.get() + 1);
                if tries.get() == 1 {
                    turn.wait().await;
                }
                repo.insert(named("Ada", email)).await?;
                Ok(count)
            })
            .await
        };
    let tries = [std::cell::Cell::new(0), std::cell::Cell::new(0)];
    let (one, other) = tokio::join!(
        count_and_insert(serializable, "a@x", &tries[0]),
        count_and_insert(serializable, "b@x", &tries[1]),
    );
    let lost: Vec<RepoError> = [one, other].into_iter().filter_map(Result::err).collect();
    let [RepoError::Adapter(error)] = &lost[..] else { panic!("{lost:?}") };
    assert!(error.is_conflict(), "{error:?}");
    if D::NAME == "postgres" {
        let AdapterError::Query { code: Some(code), .. } = error else { panic!("{error:?}") };
        assert_eq!(code.as_str(), "40001");
    }
    assert_eq!(repo.count("users").await.unwrap(), 1);
    // Begun anew, the other counts what the first has written.
    let tries = [std::cell::Cell::new(0), std::cell::Cell::new(0)];
    let again = serializable.retry(20);
    let (one, other) =
        tokio::join!(count_and_insert(again, "c@x", &tries[0]), count_and_insert(again, "d@x", &tries[1]),);
    let mut counts = [one.unwrap(), other.unwrap()];
    counts.sort_unstable();
    assert_eq!(counts, [1, 2]);
    assert!(tries[0].get() + tries[1].get() > 2);
    assert_eq!(repo.count("users").await.unwrap(), 3);
}

/// Repos on several databases in one program have nothing to do with each other.
async fn several<D: Sessions>() {
    let Some((one, ..)) = blog::<Server<D>>("").await else { return };
    let Some((other, ..)) = blog::<ectomorph::adapters::glue::Glue>("").await else { return };
    let ada: User = one.insert(named("Ada", "a@x")).await.unwrap();
    one.transaction(async |inside: Repo| -> Result<(), RepoError> {
        let users: Vec<User> = inside.all(User::schema()).await?;
        for user in users {
            other.insert(User { id: None, ..user }).await?;
        }
        inside.delete_all(User::schema()).await?;
        Err(RepoError::RolledBack)
    })
    .await
    .unwrap_err();
    assert_eq!(one.all::<User>(User::schema()).await.unwrap()[0], ada);
    assert_eq!(other.all::<User>(User::schema()).await.unwrap()[0].email, ada.email);
}

macro_rules! tests {
    ($($(#[$given:meta])? $module:ident: $driver:ty;)*) => {
        $($(#[$given])?
        mod $module {
            use super::*;

            type Driver = $driver;

            #[tokio::test]
            async fn a_session_that_is_killed_ends_its_transaction_and_nothing_else() {
                killed::<Driver>().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn a_server_that_starts_anew_is_connected_to_anew() {
                restarted::<Driver>().await;
            }

            #[tokio::test]
            async fn a_statement_that_takes_too_long_is_given_up() {
                times_are_over::<Driver>().await;
            }

            #[tokio::test]
            async fn a_pool_that_is_used_up_says_so_in_time() {
                exhausted::<Server<Driver>>().await;
            }

            #[tokio::test]
            async fn what_is_wrong_with_a_connection_is_said_without_the_password() {
                refused::<Driver>().await;
            }

            #[tokio::test]
            async fn what_can_not_be_put_in_order_is_begun_anew() {
                out_of_order::<Driver>().await;
            }

            #[tokio::test]
            async fn repos_on_several_databases_are_apart() {
                several::<Driver>().await;
            }
        })*
    };
}

tests! {
    #[cfg(feature = "postgres")] postgres: ectomorph::adapters::postgres::PostgresDriver;
    #[cfg(feature = "mysql")] mysql: ectomorph::adapters::mysql::MySqlDriver;
}
