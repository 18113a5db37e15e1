//! ectomorph: Ecto's schemas and changesets in Rust, natively and in WebAssembly.
//!
//! Rules are written once, as data. They run on the server, in the page, and in whatever reads their
//! [document], and give the same answers everywhere: those of Ecto, whose behaviour is recorded in the
//! conformance tests.
//!
//! 1. A [`schema`] describes records: fields with [`types`], associations, embeds. `#[derive(Schema)]` makes one
//!    of a struct.
//! 2. [`params`] are untrusted input: a form, a JSON body.
//! 3. A [`Changeset`] is what becomes of a record when rules look at params: typed changes, and errors.
//!    [`Rules`] are such steps as a value.
//! 4. A [`form`] shows a changeset in a page: values, errors, HTML attributes; [`messages`] translates.
//! 5. A [`document`] holds a schema and its rules as JSON.
//!
//! # The guide's user, step by step
//!
//! ```
//! # #[cfg(feature = "derive")] {
//! use ectomorph::rules::Length;
//! use ectomorph::value::{Map, Value};
//! use ectomorph::{Rules, Schema};
//!
//! #[derive(Clone, Debug, PartialEq, Schema)]
//! #[schema(source = "users")]
//! struct User {
//!     #[field(primary_key)]
//!     id: Option<i64>,
//!     name: Option<String>,
//!     email: Option<String>,
//!     bio: Option<String>,
//!     number_of_pets: Option<i64>,
//! }
//!
//! let changeset = Rules::cast([User::name, User::email, User::bio, User::number_of_pets])
//!     .validate_required([User::name, User::email, User::bio])
//!     .validate_length(User::bio, Length::new().min(2))
//!     .validate_length(User::bio, Length::new().max(140))
//!     .validate_format(User::email, "@");
//!
//! // No params: what is required is blank.
//! let blank = changeset.apply(User::default(), &Map::new());
//! assert!(!blank.valid);
//! assert_eq!(blank.errors.len(), 3);
//! assert_eq!(blank.errors[0].text(), "can't be blank");
//!
//! // Text becomes what the field is; what is not permitted is left out.
//! let params = Map::from([
//!     ("name", "Joe Example"),
//!     ("email", "joe@example.com"),
//!     ("bio", "An example to all"),
//!     ("number_of_pets", "5"),
//!     ("random_key", "random value"),
//! ]);
//! let joe = changeset.apply(User::default(), &params);
//! assert!(joe.valid);
//! assert_eq!(joe.fetch_change(User::number_of_pets), Some(&Value::from(5)));
//! let user = joe.apply_changes().unwrap();
//! assert_eq!(user.number_of_pets, Some(5));
//!
//! // Messages are templates; the metadata fills and explains them.
//! let short = changeset.apply(User::default(), &Map::from([("bio", "A")]));
//! let error = short.errors.iter().find(|error| error.field == "bio").unwrap();
//! assert_eq!(error.message, "should be at least %{count} character(s)");
//! assert_eq!(error.metadata.get("count"), Some(&Value::from(2)));
//! # }
//! ```
//!
//! # Features
//!
//! | feature | what it gives |
//! |---|---|
//! | `std` (default) | the standard library; without it only wasm32 builds |
//! | `regex` (default) | patterns run in the `regex` crate, in linear time; only a JavaScript host can do without |
//! | `json` (default) | serde for values and documents |
//! | `derive` (default) | `#[derive(Schema)]`, `#[derive(Enum)]` |
//! | `wasm` (default) | the functions a JavaScript host calls; only has an effect on wasm32 |
//!
//! # Mistakes and errors
//!
//! Bad input is data: it is in [`Changeset::errors`](changeset::Parts::errors), never a panic, never an `Err`. A
//! [`Mistake`](mistake::Mistake) is the program's: a step that names an unknown field, a child replaced against the
//! schema's `on_replace`. Documents are refused with it; a changeset is poisoned by it.

#![cfg_attr(all(target_arch = "wasm32", not(feature = "std")), no_std)]
#![warn(missing_docs)]

#[cfg(not(any(feature = "regex", all(target_arch = "wasm32", feature = "wasm"))))]
compile_error!("patterns need an engine: enable the feature `regex`, or `wasm` where JavaScript is the host");

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

/// The examples of the README, kept true.
#[cfg(all(doctest, feature = "derive"))]
#[doc = include_str!("../README.md")]
mod readme {}

#[cfg(all(target_arch = "wasm32", feature = "wasm"))]
mod host;
#[cfg(any(test, all(target_arch = "wasm32", feature = "wasm")))]
mod wasm;
