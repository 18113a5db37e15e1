//! What a module of one thread keeps between calls.

/// A cell of a module that has one thread.
pub(crate) struct SingleThread<T>(pub(crate) T);

// SAFETY: wasm32-unknown-unknown without atomics has no threads; the artifacts are built without them.
#[allow(unsafe_code)]
unsafe impl<T> Sync for SingleThread<T> {}
