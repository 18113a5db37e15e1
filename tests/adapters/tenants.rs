//! Tenants that have a prefix each: PostgreSQL's schemas, MySQL's databases.

use crate::blog::{Place, Post, User, VERSIONS, migrations};
use crate::suite::named;
use ectomorph::adapter::System;
use ectomorph::migration::{Defaults, Migrator, Target};
use ectomorph::query::from;
use ectomorph::repo::{Options, Repo, RepoError, WriteError};
use ectomorph::schema::HasSchema;
use std::sync::Arc;

async fn tenants<P: Place>(adapter: P, prefixes: [&str; 2]) {
    let adapter = Arc::new(adapter);
    let migrator = |prefix: &str| {
        let defaults = Defaults { prefix: Some(prefix.into()), ..Defaults::default() };
        Migrator::new(adapter.clone(), Arc::new(System), migrations(adapter.name())).defaults(defaults)
    };
    for prefix in prefixes {
        assert_eq!(migrator(prefix).migrate(Target::All).await.unwrap(), VERSIONS);
    }
    let repo = Repo::new(adapter.clone());
    assert!(repo.count("users").await.is_err(), "nothing is outside of the prefixes");
    let [one, other] = prefixes.map(|prefix| repo.with_defaults(Options::new().prefix(prefix)));
    let ada: User = one.insert(named("Ada", "a@x")).await.unwrap();
    let eve: User = other.insert(named("Eve", "a@x")).await.unwrap();
    assert_eq!((ada.id, eve.id), (Some(1), Some(1)));
    // The same by what is said of one statement, and of one query.
    let in_other = Options::new().prefix(prefixes[1]);
    repo.insert_with(named("Bob", "b@x"), &in_other).await.unwrap();
    assert_eq!(repo.all_with::<User>(User::schema(), &in_other).await.unwrap().len(), 2);
    let query = from(User::schema()).put_query_prefix(prefixes[0]);
    assert_eq!(repo.one::<User>(query.clone()).await.unwrap().as_ref(), Some(&ada));
    // A query that says one has that one.
    assert_eq!(other.one::<User>(query).await.unwrap().as_ref(), Some(&ada));
    assert_eq!(one.get::<User>(1).await.unwrap(), Some(ada));
    assert_eq!(other.get::<User>(1).await.unwrap(), Some(eve));
    assert_eq!((one.count("users").await.unwrap(), other.count("users").await.unwrap()), (1, 2));
    // Constraints are those of the tenant.
    let rules = User::registration();
    let params = ectomorph::value::Map::from([("name", "Bob"), ("email", "b@x")]);
    let bob: User = one.insert(rules.apply(User::default(), &params)).await.unwrap();
    let Err(WriteError::Invalid(twice)) = other.insert(rules.apply(User::default(), &params)).await else {
        panic!("the address is taken there")
    };
    assert_eq!(twice.errors[0].field, "email");
    // All that a transaction does is in the prefix, what is changed and deleted too.
    one.transaction(async |one: Repo| -> Result<(), RepoError> {
        one.insert(Post { id: None, title: Some("first".into()), user_id: bob.id }).await?;
        let rows = [ectomorph::value::Map::from([("title", "second")])];
        one.insert_all(Post::schema(), rows).await?;
        assert_eq!(one.update_all(from(Post::schema()).set("title", "both"), &[]).await?, 2);
        let mut stream = one.stream::<Post>(Post::schema(), &Options::new()).await?;
        assert_eq!(stream.next().await?.and_then(|post| post.title).as_deref(), Some("both"));
        Ok(())
    })
    .await
    .unwrap();
    assert_eq!((one.count("posts").await.unwrap(), other.count("posts").await.unwrap()), (2, 0));
    assert_eq!(one.delete_all(Post::schema()).await.unwrap(), 2);
    one.delete(bob).await.unwrap();
    assert_eq!((one.count("users").await.unwrap(), other.count("users").await.unwrap()), (1, 2));
    // Migrations go back for one of them alone.
    migrator(prefixes[0]).rollback(Target::All).await.unwrap();
    assert!(one.count("users").await.is_err());
    assert_eq!(other.count("users").await.unwrap(), 2);
    assert_eq!(migrator(prefixes[1]).migrated_versions().await.unwrap(), VERSIONS);
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn tenants_of_postgres_have_schemas() {
    use ectomorph::adapters::postgres::Postgres;
    let Some(url) = Postgres::fresh().await else { return };
    let adapter = Postgres::connect(&url).await.unwrap();
    adapter.execute("CREATE SCHEMA tenant_a; CREATE SCHEMA \"Tenant B\"").await.unwrap();
    tenants(adapter, ["tenant_a", "Tenant B"]).await;
}

#[cfg(feature = "mysql")]
#[tokio::test]
async fn tenants_of_mysql_have_databases() {
    use ectomorph::adapters::mysql::MySql;
    let (Some(url), Some(one), Some(other)) =
        (MySql::fresh().await, MySql::fresh().await, MySql::fresh().await)
    else {
        return;
    };
    let name = |url: &str| url.rsplit('/').next().unwrap_or_default().to_owned();
    tenants(MySql::connect(&url).await.unwrap(), [&name(&one), &name(&other)]).await;
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn sqlite_has_no_prefixes_and_says_so() {
    use ectomorph::adapters::sqlite::Sqlite;
    let repo = Repo::new(Arc::new(Sqlite::connect("sqlite::memory:").await.unwrap()));
    let error = repo.with_defaults(Options::new().prefix("tenant")).count("users").await.unwrap_err();
    assert!(error.to_string().starts_with("unsupported: prefixes in "), "{error}");
}
