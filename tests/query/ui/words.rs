//! What is no query.

use ectomorph::{Schema, query};

#[derive(Schema)]
#[schema(source = "users")]
struct User {
    id: Option<i64>,
    email: Option<String>,
}

fn main() {
    let min = 1;
    query!(u in User);
    query!(from u in User, wheer: u.id == 1);
    query!(from u in User, where: u.id == min);
    query!(from u in User, where: lower(u.email) == "a");
    query!(from u in User, where: fragment("lower(?)") == "a");
    query!(from u in User, where: like(u.email));
    query!(from u in User, join: p in assoc(u, posts));
    query!(from u in User, order_by: [down: u.id]);
    query!(from u in User, select: type(u.id, text));
}
