//! The schema of users: what `ectomorph gen schema` wrote, with the rules that the guide adds.

use ectomorph::rules::Length;
use ectomorph::value::NaiveDatetime;
use ectomorph::{Rules, Schema};

#[derive(Schema, Clone, Debug, PartialEq)]
#[schema(source = "users", timestamps)]
pub struct User {
    #[field(primary_key)]
    pub id: Option<i64>,
    pub name: Option<String>,
    pub email: Option<String>,
    pub bio: Option<String>,
    pub number_of_pets: Option<i64>,
    pub inserted_at: Option<NaiveDatetime>,
    pub updated_at: Option<NaiveDatetime>,
}

impl User {
    // region: rules
    /// The rules of a changeset.
    pub fn rules() -> Rules<User> {
        Rules::cast([User::name, User::email, User::bio, User::number_of_pets])
            .validate_required([User::name, User::email, User::bio])
            .validate_length(User::bio, Length::new().min(2))
            .validate_length(User::bio, Length::new().max(140))
            .validate_format(User::email, "@")
    }
    // endregion
}
