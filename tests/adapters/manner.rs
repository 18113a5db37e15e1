//! Options of transactions, replicas, and connections that are had for a while.

use crate::blog::{Place, User, blog};
use crate::suite::named;
use ectomorph::adapter::{AdapterError, Isolation};
use ectomorph::query::{field, from, pin};
use ectomorph::repo::{Repo, RepoError, TransactionOptions};
use ectomorph::schema::HasSchema;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

pub async fn levels<P: Place>() {
    let Some((repo, ..)) = blog::<P>("").await else { return };
    let levels = [
        Isolation::ReadUncommitted,
        Isolation::ReadCommitted,
        Isolation::RepeatableRead,
        Isolation::Serializable,
    ];
    for (at, level) in levels.into_iter().enumerate() {
        let options = TransactionOptions::new().isolation(level);
        let count = repo
            .transaction_with(&options, async |repo: Repo| -> Result<usize, RepoError> {
                assert!(repo.in_transaction());
                repo.insert(named("Ada", &format!("{at}@x"))).await?;
                // Inside another it is too late to ask for one.
                let late =
                    repo.transaction_with(&options, async |_| -> Result<(), RepoError> { Ok(()) }).await;
                assert!(late.unwrap_err().to_string().contains("said where it begins"));
                let none = TransactionOptions::new().retry(3);
                repo.transaction_with(&none, async |repo: Repo| repo.count("users").await).await
            })
            .await;
        assert_eq!(count.unwrap(), at + 1);
    }
    // An error that is nobody else's fault is given at once.
    let tries = AtomicUsize::new(0);
    let options = TransactionOptions::new().retry(5);
    let twice = repo
        .transaction_with(&options, async |repo: Repo| -> Result<(), RepoError> {
            tries.fetch_add(1, Ordering::Relaxed);
            repo.insert(named("Ada", "0@x")).await?;
            Ok(())
        })
        .await;
    assert!(matches!(twice, Err(RepoError::Constraint(_))), "{twice:?}");
    assert_eq!(tries.into_inner(), 1);
    // What only reads sees one state of the whole.
    let reading = TransactionOptions::new().isolation(Isolation::RepeatableRead).read_only();
    let counts = repo
        .transaction_with(&reading, async |inside: Repo| -> Result<(usize, usize), RepoError> {
            let before = inside.count("users").await?;
            if P::MANY_WRITERS {
                repo.insert(named("Eve", "eve@x")).await?;
            }
            Ok((before, inside.count("users").await?))
        })
        .await;
    assert_eq!(counts.unwrap(), (4, 4));
}

pub async fn replicas<P: Place>() {
    let Some((primary, ..)) = blog::<P>("").await else { return };
    let (Some((one, ..)), Some((other, ..))) = (blog::<P>("").await, blog::<P>("").await) else { return };
    primary.insert(named("Ada", "a@x")).await.unwrap();
    other.insert_all("users", [copy("b@x"), copy("c@x")]).await.unwrap();
    // Without any, it is the repo itself, for reading.
    assert_eq!(primary.replica().count("users").await.unwrap(), 1);
    let repo = primary.with_replicas([one, other]);
    let mut counts = Vec::new();
    for _ in 0..4 {
        counts.push(repo.replica().count("users").await.unwrap());
    }
    assert_eq!(counts, [0, 2, 0, 2]);
    let replica = repo.replica();
    let refused = |error: RepoError, what: &str| {
        let message = format!(
            "unsupported: {what} of `users` through a repo that only reads; write through the repo it came from"
        );
        assert_eq!(error.to_string(), message);
    };
    refused(RepoError::from(replica.insert(named("Eve", "e@x")).await.unwrap_err()), "insert");
    refused(replica.insert_all("users", [copy("e@x")]).await.unwrap_err(), "insert_all");
    refused(replica.delete_all("users").await.unwrap_err(), "delete_all");
    refused(replica.update_all(from("users").set("karma", 1), &[]).await.unwrap_err(), "update_all");
    let inside = replica
        .transaction(async |repo: Repo| -> Result<(), RepoError> {
            repo.delete_all("users").await?;
            Ok(())
        })
        .await;
    refused(inside.unwrap_err(), "delete_all");
    assert_eq!(repo.count("users").await.unwrap(), 1);
    repo.delete_all("users").await.unwrap();
}

fn copy(email: &str) -> ectomorph::value::Map {
    let now = ectomorph::value::NaiveDatetime::from_iso("2024-01-01T00:00:00").unwrap();
    ectomorph::value::Map::from([
        ("name", "copy".into()),
        ("email", email.into()),
        ("inserted_at", now.into()),
        ("updated_at", ectomorph::value::Value::from(now)),
    ])
}

/// Futures that are dropped while they wait: their transactions are undone, and their connections are fit for others.
pub async fn cancelled<P: Place>() {
    let Some((repo, ..)) = blog::<P>("pool_size=2&pool_timeout=20000").await else { return };
    let ada: User = repo.insert(User { karma: Some(0), ..named("Ada", "a@x") }).await.unwrap();
    let id = ada.id.unwrap();
    let add = async |repo: &Repo| {
        let query = from(User::schema()).where_(field("id").eq(pin(id))).inc("karma", 1);
        repo.update_all(query, &[]).await.unwrap()
    };
    for wait in [0, 1, 2, 3, 5, 8, 13, 21] {
        // Between statements, and wherever in one the time is over.
        let work = repo.transaction(async |repo: Repo| -> Result<(), RepoError> {
            loop {
                add(&repo).await;
                tokio::task::yield_now().await;
            }
        });
        assert!(tokio::time::timeout(Duration::from_millis(wait), work).await.is_err());
        let read: User = repo.get_required(id).await.unwrap();
        assert_eq!(read.karma, Some(0), "after {wait} ms");
    }
    for _ in 0..20 {
        let read = tokio::time::timeout(Duration::from_micros(300), repo.count("users")).await;
        assert!(matches!(read, Err(_) | Ok(Ok(1))), "{read:?}");
    }
    add(&repo).await;
    let read: User = repo.get_required(id).await.unwrap();
    assert_eq!(read.karma, Some(1));
}

pub async fn checked_out<P: Place>() {
    let Some((repo, adapter, _)) = blog::<P>("pool_size=1&pool_timeout=200").await else { return };
    let outside = repo.clone();
    let is_server = adapter.name() != "glue";
    repo.checkout(async |repo: Repo| -> Result<(), RepoError> {
        assert!(!repo.in_transaction());
        repo.insert(named("Ada", "a@x")).await?;
        repo.transaction(async |repo: Repo| -> Result<(), RepoError> {
            repo.insert(named("Bob", "b@x")).await?;
            assert_eq!(repo.count("users").await?, 2);
            repo.checkout(async |repo: Repo| -> Result<(), RepoError> {
                assert!(repo.in_transaction());
                Ok(())
            })
            .await
        })
        .await?;
        // One that is dropped is undone before the next statement.
        let left = repo.begin().await?;
        left.insert(named("Cid", "c@x")).await?;
        if is_server {
            let error = repo.count("users").await.unwrap_err();
            assert!(error.to_string().contains("use the repo of the transaction in it"), "{error}");
        }
        drop(left);
        assert_eq!(repo.count("users").await?, 2);
        if is_server {
            let error = outside.count("users").await.unwrap_err();
            assert!(matches!(error, RepoError::Adapter(AdapterError::Environment { .. })), "{error}");
            assert!(error.to_string().starts_with("no connection was free within 200 ms"), "{error}");
        }
        Ok(())
    })
    .await
    .unwrap();
    assert_eq!(repo.count("users").await.unwrap(), 2);
}
