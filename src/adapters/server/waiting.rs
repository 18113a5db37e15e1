//! Waiting before a transaction is done again, and not for ever for a statement.

use crate::adapter::{AdapterError, Outcome};
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::runtime::{Handle, Id};
use tokio::time::{Instant, Sleep, sleep_until};

/// Waits longer each time, and not as long as others, so that those who were in each other's way are not again.
pub(super) async fn pause(attempt: u32) {
    if attempt > 0 {
        let most = 4_000 << attempt.min(6);
        let now = std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(0, |now| now.subsec_nanos());
        tokio::time::sleep(Duration::from_micros((most / 2 + now % (most / 2)).into())).await;
    }
}

/// The timer of a connection. A statement that waits moves it no nearer than need be, and it stays where it is when the answer
/// came: so it is set once in the time of a statement, and not at each, which wakes the thread that waits for sockets.
#[derive(Default)]
pub(super) struct Watch(Option<(Id, Pin<Box<Sleep>>)>);

impl Watch {
    /// Gives up on a statement after a time.
    pub(super) async fn within<T>(&mut self, time: Duration, work: impl Future<Output = T>) -> Outcome<T> {
        let mut work = pin!(work);
        let mut deadline = None;
        poll_fn(|context| {
            if let Poll::Ready(done) = work.as_mut().poll(context) {
                return Poll::Ready(Ok(done));
            }
            let now = Instant::now();
            // A time without end is a year.
            let end = *deadline.get_or_insert_with(|| now.checked_add(time).unwrap_or(now + YEAR));
            ready!(self.poll_until(now, end, context));
            Poll::Ready(Err(AdapterError::environment(format!(
                "the statement took longer than its {} ms and its connection was closed; raise `timeout`, or ask for less",
                time.as_millis()
            ))))
        })
        .await
    }

    /// Whether a moment has come; if not, the task is woken then.
    fn poll_until(&mut self, now: Instant, end: Instant, context: &mut Context<'_>) -> Poll<()> {
        if now >= end {
            return Poll::Ready(());
        }
        // The timer is of the runtime that it was made in, which may be gone.
        let here = Handle::current().id();
        let sleep = match &mut self.0 {
            Some((of, sleep)) if *of == here => sleep,
            other => &mut other.insert((here, Box::pin(sleep_until(end)))).1,
        };
        if sleep.deadline() > end {
            sleep.as_mut().reset(end);
        }
        // It was set for a statement before this one.
        while sleep.as_mut().poll(context).is_ready() {
            if Instant::now() >= end {
                return Poll::Ready(());
            }
            sleep.as_mut().reset(end);
        }
        Poll::Pending
    }
}

const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
