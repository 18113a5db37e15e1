//! ectomorph
#![cfg_attr(all(target_arch = "wasm32", not(feature = "std")), no_std)]

extern crate alloc;

pub mod expr;
pub mod messages;
pub mod types;
pub mod value;
