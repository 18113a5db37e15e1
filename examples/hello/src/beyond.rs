//! What an app does whose database is more than one machine.

use crate::user::User;
use ectomorph::Changeset;
use ectomorph::adapter::Isolation;
use ectomorph::query;
use ectomorph::repo::{Options, Repo, RepoError, TransactionOptions};

/// Counts the pets anew, whoever else writes: a conflict begins it again.
///
/// # Errors
///
/// The repo's; a conflict that outlasts all attempts.
pub async fn one_more_pet(repo: &Repo, id: i64) -> Result<i64, RepoError> {
    // region: retry
    let serializable = TransactionOptions::new().isolation(Isolation::Serializable).retry(5);
    repo.transaction_with(&serializable, |repo| async move {
        let user: User = repo.get_required(id).await?;
        let pets = user.number_of_pets.unwrap_or_default() + 1;
        repo.update(Changeset::change(user).put_change(User::number_of_pets, pets)).await?;
        Ok::<i64, RepoError>(pets)
    })
    .await
    // endregion
}

/// Reads from a copy, which may lag behind.
///
/// # Errors
///
/// The repo's.
pub async fn emails(primary: Repo, replica_urls: &[&str]) -> Result<Vec<String>, RepoError> {
    // region: replica
    let mut replicas = Vec::new();
    for url in replica_urls {
        replicas.push(Repo::connect(url).await?);
    }
    let repo = primary.with_replicas(replicas);
    // Replicas take turns. A write through one is refused before it is sent.
    let emails = repo.replica().all(query!(from u in User, order_by: u.id, select: u.email)).await?;
    // endregion
    Ok(emails)
}

/// A repo for a tenant, whose tables are in a schema (in MySQL: a database) of its own.
pub fn of_tenant(repo: &Repo, tenant: &str) -> Repo {
    // region: tenant
    repo.with_defaults(Options::new().prefix(tenant.to_owned()))
    // endregion
}
