//! JSON text to values and back.
//!
//! The reader is our own because serde_json loses the digits of large integers (or, with its feature
//! `arbitrary_precision`, changes the meaning of numbers for the whole program), and because limits are
//! enforced while reading.

#[cfg(feature = "json")]
mod interop;
mod read;
mod tokens;
mod write;

pub use read::from_json;
pub use tokens::Json;
#[cfg(feature = "std")]
pub(crate) use tokens::Token;
#[cfg(all(feature = "wasm", feature = "repo", any(test, target_arch = "wasm32")))]
pub(crate) use write::push_string;
pub use write::to_json;
