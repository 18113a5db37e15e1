//! The tables, what is in them, and what is written.

use crate::servers;
use sqlx::AnyConnection;

/// How many users there are.
pub const USERS: i64 = 10_000;
/// How many users have posts, and are read with them.
pub const AUTHORS: i64 = 100;
/// How many posts an author has.
pub const POSTS: i64 = 10;
/// How many comments a post has.
pub const COMMENTS: i64 = 2;
/// How many people are inserted at once.
pub const PEOPLE: usize = 10_000;
/// How many connections everybody has.
pub const POOL: u32 = 4;

/// A database that everybody is measured on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Postgres,
    Sqlite,
}

impl Place {
    pub fn name(self) -> &'static str {
        match self {
            Place::Postgres => "postgres",
            Place::Sqlite => "sqlite",
        }
    }
}

/// A person to insert: a user that nobody has written about.
pub struct Person {
    pub name: String,
    pub email: String,
    pub karma: i64,
}

/// The person of a number.
pub fn person(number: usize) -> Person {
    Person {
        name: format!("Ada Lovelace {number}"),
        email: format!("ada{number}@example.com"),
        karma: (number % 1000) as i64,
    }
}

/// A number that no two writes of a run have in common.
pub fn next() -> usize {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static NEXT: AtomicUsize = AtomicUsize::new(1_000_000);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// The id of a user that is there, another one at each call.
pub fn user_id(at: usize) -> i64 {
    (at as i64).wrapping_mul(7_919).rem_euclid(USERS) + 1
}

/// The URL of a new database; none where the server is missing.
pub fn url(place: Place) -> Option<String> {
    match place {
        Place::Postgres => Some(servers::postgres()?.database("postgres")),
        Place::Sqlite => Some(format!("sqlite://{}", servers::scratch("bench").join("bench.db").display())),
    }
}

/// Makes the tables and fills them.
pub async fn fill(place: Place, connection: &mut AnyConnection) {
    let (key, time) = match place {
        Place::Postgres => ("bigserial primary key", "timestamp(0)"),
        Place::Sqlite => ("integer primary key autoincrement", "timestamp"),
    };
    let times = format!("inserted_at {time} not null, updated_at {time} not null");
    let person = "name text not null, email text not null, karma bigint not null, bio text";
    let tables = [
        "drop table if exists comments".to_owned(),
        "drop table if exists posts".to_owned(),
        "drop table if exists users".to_owned(),
        "drop table if exists people".to_owned(),
        format!("create table users (id {key}, {person}, {times})"),
        "create unique index users_email_index on users (email)".to_owned(),
        format!("create table people (id {key}, {person}, {times})"),
        format!(
            "create table posts (id {key}, title text not null, body text, user_id bigint not null references users, {times})"
        ),
        "create index posts_user_id_index on posts (user_id)".to_owned(),
        format!(
            "create table comments (id {key}, body text not null, post_id bigint not null references posts, {times})"
        ),
        "create index comments_post_id_index on comments (post_id)".to_owned(),
        format!(
            "insert into users (name, email, karma, bio, inserted_at, updated_at)
             {numbers}
             select 'Grace Hopper ' || n, 'grace' || n || '@example.com', n % 1000,
                    case when n % 3 = 0 then null else 'Writes programs for machines that do not exist yet, number ' || n end,
                    '2024-01-01T12:00:00', '2024-01-01T12:00:00' from numbers",
            numbers = numbers(USERS)
        ),
        format!(
            "insert into posts (title, body, user_id, inserted_at, updated_at)
             {numbers}
             select 'On engines ' || n, 'A difference engine adds and nothing else.', (n - 1) % {AUTHORS} + 1,
                    '2024-01-01T12:00:00', '2024-01-01T12:00:00' from numbers",
            numbers = numbers(AUTHORS * POSTS)
        ),
        format!(
            "insert into comments (body, post_id, inserted_at, updated_at)
             {numbers}
             select 'Well said, ' || n, (n - 1) % {posts} + 1, '2024-01-01T12:00:00', '2024-01-01T12:00:00' from numbers",
            numbers = numbers(AUTHORS * POSTS * COMMENTS),
            posts = AUTHORS * POSTS
        ),
    ];
    for sql in tables {
        // PostgreSQL has no timestamps out of text unless it is told.
        let sql = match place {
            Place::Postgres => sql.replace("'2024-01-01T12:00:00'", "timestamp '2024-01-01 12:00:00'"),
            Place::Sqlite => sql,
        };
        execute(connection, &sql).await;
    }
}

fn numbers(count: i64) -> String {
    format!("with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < {count})")
}

/// Takes out what was written, and has the database settle.
pub async fn reset(place: Place, connection: &mut AnyConnection) {
    execute(connection, &format!("delete from posts where user_id > {USERS}")).await;
    execute(connection, &format!("delete from users where id > {USERS}")).await;
    match place {
        Place::Postgres => {
            execute(connection, "truncate people").await;
            execute(connection, "vacuum analyze users").await;
            execute(connection, "vacuum analyze posts").await;
        }
        Place::Sqlite => {
            execute(connection, "delete from people").await;
            execute(connection, "pragma wal_checkpoint(truncate)").await;
        }
    }
}

async fn execute(connection: &mut AnyConnection, sql: &str) {
    let done = sqlx::Executor::execute(connection, sqlx::raw_sql(sql)).await;
    done.unwrap_or_else(|error| panic!("{error}: {sql}"));
}
