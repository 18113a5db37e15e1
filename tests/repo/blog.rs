//! The schemas and the database of these tests.

use crate::naive::{Column, Database, ForeignKey, Naive, Table};
use ectomorph::adapter::Environment;
use ectomorph::query::Schemas;
use ectomorph::repo::Repo;
use ectomorph::schema::Assoc;
use ectomorph::value::{NaiveDatetime, Value};
use ectomorph::{Rules, Schema};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

#[derive(Clone, Debug, PartialEq, Schema)]
#[schema(source = "users", timestamps)]
pub struct User {
    pub id: Option<i64>,
    pub name: Option<String>,
    pub email: Option<String>,
    #[field(default = 1)]
    pub lock_version: i64,
    pub inserted_at: Option<NaiveDatetime>,
    pub updated_at: Option<NaiveDatetime>,
    #[has_many(foreign_key = "user_id", on_replace = "delete", on_delete = "delete_all")]
    pub posts: Assoc<Vec<Post>>,
}

#[derive(Clone, Debug, PartialEq, Schema)]
#[schema(source = "posts", changeset = Post::rules)]
pub struct Post {
    pub id: Option<i64>,
    pub title: Option<String>,
    pub user_id: Option<i64>,
    #[belongs_to]
    pub user: Assoc<User>,
    #[embeds_many(on_replace = "delete")]
    pub notes: Vec<Note>,
    #[many_to_many(join_through = "posts_tags", join_keys = ("post_id", "tag_id"), on_replace = "delete", on_delete = "delete_all")]
    pub tags: Assoc<Vec<Tag>>,
}

#[derive(Clone, Debug, PartialEq, Schema)]
#[schema(source = "tags")]
pub struct Tag {
    pub id: Option<i64>,
    pub name: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Schema)]
#[schema(embedded)]
pub struct Note {
    #[field(primary_key, type = "binary_id")]
    pub id: Option<String>,
    pub text: Option<String>,
}

impl Post {
    pub fn rules() -> Rules<Post> {
        Rules::cast([Post::title]).validate_required(Post::title)
    }
}

/// A clock that stands at one second, and bytes that count up.
#[derive(Default)]
pub struct Still {
    drawn: AtomicU8,
}

impl Environment for Still {
    fn unix_microseconds(&self) -> i64 {
        1_704_110_400_123_456
    }

    fn ticks(&self) -> u64 {
        0
    }

    fn fill(&self, random: &mut [u8]) {
        random.fill(self.drawn.fetch_add(1, Ordering::Relaxed));
    }
}

/// The time that the clock shows.
pub fn noon() -> Option<NaiveDatetime> {
    NaiveDatetime::from_iso("2024-01-01T12:00:00")
}

fn table(name: &str, columns: &[(&str, &str, bool)]) -> Table {
    let column = |(name, kind, nullable): &(&str, &str, bool)| Column {
        name: (*name).to_owned(),
        kind: (*kind).to_owned(),
        nullable: *nullable,
        default: None,
    };
    Table {
        name: name.to_owned(),
        columns: columns.iter().map(column).collect(),
        uniques: Vec::new(),
        foreign_keys: Vec::new(),
        checks: Vec::new(),
        rows: Vec::new(),
        next: 1,
    }
}

fn refers(column: &str, references: &str, table: &str) -> ForeignKey {
    ForeignKey {
        name: format!("{table}_{column}_fkey"),
        column: column.to_owned(),
        references: references.to_owned(),
        on_delete: "nothing".to_owned(),
    }
}

/// An adapter of empty tables.
pub fn adapter() -> Naive {
    let mut users = table(
        "users",
        &[
            ("id", "id", false),
            ("name", "string", false),
            ("email", "string", true),
            ("lock_version", "integer", false),
            ("inserted_at", "naive_datetime", false),
            ("updated_at", "naive_datetime", false),
        ],
    );
    users.uniques.push(("users_email_index".to_owned(), vec!["email".to_owned()]));
    let mut posts = table(
        "posts",
        &[
            ("id", "id", false),
            ("title", "string", true),
            ("user_id", "integer", true),
            ("notes", "map", true),
        ],
    );
    posts.foreign_keys.push(refers("user_id", "users", "posts"));
    let mut tags = table("tags", &[("id", "id", false), ("name", "string", false)]);
    tags.uniques.push(("tags_name_index".to_owned(), vec!["name".to_owned()]));
    let mut posts_tags = table("posts_tags", &[("post_id", "integer", false), ("tag_id", "integer", false)]);
    posts_tags.foreign_keys.push(refers("post_id", "posts", "posts_tags"));
    posts_tags.foreign_keys.push(refers("tag_id", "tags", "posts_tags"));
    Naive::new(Database { tables: vec![users, posts, tags, posts_tags] })
}

/// A repo on empty tables.
pub fn repo() -> Repo {
    repo_on(Arc::new(adapter()))
}

/// A repo on an adapter.
pub fn repo_on(adapter: Arc<dyn ectomorph::adapter::Adapter>) -> Repo {
    Repo::with(adapter, Arc::new(Still::default()), Schemas::new())
}

/// A user that has a name and an email address.
pub fn user(name: &str, email: &str) -> User {
    User { name: Some(name.to_owned()), email: Some(email.to_owned()), ..User::default() }
}

/// A future that does not wait.
pub fn wait<T>(future: impl Future<Output = T>) -> T {
    ectomorph::adapter::now(future).expect("the naive adapter answers at once")
}

/// Text as a value.
pub fn text(text: &str) -> Value {
    text.into()
}
