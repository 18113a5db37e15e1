//! A sign-up.

use super::Resource;
use ectomorph::rules::{Length, Message, Number, Options};
use ectomorph::schema::FieldName;
use ectomorph::{Enum, Rules, Schema};

/// Somebody who wants an account.
#[derive(Schema, Clone, Debug, PartialEq)]
#[schema(source = "accounts", name = "Signup")]
pub struct Signup {
    /// Given by the server.
    pub id: Option<i64>,
    pub email: Option<String>,
    pub username: Option<String>,
    /// Never stored: what is stored is a hash of it.
    #[field(virtual, redact)]
    pub password: Option<String>,
    pub age: Option<i32>,
    pub country: Option<Country>,
}

/// Where accounts can be opened: codes of ISO 3166.
#[derive(Enum, Clone, Copy, Debug, PartialEq)]
pub enum Country {
    At,
    Be,
    Br,
    Ca,
    Ch,
    De,
    Dk,
    Es,
    Fi,
    Fr,
    Gb,
    In,
    It,
    Jp,
    Mx,
    Nl,
    No,
    Pl,
    Pt,
    Se,
    Us,
}

impl Resource for Signup {
    const NAME: &str = "signup";
    const ASKED: &[FieldName<Signup>] = &[Signup::email, Signup::username];

    fn rules() -> Rules<Signup> {
        let start = Message::new("must start with a letter and have only letters, digits and _");
        Rules::cast([Signup::email, Signup::username, Signup::password, Signup::age, Signup::country])
            .validate_required([
                Signup::email,
                Signup::username,
                Signup::password,
                Signup::age,
                Signup::country,
            ])
            .validate_format(Signup::email, r"^[^@\s]+@[^@\s]+$")
            .validate_length(Signup::username, Length::new().min(3).max(20))
            .validate_format_with(Signup::username, "^[A-Za-z][A-Za-z0-9_]*$", Options::new().message(start))
            .validate_length(Signup::password, Length::new().min(8))
            .validate_confirmation_with(
                "password",
                Options::new().message("does not match the password").required(),
            )
            .validate_number(
                Signup::age,
                Number::new().greater_than_or_equal_to(18).less_than_or_equal_to(120),
            )
            .validate_acceptance("terms")
            .unique_constraint(Signup::email)
            .unique_constraint(Signup::username)
    }
}
