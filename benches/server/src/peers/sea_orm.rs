//! SeaORM: models and active models.

use super::{Peer, Work, now, weight};
use crate::blog::{self, AUTHORS, PEOPLE, POOL, Place, USERS};
use crate::cases::Case;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ActiveValue::Unchanged, ColumnTrait, ConnectOptions, ConnectionTrait,
    Database, DatabaseConnection, DbErr, EntityTrait, LoaderTrait, QueryFilter, TransactionTrait,
};

macro_rules! entity {
    ($name:ident, $table:literal, { $($field:ident: $kind:ty),* }, { $($relation:ident $has:ident $target:literal $module:ident),* }) => {
        mod $name {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model {
                #[sea_orm(primary_key)]
                pub id: i64,
                $(pub $field: $kind,)*
                pub inserted_at: DateTime,
                pub updated_at: DateTime,
            }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {
                $(#[sea_orm($has = $target)] $relation,)*
            }

            $(impl Related<super::$module::Entity> for Entity {
                fn to() -> RelationDef {
                    Relation::$relation.def()
                }
            })*

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

entity!(person, "people", { name: String, email: String, karma: i64, bio: Option<String> }, {});
entity!(user, "users", { name: String, email: String, karma: i64, bio: Option<String> }, { Posts has_many "super::post::Entity" post });

mod post {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "posts")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub title: String,
        pub body: Option<String>,
        pub user_id: i64,
        pub inserted_at: DateTime,
        pub updated_at: DateTime,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::user::Entity",
            from = "Column::UserId",
            to = "super::user::Column::Id"
        )]
        User,
        #[sea_orm(has_many = "super::comment::Entity")]
        Comments,
    }

    impl Related<super::user::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::User.def()
        }
    }

    impl Related<super::comment::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Comments.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod comment {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "comments")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub body: String,
        pub post_id: i64,
        pub inserted_at: DateTime,
        pub updated_at: DateTime,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::post::Entity",
            from = "Column::PostId",
            to = "super::post::Column::Id"
        )]
        Post,
    }

    impl Related<super::post::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Post.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub struct SeaOrm {
    database: DatabaseConnection,
    rows: usize,
}

impl SeaOrm {
    pub async fn connect(place: Place, url: &str) -> Self {
        let mut options = ConnectOptions::new(url);
        options.max_connections(POOL).sqlx_logging(false).test_before_acquire(false);
        options.map_sqlx_sqlite_opts(|options| {
            options
                .synchronous(sea_orm::sqlx::sqlite::SqliteSynchronous::Normal)
                .busy_timeout(std::time::Duration::from_secs(30))
        });
        let database = Database::connect(options).await.expect("an answer");
        // Within the params of one statement.
        SeaOrm { database, rows: if place == Place::Postgres { 13_000 } else { 6_500 } }
    }

    async fn insert(&self, on: &impl ConnectionTrait) -> Result<user::Model, DbErr> {
        let blog::Person { name, email, karma } = blog::person(blog::next());
        let time = now();
        let user = user::ActiveModel {
            name: Set(name),
            email: Set(email),
            karma: Set(karma),
            inserted_at: Set(time),
            updated_at: Set(time),
            ..Default::default()
        };
        user.insert(on).await
    }

    async fn once(&self, case: Case, at: usize) -> Result<usize, DbErr> {
        let database = &self.database;
        Ok(match case {
            Case::Insert => usize::from(self.insert(database).await?.id > USERS),
            Case::InsertAll => {
                let time = now();
                let transaction = database.begin().await?;
                let mut at = 0;
                while at < PEOPLE {
                    let end = (at + self.rows).min(PEOPLE);
                    let people = (at..end).map(|number| {
                        let blog::Person { name, email, karma } = blog::person(number);
                        person::ActiveModel {
                            name: Set(name),
                            email: Set(email),
                            karma: Set(karma),
                            inserted_at: Set(time),
                            updated_at: Set(time),
                            ..Default::default()
                        }
                    });
                    person::Entity::insert_many(people).exec_without_returning(&transaction).await?;
                    at = end;
                }
                transaction.commit().await?;
                PEOPLE
            }
            Case::Get => {
                let user = user::Entity::find_by_id(blog::user_id(at)).one(database).await?;
                user.map_or(0, |user| weight(&user.name, &user.email, user.bio.as_deref()))
            }
            Case::All => {
                let users = user::Entity::find().filter(user::Column::Id.lte(USERS)).all(database).await?;
                users.iter().map(|user| weight(&user.name, &user.email, user.bio.as_deref())).sum()
            }
            Case::Preload => {
                let users = user::Entity::find().filter(user::Column::Id.lte(AUTHORS)).all(database).await?;
                let posts = users.load_many(post::Entity, database).await?;
                let counts: Vec<usize> = posts.iter().map(Vec::len).collect();
                let posts: Vec<post::Model> = posts.into_iter().flatten().collect();
                let mut comments = posts.load_many(comment::Entity, database).await?.into_iter();
                let mut posts = posts.into_iter();
                let nested: Vec<Vec<(post::Model, Vec<comment::Model>)>> = counts
                    .into_iter()
                    .map(|count| posts.by_ref().take(count).zip(comments.by_ref()).collect())
                    .collect();
                nested.iter().flatten().map(|(post, comments)| post.title.len() + comments.len()).sum()
            }
            Case::Update => {
                let user = user::ActiveModel {
                    id: Unchanged(blog::user_id(at)),
                    name: Set(blog::person(blog::next()).name),
                    updated_at: Set(now()),
                    ..Default::default()
                };
                user.update(database).await?.name.len()
            }
            Case::Transaction => {
                let transaction = database.begin().await?;
                let user = self.insert(&transaction).await?;
                let time = now();
                let post = post::ActiveModel {
                    title: Set("On engines".to_owned()),
                    user_id: Set(user.id),
                    inserted_at: Set(time),
                    updated_at: Set(time),
                    ..Default::default()
                };
                let post = post.insert(&transaction).await?;
                transaction.commit().await?;
                usize::from(post.id > 0)
            }
        })
    }
}

impl Peer for SeaOrm {
    fn name(&self) -> &'static str {
        "SeaORM"
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
