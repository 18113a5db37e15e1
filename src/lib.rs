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
//! | `export` | [`export!`], for a wasm module of one's own |
//!
//! # Mistakes and errors
//!
//! Bad input is data: it is in [`Changeset::errors`](changeset::Parts::errors), never a panic, never an `Err`. A
//! [`Mistake`](mistake::Mistake) is the program's: a step that names an unknown field, a child replaced against the
//! schema's `on_replace`. Documents are refused with it; a changeset is poisoned by it.

#![cfg_attr(all(target_arch = "wasm32", not(feature = "std")), no_std)]
#![warn(missing_docs)]

#[cfg(not(any(
    feature = "regex",
    all(target_arch = "wasm32", any(feature = "wasm", feature = "fast", feature = "batch"))
)))]
compile_error!("patterns need an engine: enable the feature `regex`, or `wasm` where JavaScript is the host");

extern crate alloc;
#[cfg(feature = "derive")]
extern crate self as ectomorph;

#[cfg(feature = "repo")]
pub mod adapter;
#[cfg(feature = "repo")]
pub mod adapters;
pub mod batch;
pub mod changeset;
pub mod document;
#[cfg(feature = "export")]
mod export;
pub mod expr;
pub mod form;
#[cfg(feature = "repo")]
pub mod generate;
pub mod messages;
#[cfg(feature = "repo")]
pub mod migration;
pub mod mistake;
pub mod params;
pub mod pattern;
#[cfg(feature = "repo")]
pub mod query;
#[cfg(feature = "repo")]
pub mod repo;
pub mod rules;
pub mod schema;
#[cfg(feature = "repo")]
pub mod store;
pub mod types;
pub mod value;

pub use changeset::{Changeset, Rules};
/// Gives a struct a schema: [`HasSchema`](schema::HasSchema), names of its fields for the compiler, and `Default`.
///
/// ```
/// use ectomorph::rules::{CastRelation, Length};
/// use ectomorph::schema::{Assoc, HasSchema};
/// use ectomorph::value::Map;
/// use ectomorph::{Enum, Rules, Schema};
///
/// #[derive(Schema)]
/// #[schema(source = "users", timestamps)]
/// struct User {
///     id: Option<i64>,
///     name: Option<String>,
///     #[has_many(foreign_key = "author_id")]
///     posts: Assoc<Vec<Post>>,
/// }
///
/// #[derive(Schema)]
/// #[schema(source = "posts", timestamps = "utc_datetime")]
/// struct Post {
///     id: Option<i64>,
///     title: String,
///     #[field(default = Status::Draft)]
///     status: Status,
///     author_id: Option<i64>,
///     #[belongs_to]
///     author: Assoc<User>,
///     #[embeds_many(on_replace = "delete")]
///     comments: Vec<Comment>,
/// }
///
/// #[derive(Schema)]
/// #[schema(embedded, changeset = Comment::rules)]
/// struct Comment {
///     body: String,
/// }
///
/// #[derive(Enum, Debug, PartialEq)]
/// enum Status {
///     Draft,
///     InReview,
/// }
///
/// impl Comment {
///     fn rules() -> Rules<Comment> {
///         Rules::cast([Comment::body]).validate_length(Comment::body, Length::new().max(140))
///     }
/// }
///
/// let rules = Rules::cast([Post::title, Post::status])
///     .validate_required(Post::title)
///     .cast_embed(Post::comments, CastRelation::new());
/// let params = Map::from([("title", "On engines"), ("status", "in_review")]);
/// let post = rules.apply(Post::default(), &params).apply_action("insert").unwrap();
/// assert_eq!((post.title.as_str(), post.status), ("On engines", Status::InReview));
/// assert_eq!(User::schema().relation("posts").unwrap().related_key, "author_id");
/// ```
///
/// The constants have the names of the fields, so an inherent function of the struct can't be called like a field.
///
/// | on the struct: `#[schema(..)]` | |
/// |---|---|
/// | `source = "users"` or `embedded` | the table, or that records live inside others; one of both is needed |
/// | `name = "User"` | the name of the schema; that of the struct otherwise |
/// | `prefix = "blog"` | the prefix the table is in |
/// | `primary_key = false` | no primary key; otherwise it is `id`, or the fields marked |
/// | `timestamps`, `timestamps = "utc_datetime_usec"` | `inserted_at` and `updated_at`, which the struct may have or not |
/// | `changeset = User::rules` | a function that gives the rules of children of this schema |
///
/// | on a field: `#[field(..)]` | |
/// |---|---|
/// | `primary_key` | part of the key; a sole integer, uuid or binary id is generated |
/// | `default = 1` | the value of a new record, and in place of null where the field is no `Option` |
/// | `type = "uuid"`, `type = email()` | the type, where the Rust type does not say it ([`FieldValue`](schema::FieldValue)) |
/// | `name = "type"`, `source = "e_mail"` | the name in the schema; the column |
/// | `virtual`, `redact` | without a column; hidden in print |
/// | `autogenerate`, `= "uuid"`, `= false` | how it gets a value on insert |
/// | `writable = "insert"`, `load_in_query = false`, `read_after_writes` | as in Ecto |
/// | `skip` | not in the schema |
///
/// | on a field with records | type | options |
/// |---|---|---|
/// | `#[has_many]` `#[has_one]` | `Assoc<Vec<Post>>` `Assoc<Post>` | `foreign_key`, `references`, `on_replace`, `on_delete`, `where(published = true)`, `defaults(kind = "news")`, `preload_order(desc(views), title)` of many; `through = ("posts", "comments")` |
/// | `#[belongs_to]` | `Assoc<User>`, beside its `user_id` | `foreign_key`, `references`, `on_replace`, `where`, `defaults` |
/// | `#[many_to_many]` | `Assoc<Vec<Tag>>` | `join_through`, `join_keys = ("post_id", "tag_id")`, `join_defaults`, `unique`, `on_replace`, `on_delete`, `where`, `defaults`, `preload_order` |
/// | `#[embeds_one]` `#[embeds_many]` | `Option<Address>` or `Address`, `Vec<Item>` | `on_replace` |
#[cfg(feature = "derive")]
pub use ectomorph_macros::Schema;

/// Makes a Rust enum the type of a field, Ecto's `Ecto.Enum`: a member is called like the variant, in snake case.
///
/// ```
/// use ectomorph::Enum;
/// use ectomorph::schema::FieldValue;
/// use ectomorph::value::Value;
///
/// #[derive(Enum, Debug, PartialEq)]
/// enum Priority {
///     #[value(1)]
///     Low,
///     #[value(5)]
///     VeryHigh,
/// }
///
/// assert_eq!(Priority::from_value(&"very_high".into()), Some(Priority::VeryHigh));
/// assert_eq!(Priority::field_type().dump(&Priority::VeryHigh.into()), Ok(Value::from(5)));
/// ```
///
/// `#[value(..)]` says what is stored: texts, or integers for all variants; the name otherwise.
#[cfg(feature = "derive")]
pub use ectomorph_macros::Enum;

/// A [`Query`](query::Query) in Ecto's words, with names of fields that the compiler knows.
///
/// ```
/// use ectomorph::{Schema, query};
///
/// #[derive(Schema)]
/// #[schema(source = "users")]
/// struct User {
///     id: Option<i64>,
///     email: Option<String>,
///     age: Option<i32>,
/// }
///
/// let min = 18;
/// let emails = query!(from u in User, where: u.age > ^min and ilike(u.email, "%@example.com"), select: u.email);
/// assert_eq!(
///     emails.to_text(),
///     "from u0 in User,\n  where: u0.age > ^18 and ilike(u0.email, \"%@example.com\"),\n  select: u0.email"
/// );
/// ```
///
/// | in the query | |
/// |---|---|
/// | `u in User`, `u in ("archive", User)` | a type with a schema: `u.email` is checked by the compiler |
/// | `u in "users"` | a table without schema: names are taken as they are |
/// | `u in subquery(^query)`, `u: User in subquery(^query)` | a subquery; with a type, names are checked |
/// | `[u: User, p: Post] in ^query` | the sources of another query, which goes on |
/// | `p: Post in assoc(u, posts)` | an association, in a join |
/// | `^min`, `^self.min`, `^(a + b)` | a value from outside; an [`Expr`](query::Expr) made elsewhere stands in its place |
/// | `field(u, "inserted_at")`, `field(u, ^name)` | a field that the struct has not |
/// | `and`, `or`, `not`, `in`, `not in`, `==`, `<` .. | as in Ecto; `&&`, `\|\|`, `!` mean the same |
/// | `{u.id, u.email}`, `%{id: u.id}`, `%{u \| age: 1}`, `%User{id: u.id}` | tuples, maps, updates and structs in `select` |
#[cfg(all(feature = "derive", feature = "repo"))]
pub use ectomorph_macros::query;

/// The migrations of a folder of this crate: modules that have a `migration()`, as `ectomorph gen migration` writes them, and
/// documents.
///
/// ```no_run
/// # async fn at_start(adapter: std::sync::Arc<dyn ectomorph::migration::Migrate>) -> Result<(), Box<dyn std::error::Error>> {
/// use ectomorph::adapter::System;
/// use ectomorph::migration::{Migrator, Target};
///
/// let migrations = ectomorph::migrations!("tests/generate/expected")?;
/// Migrator::new(adapter, std::sync::Arc::new(System), migrations).migrate(Target::All).await?;
/// # Ok(()) }
/// ```
///
/// Cargo does not see that a folder has a new file. A `build.rs` tells it:
/// `println!("cargo:rerun-if-changed=priv/repo/migrations")`.
///
/// # Errors
///
/// A [`Mistake`](mistake::Mistake) if a document is no migration.
#[cfg(all(feature = "derive", feature = "repo"))]
pub use ectomorph_macros::migrations;

/// What [`export!`] writes into a crate.
#[cfg(feature = "export")]
#[doc(hidden)]
pub mod exported {
    pub use crate::export::document;
    #[cfg(target_arch = "wasm32")]
    pub use crate::wasm::exported::{Exported, attach, call, version};
    #[cfg(target_arch = "wasm32")]
    pub use wasm_bindgen;
}

/// The examples of the README, kept true.
#[cfg(all(doctest, feature = "derive"))]
#[doc = include_str!("../README.md")]
mod readme {}

#[cfg(any(test, all(target_arch = "wasm32", any(feature = "fast", feature = "batch"))))]
mod fast;
#[cfg(all(target_arch = "wasm32", any(feature = "wasm", feature = "fast", feature = "batch")))]
mod host;
#[cfg(any(test, all(target_arch = "wasm32", any(feature = "wasm", feature = "fast", feature = "batch"))))]
mod wasm;
