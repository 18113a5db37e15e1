use ectomorph::value::NaiveDatetime;
use ectomorph::{Enum, Rules, Schema};

#[derive(Schema, Clone, Debug, PartialEq)]
#[schema(source = "users", timestamps)]
pub struct User {
    #[field(primary_key)]
    pub id: Option<i64>,
    pub name: Option<String>,
    pub email: Option<String>,
    pub bio: Option<String>,
    pub number_of_pets: Option<i64>,
    pub role: Option<UserRole>,
    #[field(type = "id")]
    pub team_id: Option<i64>,
    pub tags: Vec<String>,
    #[field(redact)]
    pub secret: Option<String>,
    pub inserted_at: Option<NaiveDatetime>,
    pub updated_at: Option<NaiveDatetime>,
}

impl User {
    /// The rules of a changeset.
    pub fn rules() -> Rules<User> {
        Rules::cast([
            User::name,
            User::email,
            User::bio,
            User::number_of_pets,
            User::role,
            User::tags,
            User::secret,
        ])
        .validate_required([
            User::name,
            User::email,
            User::bio,
            User::number_of_pets,
            User::role,
            User::secret,
        ])
        .unique_constraint(User::email)
    }
}

#[derive(Enum, Clone, Copy, Debug, PartialEq)]
pub enum UserRole {
    Admin,
    User,
}
