//! The schemas, the migrations and the databases of these tests.

#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
use crate::servers;
use ectomorph::adapter::System;
use ectomorph::migration::{
    Migrate, Migration, Migrator, Target, column, constraint, references, unique_index,
};
use ectomorph::repo::Repo;
use ectomorph::value::{Date, Decimal, Map, NaiveDatetime, Time, UtcDatetime};
use ectomorph::{Rules, Schema};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Clone, Debug, PartialEq, Schema)]
#[schema(source = "users", timestamps)]
pub struct User {
    pub id: Option<i64>,
    pub name: Option<String>,
    pub email: Option<String>,
    pub karma: Option<i64>,
    pub inserted_at: Option<NaiveDatetime>,
    pub updated_at: Option<NaiveDatetime>,
}

impl User {
    pub fn registration() -> Rules<User> {
        Rules::cast([User::name, User::email, User::karma])
            .validate_required(User::name)
            .unique_constraint(User::email)
            .check_constraint(User::karma, "users_karma_check")
    }
}

#[derive(Clone, Debug, PartialEq, Schema)]
#[schema(source = "posts")]
pub struct Post {
    pub id: Option<i64>,
    pub title: Option<String>,
    pub user_id: Option<i64>,
}

impl Post {
    pub fn rules() -> Rules<Post> {
        Rules::cast([Post::title, Post::user_id]).foreign_key_constraint(Post::user_id)
    }
}

/// A field of each type.
#[derive(Clone, Debug, PartialEq, Schema)]
#[schema(source = "samples")]
pub struct Sample {
    pub id: Option<i64>,
    pub flag: Option<bool>,
    pub ratio: Option<f64>,
    pub price: Option<Decimal>,
    pub day: Option<Date>,
    pub hour: Option<Time>,
    #[field(type = "naive_datetime_usec")]
    pub seen: Option<NaiveDatetime>,
    #[field(type = "utc_datetime_usec")]
    pub paid: Option<UtcDatetime>,
    #[field(type = "uuid")]
    pub token: Option<String>,
    #[field(type = "binary")]
    pub bytes: Option<Vec<u8>>,
    pub settings: Option<Map>,
}

/// What makes the tables.
pub fn migrations(adapter: &str) -> [Migration; 2] {
    // SQLite has checks of columns, the others constraints of their own.
    let is_sqlite = adapter == "sqlite";
    let users = Migration::new(20240101000000, "create_users").change(move |m| {
        m.create("users", |t| {
            let karma = column("integer").check("users_karma_check", "karma >= 0");
            t.add("name", column("string").null(false))
                .add("email", "string")
                .add("karma", karma)
                .timestamps()
        });
        m.create_index(unique_index("users", ["email"]));
        if !is_sqlite {
            m.create_constraint(constraint("users", "users_karma_check").check("karma >= 0"));
        }
    });
    let posts = Migration::new(20240102000000, "create_posts").change(|m| {
        m.create("posts", |t| t.add("title", "string").add("user_id", column(references("users"))));
        m.create("samples", |t| {
            t.add("flag", "boolean")
                .add("ratio", "float")
                .add("price", column("decimal").precision(12).scale(4))
                .add("day", "date")
                .add("hour", "time")
                .add("seen", "naive_datetime_usec")
                .add("paid", "utc_datetime_usec")
                .add("token", "uuid")
                .add("bytes", "binary")
                .add("settings", "map")
        });
    });
    [users, posts]
}

/// An adapter that the suite runs on.
#[allow(async_fn_in_trait, reason = "of tests alone")]
pub trait Place: Migrate + Sized + 'static {
    async fn connect(url: &str) -> Result<Self, ectomorph::adapter::AdapterError>;
    /// The URL of a new, empty database; none where the server is missing.
    async fn fresh() -> Option<String>;
    async fn sql(&self, sql: &str) -> Result<(), ectomorph::adapter::AdapterError>;
}

#[cfg(feature = "mysql")]
impl Place for ectomorph::adapters::mysql::MySql {
    async fn connect(url: &str) -> Result<Self, ectomorph::adapter::AdapterError> {
        Self::connect(url).await
    }

    async fn fresh() -> Option<String> {
        let server = servers::mysql()?;
        let name = name();
        let root = Self::connect(server.database("mysql")).await.expect("the server answers");
        root.execute(&format!("CREATE DATABASE {name}")).await.expect("a database");
        root.close().await;
        Some(server.database(&name))
    }

    async fn sql(&self, sql: &str) -> Result<(), ectomorph::adapter::AdapterError> {
        self.execute(sql).await
    }
}

static NEXT: AtomicUsize = AtomicUsize::new(1);

pub fn name() -> String {
    format!("suite_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

#[cfg(feature = "sqlite")]
impl Place for ectomorph::adapters::sqlite::Sqlite {
    async fn connect(url: &str) -> Result<Self, ectomorph::adapter::AdapterError> {
        Self::connect(url).await
    }

    async fn fresh() -> Option<String> {
        let file = servers::scratch("sqlite").join(format!("{}.db", name()));
        Some(format!("sqlite://{}", file.display()))
    }

    async fn sql(&self, sql: &str) -> Result<(), ectomorph::adapter::AdapterError> {
        self.execute(sql).await
    }
}

#[cfg(feature = "postgres")]
impl Place for ectomorph::adapters::postgres::Postgres {
    async fn connect(url: &str) -> Result<Self, ectomorph::adapter::AdapterError> {
        Self::connect(url).await
    }

    async fn fresh() -> Option<String> {
        let server = servers::postgres()?;
        let name = name();
        let root = Self::connect(server.database("postgres")).await.expect("the server answers");
        root.execute(&format!("CREATE DATABASE {name}")).await.expect("a database");
        root.close().await;
        Some(server.database(&name))
    }

    async fn sql(&self, sql: &str) -> Result<(), ectomorph::adapter::AdapterError> {
        self.execute(sql).await
    }
}

/// A repo on a new database with tables, the adapter under it, and its URL.
pub async fn blog<P: Place>(params: &str) -> Option<(Repo, Arc<P>, String)> {
    let url = P::fresh().await?;
    let adapter = Arc::new(P::connect(&format!("{url}?{params}")).await.expect("a connection"));
    let migrator = Migrator::new(adapter.clone(), Arc::new(System), migrations(adapter.name()));
    let versions = migrator.migrate(Target::All).await.expect("the tables are made");
    assert_eq!(versions, [20240101000000, 20240102000000]);
    Some((Repo::new(adapter.clone()), adapter, url))
}
