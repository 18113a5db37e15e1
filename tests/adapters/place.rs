//! SQLite works in place where that is short: who does so is as fair, and as safe, as who waits for a thread.

use crate::blog::{Post, User, blog};
use crate::suite::named;
use ectomorph::adapters::sqlite::Sqlite;
use ectomorph::query::{field, from, pin};
use ectomorph::repo::RepoError;
use ectomorph::schema::HasSchema;
use ectomorph::value::{Map, Value};
use std::time::Duration;

#[tokio::test]
async fn a_task_that_reads_key_after_key_lets_others_work() {
    let Some((repo, ..)) = blog::<Sqlite>("").await else { return };
    let user: User = repo.insert(named("Ada", "a@x")).await.unwrap();
    let other = tokio::spawn(async {
        for _ in 0..5 {
            tokio::task::yield_now().await;
        }
    });
    let mut reads = 0;
    while !other.is_finished() {
        let read: User = repo.get_required(user.id.unwrap()).await.unwrap();
        assert_eq!(read.name.as_deref(), Some("Ada"));
        reads += 1;
        assert!(reads < 1_000, "nobody else got to work");
    }
}

#[tokio::test]
async fn a_key_without_an_index_is_found_all_the_same() {
    let Some((repo, adapter, _)) = blog::<Sqlite>("").await else { return };
    // The schema says that `id` is the key; nobody told the table.
    let table = "DROP TABLE posts; CREATE TABLE posts (id integer, title text, user_id integer); \
                 INSERT INTO posts (id, title) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5000) \
                 SELECT i, 'post ' || i FROM n";
    adapter.execute(table).await.unwrap();
    for id in [1, 2_500, 5_000] {
        let post: Post = repo.get_required(id).await.unwrap();
        assert_eq!(post.title, Some(format!("post {id}")));
    }
}

#[tokio::test]
async fn in_a_transaction_rows_are_seen_as_they_are_written_and_gone_if_it_is_undone() {
    let Some((repo, ..)) = blog::<Sqlite>("").await else { return };
    let kept = repo.transaction(async |repo| -> Result<i64, RepoError> {
        let user: User = repo.insert(named("Ada", "a@x")).await?;
        let id = user.id.unwrap();
        let taken = repo.insert(named("Eve", "a@x")).await;
        assert!(taken.is_err(), "the email is taken");
        Ok(id)
    });
    assert!(kept.await.is_err(), "a statement failed");
    assert_eq!(repo.count("users").await.unwrap(), 0);
    let id = repo.transaction(async |repo| -> Result<i64, RepoError> {
        let user: User = repo.insert(named("Ada", "a@x")).await?;
        let id = user.id.unwrap();
        let query = from(User::schema()).where_(field("id").eq(pin(id)));
        repo.update_all(query.set("karma", 7), &[]).await?;
        let read: User = repo.get_required(id).await?;
        assert_eq!(read.karma, Some(7));
        Ok(id)
    });
    let id = id.await.unwrap();
    assert_eq!(repo.get_required::<User>(id).await.unwrap().karma, Some(7));
}

#[tokio::test]
async fn a_statement_that_nobody_waits_for_is_stopped_and_the_pool_goes_on() {
    let Some((repo, adapter, _)) = blog::<Sqlite>("pool_size=1").await else { return };
    let endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
    for _ in 0..3 {
        let given_up =
            tokio::time::timeout(Duration::from_millis(20), adapter.query(endless, Vec::new())).await;
        assert!(given_up.is_err());
        let count = tokio::time::timeout(Duration::from_secs(5), repo.count("users")).await;
        assert_eq!(count.expect("a connection is free").unwrap(), 0);
    }
}

#[tokio::test]
async fn many_rows_that_could_not_be_committed_leave_no_transaction_behind() {
    let Some((repo, adapter, _)) = blog::<Sqlite>("pool_size=1").await else { return };
    let table = "DROP TABLE posts; CREATE TABLE posts (id integer primary key, title text, \
                 user_id integer REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED)";
    adapter.execute(table).await.unwrap();
    // More than a statement has params for: they are a transaction, which is refused when it ends.
    const COUNT: usize = 15_000;
    let rows = |user: i64| {
        let row = move |_| Map::from([("title", Value::from("post")), ("user_id", user.into())]);
        (0..COUNT).map(row).collect::<Vec<_>>()
    };
    assert!(repo.insert_all(Post::schema(), rows(9)).await.is_err(), "nobody is number 9");
    assert_eq!(repo.count("posts").await.unwrap(), 0);
    let user: User = repo.insert(named("Ada", "a@x")).await.unwrap();
    assert_eq!(repo.insert_all(Post::schema(), rows(user.id.unwrap())).await.unwrap(), COUNT);
    assert_eq!(repo.count("posts").await.unwrap(), COUNT);
}
