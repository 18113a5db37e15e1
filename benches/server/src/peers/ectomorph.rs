//! ectomorph: structs in and out, changesets in between.

use super::{Peer, Work, weight};
use crate::blog::{self, AUTHORS, PEOPLE, POOL, Place};
use crate::cases::Case;
use ectomorph::Schema;
use ectomorph::adapters::postgres::Postgres;
use ectomorph::adapters::server::Config;
use ectomorph::adapters::sqlite::Sqlite;
use ectomorph::changeset::Changeset;
use ectomorph::query::{Preload, Query, field, from, pin};
use ectomorph::repo::{Repo, RepoError, RowValue};
use ectomorph::schema::{Assoc, HasSchema};
use ectomorph::value::{NaiveDatetime, Str};
use std::sync::Arc;

#[derive(Clone, Debug, Schema)]
#[schema(source = "users", timestamps)]
pub struct User {
    pub id: Option<i64>,
    pub name: String,
    pub email: String,
    pub karma: i64,
    pub bio: Option<String>,
    pub inserted_at: Option<NaiveDatetime>,
    pub updated_at: Option<NaiveDatetime>,
    #[has_many]
    pub posts: Assoc<Vec<Post>>,
}

#[derive(Clone, Debug, Schema)]
#[schema(source = "posts", timestamps)]
pub struct Post {
    pub id: Option<i64>,
    pub title: String,
    pub body: Option<String>,
    pub user_id: i64,
    pub inserted_at: Option<NaiveDatetime>,
    pub updated_at: Option<NaiveDatetime>,
    #[has_many]
    pub comments: Assoc<Vec<Comment>>,
}

#[derive(Clone, Debug, Schema)]
#[schema(source = "comments", timestamps)]
pub struct Comment {
    pub id: Option<i64>,
    pub body: String,
    pub post_id: i64,
    pub inserted_at: Option<NaiveDatetime>,
    pub updated_at: Option<NaiveDatetime>,
}

#[derive(Clone, Debug, Schema)]
#[schema(source = "people", timestamps)]
pub struct Person {
    pub id: Option<i64>,
    pub name: String,
    pub email: String,
    pub karma: i64,
    pub bio: Option<String>,
    pub inserted_at: Option<NaiveDatetime>,
    pub updated_at: Option<NaiveDatetime>,
}

pub struct Ectomorph {
    repo: Repo,
    noon: NaiveDatetime,
    users: Query,
    authors: Query,
}

impl Ectomorph {
    pub async fn connect(place: Place, url: &str) -> Self {
        let config = Config::url(url).expect("a URL").pool_size(POOL);
        let repo = match place {
            Place::Postgres => Repo::new(Arc::new(Postgres::connect_with(config).await.expect("an answer"))),
            Place::Sqlite => Repo::new(Arc::new(Sqlite::connect_with(config).await.expect("a file"))),
        };
        let noon = NaiveDatetime::from_iso("2024-01-01T12:00:00").expect("a time");
        let users = from(User::schema()).where_(field("id").lte(pin(blog::USERS)));
        let authors = from(User::schema())
            .where_(field("id").lte(pin(AUTHORS)))
            .preload(Preload::new("posts").preload("comments"));
        Ectomorph { repo, noon, users, authors }
    }

    fn user(&self) -> User {
        let blog::Person { name, email, karma } = blog::person(blog::next());
        User { name, email, karma, ..User::default() }
    }

    async fn once(&self, case: Case, at: usize) -> Result<usize, RepoError> {
        let repo = &self.repo;
        Ok(match case {
            Case::Insert => usize::from(repo.insert(self.user()).await?.id > Some(blog::USERS)),
            Case::InsertAll => {
                let key = |name: &'static str| Str::Static(name);
                let row = |number: usize| -> Vec<(Str, RowValue)> {
                    let blog::Person { name, email, karma } = blog::person(number);
                    vec![
                        (key("name"), name.into()),
                        (key("email"), email.into()),
                        (key("karma"), karma.into()),
                        (key("inserted_at"), self.noon.into()),
                        (key("updated_at"), self.noon.into()),
                    ]
                };
                repo.insert_all(Person::schema(), (0..PEOPLE).map(row).collect::<Vec<_>>()).await?
            }
            Case::Get => {
                let user: User = repo.get_required(blog::user_id(at)).await?;
                weight(&user.name, &user.email, user.bio.as_deref())
            }
            Case::All => {
                let users: Vec<User> = repo.all(&self.users).await?;
                users.iter().map(|user| weight(&user.name, &user.email, user.bio.as_deref())).sum()
            }
            Case::Preload => {
                let users: Vec<User> = repo.all(&self.authors).await?;
                let posts = users.iter().flat_map(|user| user.posts.loaded().into_iter().flatten());
                posts.map(|post| post.title.len() + post.comments.loaded().map_or(0, Vec::len)).sum()
            }
            Case::Update => {
                let id = Some(blog::user_id(at));
                let user = User { id, ..User::default() };
                let changeset =
                    Changeset::change(user).put_change(User::name, blog::person(blog::next()).name);
                repo.update(changeset).await?.name.len()
            }
            Case::Transaction => {
                repo.transaction(async |repo| -> Result<usize, RepoError> {
                    let user = repo.insert(self.user()).await?;
                    let title = "On engines".to_owned();
                    let post = Post { title, user_id: user.id.unwrap_or(0), ..Post::default() };
                    Ok(usize::from(repo.insert(post).await?.id.is_some()))
                })
                .await?
            }
        })
    }
}

impl Peer for Ectomorph {
    fn name(&self) -> &'static str {
        "ectomorph"
    }

    fn run(&mut self, case: Case, times: usize) -> Work<'_> {
        Box::pin(async move {
            let mut sum = 0;
            for at in 0..times {
                sum += self.once(case, at).await.expect("no error");
            }
            sum
        })
    }
}
