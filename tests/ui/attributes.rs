//! Attributes that are missing, unknown or do not go together.

use ectomorph::schema::Assoc;
use ectomorph::{Enum, Schema};

#[derive(Schema)]
struct Sourceless {
    id: Option<i64>,
}

#[derive(Schema)]
#[schema(source = "posts", timestamp)]
struct UnknownOption {
    id: Option<i64>,
}

#[derive(Schema)]
#[schema(source = "posts")]
struct Keyless {
    title: String,
}

#[derive(Schema)]
#[schema(source = "posts")]
struct UnknownType {
    id: Option<i64>,
    #[field(type = "text")]
    title: String,
}

#[derive(Schema)]
#[schema(source = "posts")]
struct WrongType {
    id: Option<i64>,
    #[field(type = "decimal")]
    price: String,
}

#[derive(Schema)]
#[schema(source = "posts")]
struct WrongDefault {
    id: Option<i64>,
    #[field(default = true)]
    likes: i64,
}

#[derive(Schema)]
#[schema(source = "comments")]
struct Comment {
    id: Option<i64>,
    #[belongs_to]
    post: Assoc<UnknownType>,
}

#[derive(Schema)]
#[schema(source = "posts")]
struct Choices {
    id: Option<i64>,
    #[has_many(on_replace = "update")]
    comments: Assoc<Vec<Comment>>,
}

#[derive(Schema)]
#[schema(source = "posts")]
struct Unmarked {
    id: Option<i64>,
    comments: Assoc<Vec<Comment>>,
}

#[derive(Schema)]
#[schema(source = "posts")]
struct Generic<T> {
    id: Option<T>,
}

#[derive(Schema)]
#[schema(source = "posts")]
struct Paths {
    id: Option<i64>,
    #[has_many(through = ("comments"))]
    authors: Assoc<Vec<Comment>>,
}

#[derive(Schema)]
#[schema(source = "posts")]
struct WrongOrder {
    id: Option<i64>,
    #[has_many(preload_order(down(likes)))]
    comments: Assoc<Vec<Comment>>,
}

#[derive(Schema)]
#[schema(source = "posts")]
struct ThroughAndMore {
    id: Option<i64>,
    #[has_many(through = ("comments", "authors"), on_delete = "delete_all")]
    authors: Assoc<Vec<Comment>>,
}

#[derive(Enum)]
enum Shape {
    Circle(f64),
}

fn main() {}
