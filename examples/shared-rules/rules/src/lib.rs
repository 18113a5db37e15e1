//! The rules: one file a form.
//!
//! The server has this crate as a library, and hands the rules out as documents. Compiled to WebAssembly it brings them to
//! a page itself, with the validators in Rust that no document can hold.

mod order;
mod signup;
mod user;

pub use order::{ARTICLES, LineItem, Order};
pub use signup::{Country, Signup};
pub use user::User;

use ectomorph::Rules;
use ectomorph::schema::{FieldName, HasSchema};

/// A record that a form makes.
pub trait Resource: HasSchema {
    /// The key of its params: `user` of `user[email]`.
    const NAME: &str;

    /// Fields that the database is asked about beforehand, so that all that is taken is told at once. Its indexes have the
    /// last word.
    const ASKED: &[FieldName<Self>] = &[];

    /// What is cast and checked.
    fn rules() -> Rules<Self>;
}

ectomorph::export!(user = User::rules, signup = Signup::rules, order = Order::rules);
