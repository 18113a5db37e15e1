//! What an adapter makes of a plan.

use core::any::Any;
use core::fmt;
use std::sync::OnceLock;

/// What an adapter has made of a plan, kept with it: its text, say. A copy of a plan has nothing, so that it may be changed.
#[derive(Default)]
pub struct Prepared(OnceLock<Box<dyn Any + Send + Sync>>);

impl Prepared {
    /// What was made, if it is a `T`.
    pub fn get<T: Any>(&self) -> Option<&T> {
        self.0.get().and_then(|made| made.downcast_ref())
    }

    /// Keeps what was made, unless there is something.
    pub fn keep<T: Any + Send + Sync>(&self, made: T) {
        self.0.get_or_init(|| Box::new(made));
    }
}

impl Clone for Prepared {
    fn clone(&self) -> Self {
        Prepared::default()
    }
}

impl PartialEq for Prepared {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Prepared")
    }
}
