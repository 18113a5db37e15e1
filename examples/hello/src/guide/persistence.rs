//! "Data persistence": users go into the database, and come out again.

use super::title;
use crate::user::User;
use ectomorph::query;
use ectomorph::repo::{Repo, RepoError};
use std::collections::BTreeMap;

/// Inserts two users and asks for them.
///
/// # Errors
///
/// The repo's.
pub async fn run(repo: &Repo) -> Result<(), RepoError> {
    // region: insert
    title("insert a user");
    let user1 = User { email: Some("user1@example.com".into()), ..User::default() };
    let inserted = repo.insert(user1).await;
    println!("{inserted:?}");

    title("insert another");
    let user2 = User { email: Some("user2@example.com".into()), ..User::default() };
    let inserted = repo.insert(user2).await;
    println!("{inserted:?}");
    // endregion

    // region: all
    title("all users");
    let users: Vec<User> = repo.all(query!(from u in User)).await?;
    for user in users {
        println!("{user:?}");
    }
    // endregion

    // region: emails
    title("their emails");
    let emails: Vec<String> = repo.all(query!(from u in User, select: u.email)).await?;
    println!("{emails:?}");
    // endregion

    // region: count
    title("how many emails have a 1");
    let count: Option<u64> = match repo.adapter().name() {
        // SQLite has no `ILIKE`; its `LIKE` ignores case.
        "sqlite" => {
            repo.one(query!(from u in User, where: like(u.email, "%1%"), select: count(u.id))).await?
        }
        _ => repo.one(query!(from u in User, where: ilike(u.email, "%1%"), select: count(u.id))).await?,
    };
    println!("{}", count.unwrap_or_default());
    // endregion

    // region: map
    title("emails by id");
    let emails: Vec<BTreeMap<i64, String>> =
        repo.all(query!(from u in User, select: %{u.id => u.email})).await?;
    println!("{emails:?}");
    // endregion
    Ok(())
}
