//! Ids of sixteen bytes: text in records, bytes in columns, whatever a schema calls them.

use crate::blog::{Still, wait};
use ectomorph::Changeset;
use ectomorph::adapters::glue::Glue;
use ectomorph::query::Schemas;
use ectomorph::repo::{Queryable, Repo};
use ectomorph::schema::{Autogenerate, Field, Record, Schema};
use ectomorph::store::{Column, Database, Ddl, Definition, Index, Kind};
use ectomorph::types::Type;
use ectomorph::value::{Map, Value};
use std::sync::Arc;

const GIVEN: &str = "601d74e4-a8d3-4b6e-8365-eddb4c893327";

#[test]
fn a_binary_id_and_a_uuid_are_kept_in_the_same_columns() {
    for (id, other) in [(Type::BinaryId, Type::Uuid), (Type::Uuid, Type::BinaryId)] {
        let keys = Schema::build("Key", "keys")
            .field(Field::new("id", id).primary_key().autogenerate(Autogenerate::Uuid))
            .field(Field::new("other", other))
            .finish()
            .unwrap();
        let table = Definition::new("keys")
            .column(Column::new("id", Kind::Uuid).not_null())
            .column(Column::new("other", Kind::Uuid))
            .primary_key(["id"])
            .index(Index::new("keys_other_index", ["other"]).unique());
        let mut database = Database::new();
        database.define(Ddl::CreateTable(table)).unwrap();
        let glue = Glue::new(database, Arc::new(Still::default()));
        let repo = Repo::with(Arc::new(glue.clone()), Arc::new(Still::default()), Schemas::new());

        let changeset =
            || Changeset::change(Record::new(&keys).with("other", GIVEN)).unique_constraint("other");
        let inserted = wait(repo.insert(changeset())).unwrap();
        let id = inserted.value("id").clone();
        assert_eq!((id.as_str().map(str::len), inserted.value("other")), (Some(36), &GIVEN.into()));
        let row = glue.with_database(|database| {
            database.table_named(&"keys".into()).unwrap().rows().next().unwrap().1.to_vec()
        });
        assert!(
            row.iter().all(|value| matches!(value, Value::Binary(bytes) if bytes.len() == 16)),
            "{row:?}"
        );
        let read = wait(repo.get_record(&keys, id)).unwrap().unwrap();
        assert_eq!(read.value("other"), &GIVEN.into());
        let found: Vec<Arc<Record>> =
            wait(repo.all_by((&keys).to_query(), Map::from([("other", GIVEN)]))).unwrap();
        assert_eq!(found.len(), 1);
        assert!(wait(repo.insert(changeset())).is_err(), "the same id twice");
    }
}
