//! What reads give.

use crate::blog::{Post, Tag, User, repo, user, wait};
use ectomorph::mistake::Mistake;
use ectomorph::query::{Direction, Expr, Order, Preload, field, from, pin};
use ectomorph::repo::{Aggregate, Options, Output, Preloads, Queryable, RepoError};
use ectomorph::schema::{Assoc, HasSchema, Record};
use std::sync::Arc;

/// Ada with two posts, one of them tagged, and Alan with none.
async fn filled(repo: &ectomorph::repo::Repo) -> Result<(), RepoError> {
    let tag = |name: &str| Tag { id: None, name: Some(name.to_owned()) };
    let post = |title: &str, tags: Vec<Tag>| Post {
        title: Some(title.to_owned()),
        tags: tags.into(),
        ..Post::default()
    };
    let posts = vec![post("On engines", vec![tag("math"), tag("looms")]), post("Notes", vec![])];
    repo.insert(User { posts: posts.into(), ..user("Ada", "ada@example.com") }).await?;
    repo.insert(user("Alan", "alan@example.com")).await?;
    Ok(())
}

#[test]
fn records_come_as_the_struct_that_is_asked_for() {
    let repo = repo();
    wait(async {
        filled(&repo).await?;
        let ada: User = repo.get_required(1).await?;
        assert_eq!((ada.name.as_deref(), &ada.posts), (Some("Ada"), &Assoc::NotLoaded));
        assert_eq!(repo.get::<User>(9).await?, None);
        assert_eq!(repo.get::<User>("2").await?.and_then(|user| user.name), Some("Alan".to_owned()));
        assert_eq!(repo.get_by::<User>([("name", "Ada")]).await?, Some(ada.clone()));
        assert_eq!(repo.get_by::<User>([("name", "Ada"), ("email", "?")]).await?, None);
        let unknown = repo.get_by::<User>([("nam", "Ada")]).await.unwrap_err();
        assert_eq!(unknown.name(), "Ecto.QueryError");
        let null = repo.get_by::<User>([("name", None::<&str>)]).await.unwrap_err();
        assert_eq!(null.to_string(), "null given for `name`: comparing with null is never true; use is_nil in a query");
        let cast = repo.get::<User>("x").await.unwrap_err();
        assert_eq!(cast.name(), "Ecto.Query.CastError");
        let two = repo.get_by::<Post>([("user_id", 1)]).await.unwrap_err();
        assert!(matches!(&two, RepoError::MultipleResults { count: 2, query } if query.contains("p0.user_id == ^1")), "{two}");
        assert_eq!(repo.all::<User>(User::schema()).await?.len(), 2);
        let record: Arc<Record> = repo.get_required_in(User::schema(), 1).await?;
        assert_eq!(User::from_record(&record)?, ada);
        Ok::<_, RepoError>(())
    })
    .unwrap();
}

#[test]
fn selected_values_come_as_rust_types() {
    let repo = repo();
    wait(async {
        filled(&repo).await?;
        let mut query = User::schema().to_query();
        let field = |name: &str| Expr::Field(0.into(), name.into());
        query.parts_mut().select = Some(Expr::Tuple(vec![field("id"), field("email")]));
        query.parts_mut().order_bys.push(Order { direction: Direction::Desc, expr: field("id") });
        let pairs: Vec<(i64, Option<String>)> = repo.all(&query).await?;
        assert_eq!(
            pairs,
            [(2, Some("alan@example.com".to_owned())), (1, Some("ada@example.com".to_owned()))]
        );
        let wrong = repo.all::<(i64, i64)>(&query).await.unwrap_err();
        assert_eq!(wrong.to_string(), "the query gives a string, not an integer");
        assert_eq!(repo.count(User::schema()).await?, 2);
        assert!(repo.exists(User::schema()).await?);
        assert_eq!(repo.aggregate::<i64>(User::schema(), Aggregate::Max, "id").await?, 2);
        assert_eq!(
            repo.one_required::<Output>(&query).await.unwrap_err().name(),
            "Ecto.MultipleResultsError"
        );
        Ok::<_, RepoError>(())
    })
    .unwrap();
}

#[test]
fn associations_are_preloaded_into_structs() {
    let repo = repo();
    wait(async {
        filled(&repo).await?;
        let users = repo.all::<User>(User::schema()).await?;
        let users = repo.preload_all(users, Preloads::of("posts").nested("tags")).await?;
        let titles = |user: &User| -> Vec<String> {
            let posts = user.posts.loaded().into_iter().flatten();
            posts.filter_map(|post| post.title.clone()).collect()
        };
        assert_eq!(titles(&users[0]), ["On engines", "Notes"]);
        assert_eq!(titles(&users[1]), Vec::<String>::new());
        let tags =
            users[0].posts.loaded().and_then(|posts| posts[0].tags.loaded().cloned()).unwrap_or_default();
        let names: Vec<_> = tags.into_iter().filter_map(|tag| tag.name).collect();
        assert_eq!(names, ["math", "looms"]);
        let post = repo.preload(repo.get_required::<Post>(1).await?, [Post::user]).await?;
        assert_eq!(post.user.loaded().cloned().flatten().and_then(|user| user.name), Some("Ada".to_owned()));
        let wrong = repo.preload(post, "nothing").await.unwrap_err();
        assert!(wrong.to_string().contains("does not have association or embed `nothing`"), "{wrong}");
        Ok::<_, RepoError>(())
    })
    .unwrap();
}

#[test]
fn what_a_query_preloads_is_what_is_preloaded_into_records() {
    let repo = repo();
    wait(async {
        filled(&repo).await?;
        repo.insert(Post { title: Some("Alone".into()), ..Post::default() }).await?;
        let titled = || Post::schema().to_query().order_by(Direction::Desc, field("id"));
        let queries = [
            from(User::schema()).preload(Preload::new("posts").preload("tags")),
            from(User::schema()).preload(Preload::new("posts").preload("user")),
            from(User::schema()).preload(Preload::new("posts").query(titled()).preload("tags")),
            from(User::schema()).where_(field("id").gt(pin(99))).preload("posts"),
        ];
        for query in queries {
            let records: Vec<Arc<Record>> = repo.all(&query).await?;
            let users: Vec<User> = repo.all(&query).await?;
            let read: Vec<User> =
                records.iter().map(|record| User::from_record(record)).collect::<Result<_, _>>()?;
            assert_eq!(users, read, "{}", query.to_text());
        }
        // Both posts of Ada have a copy of her, and what belongs to nobody has none.
        let posts: Vec<Post> =
            repo.all(from(Post::schema()).preload(Preload::new("user").preload("posts"))).await?;
        let of = |post: &Post| {
            let user = post.user.loaded().cloned().flatten()?;
            Some((user.name?, user.posts.loaded().map(Vec::len)))
        };
        let ada = Some(("Ada".to_owned(), Some(2)));
        assert_eq!(posts.iter().map(of).collect::<Vec<_>>(), [ada.clone(), ada, None]);
        let wrong = repo.all::<User>(from(User::schema()).preload("nothing")).await.unwrap_err();
        assert!(wrong.to_string().contains("does not have association or embed `nothing`"), "{wrong}");
        Ok::<_, RepoError>(())
    })
    .unwrap();
}

#[test]
fn a_prepared_repo_reads_and_deletes_only_what_its_function_leaves() {
    let plain = repo();
    wait(async {
        filled(&plain).await?;
        let asked = Arc::new(std::sync::Mutex::new(Vec::new()));
        let names = asked.clone();
        let repo = plain.prepare_query(move |query, operation, _| {
            names.lock().unwrap().push(operation.name());
            Ok(query.where_(field("id").eq(pin(1))))
        });
        let ids = async |repo: &ectomorph::repo::Repo| -> Result<Vec<Option<i64>>, RepoError> {
            Ok(repo.all::<User>(User::schema()).await?.iter().map(|user| user.id).collect())
        };
        assert_eq!(ids(&repo).await?, [Some(1)]);
        assert_eq!(repo.get::<User>(2).await?, None);
        assert_eq!(repo.get::<User>(1).await?.and_then(|user| user.name), Some("Ada".to_owned()));
        let users: Vec<User> = repo.all(from(User::schema()).preload("posts")).await?;
        assert_eq!(users[0].posts.loaded().map(Vec::len), Some(1));
        plain.delete_all("posts_tags").await?;
        assert_eq!(repo.delete_all("posts").await?, 1);
        assert_eq!(*asked.lock().unwrap(), ["all", "all", "all", "all", "all", "delete_all"]);
        let none = repo.prepare_query(|_, _, _| Err(RepoError::Mistake(Mistake::new("no tenant"))));
        assert_eq!(none.count("users").await.unwrap_err().to_string(), "no tenant");
        // A replica reads what the repo would, and has a function of its own besides.
        let copy = plain.prepare_query(|query, _, _| Ok(query.where_(field("id").gt(pin(0)))));
        assert_eq!(ids(&repo.with_replicas([copy.clone()]).replica()).await?, [Some(1)]);
        assert_eq!(ids(&repo.replica()).await?, [Some(1)]);
        // The repos it came from are as they were.
        assert_eq!(ids(&copy).await?, [Some(1), Some(2)]);
        assert_eq!(ids(&plain).await?, [Some(1), Some(2)]);
        Ok::<_, RepoError>(())
    })
    .unwrap();
}

#[test]
fn the_query_of_a_preload_is_prepared_once_whatever_it_preloads_itself() {
    let plain = repo();
    wait(async {
        filled(&plain).await?;
        let asked = Arc::new(std::sync::Mutex::new(Vec::new()));
        let sources = asked.clone();
        let repo = plain.prepare_query(move |query, _, _| {
            sources.lock().unwrap().push(query.to_text());
            Ok(query)
        });
        let posts = Post::schema().to_query().preload("tags");
        let users: Vec<User> =
            repo.all(from(User::schema()).preload(Preload::new("posts").query(posts))).await?;
        let post = &users[0].posts.loaded().unwrap()[0];
        assert_eq!((post.title.as_deref(), post.tags.loaded().map(Vec::len)), (Some("On engines"), Some(2)));
        // Users, their posts, the tags of those.
        let asked = asked.lock().unwrap();
        assert_eq!(asked.len(), 3, "{asked:#?}");
        Ok::<_, RepoError>(())
    })
    .unwrap();
}

#[test]
fn a_stream_gives_every_result_in_portions() {
    let repo = repo();
    wait(async {
        filled(&repo).await?;
        let mut query = Tag::schema().to_query();
        query.parts_mut().select = Some(Expr::Field(0.into(), "name".into()));
        let mut stream = repo.stream::<String>(query, &Options::new().max_rows(1)).await?;
        let mut names = Vec::new();
        while let Some(name) = stream.next().await? {
            names.push(name);
        }
        assert_eq!(names, ["math", "looms"]);
        Ok::<_, RepoError>(())
    })
    .unwrap();
}

#[test]
fn a_reload_keeps_places_and_misses_what_is_gone() {
    let repo = repo();
    wait(async {
        filled(&repo).await?;
        let records: Vec<Arc<Record>> = repo.all(User::schema()).await?;
        repo.transaction(async |repo| {
            let posts = Post::schema().to_query();
            repo.delete_all("posts_tags").await?;
            repo.delete_all(posts).await?;
            repo.delete(records[0].clone()).await.map_err(RepoError::from).map(|_: Record| ())
        })
        .await?;
        let again = repo.reload_all(&records).await?;
        assert_eq!(again, [None, Some(records[1].clone())]);
        Ok::<_, RepoError>(())
    })
    .unwrap();
}
