//! ectomorph
#![cfg_attr(all(target_arch = "wasm32", not(feature = "std")), no_std)]
#![warn(missing_docs)]

extern crate alloc;
#[cfg(feature = "derive")]
extern crate self as ectomorph;

pub mod changeset;
pub mod document;
pub mod expr;
pub mod form;
pub mod messages;
pub mod mistake;
pub mod params;
pub mod pattern;
pub mod rules;
pub mod schema;
pub mod types;
pub mod value;

pub use changeset::{Changeset, Rules};
#[cfg(feature = "derive")]
pub use ectomorph_macros::{Enum, Schema};

#[cfg(all(target_arch = "wasm32", feature = "wasm"))]
mod host;
#[cfg(any(test, all(target_arch = "wasm32", feature = "wasm")))]
mod wasm;
