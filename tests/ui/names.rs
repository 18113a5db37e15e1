//! Names of fields that aren't there, or are another schema's.

use ectomorph::value::Map;
use ectomorph::{Changeset, Rules, Schema};

#[derive(Schema)]
#[schema(source = "users")]
struct User {
    id: Option<i64>,
    email: Option<String>,
}

#[derive(Schema)]
#[schema(source = "posts")]
struct Post {
    id: Option<i64>,
    title: String,
}

fn misspelt() -> Rules<User> {
    Rules::cast([User::emial])
}

fn of_another_schema(params: &Map) -> Changeset<User> {
    Changeset::cast(User::default(), params, [User::email]).validate_required(Post::title)
}

fn among_others(params: &Map) -> Changeset<User> {
    Changeset::cast(User::default(), params, [Post::title])
}

fn text(params: &Map) -> Changeset<User> {
    Changeset::cast(User::default(), params, User::email).validate_format("email", "@")
}

fn main() {}
