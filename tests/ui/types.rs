//! Rust types that fields can't have.

use ectomorph::Schema;
use ectomorph::schema::Assoc;

#[derive(Schema)]
#[schema(source = "comments")]
struct Comment {
    id: Option<i64>,
}

#[derive(Schema)]
#[schema(source = "posts")]
struct Post {
    id: Option<i64>,
    elapsed: std::time::Duration,
    #[has_many]
    comments: Assoc<Comment>,
    #[embeds_many]
    links: Vec<String>,
}

fn main() {}
