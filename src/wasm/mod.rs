//! The boundary to JavaScript: conversions only, no rules.
//!
//! Numbers cross, and two buffers in between: JavaScript writes packed values into the input, calls a function, and
//! reads packed values from the output. The form is described in [`pack`]. What a call may leave behind are compiled
//! rules, named by a handle; a changeset is nothing but the recipe to make it again.

#[cfg(any(test, feature = "wasm"))]
pub(crate) mod describe;
#[cfg(any(test, feature = "wasm", feature = "fast"))]
pub(crate) mod of_host;
#[cfg(any(test, feature = "wasm", feature = "fast"))]
pub(crate) mod pack;
#[cfg(any(test, feature = "wasm"))]
pub(crate) mod recipe;
#[cfg(any(test, feature = "wasm"))]
pub(crate) mod result;
#[cfg(all(feature = "wasm", feature = "repo", any(test, target_arch = "wasm32")))]
pub(crate) mod rows;
#[cfg(any(test, feature = "wasm", feature = "fast"))]
pub(crate) mod shape;
#[cfg(any(test, feature = "wasm", feature = "fast"))]
pub(crate) mod unpack;

#[cfg(all(target_arch = "wasm32", feature = "export"))]
pub mod exported;
#[cfg(all(target_arch = "wasm32", feature = "wasm"))]
mod exports;
#[cfg(all(target_arch = "wasm32", feature = "wasm", feature = "repo"))]
mod repo;
#[cfg(all(
    target_arch = "wasm32",
    any(feature = "wasm", feature = "fast", feature = "batch"),
    not(feature = "std")
))]
mod runtime;
#[cfg(all(target_arch = "wasm32", any(feature = "wasm", feature = "fast")))]
mod thread;
#[cfg(all(target_arch = "wasm32", feature = "wasm", not(feature = "export")))]
mod type_call;

#[cfg(all(target_arch = "wasm32", any(feature = "wasm", feature = "fast")))]
pub(crate) use thread::SingleThread;

#[cfg(test)]
mod tests;
