//! Waiting before a transaction is done again, and not for ever for a statement.

use crate::adapter::{AdapterError, Outcome};
use std::future::Future;
use std::time::Duration;

/// Waits longer each time, and not as long as others, so that those who were in each other's way are not again.
pub(super) async fn pause(attempt: u32) {
    if attempt > 0 {
        let most = 4_000 << attempt.min(6);
        let now = std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(0, |now| now.subsec_nanos());
        tokio::time::sleep(Duration::from_micros((most / 2 + now % (most / 2)).into())).await;
    }
}

/// Gives up on a statement after a time.
pub(super) async fn within<T>(time: Duration, work: impl Future<Output = T>) -> Outcome<T> {
    tokio::time::timeout(time, work).await.map_err(|_| {
        AdapterError::environment(format!(
            "the statement took longer than its {} ms and its connection was closed; raise `timeout`, or ask for less",
            time.as_millis()
        ))
    })
}
