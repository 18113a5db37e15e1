//! The instrumented adapter: what it tells, and faults.

use crate::blog::{Still, Tag, User, adapter, repo_on, user, wait};
use ectomorph::adapter::{AdapterError, Instrumented};
use ectomorph::repo::{RepoError, WriteError, log};
use ectomorph::schema::{Assoc, HasSchema};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

#[test]
fn every_statement_is_logged_as_ecto_does() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let into = lines.clone();
    let told = Instrumented::new(Arc::new(adapter()), Arc::new(Still::default()))
        .observe(move |event| into.lock().unwrap().push(log::line(event)))
        .with_text();
    let repo = repo_on(Arc::new(told));
    wait(repo.insert(Tag { id: None, name: Some("math".to_owned()) })).unwrap();
    wait(repo.get::<Tag>(1)).unwrap();
    let twice = wait(repo.insert(Tag { id: None, name: Some("math".to_owned()) }));
    assert!(twice.is_err());
    assert_eq!(
        *lines.lock().unwrap(),
        [
            "QUERY OK source=\"tags\" db=0.0ms\ninsert tags [\"math\"]",
            "QUERY OK source=\"tags\" db=0.0ms\nall tags [1]",
            "QUERY ERROR source=\"tags\" db=0.0ms\ninsert tags [\"math\"]\n\
             unique constraint `tags_name_index` of `tags` is violated",
        ]
    );
}

#[test]
fn the_statements_of_an_insert_are_in_ectos_order() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let into = seen.clone();
    let told = Instrumented::new(Arc::new(adapter()), Arc::new(Still::default())).observe(move |event| {
        let source = event.source.unwrap_or("-");
        into.lock().unwrap().push(format!("{} {source}", event.operation));
    });
    let repo = repo_on(Arc::new(told));
    let post = crate::blog::Post {
        user: Assoc::from(user("Ada", "a@b")),
        tags: vec![Tag { id: None, name: Some("math".to_owned()) }].into(),
        ..crate::blog::Post::default()
    };
    wait(repo.insert(post)).unwrap();
    let expected =
        ["begin -", "insert users", "insert posts", "insert tags", "insert posts_tags", "commit -"];
    assert_eq!(*seen.lock().unwrap(), expected);
}

/// Each statement of a write fails in turn: then nothing of it is there.
#[test]
fn a_fault_anywhere_leaves_nothing_behind() {
    for fails_at in 0.. {
        let count = Arc::new(AtomicUsize::new(0));
        let database = Arc::new(adapter());
        let faulty =
            Instrumented::new(database.clone(), Arc::new(Still::default())).fault(move |operation| {
                let now = count.fetch_add(1, Ordering::Relaxed);
                (now == fails_at && operation != "rollback")
                    .then(|| AdapterError::environment("the disk is full"))
            });
        let repo = repo_on(Arc::new(faulty));
        let posts = vec![crate::blog::Post::default(), crate::blog::Post::default()];
        let done = wait(repo.insert(User { posts: posts.into(), ..user("Ada", "a@b") }));
        let sound = repo_on(database);
        let rows = wait(sound.count(User::schema())).unwrap() + wait(sound.count("posts")).unwrap();
        match done {
            Err(WriteError::Failed(RepoError::Adapter(AdapterError::Environment { .. }))) => {
                assert_eq!(rows, 0)
            }
            other => {
                // Begin, three inserts, commit.
                assert_eq!((fails_at, rows), (5, 3), "{other:?}");
                break;
            }
        }
    }
}
