//! Users, posts and comments.

use ectomorph::schema::Assoc;
use ectomorph::value::Decimal;
use ectomorph::{Enum, Schema};

#[derive(Schema)]
#[schema(source = "users", timestamps)]
pub struct User {
    pub id: Option<i64>,
    pub name: Option<String>,
    #[field(source = "e_mail")]
    pub email: Option<String>,
    pub age: Option<i32>,
    pub status: Status,
    pub roles: Vec<String>,
    #[field(type = "map")]
    pub settings: std::collections::BTreeMap<String, i64>,
    #[field(virtual)]
    pub password: Option<String>,
    #[has_many]
    pub posts: Assoc<Vec<Post>>,
}

#[derive(Enum, Clone, Copy, Debug, Default, PartialEq)]
pub enum Status {
    #[default]
    #[value(0)]
    Pending,
    #[value(1)]
    Active,
}

#[derive(Schema)]
#[schema(source = "posts")]
pub struct Post {
    pub id: Option<i64>,
    pub title: Option<String>,
    pub views: i64,
    pub price: Option<Decimal>,
    pub user_id: Option<i64>,
    #[belongs_to]
    pub user: Assoc<User>,
    #[has_many]
    pub comments: Assoc<Vec<Comment>>,
}

#[derive(Schema)]
#[schema(source = "comments")]
pub struct Comment {
    pub id: Option<i64>,
    pub body: Option<String>,
    pub post_id: Option<i64>,
}
