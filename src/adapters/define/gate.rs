//! A gate that lets one migrator in at a time.

use crate::adapter::{Outcome, Task};
use crate::migration::MigrationLock;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};

/// Lets one migrator in at a time; others wait for their turn. For databases that live in this program.
///
/// ```
/// use ectomorph::adapter::now;
/// use ectomorph::adapters::define::Gate;
///
/// let gate = Gate::default();
/// let first = now(gate.enter()).expect("nobody is there").unwrap();
/// assert!(now(gate.enter()).is_none());
/// drop(first);
/// assert!(now(gate.enter()).is_some());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Gate(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    taken: bool,
    waiting: Vec<Waker>,
}

impl Gate {
    /// Waits until nobody is within, and goes in.
    ///
    /// # Errors
    ///
    /// None.
    pub fn enter(&self) -> Task<'static, Outcome<Box<dyn MigrationLock>>> {
        let gate = self.clone();
        Task::later(std::future::poll_fn(move |context| {
            let mut state = gate.0.lock().unwrap_or_else(PoisonError::into_inner);
            if state.taken {
                state.waiting.push(context.waker().clone());
                return Poll::Pending;
            }
            state.taken = true;
            Poll::Ready(Ok(Box::new(Within(gate.clone())) as Box<dyn MigrationLock>))
        }))
    }
}

/// Whoever is within; leaves when it is dropped.
struct Within(Gate);

impl MigrationLock for Within {
    fn release(self: Box<Self>) -> Task<'static, Outcome<()>> {
        Task::ready(Ok(()))
    }
}

impl Drop for Within {
    fn drop(&mut self) {
        let mut state = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.taken = false;
        // All try again; one gets in, and the rest wait anew.
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        waiting.into_iter().for_each(Waker::wake);
    }
}
