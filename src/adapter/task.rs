//! Answers that are there at once, or that come.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};

/// A future that may be ready without any allocation: what databases in this program answer with.
#[must_use = "a task does nothing unless it is awaited"]
pub struct Task<'a, T>(Kind<'a, T>);

enum Kind<'a, T> {
    Ready(Option<T>),
    Later(Pin<Box<dyn Future<Output = T> + Send + 'a>>),
}

impl<'a, T> Task<'a, T> {
    /// An answer that is there.
    pub fn ready(value: T) -> Self {
        Task(Kind::Ready(Some(value)))
    }

    /// An answer that comes.
    pub fn later(future: impl Future<Output = T> + Send + 'a) -> Self {
        Task(Kind::Later(Box::pin(future)))
    }
}

// The value is moved out, never pinned.
impl<T> Unpin for Task<'_, T> {}

impl<T> Future for Task<'_, T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        match &mut self.0 {
            Kind::Ready(value) => match value.take() {
                Some(value) => Poll::Ready(value),
                // Polled again after its end, which no executor does.
                None => Poll::Pending,
            },
            Kind::Later(future) => future.as_mut().poll(context),
        }
    }
}

/// The output of a future that never waits, such as everything a repo does on a database in this program; `None` if it
/// would wait.
///
/// ```
/// use ectomorph::adapter::now;
/// assert_eq!(now(async { 1 + 1 }), Some(2));
/// assert_eq!(now(core::future::pending::<()>()), None);
/// ```
pub fn now<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut future = core::pin::pin!(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}
