//! Who is measured. Everybody has as many connections, SQLite's journal and its durability are the same, and nobody asks
//! a connection whether it lives before it is used.

mod diesel_postgres;
mod diesel_schema;
mod diesel_sqlite;
mod ectomorph;
mod sea_orm;
mod sqlx;

use crate::blog::Place;
use crate::cases::Case;
use std::future::Future;
use std::pin::Pin;

/// Work that gives a sum of what was seen, so that nobody does less than the others.
pub type Work<'a> = Pin<Box<dyn Future<Output = usize> + 'a>>;

/// Somebody who can do every case.
pub trait Peer {
    /// The name in the table.
    fn name(&self) -> &'static str;

    /// Does a case so many times.
    fn run(&mut self, case: Case, times: usize) -> Work<'_>;
}

/// Everybody, connected to one database, which is filled before.
pub async fn all(place: Place, url: &str) -> Vec<Box<dyn Peer>> {
    ::sqlx::any::install_default_drivers();
    if place == Place::Sqlite {
        // The journal is a property of the file.
        let options: ::sqlx::sqlite::SqliteConnectOptions = url.parse().expect("a URL");
        let options = options.create_if_missing(true).journal_mode(::sqlx::sqlite::SqliteJournalMode::Wal);
        let opened = ::sqlx::ConnectOptions::connect(&options).await.expect("a file");
        ::sqlx::Connection::close(opened).await.expect("a file");
    }
    let mut connection =
        <::sqlx::AnyConnection as ::sqlx::Connection>::connect(url).await.expect("the database answers");
    crate::blog::fill(place, &mut connection).await;
    let diesel: Box<dyn Peer> = match place {
        Place::Postgres => Box::new(diesel_postgres::Diesel::connect(url).await),
        Place::Sqlite => Box::new(diesel_sqlite::Diesel::connect(url)),
    };
    let plain: Box<dyn Peer> = match place {
        Place::Postgres => Box::new(sqlx::PlainPostgres::connect(url).await),
        Place::Sqlite => Box::new(sqlx::PlainSqlite::connect(url).await),
    };
    vec![
        Box::new(ectomorph::Ectomorph::connect(place, url).await),
        plain,
        Box::new(sea_orm::SeaOrm::connect(place, url).await),
        diesel,
    ]
}

/// A sum of a user's texts.
fn weight(name: &str, email: &str, bio: Option<&str>) -> usize {
    name.len() + email.len() + bio.map_or(0, str::len)
}

/// The time, in whole seconds as everybody keeps it.
fn now() -> chrono::NaiveDateTime {
    let now = chrono::Utc::now().naive_utc();
    chrono::Timelike::with_nanosecond(&now, 0).unwrap_or(now)
}
