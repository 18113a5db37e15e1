//! The schemas that the vectors are about.

use ectomorph::params::{Limits, from_json};
use ectomorph::query::Schemas;
use ectomorph::schema::{
    Cardinality, Field, JoinThrough, Related, Relation, RelationKind, Schema, SchemaBuilder,
};
use ectomorph::types::{Enum, Type};
use ectomorph::value::{Map, Str, Value};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// All of them.
pub fn schemas() -> &'static Schemas {
    static ALL: OnceLock<Schemas> = OnceLock::new();
    ALL.get_or_init(|| {
        let Value::List(list) = json(&directory().join("schemas.json")) else { panic!("no list of schemas") };
        list.iter().map(|schema| read(schema.as_map().unwrap())).collect()
    })
}

/// The schema of that name.
pub fn schema(name: &str) -> Arc<Schema> {
    schemas().get(name).unwrap().clone()
}

pub fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/query")
}

pub fn json(path: &Path) -> Value {
    let limits = Limits { bytes: usize::MAX, depth: 128, entries: usize::MAX };
    from_json(std::fs::read(path).unwrap(), &limits).unwrap()
}

/// Schemas refer to each other, so each is found when it is asked for.
macro_rules! related {
    ($($name:ident)*) => {
        fn related(name: &str) -> Related {
            match name {
                $(stringify!($name) => Related::Lazy(|| schema(stringify!($name))),)*
                other => panic!("no schema {other}"),
            }
        }
    };
}

related! { User Profile Post Comment Tag PostTag Category Product Order LineItem Address }

fn text(map: &Map, key: &str) -> Str {
    map.get(key).and_then(Value::as_str).unwrap_or_default().into()
}

fn list<'a>(map: &'a Map, key: &str) -> &'a [Value] {
    map.get(key).and_then(Value::as_list).unwrap_or_default()
}

fn strings(list: &[Value]) -> Vec<Str> {
    list.iter().map(|value| value.as_str().unwrap().into()).collect()
}

fn read(map: &Map) -> Arc<Schema> {
    let source = text(map, "source");
    let builder = match source.is_empty() {
        true => Schema::embedded(text(map, "name")),
        false => Schema::build(text(map, "name"), source),
    };
    let mut builder = match list(map, "primary_key") {
        [] => builder.without_primary_key(),
        key => builder.primary_key(strings(key)),
    };
    for field in list(map, "fields") {
        let [name, kind, default] = field.as_list().unwrap() else { panic!("no field") };
        let name = name.as_str().unwrap();
        builder = match embed(kind) {
            Some(embedded) => builder.embeds_one(name, related(&embedded)),
            None => builder.field(Field::new(name, read_type(kind)).default(plain(default))),
        };
    }
    for association in list(map, "associations") {
        builder = associate(builder, association.as_map().unwrap());
    }
    builder.finish().unwrap()
}

fn associate(builder: SchemaBuilder, map: &Map) -> SchemaBuilder {
    let name = text(map, "name");
    let cardinality = match text(map, "cardinality").as_str() {
        "many" => Cardinality::Many,
        _ => Cardinality::One,
    };
    let pair = |at: usize| {
        let pair = strings(list(map, "join_keys")[at].as_list().unwrap());
        (pair[0].clone(), pair[1].clone())
    };
    let kind = match (text(map, "kind").as_str(), cardinality) {
        ("HasThrough", cardinality) => {
            return builder.through(name, cardinality, strings(list(map, "through")));
        }
        ("ManyToMany", _) => {
            let join = JoinThrough {
                source: text(map, "join_through"),
                owner_key: pair(0),
                related_key: pair(1),
                unique: false,
                defaults: Map::new(),
            };
            return builder.many_to_many(name, related(&text(map, "related")), join);
        }
        ("BelongsTo", _) => RelationKind::BelongsTo,
        (_, Cardinality::One) => RelationKind::HasOne,
        _ => RelationKind::HasMany,
    };
    let mut relation = Relation::new(name, kind, related(&text(map, "related")))
        .keys(text(map, "owner_key"), text(map, "related_key"));
    relation.filters = list(map, "where")
        .iter()
        .map(|pair| {
            (pair.as_list().unwrap()[0].as_str().unwrap().to_owned(), pair.as_list().unwrap()[1].clone())
        })
        .collect();
    relation.preload_order = list(map, "preload_order")
        .iter()
        .map(|pair| (pair.as_list().unwrap()[1].as_str().unwrap().into(), false))
        .collect();
    builder.relation(relation)
}

fn embed(kind: &Value) -> Option<Str> {
    let params = kind.as_map()?.get("params")?.as_map()?;
    params.get("related").and_then(Value::as_str).map(Str::from)
}

fn read_type(kind: &Value) -> Type {
    match kind {
        Value::String(name) if name == "Ecto.UUID" => Type::Uuid,
        Value::Map(map) if map.contains_key("parameterized") => {
            let values = list(map.get("params").and_then(Value::as_map).unwrap(), "values");
            let names = values.iter().map(|pair| pair.as_list().unwrap()[0].as_str().unwrap().to_owned());
            Type::Enum(Arc::new(Enum::new(names).unwrap()))
        }
        kind => Type::from_notation(kind).unwrap(),
    }
}

/// A value of the vectors, with names of Elixir as text and tagged values decoded.
pub fn plain(value: &Value) -> Value {
    ectomorph::value::notation::decode(without_atoms(value)).unwrap()
}

fn without_atoms(value: &Value) -> Value {
    match value {
        Value::Map(map) => match (map.get("$atom"), map.contains_key("$function")) {
            (Some(name), _) => name.clone(),
            // No document holds a function; as a key without `$` it is refused like any other.
            (_, true) => Map::from([("function", true)]).into(),
            _ => Value::Map(map.iter().map(|(key, value)| (key.clone(), without_atoms(value))).collect()),
        },
        Value::List(list) => Value::List(list.iter().map(without_atoms).collect()),
        value => value.clone(),
    }
}
