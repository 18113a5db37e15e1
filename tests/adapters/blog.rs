//! The schemas, the migrations and the databases of these tests.

#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
use crate::servers;
use ectomorph::adapter::{AdapterError, System};
use ectomorph::adapters::glue::Glue;
#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
use ectomorph::adapters::server::{Driver, Server};
use ectomorph::migration::{
    Migrate, Migration, Migrator, OnDelete, Target, column, constraint, references, unique_index,
};
use ectomorph::repo::Repo;
use ectomorph::rules::ConstraintOptions;
use ectomorph::store::Database;
use ectomorph::value::{Date, Decimal, Map, NaiveDatetime, Time, UtcDatetime, Value};
use ectomorph::{Rules, Schema};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

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

/// A room taken for a day: all kinds of constraints.
#[derive(Clone, Debug, PartialEq, Schema)]
#[schema(source = "bookings")]
pub struct Booking {
    pub id: Option<i64>,
    pub room: Option<String>,
    pub day: Option<Date>,
    pub state: Option<String>,
    pub user_id: Option<i64>,
    pub editor_id: Option<i64>,
    pub payer_id: Option<i64>,
}

impl Booking {
    pub fn rules() -> Rules<Booking> {
        let fields = [
            Booking::room,
            Booking::day,
            Booking::state,
            Booking::user_id,
            Booking::editor_id,
            Booking::payer_id,
        ];
        Rules::cast(fields)
            .unique_constraint([Booking::room, Booking::day])
            .unique_constraint_with(Booking::user_id, ConstraintOptions::new().name("bookings_open_index"))
            .foreign_key_constraint(Booking::user_id)
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

/// Those of [`migrations`].
pub const VERSIONS: [i64; 3] = [20240101000000, 20240102000000, 20240103000000];

/// What makes the tables.
pub fn migrations(adapter: &str) -> [Migration; 3] {
    // Databases in the program have checks of columns, the others constraints of their own.
    let has_checks_of_columns = matches!(adapter, "sqlite" | "glue");
    let has_partial = adapter != "mysql";
    let users = Migration::new(20240101000000, "create_users").change(move |m| {
        m.create("users", |t| {
            let karma = column("integer").check("users_karma_check", "karma >= 0");
            t.add("name", column("string").null(false))
                .add("email", "string")
                .add("karma", karma)
                .timestamps()
        });
        m.create_index(unique_index("users", ["email"]));
        if !has_checks_of_columns {
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
    let bookings = Migration::new(20240103000000, "create_bookings").change(move |m| {
        m.create("bookings", |t| {
            t.add("room", column("string").null(false))
                .add("day", "date")
                .add("state", "string")
                .add("user_id", column(references("users").on_delete(OnDelete::DeleteAll)))
                .add("editor_id", column(references("users").on_delete(OnDelete::NilifyAll)))
                .add("payer_id", column(references("users").on_delete(OnDelete::Restrict)))
        });
        m.create_index(unique_index("bookings", ["room", "day"]));
        if has_partial {
            let open = unique_index("bookings", ["user_id"]).named("bookings_open_index");
            m.create_index(open.where_("state = 'open'"));
        }
    });
    [users, posts, bookings]
}

/// An adapter that the suite runs on.
#[allow(async_fn_in_trait, reason = "of tests alone")]
pub trait Place: Migrate + Sized + 'static {
    /// Whether many may write at once.
    const MANY_WRITERS: bool = true;
    async fn connect(url: &str) -> Result<Self, AdapterError>;
    /// The URL of a new, empty database; none where the server is missing.
    async fn fresh() -> Option<String>;
    /// Makes so many users, whose addresses are `user1@example.org` and so on, in the order of their ids.
    async fn fill(&self, count: usize);
}

static NEXT: AtomicUsize = AtomicUsize::new(1);

pub fn name() -> String {
    format!("suite_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The database in this program. A URL is a name by which it is found again.
impl Place for Glue {
    const MANY_WRITERS: bool = false;

    async fn connect(url: &str) -> Result<Self, AdapterError> {
        static OPEN: Mutex<BTreeMap<String, Glue>> = Mutex::new(BTreeMap::new());
        let name = url.split('?').next().unwrap_or_default().to_owned();
        let new = || Glue::new(Database::new(), Arc::new(System));
        Ok(OPEN.lock().unwrap().entry(name).or_insert_with(new).clone())
    }

    async fn fresh() -> Option<String> {
        Some(name())
    }

    async fn fill(&self, count: usize) {
        let repo = Repo::new(Arc::new(self.clone()));
        let now = Value::from(NaiveDatetime::from_iso("2024-01-01T00:00:00").unwrap());
        let numbers: Vec<usize> = (1..=count).collect();
        for numbers in numbers.chunks(10_000) {
            let row = |number: &usize| {
                let email = format!("user{number}@example.org");
                Map::from([
                    ("name", "user".into()),
                    ("email", email.into()),
                    ("inserted_at", now.clone()),
                    ("updated_at", now.clone()),
                ])
            };
            repo.insert_all("users", numbers.iter().map(row).collect::<Vec<_>>()).await.unwrap();
        }
    }
}

/// What the suite must know of a driver.
#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
#[allow(async_fn_in_trait, reason = "of tests alone")]
pub trait Served: Driver {
    const MANY_WRITERS: bool = true;
    /// As [`Place::fresh`].
    async fn fresh() -> Option<String>;
    /// The rows of [`Place::fill`]: what is selected from where.
    fn rows(count: usize) -> String;
}

#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
impl<D: Served> Place for Server<D> {
    const MANY_WRITERS: bool = D::MANY_WRITERS;

    async fn connect(url: &str) -> Result<Self, AdapterError> {
        Server::connect(url).await
    }

    async fn fresh() -> Option<String> {
        D::fresh().await
    }

    async fn fill(&self, count: usize) {
        let rows = D::rows(count);
        self.execute(&format!("INSERT INTO users (name, email, inserted_at, updated_at) {rows}"))
            .await
            .unwrap();
    }
}

/// The URL of a new database of a server.
#[cfg(any(feature = "mysql", feature = "postgres"))]
async fn created<D: Driver>(server: Option<&servers::Server>, root: &str) -> Option<String> {
    let (server, name) = (server?, name());
    let root = Server::<D>::connect(server.database(root)).await.expect("the server answers");
    root.execute(&format!("CREATE DATABASE {name}")).await.expect("a database");
    root.close().await;
    Some(server.database(&name))
}

#[cfg(feature = "mysql")]
impl Served for ectomorph::adapters::mysql::MySqlDriver {
    async fn fresh() -> Option<String> {
        created::<Self>(servers::mysql(), "mysql").await
    }

    fn rows(count: usize) -> String {
        format!(
            "SELECT 'user', concat('user', seq, '@example.org'), '2024-01-01', '2024-01-01' FROM seq_1_to_{count}"
        )
    }
}

#[cfg(feature = "sqlite")]
impl Served for ectomorph::adapters::sqlite::SqliteDriver {
    const MANY_WRITERS: bool = false;

    async fn fresh() -> Option<String> {
        let file = servers::scratch("sqlite").join(format!("{}.db", name()));
        Some(format!("sqlite://{}", file.display()))
    }

    fn rows(count: usize) -> String {
        format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
             SELECT 'user', 'user' || i || '@example.org', '2024-01-01T00:00:00', '2024-01-01T00:00:00' FROM n"
        )
    }
}

#[cfg(feature = "postgres")]
impl Served for ectomorph::adapters::postgres::PostgresDriver {
    async fn fresh() -> Option<String> {
        created::<Self>(servers::postgres(), "postgres").await
    }

    fn rows(count: usize) -> String {
        format!(
            "SELECT 'user', 'user' || i || '@example.org', '2024-01-01', '2024-01-01' \
             FROM generate_series(1, {count}) AS i"
        )
    }
}

/// A repo on a new database with tables, the adapter under it, and its URL.
pub async fn blog<P: Place>(params: &str) -> Option<(Repo, Arc<P>, String)> {
    let url = P::fresh().await?;
    let adapter = Arc::new(P::connect(&url).await.expect("a connection"));
    let migrator = Migrator::new(adapter.clone(), Arc::new(System), migrations(adapter.name()));
    let versions = migrator.migrate(Target::All).await.expect("the tables are made");
    assert_eq!(versions, VERSIONS);
    let adapter = Arc::new(P::connect(&format!("{url}?{params}")).await.expect("a connection"));
    Some((Repo::new(adapter.clone()), adapter, url))
}
