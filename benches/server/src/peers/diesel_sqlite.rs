//! Diesel on SQLite: in this thread, on one connection. It waits for nobody, so there is no pool to share.

use super::diesel_schema::*;
use super::{Peer, Work, now, weight};
use crate::blog::{self, AUTHORS, PEOPLE, USERS};
use crate::cases::Case;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;

pub struct Diesel {
    connection: SqliteConnection,
}

impl Diesel {
    pub fn connect(url: &str) -> Self {
        let file = url.strip_prefix("sqlite://").unwrap_or(url);
        let mut connection = SqliteConnection::establish(file).expect("a file");
        let settings = "pragma synchronous = normal; pragma foreign_keys = on; pragma busy_timeout = 30000";
        connection.batch_execute(settings).expect("settings");
        Diesel { connection }
    }

    fn once(connection: &mut SqliteConnection, case: Case, at: usize) -> QueryResult<usize> {
        Ok(once!(connection, case, at, 6_500, []))
    }
}

impl Peer for Diesel {
    fn name(&self) -> &'static str {
        "Diesel"
    }

    fn run(&mut self, case: Case, times: usize) -> Work<'_> {
        Box::pin(async move {
            let mut sum = 0;
            for at in 0..times {
                let once = |connection: &mut SqliteConnection| Self::once(connection, case, at);
                sum += match case {
                    Case::Transaction | Case::InsertAll => {
                        self.connection.immediate_transaction(once).expect("no error")
                    }
                    _ => once(&mut self.connection).expect("no error"),
                };
            }
            sum
        })
    }
}
