//! Constraints that only PostgreSQL has.

use crate::blog::Place;
use ectomorph::adapter::System;
use ectomorph::adapters::postgres::Postgres;
use ectomorph::migration::{Migration, Migrator, Target, constraint};
use ectomorph::repo::{Repo, WriteError};
use ectomorph::value::Map;
use ectomorph::{Rules, Schema};
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq, Schema)]
#[schema(source = "stays")]
struct Stay {
    id: Option<i64>,
    first: Option<i64>,
    last: Option<i64>,
}

#[tokio::test]
async fn rows_that_exclude_each_other_are_errors_of_fields() {
    let Some(url) = Postgres::fresh().await else { return };
    let adapter = Arc::new(Postgres::connect(url).await.unwrap());
    let migration = Migration::new(1, "create_stays").change(|m| {
        m.create("stays", |t| t.add("first", "integer").add("last", "integer"));
        let excluded = "gist (int4range(\"first\", \"last\") WITH &&)";
        m.create_constraint(constraint("stays", "stays_do_not_overlap").exclude(excluded));
    });
    Migrator::new(adapter.clone(), Arc::new(System), [migration]).migrate(Target::All).await.unwrap();
    let repo = Repo::new(adapter);
    let options = ectomorph::rules::ConstraintOptions::new().name("stays_do_not_overlap");
    let rules = Rules::cast([Stay::first, Stay::last]).exclusion_constraint_with(Stay::first, options);
    let stay =
        |first: i64, last: i64| rules.apply(Stay::default(), &Map::from([("first", first), ("last", last)]));
    repo.insert(stay(1, 5)).await.unwrap();
    repo.insert(stay(5, 9)).await.unwrap();
    let Err(WriteError::Invalid(changeset)) = repo.insert(stay(4, 6)).await else { panic!("they overlap") };
    let error = &changeset.errors[0];
    assert_eq!((error.field.as_str(), error.message.as_str()), ("first", "violates an exclusion constraint"));
    assert_eq!(repo.count("stays").await.unwrap(), 2);
}
