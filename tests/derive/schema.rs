//! Schemas of structs, and structs as records.

use crate::blog::*;
use ectomorph::schema::{
    Assoc, Autogenerate, Cardinality, Field, FieldKind, FieldValue, HasSchema, Record, RecordState,
    RelationKind, Schema, Slot, write_schema,
};
use ectomorph::types::{Enum, Type};
use ectomorph::value::{Decimal, Map, NaiveDatetime, Str, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

fn names(schema: &Schema) -> Vec<&str> {
    schema.fields().iter().map(|field| field.name.as_str()).collect()
}

fn field<'a>(schema: &'a Schema, name: &str) -> &'a Field {
    schema.field(name).unwrap_or_else(|| panic!("no field {name}"))
}

#[test]
fn a_schema_has_the_fields_of_the_struct_then_missing_timestamps_then_relations() {
    assert_eq!(
        names(&User::schema()),
        [
            "id",
            "name",
            "email",
            "bio",
            "number_of_pets",
            "password",
            "inserted_at",
            "updated_at",
            "posts",
            "profile",
            "english_posts",
            "comments_received",
            "address"
        ]
    );
    assert!(Arc::ptr_eq(&User::schema(), &User::schema()));
}

#[test]
fn a_struct_without_a_name_of_its_own_gives_it_to_the_schema() {
    assert_eq!(User::schema().name(), "User");
    assert_eq!(User::schema().source(), Some(&Str::from("users")));
    assert_eq!(Comment::schema().name(), "Remark");
    assert!(Address::schema().is_embedded());
}

#[test]
fn rust_types_become_types_of_fields() {
    let post = Post::schema();
    let status = Enum::new(["draft", "in_review", "published"]).unwrap();
    let expected = [
        ("id", Type::Id),
        ("title", Type::String),
        ("status", Type::Enum(Arc::new(status))),
        ("price", Type::Decimal),
        ("tags", Type::Array(Box::new(Type::String))),
        ("votes", Type::MapOf(Box::new(Type::Integer))),
        ("seen_at", Type::NaiveDatetimeUsec),
        ("author_id", Type::Id),
        ("inserted_at", Type::UtcDatetimeUsec),
    ];
    for (name, kind) in expected {
        assert_eq!(post.field_type(name), Some(&kind), "{name}");
    }
    assert_eq!(Vec::<u8>::field_type(), Type::Binary);
    assert_eq!(post.position("cached"), None);
}

#[test]
fn options_of_fields_reach_the_schema() {
    let user = User::schema();
    assert_eq!(field(&user, "email").column(), "e_mail");
    assert!(field(&user, "password").is_virtual && field(&user, "password").redact);
    assert_eq!(field(&user, "number_of_pets").default, Value::from(1));
    assert_eq!(field(&user, "updated_at").autogenerate, Some(Autogenerate::UpdatedAt));
    assert_eq!(field(&Post::schema(), "status").default, Value::from("draft"));
    assert_eq!(Topic::r#type.as_str(), "type");
    assert!(Topic::schema().position("type").is_some());
}

#[test]
fn keys_are_generated_as_their_type_wants_it() {
    let key = |schema: Arc<Schema>| {
        let at = schema.primary_key()[0];
        (schema.fields()[at].value_type().cloned(), schema.fields()[at].autogenerate)
    };
    assert_eq!(key(User::schema()), (Some(Type::Id), Some(Autogenerate::Id)));
    assert_eq!(key(Comment::schema()), (Some(Type::Uuid), Some(Autogenerate::Uuid)));
    assert_eq!(key(Link::schema()), (Some(Type::BinaryId), Some(Autogenerate::Uuid)));
    assert!(Address::schema().primary_key().is_empty());
}

#[test]
fn a_derived_schema_is_the_one_made_by_hand() {
    let link = Schema::embedded("Link").field(Field::new("url", Type::String)).finish().unwrap();
    assert_eq!(write_schema(&Link::schema()), write_schema(&link));
}

#[test]
fn relations_have_the_keys_that_ecto_would_choose() {
    let keys = |schema: Arc<Schema>, name: &str| {
        let relation = schema.relation(name).unwrap_or_else(|| panic!("no relation {name}"));
        format!("{} {}->{}", relation.kind_name(), relation.owner_key, relation.related_key)
    };
    assert_eq!(keys(User::schema(), "posts"), "has_many id->user_id");
    assert_eq!(keys(User::schema(), "profile"), "has_one id->user_id");
    assert_eq!(keys(Post::schema(), "author"), "belongs_to author_id->id");
    assert_eq!(keys(Post::schema(), "topics"), "many_to_many id->id");
    assert!(Arc::ptr_eq(&Post::schema().relation("author").unwrap().related.schema(), &User::schema()));
}

#[test]
fn a_relation_filters_orders_and_fills_what_it_is_told_to() {
    let schema = User::schema();
    let english = schema.relation("english_posts").unwrap();
    assert_eq!(english.filters, Map::from([("language", Value::from("en")), ("votes", Value::from(-1))]));
    assert_eq!(english.preload_order, [("votes".into(), true), ("title".into(), false)]);
    let schema = Post::schema();
    let topics = schema.relation("topics").unwrap();
    assert_eq!(topics.defaults, Map::from([("type", "theme")]));
    let RelationKind::ManyToMany(join) = &topics.kind else { panic!("{topics:?}") };
    assert_eq!(join.defaults, Map::from([("weight", 1)]));
}

#[test]
fn an_association_may_lead_through_others() {
    let schema = User::schema();
    let FieldKind::Through { path, cardinality } = &schema.field("comments_received").unwrap().kind else {
        panic!("no association through others");
    };
    assert_eq!(
        (path.as_slice(), *cardinality),
        (&["posts".into(), "comments".into()][..], Cardinality::Many)
    );
    assert!(!User::default().comments_received.is_loaded());
}

#[test]
fn default_is_the_new_record_of_the_schema() {
    assert_eq!(Post::default().status, Status::Draft);
    assert_eq!(Post::default().language, "en");
    assert_eq!(User::default().number_of_pets, Some(1));
    assert_eq!(User::default().posts, Assoc::NotLoaded);
    assert_eq!(User::default().to_record(), Record::new(&User::schema()));
    assert_eq!(User::from_record(&Record::new(&User::schema())), Ok(User::default()));
}

#[test]
fn a_struct_becomes_a_record_and_back() {
    let post = Post {
        id: Some(3),
        title: "On engines".into(),
        status: Status::InReview,
        language: "fr".into(),
        price: Decimal::parse("12.50"),
        tags: vec!["maths".into(), "looms".into()],
        votes: BTreeMap::from([("ada".into(), 5), ("charles".into(), -1)]),
        seen_at: NaiveDatetime::from_iso("1843-09-01T10:20:30.000001"),
        author_id: Some(1),
        author: Assoc::from(User { name: Some("Ada".into()), ..User::default() }),
        comments: Assoc::from(vec![Comment { body: "Bravo".into(), likes: 2, ..Comment::default() }]),
        topics: Assoc::NotLoaded,
        links: vec![Link { id: None, url: "https://example.com".into() }],
        cached: 0,
    };
    let record = post.to_record();
    assert_eq!(record.state, RecordState::Loaded);
    assert_eq!(record.value("status"), &Value::from("in_review"));
    assert_eq!(record.get("topics"), Some(&Slot::NotLoaded));
    assert_eq!(Post::from_record(&record), Ok(post));
}

#[test]
fn null_is_none_or_the_default() {
    let record = Record::new(&Post::schema()).with("title", Value::Null).with("language", Value::Null);
    let post = Post::from_record(&record).unwrap();
    assert_eq!((post.title.as_str(), post.language.as_str(), post.price), ("", "en", None));
}

#[test]
fn a_value_that_does_not_fit_is_a_mistake_that_names_the_field() {
    let record = Record::new(&User::schema()).with("number_of_pets", 5_000_000_000_i64);
    let mistake = User::from_record(&record).unwrap_err();
    assert_eq!(
        mistake.text(),
        "User: the value of `number_of_pets` does not fit its Rust type, it is an integer"
    );
}

#[test]
fn a_record_of_another_schema_is_refused() {
    let mistake = User::from_record(&Record::new(&Topic::schema())).unwrap_err();
    assert_eq!(mistake.text(), "a record of `Topic` is no `User`");
}

#[test]
fn loaded_none_is_not_the_same_as_not_loaded() {
    let profile = Profile { user: Assoc::from(None), ..Profile::default() };
    let back = Profile::from_record(&profile.to_record()).unwrap();
    assert_eq!(back.user.loaded(), Some(&None));
    assert!(!Profile::from_record(&Profile::default().to_record()).unwrap().user.is_loaded());
}

#[test]
fn members_of_an_enum_are_stored_as_their_values() {
    let stored = Priority::field_type().dump(&Priority::High.into());
    assert_eq!(stored, Ok(Value::from(5)));
    let cast = Priority::field_type().cast(&Value::from(1)).unwrap();
    assert_eq!(Priority::from_value(&cast), Some(Priority::Low));
    assert_eq!(Priority::from_value(&"middling".into()), None);
}
