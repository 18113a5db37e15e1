//! Names that are not there, and words that no query has.

use ectomorph::{Schema, query};

#[derive(Schema)]
#[schema(source = "users")]
struct User {
    id: Option<i64>,
    email: Option<String>,
    #[has_many]
    posts: ectomorph::schema::Assoc<Vec<Post>>,
}

#[derive(Schema)]
#[schema(source = "posts")]
struct Post {
    id: Option<i64>,
    user_id: Option<i64>,
}

fn main() {
    query!(from u in User, where: u.emial == "a@b.c");
    query!(from u in User, join: p: Post in assoc(u, postings));
    query!(from u in User, select: [id, e_mail]);
    query!(from u in User, preload: comments);
    query!(from u in User, join: p: Post in assoc(u, posts), where: p.email == "a@b.c");
}
