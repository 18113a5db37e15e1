//! serde into a struct, and validator.

use super::inputs::{
    CODES, EMAIL_PATTERN, Form, HAS_AT_PATTERN, ORDER_PATTERN, SKU_PATTERN, USERNAME_PATTERN,
};
use super::{Outcome, read};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use validator::{Validate, ValidationError, ValidationErrors, ValidationErrorsKind};

#[derive(Deserialize, Validate)]
struct User {
    #[validate(length(min = 1), custom(function = "filled"))]
    name: String,
    #[validate(length(min = 1), regex(path = *HAS_AT_PATTERN))]
    email: String,
    #[validate(length(min = 2, max = 140))]
    bio: String,
    #[allow(dead_code, reason = "read as the others read it")]
    number_of_pets: i64,
}

#[derive(Deserialize, Validate)]
struct Account {
    #[validate(regex(path = *EMAIL_PATTERN))]
    email: String,
    #[validate(length(min = 3, max = 20), regex(path = *USERNAME_PATTERN))]
    username: String,
    #[validate(length(min = 8, max = 72))]
    password: String,
    #[validate(must_match(other = "password"))]
    password_confirmation: String,
    #[validate(range(min = 18, max = 120))]
    age: i64,
    #[validate(custom(function = "country"))]
    country: String,
    #[validate(custom(function = "accepted"))]
    terms: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    Draft,
    Paid,
    Sent,
}

// validator puts what is wrong into its errors, and for that it must be able to write it.
#[derive(Deserialize, Serialize, Validate)]
struct Line {
    #[validate(regex(path = *SKU_PATTERN))]
    sku: String,
    #[validate(length(min = 1, max = 80), custom(function = "filled"))]
    name: String,
    #[validate(range(min = 1, max = 100))]
    qty: i64,
    #[validate(range(min = 0.0))]
    price: f64,
    #[allow(dead_code, reason = "read as the others read it")]
    gift: bool,
}

#[derive(Deserialize, Validate)]
#[allow(dead_code, reason = "read as the others read it")]
struct Order {
    #[validate(regex(path = *ORDER_PATTERN))]
    number: String,
    status: Status,
    placed_on: NaiveDate,
    #[validate(length(min = 1), nested)]
    lines: Vec<Line>,
}

fn error(code: &'static str) -> ValidationError {
    ValidationError { code: Cow::Borrowed(code), message: None, params: Default::default() }
}

fn filled(text: &str) -> Result<(), ValidationError> {
    if text.trim_start().is_empty() { Err(error("blank")) } else { Ok(()) }
}

fn country(code: &str) -> Result<(), ValidationError> {
    if CODES.contains(code) { Ok(()) } else { Err(error("inclusion")) }
}

fn accepted(flag: &bool) -> Result<(), ValidationError> {
    if *flag { Ok(()) } else { Err(error("acceptance")) }
}

pub fn validate(form: Form, text: &str) -> Outcome {
    match form {
        Form::User => outcome(text, |user: &User| user.name.len() + user.email.len() + user.bio.len()),
        Form::Signup => outcome(text, |account: &Account| account.email.len() + account.username.len()),
        Form::Order => outcome(text, |order: &Order| {
            order.number.len()
                + order.lines.iter().map(|line| line.sku.len() + line.name.len()).sum::<usize>()
        }),
    }
}

fn outcome<T: for<'a> Deserialize<'a> + Validate>(text: &str, weight: fn(&T) -> usize) -> Outcome {
    let data: T = serde_json::from_str(text).expect("JSON of the type");
    match data.validate() {
        Ok(()) => Outcome::Valid(weight(&data)),
        Err(errors) => Outcome::Invalid(fields(&errors)),
    }
}

/// How many fields have errors; what they say is read. validator has it written when it is asked for.
fn fields(errors: &ValidationErrors) -> usize {
    let count = |kind: &ValidationErrorsKind| match kind {
        ValidationErrorsKind::Field(errors) => {
            errors.iter().for_each(|error| read(&error.to_string()));
            1
        }
        ValidationErrorsKind::Struct(errors) => fields(errors),
        ValidationErrorsKind::List(list) => list.values().map(|errors| fields(errors)).sum(),
    };
    errors.errors().values().map(count).sum()
}
