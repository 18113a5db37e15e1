//! Transactions and multis.

use crate::blog::{Tag, User, repo, user, wait};
use ectomorph::Changeset;
use ectomorph::adapter::AdapterError;
use ectomorph::repo::{
    Failure, Multi, MultiError, Options, Outcome, Output, Repo, RepoError, RunError, WriteError,
};
use ectomorph::schema::HasSchema;

fn tag(name: &str) -> Changeset<Tag> {
    Changeset::change(Tag::default()).put_change(Tag::name, name).unique_constraint(Tag::name)
}

fn names(repo: &Repo) -> Vec<String> {
    let tags: Vec<Tag> = wait(repo.all(Tag::schema())).unwrap();
    tags.into_iter().filter_map(|tag| tag.name).collect()
}

#[test]
fn an_error_undoes_all_of_a_transaction() {
    let repo = repo();
    let done: Result<(), RepoError> = wait(repo.transaction(async |repo| {
        repo.insert(tag("kept")).await?;
        Err(RepoError::Multi { message: "no".to_owned() })
    }));
    assert_eq!(done.unwrap_err().to_string(), "no");
    assert_eq!(names(&repo), Vec::<String>::new());
    wait(repo.transaction(async |repo| {
        repo.insert(tag("kept")).await?;
        Ok::<_, RepoError>(())
    }))
    .unwrap();
    assert_eq!(names(&repo), ["kept"]);
}

#[test]
fn an_inner_transaction_that_fails_takes_the_outer_with_it() {
    let repo = repo();
    let done: Result<(), RepoError> = wait(repo.transaction(async |repo| {
        repo.insert(tag("outer")).await?;
        let inner: Result<(), RepoError> =
            repo.transaction(async |_| Err(RepoError::Multi { message: "inner".to_owned() })).await;
        assert!(inner.is_err());
        assert!(matches!(repo.count(Tag::schema()).await, Err(RepoError::Adapter(AdapterError::Aborted))));
        Ok(())
    }));
    assert!(matches!(done, Err(RepoError::RolledBack)), "{done:?}");
    assert_eq!(names(&repo), Vec::<String>::new());
}

#[test]
fn a_failed_statement_aborts_the_transaction_unless_it_has_a_savepoint() {
    let repo = repo();
    wait(repo.insert(tag("taken"))).unwrap();
    let done: Result<(), RepoError> = wait(repo.transaction(async |repo| {
        let options = Options::new().savepoint();
        assert!(matches!(repo.insert_with(tag("taken"), &options).await, Err(WriteError::Invalid(_))));
        repo.insert(tag("after")).await?;
        Ok(())
    }));
    assert!(done.is_ok(), "{done:?}");
    let done: Result<(), RepoError> = wait(repo.transaction(async |repo| {
        assert!(matches!(repo.insert(tag("taken")).await, Err(WriteError::Invalid(_))));
        let after = repo.insert(tag("never")).await;
        assert!(matches!(after, Err(WriteError::Failed(RepoError::Adapter(AdapterError::Aborted)))));
        Ok(())
    }));
    assert!(matches!(done, Err(RepoError::RolledBack)), "{done:?}");
    assert_eq!(names(&repo), ["taken", "after"]);
}

#[test]
fn a_repo_of_a_transaction_is_of_no_use_after_its_end() {
    let repo = repo();
    let inner = wait(repo.begin()).unwrap();
    wait(inner.insert(tag("kept"))).unwrap();
    wait(inner.commit()).unwrap();
    assert!(wait(inner.insert(tag("late"))).is_err());
    assert!(matches!(wait(inner.commit()), Err(RepoError::Over)));
    assert!(wait(repo.commit()).is_err());
    assert_eq!(names(&repo), ["kept"]);
}

#[test]
fn a_multi_does_all_or_nothing_and_names_what_failed() {
    let repo = repo();
    let multi = || {
        Multi::new().insert("user", user("Ada", "a@b")).insert("tag", tag("math")).run(
            "both",
            |repo, changes| async move {
                let user: User = changes.get("user")?;
                let tags = repo.count(Tag::schema()).await?;
                Ok(Outcome::any((user.name, tags)))
            },
        )
    };
    let changes = wait(repo.run(multi())).unwrap();
    let both = changes.outcome("both").and_then(Outcome::downcast::<(Option<String>, usize)>);
    assert_eq!(both, Some(&(Some("Ada".to_owned()), 1)));
    let MultiError::Failed { name, failure: Failure::Invalid(parts), changes } =
        wait(repo.run(Multi::new().insert("other", tag("looms")).append(multi_of("math")))).unwrap_err()
    else {
        panic!("the multi fails with a changeset");
    };
    assert_eq!((name.as_str(), parts.errors[0].message.as_str()), ("tag", "has already been taken"));
    assert_eq!(changes.get::<Tag>("other").unwrap().name.as_deref(), Some("looms"));
    assert_eq!(names(&repo), ["math"]);
}

fn multi_of(name: &str) -> Multi {
    Multi::new().insert("tag", tag(name))
}

#[test]
fn a_multi_fails_before_it_starts_when_it_can() {
    let repo = repo();
    let blank = tag("x").add_error("name", "is odd");
    let failed = wait(repo.run(multi_of("y").insert("blank", blank))).unwrap_err();
    assert!(
        matches!(&failed, MultiError::Failed { name, changes, .. } if *name == "blank" && changes.iter().count() == 0)
    );
    let twice = wait(repo.run(multi_of("y").append(multi_of("z")))).unwrap_err();
    assert_eq!(twice.to_string(), "there is an operation `tag` in the multi already");
    let merged = multi_of("y").merge(|changes| {
        let tag: Tag = changes.get("tag").unwrap_or_default();
        Multi::new().put("name", Output::Value(tag.name.into()))
    });
    assert_eq!(wait(repo.run(merged)).unwrap().get::<String>("name").unwrap(), "y");
    let value = Multi::new().run("fails", |_, _| async {
        Err(RunError::Failure(Failure::Value(Output::Value("why".into()).into())))
    });
    assert!(matches!(wait(repo.run(value)), Err(MultiError::Failed { failure: Failure::Value(_), .. })));
}

/// A server runs such futures on several threads.
#[test]
fn the_futures_of_a_repo_can_be_sent() {
    fn is_send(_: impl Send) {}
    let repo = repo();
    is_send(repo.all::<User>(User::schema()));
    is_send(repo.get::<User>(1));
    is_send(repo.insert(user("Ada", "a@b")));
    is_send(repo.run(multi_of("x")));
    is_send(repo.transaction(async |repo| {
        repo.insert(tag("x")).await?;
        Ok::<_, RepoError>(())
    }));
    is_send(repo.preload_all(Vec::<User>::new(), "posts"));
}
