//! `cargo run -p hello`: the guide, from the first migration to the last rollback. `DATABASE_URL` names another database than
//! the file `hello_dev.db`; its tables `users`, `posts` and `comments` are made anew.

use hello::{guide, repo};
use std::error::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let database = repo::database().await?;
    guide::start_over(database.clone()).await?;
    guide::schema::users(database.clone()).await?;
    guide::changesets::run();
    guide::persistence::run(&repo::repo(database.clone())).await?;
    guide::tasks::run(database).await?;
    Ok(())
}
