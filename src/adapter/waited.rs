//! How long a statement waited before it ran: an adapter with a pool tells it, and whoever listens around the adapter hears it.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;

/// How long a statement waited before it ran, in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waited {
    /// Until a connection was free.
    pub queue: u64,
    /// How long nobody had used that connection, if that is known.
    pub idle: Option<u64>,
}

thread_local! {
    /// What was told since a listener's task was polled.
    static TOLD: Cell<Option<Waited>> = const { Cell::new(None) };
}

impl Waited {
    /// Tells it of the statement, transaction or cursor whose task is running.
    pub fn tell(self) {
        TOLD.set(Some(self));
    }

    /// What a task gives, and what was told in it.
    pub(super) async fn heard<T>(task: impl Future<Output = T>) -> (T, Option<Waited>) {
        let (mut task, mut heard) = (pin!(task), None);
        let given = poll_fn(|context| {
            TOLD.set(None);
            let polled = task.as_mut().poll(context);
            // It stays for those who listen around this one.
            heard = TOLD.get().or(heard);
            polled
        })
        .await;
        (given, heard)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::{Task, now};

    #[test]
    fn whoever_listens_hears_what_was_told_in_their_task_alone() {
        let waited = |queue| Waited { queue, idle: Some(7) };
        waited(1).tell();
        let inner = Waited::heard(async {
            waited(2).tell();
            "rows"
        });
        let heard = now(Task::later(Waited::heard(inner)));
        assert_eq!(heard, Some((("rows", Some(waited(2))), Some(waited(2)))));
        assert_eq!(now(Task::later(Waited::heard(async {}))), Some(((), None)));
    }
}
