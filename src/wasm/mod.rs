//! The boundary to JavaScript: conversions only, no rules.
//!
//! Numbers cross, and two buffers in between: JavaScript writes packed values into the input, calls a function, and
//! reads packed values from the output. The form is described in [`pack`]. What a call may leave behind are compiled
//! rules, named by a handle; a changeset is nothing but the recipe to make it again.

#[cfg(any(test, feature = "wasm"))]
pub(crate) mod describe;
pub(crate) mod of_host;
pub(crate) mod pack;
#[cfg(any(test, feature = "wasm"))]
pub(crate) mod recipe;
#[cfg(any(test, feature = "wasm"))]
pub(crate) mod result;
pub(crate) mod shape;
pub(crate) mod unpack;

#[cfg(all(target_arch = "wasm32", feature = "export"))]
pub mod exported;
#[cfg(all(target_arch = "wasm32", feature = "wasm"))]
mod exports;
#[cfg(all(target_arch = "wasm32", feature = "wasm", feature = "repo"))]
mod repo;
#[cfg(all(target_arch = "wasm32", any(feature = "wasm", feature = "fast"), not(feature = "std")))]
mod runtime;
#[cfg(target_arch = "wasm32")]
mod thread;
#[cfg(all(target_arch = "wasm32", feature = "wasm", not(feature = "export")))]
mod type_call;

#[cfg(target_arch = "wasm32")]
pub(crate) use thread::SingleThread;

#[cfg(test)]
mod tests;
