//! Plain sqlx: text by hand, `FromRow`.

use super::{Peer, Work, now, weight};
use crate::blog::{self, AUTHORS, PEOPLE, POOL, USERS};
use crate::cases::Case;
use chrono::NaiveDateTime;
use sqlx::{FromRow, QueryBuilder};
use std::collections::HashMap;

#[derive(FromRow)]
#[allow(dead_code, reason = "read into a struct as the others do")]
struct User {
    id: i64,
    name: String,
    email: String,
    karma: i64,
    bio: Option<String>,
    inserted_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

#[derive(FromRow)]
#[allow(dead_code, reason = "read into a struct as the others do")]
struct Post {
    id: i64,
    title: String,
    body: Option<String>,
    user_id: i64,
    inserted_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

#[derive(FromRow)]
#[allow(dead_code, reason = "read into a struct as the others do")]
struct Comment {
    id: i64,
    body: String,
    post_id: i64,
    inserted_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

/// A user with posts with comments.
struct Author {
    _user: User,
    posts: Vec<(Post, Vec<Comment>)>,
}

fn nested(users: Vec<User>, posts: Vec<Post>, comments: Vec<Comment>) -> Vec<Author> {
    let mut of_post: HashMap<i64, Vec<Comment>> = HashMap::new();
    comments.into_iter().for_each(|comment| of_post.entry(comment.post_id).or_default().push(comment));
    let mut of_user: HashMap<i64, Vec<(Post, Vec<Comment>)>> = HashMap::new();
    for post in posts {
        let comments = of_post.remove(&post.id).unwrap_or_default();
        of_user.entry(post.user_id).or_default().push((post, comments));
    }
    let author = |user: User| Author { posts: of_user.remove(&user.id).unwrap_or_default(), _user: user };
    users.into_iter().map(author).collect()
}

const COLUMNS: &str = "id, name, email, karma, bio, inserted_at, updated_at";

/// What differs between the two databases is the type of the pool and how a list is bound.
macro_rules! plain {
    ($peer:ident, $database:ty, $options:expr, $rows:literal, $begin:expr, $ids:expr) => {
        pub struct $peer {
            pool: sqlx::Pool<$database>,
        }

        impl $peer {
            pub async fn connect(url: &str) -> Self {
                let pool = sqlx::pool::PoolOptions::new().max_connections(POOL).test_before_acquire(false);
                let options = $options(url.parse().expect("a URL"));
                $peer { pool: pool.connect_with(options).await.expect("an answer") }
            }

            async fn once(&self, case: Case, at: usize) -> sqlx::Result<usize> {
                let pool = &self.pool;
                Ok(match case {
                    Case::Insert => {
                        let blog::Person { name, email, karma } = blog::person(blog::next());
                        let (time, sql) = (now(), insert_user());
                        let query = sqlx::query_scalar(&sql);
                        let id: i64 =
                            query.bind(&name).bind(&email).bind(karma).bind(time).bind(time).fetch_one(pool).await?;
                        let (inserted_at, updated_at) = (time, time);
                        let user = User { id, name, email, karma, bio: None, inserted_at, updated_at };
                        usize::from(user.id > USERS)
                    }
                    Case::InsertAll => {
                        let time = now();
                        let mut transaction = pool.begin().await?;
                        let people: Vec<_> = (0..PEOPLE).map(blog::person).collect();
                        for chunk in people.chunks($rows) {
                            let start = "insert into people (name, email, karma, inserted_at, updated_at) ";
                            let mut query: QueryBuilder<$database> = QueryBuilder::new(start);
                            query.push_values(chunk, |mut row, person| {
                                row.push_bind(&person.name).push_bind(&person.email).push_bind(person.karma);
                                row.push_bind(time).push_bind(time);
                            });
                            query.build().execute(&mut *transaction).await?;
                        }
                        transaction.commit().await?;
                        people.len()
                    }
                    Case::Get => {
                        let sql = format!("select {COLUMNS} from users where id = $1");
                        let query = sqlx::query_as(&sql).bind(blog::user_id(at));
                        let user: User = query.fetch_one(pool).await?;
                        weight(&user.name, &user.email, user.bio.as_deref())
                    }
                    Case::All => {
                        let sql = format!("select {COLUMNS} from users where id <= $1");
                        let users: Vec<User> = sqlx::query_as(&sql).bind(USERS).fetch_all(pool).await?;
                        users.iter().map(|user| weight(&user.name, &user.email, user.bio.as_deref())).sum()
                    }
                    Case::Preload => {
                        let sql = format!("select {COLUMNS} from users where id <= $1");
                        let users: Vec<User> = sqlx::query_as(&sql).bind(AUTHORS).fetch_all(pool).await?;
                        let ids: Vec<i64> = users.iter().map(|user| user.id).collect();
                        let mut query: QueryBuilder<$database> = QueryBuilder::new(
                            "select id, title, body, user_id, inserted_at, updated_at from posts where user_id",
                        );
                        $ids(&mut query, ids);
                        let posts: Vec<Post> = query.build_query_as().fetch_all(pool).await?;
                        let ids: Vec<i64> = posts.iter().map(|post| post.id).collect();
                        let mut query: QueryBuilder<$database> = QueryBuilder::new(
                            "select id, body, post_id, inserted_at, updated_at from comments where post_id",
                        );
                        $ids(&mut query, ids);
                        let comments: Vec<Comment> = query.build_query_as().fetch_all(pool).await?;
                        let authors = nested(users, posts, comments);
                        let posts = authors.iter().flat_map(|author| &author.posts);
                        posts.map(|(post, comments)| post.title.len() + comments.len()).sum()
                    }
                    Case::Update => {
                        let name = blog::person(blog::next()).name;
                        let query = sqlx::query("update users set name = $1, updated_at = $2 where id = $3");
                        query.bind(&name).bind(now()).bind(blog::user_id(at)).execute(pool).await?;
                        name.len()
                    }
                    Case::Transaction => {
                        let mut transaction = pool.begin_with($begin).await?;
                        let blog::Person { name, email, karma } = blog::person(blog::next());
                        let (time, sql) = (now(), insert_user());
                        let query = sqlx::query_scalar(&sql).bind(&name).bind(&email).bind(karma);
                        let id: i64 = query.bind(time).bind(time).fetch_one(&mut *transaction).await?;
                        let (inserted_at, updated_at) = (time, time);
                        let user = User { id, name, email, karma, bio: None, inserted_at, updated_at };
                        let title = "On engines".to_owned();
                        let query = sqlx::query_scalar(
                            "insert into posts (title, user_id, inserted_at, updated_at) values ($1, $2, $3, $4) returning id",
                        );
                        let query = query.bind(&title).bind(user.id).bind(time).bind(time);
                        let id: i64 = query.fetch_one(&mut *transaction).await?;
                        transaction.commit().await?;
                        let post = Post { id, title, body: None, user_id: user.id, inserted_at, updated_at };
                        usize::from(post.id > 0)
                    }
                })
            }
        }

        impl Peer for $peer {
            fn name(&self) -> &'static str {
                "sqlx"
            }

            fn run(&mut self, case: Case, times: usize) -> Work<'_> {
                Box::pin(async move {
                    let mut sum = 0;
                    for at in 0..times {
                        sum += self.once(case, at).await.expect("no error");
                    }
                    sum
                })
            }
        }
    };
}

fn insert_user() -> String {
    "insert into users (name, email, karma, inserted_at, updated_at) values ($1, $2, $3, $4, $5) returning id"
        .to_owned()
}

fn of_sqlite(options: sqlx::sqlite::SqliteConnectOptions) -> sqlx::sqlite::SqliteConnectOptions {
    options
        .synchronous(sqlx::sqlite::SqliteSynchronous::Normal)
        .busy_timeout(std::time::Duration::from_secs(30))
}

// A statement of PostgreSQL has 65,535 params at most, one of SQLite 32,766.
plain!(
    PlainPostgres,
    sqlx::Postgres,
    |options: sqlx::postgres::PgConnectOptions| options,
    13_000,
    "BEGIN",
    |query: &mut QueryBuilder<'_, sqlx::Postgres>, ids: Vec<i64>| {
        query.push(" = any(").push_bind(ids).push(")");
    }
);
plain!(
    PlainSqlite,
    sqlx::Sqlite,
    of_sqlite,
    6_500,
    "BEGIN IMMEDIATE",
    |query: &mut QueryBuilder<'_, sqlx::Sqlite>, ids: Vec<i64>| {
        query.push(" in ");
        query.push_tuples(ids, |mut id, number| {
            id.push_bind(number);
        });
    }
);
