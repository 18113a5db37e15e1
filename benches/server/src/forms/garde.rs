//! serde into a struct, and garde.

use super::inputs::{
    CODES, EMAIL_PATTERN, Form, HAS_AT_PATTERN, ORDER_PATTERN, SKU_PATTERN, USERNAME_PATTERN,
};
use super::{Outcome, read};
use chrono::NaiveDate;
use garde::Validate;
use serde::Deserialize;
use std::collections::HashSet;

#[derive(Deserialize, Validate)]
struct User {
    #[garde(length(graphemes, min = 1), custom(filled))]
    name: String,
    #[garde(length(graphemes, min = 1), pattern(HAS_AT_PATTERN))]
    email: String,
    #[garde(length(graphemes, min = 2, max = 140))]
    bio: String,
    #[garde(skip)]
    #[allow(dead_code, reason = "read as the others read it")]
    number_of_pets: i64,
}

#[derive(Deserialize, Validate)]
struct Account {
    #[garde(pattern(EMAIL_PATTERN))]
    email: String,
    #[garde(length(graphemes, min = 3, max = 20), pattern(USERNAME_PATTERN))]
    username: String,
    #[garde(length(graphemes, min = 8, max = 72))]
    password: String,
    #[garde(matches(password))]
    password_confirmation: String,
    #[garde(range(min = 18, max = 120))]
    age: i64,
    #[garde(custom(known))]
    country: String,
    #[garde(custom(accepted))]
    terms: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    Draft,
    Paid,
    Sent,
}

#[derive(Deserialize, Validate)]
struct Line {
    #[garde(pattern(SKU_PATTERN))]
    sku: String,
    #[garde(length(graphemes, min = 1, max = 80), custom(filled))]
    name: String,
    #[garde(range(min = 1, max = 100))]
    qty: i64,
    #[garde(range(min = 0.0))]
    price: f64,
    #[garde(skip)]
    #[allow(dead_code, reason = "read as the others read it")]
    gift: bool,
}

#[derive(Deserialize, Validate)]
#[allow(dead_code, reason = "read as the others read it")]
struct Order {
    #[garde(pattern(ORDER_PATTERN))]
    number: String,
    #[garde(skip)]
    status: Status,
    #[garde(skip)]
    placed_on: NaiveDate,
    #[garde(length(min = 1), dive)]
    lines: Vec<Line>,
}

fn filled(text: &str, _: &()) -> garde::Result {
    match text.trim_start().is_empty() {
        true => Err(garde::Error::new("can't be blank")),
        false => Ok(()),
    }
}

fn known(code: &str, _: &()) -> garde::Result {
    match CODES.contains(code) {
        true => Ok(()),
        false => Err(garde::Error::new("is invalid")),
    }
}

fn accepted(flag: &bool, _: &()) -> garde::Result {
    if *flag { Ok(()) } else { Err(garde::Error::new("must be accepted")) }
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

fn outcome<T: for<'a> Deserialize<'a> + Validate<Context = ()>>(
    text: &str,
    weight: fn(&T) -> usize,
) -> Outcome {
    let data: T = serde_json::from_str(text).expect("JSON of the type");
    match data.validate() {
        Ok(()) => Outcome::Valid(weight(&data)),
        Err(report) => {
            report.iter().for_each(|(_, error)| read(error.message()));
            let fields: HashSet<String> = report.iter().map(|(path, _)| path.to_string()).collect();
            Outcome::Invalid(fields.len())
        }
    }
}
