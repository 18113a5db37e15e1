//! The user of Ecto's guide.

use super::Resource;
use ectomorph::rules::Length;
use ectomorph::{Rules, Schema};

/// Somebody with an email, and perhaps pets.
#[derive(Schema, Clone, Debug, PartialEq)]
#[schema(source = "users")]
pub struct User {
    /// Given by the server.
    pub id: Option<i64>,
    pub name: Option<String>,
    pub email: Option<String>,
    pub bio: Option<String>,
    pub number_of_pets: Option<i32>,
}

impl Resource for User {
    const NAME: &str = "user";

    fn rules() -> Rules<User> {
        Rules::cast([User::name, User::email, User::bio, User::number_of_pets])
            .validate_required([User::name, User::email, User::bio])
            .validate_length(User::bio, Length::new().min(2).max(140))
            .validate_format(User::email, "@")
            .unique_constraint(User::email)
    }
}
