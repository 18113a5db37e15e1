//! Users, posts and comments.

use ectomorph::rules::{CastRelation, Length};
use ectomorph::schema::Assoc;
use ectomorph::value::{Decimal, NaiveDatetime};
use ectomorph::{Enum, Rules, Schema};
use std::collections::BTreeMap;

#[derive(Schema, Clone, Debug, PartialEq)]
#[schema(source = "users", timestamps)]
pub struct User {
    #[field(primary_key)]
    pub id: Option<i64>,
    pub name: Option<String>,
    #[field(source = "e_mail")]
    pub email: Option<String>,
    pub bio: Option<String>,
    #[field(default = 1)]
    pub number_of_pets: Option<i32>,
    #[field(virtual, redact)]
    pub password: Option<String>,
    #[has_many(on_replace = "delete")]
    pub posts: Assoc<Vec<Post>>,
    #[has_one]
    pub profile: Assoc<Profile>,
    #[has_many(foreign_key = "author_id", where(language = "en", votes = -1), preload_order(desc(votes), title))]
    pub english_posts: Assoc<Vec<Post>>,
    #[has_many(through = ("posts", "comments"))]
    pub comments_received: Assoc<Vec<Comment>>,
    #[embeds_one(on_replace = "update")]
    pub address: Option<Address>,
}

impl User {
    pub fn registration() -> Rules<User> {
        Rules::cast([User::name, User::email, User::bio, User::number_of_pets])
            .validate_required([User::name, User::email, User::bio])
            .validate_length(User::bio, Length::new().min(2).max(140))
            .validate_format(User::email, "@")
            .unique_constraint(User::email)
    }
}

#[derive(Schema, Clone, Debug, PartialEq)]
#[schema(source = "profiles")]
pub struct Profile {
    pub id: Option<i64>,
    pub user_id: Option<i64>,
    #[belongs_to]
    pub user: Assoc<User>,
}

#[derive(Schema, Clone, Debug, PartialEq)]
#[schema(embedded, changeset = Address::rules)]
pub struct Address {
    pub street: Option<String>,
    pub zip: String,
}

impl Address {
    pub fn rules() -> Rules<Address> {
        Rules::cast([Address::street, Address::zip]).validate_required(Address::street)
    }
}

#[derive(Enum, Clone, Copy, Debug, Default, PartialEq)]
pub enum Status {
    #[default]
    Draft,
    InReview,
    Published,
}

#[derive(Schema, Clone, Debug, PartialEq)]
#[schema(source = "posts", timestamps = "utc_datetime_usec", prefix = "blog")]
pub struct Post {
    pub id: Option<i64>,
    pub title: String,
    #[field(default = Status::Draft)]
    pub status: Status,
    #[field(default = "en")]
    pub language: String,
    pub price: Option<Decimal>,
    pub tags: Vec<String>,
    pub votes: BTreeMap<String, i64>,
    #[field(type = "naive_datetime_usec")]
    pub seen_at: Option<NaiveDatetime>,
    pub author_id: Option<i64>,
    #[belongs_to]
    pub author: Assoc<User>,
    #[has_many]
    pub comments: Assoc<Vec<Comment>>,
    #[many_to_many(join_through = "posts_topics", join_defaults(weight = 1), defaults(r#type = "theme"))]
    pub topics: Assoc<Vec<Topic>>,
    #[embeds_many(on_replace = "delete")]
    pub links: Vec<Link>,
    #[field(skip)]
    pub cached: usize,
}

impl Post {
    pub fn rules() -> Rules<Post> {
        Rules::cast([Post::title, Post::status, Post::tags])
            .validate_required(Post::title)
            .cast_embed(Post::links, CastRelation::with(Link::rules()))
            .cast_assoc(Post::comments, CastRelation::new())
    }
}

#[derive(Schema, Clone, Debug, PartialEq)]
#[schema(source = "comments", name = "Remark", changeset = Comment::rules)]
pub struct Comment {
    #[field(type = "uuid")]
    pub id: Option<String>,
    pub body: String,
    pub likes: i32,
    pub post_id: Option<i64>,
}

impl Comment {
    fn rules() -> Rules<Comment> {
        Rules::cast([Comment::body, Comment::likes]).validate_required(Comment::body)
    }
}

#[derive(Schema, Clone, Debug, PartialEq)]
#[schema(source = "topics")]
pub struct Topic {
    pub id: Option<i64>,
    pub r#type: Option<String>,
}

#[derive(Schema, Clone, Debug, PartialEq)]
#[schema(embedded)]
pub struct Link {
    pub id: Option<String>,
    pub url: String,
}

impl Link {
    fn rules() -> Rules<Link> {
        Rules::cast([Link::url]).validate_format(Link::url, "^https?://")
    }
}

#[derive(Enum, Clone, Copy, Debug, PartialEq)]
pub enum Priority {
    #[value(1)]
    Low,
    #[value(5)]
    High,
}
