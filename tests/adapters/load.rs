//! Many at once.

use crate::blog::{Place, Post, User, blog};
use crate::suite::named;
use ectomorph::adapter::Isolation;
use ectomorph::query::{Direction, field, from, pin};
use ectomorph::repo::{Options, Repo, RepoError, TransactionOptions};
use ectomorph::schema::HasSchema;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

pub async fn writers<P: Place>() {
    let Some((repo, ..)) = blog::<P>("pool_size=8&pool_timeout=60000").await else { return };
    let counter: User = repo.insert(User { karma: Some(0), ..named("counter", "c@x") }).await.unwrap();
    let id = counter.id.unwrap();
    let work = (0..64).map(|writer: i64| {
        let repo = repo.clone();
        tokio::spawn(async move {
            for turn in 0..5 {
                let repo = repo.begin().await.unwrap();
                let user: User = repo.insert(named("w", &format!("{writer}-{turn}@x"))).await.unwrap();
                let post = Post { title: Some("t".into()), user_id: user.id, id: None };
                repo.insert(post).await.unwrap();
                let query = from(User::schema()).where_(field("id").eq(ectomorph::query::pin(id)));
                assert_eq!(repo.update_all(query.inc("karma", 1), &[]).await.unwrap(), 1);
                repo.commit().await.unwrap();
            }
        })
    });
    for task in work.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    let counter: User = repo.get_required(id).await.unwrap();
    assert_eq!(counter.karma, Some(320));
    assert_eq!((repo.count("users").await.unwrap(), repo.count("posts").await.unwrap()), (321, 320));
}

/// Moves karma from one user to another, whose order says who waits for whom.
async fn transfer(repo: &Repo, from_id: i64, to_id: i64, tries: &AtomicUsize) -> Result<(), RepoError> {
    let options = TransactionOptions::new().isolation(Isolation::Serializable).retry(500);
    repo.transaction_with(&options, async |repo: Repo| -> Result<(), RepoError> {
        tries.fetch_add(1, Ordering::Relaxed);
        for (id, change) in [(from_id, -1), (to_id, 1)] {
            // What is read and then written is lost if somebody else writes in between.
            let user: User = repo.get_required(id).await?;
            let karma = user.karma.unwrap_or_default() + change;
            repo.update_all(from(User::schema()).where_(field("id").eq(pin(id))).set("karma", karma), &[])
                .await?;
        }
        let post = Post { title: Some("transfer".into()), user_id: Some(from_id), id: None };
        repo.insert(post).await?;
        Ok(())
    })
    .await
}

pub async fn transfers<P: Place>() {
    const WRITERS: i64 = 64;
    let Some((repo, ..)) = blog::<P>("pool_size=8&pool_timeout=120000&timeout=60000").await else { return };
    let mut ids = Vec::new();
    for email in ["a@x", "b@x", "c@x", "d@x"] {
        let user: User = repo.insert(User { karma: Some(1_000), ..named("Ada", email) }).await.unwrap();
        ids.push(user.id.unwrap());
    }
    let tries = Arc::new(AtomicUsize::new(0));
    let work = (0..WRITERS).map(|writer| {
        let (repo, ids, tries) = (repo.clone(), ids.clone(), tries.clone());
        tokio::spawn(async move {
            for turn in 0..2 {
                // Neighbours go in opposite directions, so that each may wait for the other.
                let (one, other) =
                    (ids[(writer / 2 + turn) as usize % 4], ids[(writer / 2 + turn + 1) as usize % 4]);
                let (one, other) = if writer % 2 == 0 { (one, other) } else { (other, one) };
                transfer(&repo, one, other, &tries).await.unwrap();
            }
        })
    });
    for task in work.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    let karma = from(User::schema()).order_by(Direction::Asc, field("id")).select(field("karma"));
    // As many went one way as the other.
    assert_eq!(repo.all::<i64>(karma).await.unwrap(), [1_000; 4]);
    assert_eq!(repo.count("posts").await.unwrap(), 2 * WRITERS as usize);
    let tries = tries.load(Ordering::Relaxed);
    assert!(tries >= 2 * WRITERS as usize);
    if P::MANY_WRITERS {
        assert!(tries > 2 * WRITERS as usize, "nobody was in anybody's way");
    }
}

/// What a repo does may be done on any thread: handlers of servers ask for that.
#[test]
fn repos_and_their_work_go_from_thread_to_thread() {
    fn goes<T: Send>(_: &T) {}
    fn is_shared<T: Send + Sync + 'static>() {}
    is_shared::<Repo>();
    fn of(repo: &Repo, name: String) {
        goes(&repo.transaction(async |repo: Repo| -> Result<usize, RepoError> {
            repo.insert(named(&name, "a@x")).await?;
            repo.count("users").await
        }));
        goes(&repo.checkout(async |repo: Repo| -> Result<usize, RepoError> {
            let user: User = repo.insert(named(&name, "a@x")).await?;
            let mut stream = repo.stream::<User>(User::schema(), &Options::new()).await?;
            stream.next().await?;
            repo.delete(user).await?;
            repo.count("users").await
        }));
    }
    let _ = of;
}
