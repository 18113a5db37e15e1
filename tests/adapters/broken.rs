//! When the database, or a connection to it, is not there.

#[cfg(feature = "sqlite")]
mod sqlite {
    use ectomorph::adapter::{Adapter, AdapterError};
    use ectomorph::adapters::server::Config;
    use ectomorph::adapters::sqlite::Sqlite;
    use ectomorph::repo::Repo;
    use std::sync::Arc;
    use std::time::Duration;

    #[tokio::test]
    async fn a_folder_that_is_not_there_is_named() {
        let error = Sqlite::connect("sqlite:///no/such/folder/hello.db").await.unwrap_err();
        let message = "the file of the database can't be opened: see that its folder is there";
        assert_eq!(error, AdapterError::environment(message));
        let config = Config::url("sqlite:///no/such/folder/hello.db").unwrap();
        let error = Sqlite::connect_with(config.show_sensitive_data_on_connection_error()).await.unwrap_err();
        assert!(error.to_string().ends_with("(connecting to sqlite:///no/such/folder/hello.db)"), "{error}");
    }

    #[tokio::test]
    async fn a_pool_that_is_used_up_says_so_in_time() {
        let config = Config::url("sqlite::memory:").unwrap().pool_timeout(Duration::from_millis(50));
        let adapter = Arc::new(Sqlite::connect_with(config).await.unwrap());
        adapter.execute("create table tags (name text)").await.unwrap();
        let held = adapter.begin().await.unwrap();
        let error = Repo::new(adapter.clone()).count("tags").await.unwrap_err();
        assert!(
            error.to_string().starts_with("no connection was free within 50 ms: all 1 are in use"),
            "{error}"
        );
        held.rollback().await.unwrap();
        assert_eq!(Repo::new(adapter).count("tags").await.unwrap(), 0);
    }

    #[tokio::test]
    async fn a_url_says_what_is_wrong_with_it() {
        let error = Config::url("sqlite::memory:?pool_size=many").unwrap_err();
        assert_eq!(error.to_string(), "`pool_size` in the URL is a number, not `many`");
        let error = Repo::connect("oracle://x").await.unwrap_err();
        assert!(error.to_string().starts_with("`oracle` is no database of this program"), "{error}");
    }
}

#[cfg(feature = "postgres")]
mod postgres {
    use crate::blog::{Place, blog};
    use crate::servers;
    use ectomorph::adapter::{Adapter, AdapterError};
    use ectomorph::adapters::postgres::Postgres;
    use ectomorph::adapters::server::Config;
    use ectomorph::repo::RepoError;
    use ectomorph::value::Value;
    use std::time::Duration;

    #[tokio::test]
    async fn what_is_wrong_with_a_connection_is_said_without_the_password() {
        let Some(server) = servers::postgres() else { return };
        let url = server.database("postgres");
        let said = |config: Config| async move {
            let error = Postgres::connect_with(config).await.unwrap_err();
            assert!(matches!(error, AdapterError::Environment { .. }), "{error:?}");
            assert!(!error.to_string().contains("sesame"), "{error}");
            error.to_string()
        };
        let config = || Config::url(&url).unwrap();
        let wrong = said(config().password("sesame")).await;
        assert_eq!(
            wrong,
            "password authentication failed for user \"postgres\": see that username and password are right"
        );
        assert_eq!(
            said(config().database("nowhere")).await,
            "database \"nowhere\" does not exist: create the database first"
        );
        let shown = said(config().password("sesame").show_sensitive_data_on_connection_error()).await;
        assert!(shown.contains("(connecting to postgres://postgres@127.0.0.1:"), "{shown}");
        let unreachable = said(config().hostname("127.0.0.1").port(1)).await;
        assert!(unreachable.starts_with("the server can't be reached"), "{unreachable}");
    }

    #[tokio::test]
    async fn a_connection_that_is_killed_ends_its_transaction_and_nothing_else() {
        let Some((repo, adapter, _)) = blog::<Postgres>("pool_size=2").await else { return };
        let before = repo.count("users").await.unwrap();
        let transaction = adapter.begin().await.unwrap();
        let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                    WHERE datname = current_database() AND pid <> pg_backend_pid()";
        adapter.query(kill, Vec::new()).await.unwrap();
        let error = transaction.savepoint().await.unwrap_err();
        assert!(matches!(error, AdapterError::Environment { .. }), "{error:?}");
        assert!(transaction.commit().await.is_err());
        for _ in 0..4 {
            assert_eq!(repo.count("users").await.unwrap(), before);
        }
    }

    #[tokio::test]
    async fn a_pool_that_is_used_up_says_so_in_time() {
        let Some(url) = Postgres::fresh().await else { return };
        let config = Config::url(&url).unwrap().pool_size(2).pool_timeout(Duration::from_millis(100));
        let adapter = Postgres::connect_with(config).await.unwrap();
        let held = [adapter.begin().await.unwrap(), adapter.begin().await.unwrap()];
        let error = adapter.query("SELECT 1", Vec::new()).await.unwrap_err();
        assert!(
            error.to_string().starts_with("no connection was free within 100 ms: all 2 are in use"),
            "{error}"
        );
        drop(held);
        assert_eq!(adapter.query("SELECT 1", Vec::new()).await.unwrap().rows, [[Value::Integer(1)]]);
    }

    #[tokio::test]
    async fn two_transactions_that_wait_for_each_other_are_told_apart() {
        let Some((repo, adapter, _)) = blog::<Postgres>("").await else { return };
        adapter
            .execute("INSERT INTO users (id, name, inserted_at, updated_at) VALUES (1, 'a', now(), now()), (2, 'b', now(), now())")
            .await
            .unwrap();
        let raise = |repo: ectomorph::repo::Repo, id: i64| async move {
            use ectomorph::query::{field, from, pin};
            let query = from("users").where_(field("id").eq(pin(id))).set("name", "c");
            repo.update_all(query, &[]).await
        };
        let (one, other) = (repo.begin().await.unwrap(), repo.begin().await.unwrap());
        raise(one.clone(), 1).await.unwrap();
        raise(other.clone(), 2).await.unwrap();
        let (first, second) = tokio::join!(raise(one.clone(), 2), raise(other.clone(), 1));
        let lost: Vec<_> = [first, second].into_iter().filter_map(Result::err).collect();
        match &lost[..] {
            [RepoError::Adapter(AdapterError::Query { code: Some(code), .. })] => {
                assert_eq!(code.as_str(), "40P01")
            }
            other => panic!("{other:?}"),
        }
    }
}
