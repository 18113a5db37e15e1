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
    use crate::blog::blog;
    use ectomorph::adapter::AdapterError;
    use ectomorph::adapters::postgres::Postgres;
    use ectomorph::repo::RepoError;

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
