//! What writes do.

use crate::blog::{Note, Post, Tag, User, noon, repo, text, user, wait};
use ectomorph::Changeset;
use ectomorph::changeset::FieldError;
use ectomorph::query::{Expr, Pin, Update, UpdateOp};
use ectomorph::repo::{
    Conflict, Options, PrepareWithRepo, Queryable, RepoError, RowValue, UniqueOptions, WriteError,
};
use ectomorph::rules::CastRelation;
use ectomorph::schema::{Assoc, HasSchema, RecordState};
use ectomorph::value::{Map, Value};

fn set(field: &str, value: impl Into<Value>) -> Update {
    let expr = Expr::Pin(Pin { value: value.into(), kind: None });
    Update { op: UpdateOp::Set, field: field.into(), expr }
}

#[test]
fn an_insert_generates_key_and_times() {
    let repo = repo();
    let ada = wait(repo.insert(user("Ada", "ada@example.com"))).unwrap();
    let expected =
        User { id: Some(1), inserted_at: noon(), updated_at: noon(), ..user("Ada", "ada@example.com") };
    assert_eq!(ada, expected);
    assert_eq!(wait(repo.get::<User>(1)).unwrap(), Some(expected));
}

#[test]
fn a_violated_constraint_is_an_error_of_the_changeset_if_it_is_declared() {
    let repo = repo();
    wait(repo.insert(user("Ada", "ada@example.com"))).unwrap();
    let again = Changeset::change(user("Ada", "ada@example.com"));
    let undeclared = wait(repo.insert(again.clone())).unwrap_err();
    assert!(matches!(&undeclared, WriteError::Failed(RepoError::Constraint(_))), "{undeclared:?}");
    assert_eq!(
        undeclared.to_string(),
        "could not insert: constraint \"users_email_index\" (unique) is violated; declare it with `unique_constraint` \
         to make it an error of the changeset"
    );
    let invalid = wait(repo.insert(again.unique_constraint(User::email))).unwrap_err().invalid().unwrap();
    let metadata = Map::from([("constraint", "unique"), ("constraint_name", "users_email_index")]);
    let expected = FieldError { field: "email".into(), message: "has already been taken".into(), metadata };
    assert_eq!(invalid.errors, [expected]);
    assert_eq!(wait(repo.count(User::schema())).unwrap(), 1);
}

#[test]
fn an_update_writes_what_changed_and_a_stale_one_nothing() {
    let repo = repo();
    let ada = wait(repo.insert(user("Ada", "ada@example.com"))).unwrap();
    let named = |user: User, name: &str| Changeset::change(user).put_change(User::name, name);
    let changeset = named(ada.clone(), "Ada L.").optimistic_lock(User::lock_version);
    let written = wait(repo.update(changeset.clone())).unwrap();
    assert_eq!((written.name.as_deref(), written.lock_version), (Some("Ada L."), 2));
    let stale = wait(repo.update(changeset.clone())).unwrap_err();
    assert!(matches!(stale, WriteError::Failed(RepoError::Stale { action: "update", .. })), "{stale:?}");
    let options = Options::new().stale_error_field("name").stale_error_message("was changed by others");
    let invalid = wait(repo.update_with(changeset, &options)).unwrap_err().invalid().unwrap();
    assert_eq!(invalid.errors[0].message, "was changed by others");
    let keyless = wait(repo.update(named(User { id: None, ..ada }, "x"))).unwrap_err();
    assert!(matches!(keyless, WriteError::Failed(RepoError::NoPrimaryKeyValue { .. })), "{keyless:?}");
}

#[test]
fn children_and_embeds_are_written_with_their_parent() {
    let repo = repo();
    let params = Map::from([
        ("title", Value::from("On engines")),
        ("notes", [Map::from([("text", "first")]), Map::from([("text", "second")])].into()),
    ]);
    let changeset = Changeset::cast(Post::default(), &params, [Post::title])
        .cast_embed(Post::notes, CastRelation::with(ectomorph::Rules::cast([Note::text])))
        .put_assoc(Post::tags, vec![Tag { id: None, name: Some("math".to_owned()) }])
        .put_assoc(Post::user, user("Ada", "ada@example.com"));
    let post = wait(repo.insert(changeset)).unwrap();
    assert_eq!(post.user_id, Some(1));
    let ids: Vec<_> = post.notes.iter().map(|note| note.id.clone().unwrap()).collect();
    assert_eq!(ids, ["00000000-0000-4000-8000-000000000000", "01010101-0101-4101-8101-010101010101"]);
    let stored = wait(repo.get::<Post>(1)).unwrap().unwrap();
    assert_eq!(stored.notes, post.notes);
    assert_eq!(wait(repo.preload(stored, [Post::tags])).unwrap().tags, post.tags);
}

#[test]
fn a_child_that_the_database_refuses_takes_its_parent_back() {
    let repo = repo();
    wait(repo.insert(Tag { id: None, name: Some("math".to_owned()) })).unwrap();
    let tag = Changeset::change(Tag::default()).put_change(Tag::name, "math").unique_constraint(Tag::name);
    let post =
        Changeset::change(Post::default()).put_change(Post::title, "x").put_assoc(Post::tags, vec![tag]);
    let invalid = wait(repo.insert(post)).unwrap_err().invalid().unwrap();
    let tags = invalid.change("tags").unwrap().changesets();
    assert_eq!(tags[0].errors[0].message, "has already been taken");
    assert!(!invalid.valid);
    assert_eq!(wait(repo.count(Post::schema())).unwrap(), 0);
}

#[test]
fn a_delete_does_what_associations_ask_for() {
    let repo = repo();
    let tag = Tag { id: None, name: Some("math".to_owned()) };
    let post = Post { title: Some("x".to_owned()), tags: vec![tag].into(), ..Post::default() };
    wait(repo.insert(post)).unwrap();
    let post = wait(repo.get_record(&Post::schema(), 1.into())).unwrap().unwrap();
    let deleted = wait(repo.delete(post.clone())).unwrap();
    assert_eq!(deleted.state, RecordState::Deleted);
    assert_eq!(wait(repo.count("posts_tags")).unwrap(), 0);
    assert_eq!(wait(repo.count(Tag::schema())).unwrap(), 1);
    wait(repo.insert(User { posts: vec![Post::default()].into(), ..user("Ada", "a@b") })).unwrap();
    wait(repo.delete(wait(repo.get_required::<User>(1)).unwrap())).unwrap();
    assert_eq!(wait(repo.count(Post::schema())).unwrap(), 0);
}

#[test]
fn an_upsert_replaces_what_it_says() {
    let repo = repo();
    wait(repo.insert(user("Ada", "ada@example.com"))).unwrap();
    let other = user("Ada Lovelace", "ada@example.com");
    let upsert = |conflict| Options::new().on_conflict(conflict).conflict_target(["email"]).returning(["id"]);
    let replaced =
        wait(repo.insert_with(other.clone(), &upsert(Conflict::Replace(vec!["name".into()])))).unwrap();
    assert_eq!((replaced.id, replaced.name.as_deref()), (Some(1), Some("Ada Lovelace")));
    let set_name = Conflict::Update(vec![set("name", "Countess")]);
    wait(repo.insert_with(other.clone(), &upsert(set_name))).unwrap();
    assert_eq!(wait(repo.get::<User>(1)).unwrap().unwrap().name.as_deref(), Some("Countess"));
    let left = wait(repo.insert_with(other, &Options::new().on_conflict(Conflict::Nothing))).unwrap();
    assert_eq!(left.id, None);
    assert_eq!(wait(repo.count(User::schema())).unwrap(), 1);
}

#[test]
fn many_rows_are_inserted_updated_and_deleted() {
    let repo = repo();
    let rows = vec![
        vec![("name".into(), RowValue::from("math")), ("id".into(), RowValue::from(7))],
        vec![("name".into(), RowValue::Placeholder("other".into()))],
    ];
    let options = Options::new().placeholder("other", "looms").returning_all();
    let (count, tags) = wait(repo.insert_all_with::<Tag>(Tag::schema(), rows, &options)).unwrap();
    let tag = |id, name: &str| Tag { id: Some(id), name: Some(name.to_owned()) };
    assert_eq!((count, tags), (2, Some(vec![tag(7, "math"), tag(1, "looms")])));
    let mut query = Tag::schema().to_query();
    let id = Expr::Field(0.into(), "id".into());
    query.parts_mut().select = Some(id);
    let (count, ids) = wait(repo.update_all_with::<i64>(query, &[set("name", "same")], &Options::new()))
        .unwrap_or((0, None));
    // Both would have the same name, which the index refuses.
    assert_eq!((count, ids), (0, None));
    assert_eq!(wait(repo.delete_all(Tag::schema())).unwrap(), 2);
    let wrong = wait(repo.insert_all(Tag::schema(), [Map::from([("name", 1)])])).unwrap_err();
    assert_eq!(wrong.to_string(), "value `1` for `Tag.name` in `insert_all` does not match type string");
}

#[test]
fn what_is_prepared_runs_in_the_transaction_of_the_write() {
    let repo = repo();
    wait(repo.insert(Tag { id: None, name: Some("old".to_owned()) })).unwrap();
    let changeset =
        Changeset::change(user("Ada", "a@b")).prepare_changes_with(|changeset, repo| async move {
            assert!(repo.in_transaction());
            repo.delete_all(Tag::schema()).await?;
            Ok(changeset.put_change(User::name, "Prepared"))
        });
    let written = wait(repo.insert(changeset)).unwrap();
    assert_eq!(written.name.as_deref(), Some("Prepared"));
    assert_eq!(wait(repo.count(Tag::schema())).unwrap(), 0);
    assert_eq!(written.posts, Assoc::NotLoaded);
}

#[test]
fn uniqueness_can_be_asked_for_beforehand() {
    let repo = repo();
    wait(repo.insert(user("Ada", "ada@example.com"))).unwrap();
    let options = UniqueOptions::new();
    let taken = Changeset::change(User::default()).put_change(User::email, "ada@example.com");
    let taken = wait(repo.unsafe_validate_unique(taken, User::email, &options)).unwrap();
    assert_eq!(taken.errors[0].message, "has already been taken");
    assert_eq!(taken.errors[0].metadata.get("validation"), Some(&text("unsafe_unique")));
    let own = wait(repo.get_record(&User::schema(), 1.into())).unwrap().unwrap();
    let own = Changeset::change(own).force_change("email", "ada@example.com");
    assert!(wait(repo.unsafe_validate_unique(own, ["email"], &options)).unwrap().valid);
}
