//! ectomorph: params from JSON, and the struct that rules make of them; and by way of a changeset.

use super::inputs::{EMAIL, Form, HAS_AT, ORDER_NUMBER, SKU, USERNAME, countries};
use super::{Outcome, read};
use ectomorph::changeset::Changeset;
use ectomorph::params::{Json, Limits, from_json};
use ectomorph::rules::{CastRelation, Length, Number, Options};
use ectomorph::schema::HasSchema;
use ectomorph::value::{Date, Value};
use ectomorph::{Enum, Rules, Schema};
use std::sync::LazyLock;

#[derive(Clone, Debug, Schema)]
#[schema(source = "users")]
struct User {
    #[field(primary_key)]
    id: Option<i64>,
    name: String,
    email: String,
    bio: String,
    number_of_pets: i64,
}

#[derive(Clone, Debug, Schema)]
#[schema(source = "accounts")]
struct Account {
    #[field(primary_key)]
    id: Option<i64>,
    email: String,
    username: String,
    password: String,
    age: i64,
    country: String,
    terms: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Enum)]
enum Status {
    #[default]
    Draft,
    Paid,
    Sent,
}

#[derive(Clone, Debug, Schema)]
#[schema(embedded)]
struct Line {
    sku: String,
    name: String,
    qty: i64,
    price: f64,
    gift: bool,
}

#[derive(Clone, Debug, Schema)]
#[schema(source = "orders")]
struct Order {
    #[field(primary_key)]
    id: Option<i64>,
    number: String,
    status: Option<Status>,
    placed_on: Option<Date>,
    #[embeds_many]
    lines: Vec<Line>,
}

static USER: LazyLock<Rules<User>> = LazyLock::new(|| {
    Rules::cast([User::name, User::email, User::bio, User::number_of_pets])
        .validate_required([User::name, User::email, User::bio, User::number_of_pets])
        .validate_length(User::bio, Length::new().min(2).max(140))
        .validate_format(User::email, HAS_AT)
});

static ACCOUNT: LazyLock<Rules<Account>> = LazyLock::new(|| {
    use Account as A;
    Rules::cast([A::email, A::username, A::password, A::age, A::country, A::terms])
        .validate_required([A::email, A::username, A::password, A::age, A::country])
        .validate_format(A::email, EMAIL)
        .validate_length(A::username, Length::new().min(3).max(20))
        .validate_format(A::username, USERNAME)
        .validate_length(A::password, Length::new().min(8).max(72))
        .validate_confirmation_with("password", Options::new().required())
        .validate_number(A::age, Number::new().greater_than_or_equal_to(18).less_than_or_equal_to(120))
        .validate_inclusion(A::country, countries().map(Value::from).collect::<Vec<_>>())
        .validate_acceptance("terms")
});

static ORDER: LazyLock<Rules<Order>> = LazyLock::new(|| {
    let line = Rules::cast([Line::sku, Line::name, Line::qty, Line::price, Line::gift])
        .validate_required([Line::sku, Line::name, Line::qty, Line::price, Line::gift])
        .validate_format(Line::sku, SKU)
        .validate_length(Line::name, Length::new().max(80))
        .validate_number(Line::qty, Number::new().greater_than_or_equal_to(1).less_than_or_equal_to(100))
        .validate_number(Line::price, Number::new().greater_than_or_equal_to(0));
    Rules::cast([Order::number, Order::status, Order::placed_on])
        .validate_required([Order::number, Order::status, Order::placed_on])
        .validate_format(Order::number, ORDER_NUMBER)
        .cast_embed(Order::lines, CastRelation::with(line).required())
});

/// A struct, or the changeset that says what is wrong.
pub fn validate(form: Form, text: &str) -> Outcome {
    let params = Json::read(text, &Limits::default()).expect("JSON");
    match form {
        Form::User => outcome(USER.apply_new(&params), user),
        Form::Signup => outcome(ACCOUNT.apply_new(&params), account),
        Form::Order => outcome(ORDER.apply_new(&params), order),
    }
}

/// The same by way of a changeset, which whoever goes on with it has: what changes, its params and its rules.
pub fn changeset(form: Form, text: &str) -> Outcome {
    let params = from_json(text, &Limits::default()).expect("JSON");
    fn applied<T: HasSchema>(rules: &Rules<T>, params: &Value) -> Result<T, Changeset<T>> {
        rules.apply(T::default(), params).apply_action("insert")
    }
    match form {
        Form::User => outcome(applied(&USER, &params), user),
        Form::Signup => outcome(applied(&ACCOUNT, &params), account),
        Form::Order => outcome(applied(&ORDER, &params), order),
    }
}

fn user(user: &User) -> usize {
    user.name.len() + user.email.len() + user.bio.len()
}

fn account(account: &Account) -> usize {
    account.email.len() + account.username.len()
}

fn order(order: &Order) -> usize {
    order.number.len() + order.lines.iter().map(|line| line.sku.len() + line.name.len()).sum::<usize>()
}

fn outcome<T>(applied: Result<T, Changeset<T>>, weight: fn(&T) -> usize) -> Outcome {
    match applied {
        Ok(data) => Outcome::Valid(weight(&data)),
        Err(changeset) => Outcome::Invalid(wrong(&changeset)),
    }
}

/// How many fields have errors, those of children too; what they say is read.
fn wrong<T>(changeset: &Changeset<T>) -> usize {
    fn fields(value: &Value) -> usize {
        match value {
            Value::Map(map) => map.iter().map(|(_, value)| fields(value)).sum(),
            Value::List(list) if list.iter().any(|value| value.as_map().is_some()) => {
                list.iter().map(fields).sum()
            }
            Value::List(messages) => {
                messages.iter().filter_map(Value::as_str).for_each(read);
                1
            }
            _ => 0,
        }
    }
    changeset.error_messages().iter().map(|(_, value)| fields(value)).sum()
}
