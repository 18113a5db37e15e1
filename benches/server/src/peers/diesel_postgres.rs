//! Diesel on PostgreSQL: diesel-async, with a pool of bb8.

use super::diesel_schema::*;
use super::{Peer, Work, now, weight};
use crate::blog::{self, AUTHORS, PEOPLE, POOL, USERS};
use crate::cases::Case;
use diesel::{BelongingToDsl, ExpressionMethods, GroupedBy, QueryDsl, QueryResult, SelectableHelper};
use diesel_async::pooled_connection::AsyncDieselConnectionManager;
use diesel_async::pooled_connection::bb8::Pool;
use diesel_async::{AnsiTransactionManager, AsyncPgConnection, RunQueryDsl, TransactionManager};

pub struct Diesel {
    pool: Pool<AsyncPgConnection>,
}

impl Diesel {
    pub async fn connect(url: &str) -> Self {
        let manager = AsyncDieselConnectionManager::<AsyncPgConnection>::new(url);
        let pool = Pool::builder().max_size(POOL).test_on_check_out(false).build(manager).await;
        Diesel { pool: pool.expect("an answer") }
    }

    async fn once(connection: &mut AsyncPgConnection, case: Case, at: usize) -> QueryResult<usize> {
        Ok(once!(connection, case, at, 13_000, [.await]))
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
                let mut connection = self.pool.get().await.expect("a connection");
                if case == Case::Transaction {
                    AnsiTransactionManager::begin_transaction(&mut *connection).await.expect("no error");
                }
                sum += Self::once(&mut connection, case, at).await.expect("no error");
                if case == Case::Transaction {
                    AnsiTransactionManager::commit_transaction(&mut *connection).await.expect("no error");
                }
            }
            sum
        })
    }
}
