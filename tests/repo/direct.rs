//! The short way to one row: what it does, and that it leaves everything alone where it does not lead on.

use crate::blog::{Still, wait};
use ectomorph::adapters::glue::{Direct, Glue};
use ectomorph::query::Schemas;
use ectomorph::repo::Repo;
use ectomorph::schema::{Autogenerate, Field, Schema};
use ectomorph::store::{Column, Database, Ddl, Definition, Index, Kind};
use ectomorph::types::Type;
use ectomorph::value::Value;
use std::sync::Arc;

fn tags(more: impl FnOnce(Field) -> Field) -> Arc<Schema> {
    Schema::build("Tag", "tags")
        .field(Field::new("id", Type::Id).primary_key().autogenerate(Autogenerate::Id))
        .field(more(Field::new("name", Type::String)))
        .field(Field::new("uses", Type::Integer))
        .finish()
        .unwrap()
}

fn opened() -> (Glue, Arc<Schema>, Direct) {
    let table = Definition::new("tags")
        .column(Column::new("id", Kind::Integer(64)).sequence())
        .column(Column::new("uses", Kind::Integer(32)).default(1))
        .column(Column::new("name", Kind::Text(Some(10))).not_null())
        .primary_key(["id"])
        .index(Index::new("tags_name_index", ["name"]).unique());
    let mut database = Database::new();
    database.define(Ddl::CreateTable(table)).unwrap();
    let glue = Glue::new(database, Arc::new(Still::default()));
    let schema = tags(|field| field);
    let direct = glue.direct(&schema).unwrap();
    (glue, schema, direct)
}

fn row(glue: &Glue, direct: &Direct, id: i64) -> Option<Vec<Value>> {
    let mut values = Vec::new();
    let found = glue.get_direct(direct, id.into(), &mut |value| values.extend(value.cloned()));
    found.unwrap().then_some(values)
}

#[test]
fn a_row_is_inserted_updated_and_read_by_the_places_of_fields() {
    let (glue, _, direct) = opened();
    let (key, generated) = glue.insert_direct(&direct, vec![(1, "rust".into())]).unwrap();
    assert_eq!((key, generated), (1.into(), vec![]));
    assert_eq!(row(&glue, &direct, 1), Some(vec![1.into(), "rust".into(), 1.into()]));
    assert_eq!(glue.update_direct(&direct, 1.into(), vec![(2, 7.into())]), Some(vec![]));
    assert_eq!(row(&glue, &direct, 1), Some(vec![1.into(), "rust".into(), 7.into()]));
    assert_eq!(row(&glue, &direct, 2), None);
}

#[test]
fn what_fails_leaves_no_trace_not_even_in_a_sequence() {
    let (glue, _, direct) = opened();
    glue.insert_direct(&direct, vec![(1, "rust".into())]).unwrap();
    let refused: [&[(usize, Value)]; 4] = [
        &[(1, "rust".into())],
        &[(2, 1.into())],
        &[(1, "much too long".into())],
        &[(1, "ecto".into()), (2, (1_i64 << 40).into())],
    ];
    for values in refused {
        assert_eq!(glue.insert_direct(&direct, values.to_vec()), None, "{values:?}");
    }
    assert_eq!(glue.insert_direct(&direct, vec![(1, "ecto".into())]).unwrap().0, 2.into());
    assert_eq!(glue.update_direct(&direct, 2.into(), vec![(2, 5.into()), (1, "rust".into())]), None);
    assert_eq!(glue.update_direct(&direct, 3.into(), vec![(2, 5.into())]), None, "no such row");
    assert_eq!(row(&glue, &direct, 2), Some(vec![2.into(), "ecto".into(), 1.into()]));
}

#[test]
fn while_a_transaction_is_open_or_when_definitions_changed_nothing_is_done() {
    let (glue, schema, direct) = opened();
    let repo = Repo::with(Arc::new(glue.clone()), Arc::new(Still::default()), Schemas::new());
    let transaction = wait(repo.begin()).unwrap();
    assert_eq!(glue.insert_direct(&direct, vec![(1, "rust".into())]), None);
    assert_eq!(glue.get_direct(&direct, 1.into(), &mut |_| panic!("no row")), None);
    wait(transaction.commit()).unwrap();
    assert!(glue.insert_direct(&direct, vec![(1, "rust".into())]).is_some());

    let renamed = Ddl::CreateTable(Definition::new("others").column(Column::new("id", Kind::Integer(64))));
    glue.with_database(|database| database.define(renamed)).unwrap();
    assert!(!glue.is_current(&direct));
    assert_eq!(glue.update_direct(&direct, 1.into(), vec![(2, 5.into())]), None);
    let anew = glue.direct(&schema).unwrap();
    assert_eq!(glue.update_direct(&anew, 1.into(), vec![(2, 5.into())]), Some(vec![]));
}

#[test]
fn times_are_generated_where_none_are_given() {
    let table = Definition::new("tags")
        .column(Column::new("id", Kind::Integer(64)).sequence())
        .column(Column::new("inserted_at", Kind::NaiveDatetime(0)))
        .column(Column::new("updated_at", Kind::NaiveDatetime(0)))
        .primary_key(["id"]);
    let mut database = Database::new();
    database.define(Ddl::CreateTable(table)).unwrap();
    let glue = Glue::new(database, Arc::new(Still::default()));
    let schema = Schema::build("Tag", "tags")
        .field(Field::new("id", Type::Id).primary_key().autogenerate(Autogenerate::Id))
        .field(Field::new("inserted_at", Type::NaiveDatetime).autogenerate(Autogenerate::InsertedAt))
        .field(Field::new("updated_at", Type::NaiveDatetime).autogenerate(Autogenerate::UpdatedAt))
        .finish()
        .unwrap();
    let direct = glue.direct(&schema).unwrap();
    let (_, generated) = glue.insert_direct(&direct, vec![]).unwrap();
    assert_eq!(generated.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(generated[0].1, generated[1].1);
    let given = vec![(1, generated[0].1.clone())];
    let (_, generated) = glue.insert_direct(&direct, given.clone()).unwrap();
    assert_eq!(generated.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [2]);
    let updated = glue.update_direct(&direct, 1.into(), given).unwrap();
    assert_eq!(updated, generated);
}

#[test]
fn there_is_no_short_way_to_what_is_more_than_a_row() {
    let (glue, ..) = opened();
    assert!(glue.direct(&tags(Field::virtual_field)).is_none());
    assert!(glue.direct(&tags(|field| field.source("title"))).is_none(), "no such column");
    let unknown =
        Schema::build("Tag", "labels").field(Field::new("id", Type::Id).primary_key()).finish().unwrap();
    assert!(glue.direct(&unknown).is_none());
    let name = Field::new("name", Type::String).primary_key();
    let id = Field::new("id", Type::Id).primary_key();
    let by_two_keys = Schema::build("Tag", "tags").field(id).field(name.clone()).finish().unwrap();
    assert!(glue.direct(&by_two_keys).is_none());
    let by_name = Schema::build("Tag", "tags").field(name).finish().unwrap();
    assert!(glue.direct(&by_name).is_none(), "that is not the key of the table");
}
