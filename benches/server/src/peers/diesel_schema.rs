//! Diesel's tables and structs, and what is done with either of its connections.

use chrono::NaiveDateTime;
use diesel::{Associations, Identifiable, Insertable, Queryable, Selectable};

macro_rules! table {
    ($table:ident { $($column:ident -> $kind:ty,)* }) => {
        diesel::table! {
            $table (id) {
                id -> BigInt,
                $($column -> $kind,)*
                inserted_at -> Timestamp,
                updated_at -> Timestamp,
            }
        }
    };
}

table!(users { name -> Text, email -> Text, karma -> BigInt, bio -> Nullable<Text>, });
table!(people { name -> Text, email -> Text, karma -> BigInt, bio -> Nullable<Text>, });
table!(posts { title -> Text, body -> Nullable<Text>, user_id -> BigInt, });
table!(comments { body -> Text, post_id -> BigInt, });

#[derive(Queryable, Selectable, Identifiable)]
#[diesel(table_name = users)]
#[allow(dead_code, reason = "read into a struct as the others do")]
pub struct User {
    pub id: i64,
    pub name: String,
    pub email: String,
    pub karma: i64,
    pub bio: Option<String>,
    pub inserted_at: NaiveDateTime,
    pub updated_at: NaiveDateTime,
}

#[derive(Queryable, Selectable, Identifiable, Associations)]
#[diesel(table_name = posts, belongs_to(User))]
#[allow(dead_code, reason = "read into a struct as the others do")]
pub struct Post {
    pub id: i64,
    pub title: String,
    pub body: Option<String>,
    pub user_id: i64,
    pub inserted_at: NaiveDateTime,
    pub updated_at: NaiveDateTime,
}

#[derive(Queryable, Selectable, Identifiable, Associations)]
#[diesel(table_name = comments, belongs_to(Post))]
#[allow(dead_code, reason = "read into a struct as the others do")]
pub struct Comment {
    pub id: i64,
    pub body: String,
    pub post_id: i64,
    pub inserted_at: NaiveDateTime,
    pub updated_at: NaiveDateTime,
}

#[derive(Insertable)]
#[diesel(table_name = users)]
pub struct NewUser {
    pub name: String,
    pub email: String,
    pub karma: i64,
    pub inserted_at: NaiveDateTime,
    pub updated_at: NaiveDateTime,
}

#[derive(Insertable)]
#[diesel(table_name = people)]
pub struct NewPerson {
    pub name: String,
    pub email: String,
    pub karma: i64,
    pub inserted_at: NaiveDateTime,
    pub updated_at: NaiveDateTime,
}

#[derive(Insertable)]
#[diesel(table_name = posts)]
pub struct NewPost {
    pub title: String,
    pub user_id: i64,
    pub inserted_at: NaiveDateTime,
    pub updated_at: NaiveDateTime,
}

/// A user to insert.
pub fn new_user() -> NewUser {
    let crate::blog::Person { name, email, karma } = crate::blog::person(crate::blog::next());
    let time = super::now();
    NewUser { name, email, karma, inserted_at: time, updated_at: time }
}

/// A person to insert.
pub fn new_person(number: usize) -> NewPerson {
    let crate::blog::Person { name, email, karma } = crate::blog::person(number);
    let time = super::now();
    NewPerson { name, email, karma, inserted_at: time, updated_at: time }
}

/// Does a case on a connection; `.await` is what is said after each statement where it must be waited for.
macro_rules! once {
    ($connection:ident, $case:ident, $at:ident, $rows:literal, [$($wait:tt)*]) => {
        match $case {
            Case::Insert => {
                let user = new_user();
                let insert = diesel::insert_into(users::table).values(&user).returning(User::as_returning());
                usize::from(insert.get_result($connection)$($wait)*?.id > USERS)
            }
            Case::InsertAll => {
                let people: Vec<NewPerson> = (0..PEOPLE).map(new_person).collect();
                for chunk in people.chunks($rows) {
                    diesel::insert_into(people::table).values(chunk).execute($connection)$($wait)*?;
                }
                people.len()
            }
            Case::Get => {
                let query = users::table.find(blog::user_id($at)).select(User::as_select());
                let user: User = query.first($connection)$($wait)*?;
                weight(&user.name, &user.email, user.bio.as_deref())
            }
            Case::All => {
                let query = users::table.filter(users::id.le(USERS)).select(User::as_select());
                let users: Vec<User> = query.load($connection)$($wait)*?;
                users.iter().map(|user| weight(&user.name, &user.email, user.bio.as_deref())).sum()
            }
            Case::Preload => {
                let query = users::table.filter(users::id.le(AUTHORS)).select(User::as_select());
                let users: Vec<User> = query.load($connection)$($wait)*?;
                let posts: Vec<Post> =
                    Post::belonging_to(&users).select(Post::as_select()).load($connection)$($wait)*?;
                let comments: Vec<Comment> =
                    Comment::belonging_to(&posts).select(Comment::as_select()).load($connection)$($wait)*?;
                let comments = comments.grouped_by(&posts);
                let nested: Vec<Vec<(Post, Vec<Comment>)>> =
                    posts.into_iter().zip(comments).collect::<Vec<_>>().grouped_by(&users);
                nested.iter().flatten().map(|(post, comments)| post.title.len() + comments.len()).sum()
            }
            Case::Update => {
                let name = blog::person(blog::next()).name;
                let update = diesel::update(users::table.find(blog::user_id($at)));
                let set = (users::name.eq(&name), users::updated_at.eq(now()));
                update.set(set).execute($connection)$($wait)*?;
                name.len()
            }
            Case::Transaction => {
                let user = new_user();
                let insert = diesel::insert_into(users::table).values(&user).returning(User::as_returning());
                let user = insert.get_result($connection)$($wait)*?;
                let (title, time) = ("On engines".to_owned(), now());
                let post = NewPost { title, user_id: user.id, inserted_at: time, updated_at: time };
                let insert = diesel::insert_into(posts::table).values(&post).returning(Post::as_returning());
                usize::from(insert.get_result($connection)$($wait)*?.id > 0)
            }
        }
    };
}
pub(super) use once;
