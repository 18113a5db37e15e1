//! The rules: one file a form.

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
