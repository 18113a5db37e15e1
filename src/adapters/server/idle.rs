//! Connections that nobody has, ready at once.
//!
//! sqlx asks a connection whether it lives before it hands it out, and again in a task of its own when it comes back: two
//! answers of the server to wait for beside that of the statement. Here a connection whose last answer was fine lies ready as
//! it is, and is asked only if it lay for a while. All others go back through sqlx.

use super::lease::Timed;
use sqlx::{Connection, Database, Pool};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a connection may lie without being asked whether it lives.
const FRESH: Duration = Duration::from_millis(50);

/// Connections that lie ready; the newest is used first, as it has the most statements prepared.
pub(super) struct Idle<DB: Database> {
    shelf: Mutex<Shelf<DB>>,
}

struct Shelf<DB: Database> {
    ready: Vec<Timed<DB>>,
    /// How many wait for sqlx to hand out a connection: as long as there are any, they come back through sqlx.
    waiting: usize,
}

/// That somebody waits, until it is dropped.
struct Waiting<'a, DB: Database>(&'a Idle<DB>);

impl<DB: Database> Drop for Waiting<'_, DB> {
    fn drop(&mut self) {
        self.0.shelf().waiting -= 1;
    }
}

impl<DB: Database> Idle<DB> {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Idle { shelf: Mutex::new(Shelf { ready: Vec::new(), waiting: 0 }) })
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf<DB>> {
        // Whole even if a thread panicked beside it.
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection: one that lies ready, or one of the pool.
    pub(super) async fn take(&self, pool: &Pool<DB>) -> sqlx::Result<Timed<DB>> {
        loop {
            // Who finds none is counted before anybody can lay one down.
            let mut timed = {
                let mut shelf = self.shelf();
                match shelf.ready.pop() {
                    Some(ready) => ready,
                    None => {
                        shelf.waiting += 1;
                        break;
                    }
                }
            };
            if timed.since.is_some_and(|since| since.elapsed() < FRESH)
                || timed.connection.ping().await.is_ok()
            {
                return Ok(timed);
            }
            timed.connection.close_on_drop();
        }
        let _waiting = Waiting(self);
        pool.acquire().await.map(Timed::new)
    }

    /// Lays a connection down that is known to live.
    pub(super) fn put(&self, timed: Timed<DB>, pool: &Pool<DB>) {
        let mut shelf = self.shelf();
        if shelf.waiting == 0 && !pool.is_closed() {
            shelf.ready.push(Timed { since: Some(Instant::now()), ..timed });
        }
    }

    /// Has all that lie ready go back to the pool.
    pub(super) fn clear(&self) {
        let ready = std::mem::take(&mut self.shelf().ready);
        drop(ready);
    }
}

impl<DB: Database> Drop for Idle<DB> {
    fn drop(&mut self) {
        // The pool would have them back by a task, and there may be nobody left who runs it.
        let shelf = self.shelf.get_mut().unwrap_or_else(PoisonError::into_inner);
        shelf.ready.drain(..).for_each(|timed| drop(timed.connection.leak()));
    }
}
