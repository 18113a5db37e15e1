//! The schemas of the vectors. They refer to each other, so they live as long as the program.

use super::text;
use ectomorph::query::Schemas;
use ectomorph::rules::{NoValidators, read_steps};
use ectomorph::schema::{
    Autogenerate, Cardinality, Field, JoinThrough, OnDelete, OnReplace, Related, Relation, RelationKind,
    Schema,
};
use ectomorph::types::{Enum, Type};
use ectomorph::value::{Map, Str, Value};
use serde_json::Value as Json;
use std::path::Path;
use std::sync::{Arc, OnceLock};

static SCHEMAS: OnceLock<Schemas> = OnceLock::new();

/// The schema of that name.
pub fn get(name: &str) -> Arc<Schema> {
    let schemas = SCHEMAS.get().expect("schemas are loaded");
    schemas.get(name).unwrap_or_else(|| panic!("there is no schema {name}")).clone()
}

/// All of them.
pub fn all() -> Schemas {
    SCHEMAS.get().expect("schemas are loaded").clone()
}

/// A schema that is found when first asked for.
fn related(name: &str) -> Related {
    macro_rules! find {
        ($($name:literal)*) => {
            match name {
                $($name => Related::Lazy(|| get($name)),)*
                other => panic!("{other} is no schema of the vectors"),
            }
        };
    }
    find! {
        "User" "Profile" "Post" "Comment" "Tag" "PostTag" "Category" "Product" "Order" "LineItem" "Address"
    }
}

/// Reads the schemas, once.
pub fn load(path: &Path) {
    SCHEMAS.get_or_init(|| {
        let file =
            std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let list: Vec<Json> = serde_json::from_str(&file).expect("schemas are a list");
        // The order of a map is that of the file here, as the order of fields is.
        list.iter().map(schema).collect()
    });
}

fn word<'a>(json: &'a Json, key: &str) -> &'a str {
    json[key].as_str().unwrap_or_else(|| panic!("{key} is missing in {json}"))
}

fn schema(json: &Json) -> Arc<Schema> {
    let name = word(json, "name");
    let mut builder = match json["source"].as_str() {
        Some(source) => Schema::build(name, source),
        None => Schema::embedded(name),
    };
    builder = builder.without_primary_key();
    let keys: Vec<&str> =
        json["primary_key"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    let generated = json["autogenerate_id"].get(0).and_then(Json::as_str);
    for field in json["fields"].as_array().into_iter().flatten() {
        let field_name = field[0].as_str().expect("a field has a name");
        if field[1]["parameterized"] == "Ecto.Embedded" {
            let params = &field[1]["params"];
            let kind = match params["cardinality"].as_str() {
                Some("many") => RelationKind::EmbedsMany,
                _ => RelationKind::EmbedsOne { defaults_to_struct: false },
            };
            let relation = Relation::new(field_name, kind, related(word(params, "related")));
            builder = builder.relation(relation.on_replace(on_replace(params)));
            continue;
        }
        let kind = kind(&field[1]);
        let mut made = Field::new(field_name, kind).default(text::value(&field[2]));
        if keys.contains(&field_name) {
            made = made.primary_key();
        }
        made.autogenerate = match field_name {
            key if generated == Some(key) => Some(Autogenerate::Id),
            "inserted_at" => Some(Autogenerate::InsertedAt),
            "updated_at" => Some(Autogenerate::UpdatedAt),
            _ => None,
        };
        builder = builder.field(made);
    }
    for association in json["associations"].as_array().into_iter().flatten() {
        builder = match word(association, "kind") {
            "HasThrough" => {
                let path = association["through"].as_array().into_iter().flatten().filter_map(Json::as_str);
                builder.through(word(association, "name"), cardinality(association), path)
            }
            kind => builder.relation(relation(association, kind)),
        };
    }
    builder.changeset(changeset(name, json)).finish().expect("the schemas of the vectors are sound")
}

fn cardinality(json: &Json) -> Cardinality {
    if json["cardinality"] == "one" { Cardinality::One } else { Cardinality::Many }
}

fn on_replace(json: &Json) -> OnReplace {
    let word = json["on_replace"].as_str().unwrap_or("raise");
    OnReplace::ALL.into_iter().find(|choice| choice.name() == word).expect("an on_replace")
}

fn relation(json: &Json, kind: &str) -> Relation {
    let many = cardinality(json) == Cardinality::Many;
    let pair = |at: usize| -> (Str, Str) {
        let pair = &json["join_keys"][at];
        (pair[0].as_str().expect("a column").into(), pair[1].as_str().expect("a key").into())
    };
    let kind = match kind {
        "BelongsTo" => RelationKind::BelongsTo,
        "Has" if many => RelationKind::HasMany,
        "Has" => RelationKind::HasOne,
        "ManyToMany" => RelationKind::ManyToMany(JoinThrough {
            source: word(json, "join_through").into(),
            owner_key: pair(0),
            related_key: pair(1),
            unique: false,
            defaults: Map::new(),
        }),
        other => panic!("{other} is no kind of association"),
    };
    let (ours, theirs) = match &kind {
        RelationKind::ManyToMany(join) => (join.owner_key.1.clone(), join.related_key.1.clone()),
        _ => (word(json, "owner_key").into(), word(json, "related_key").into()),
    };
    let mut relation = Relation::new(word(json, "name"), kind, related(word(json, "related")))
        .keys(ours, theirs)
        .on_replace(on_replace(json));
    let on_delete = json["on_delete"].as_str().unwrap_or("nothing");
    relation.on_delete =
        OnDelete::ALL.into_iter().find(|choice| choice.name() == on_delete).expect("an on_delete");
    for condition in json["where"].as_array().into_iter().flatten() {
        relation.filters.insert(condition[0].as_str().expect("a field"), text::value(&condition[1]));
    }
    for order in json["preload_order"].as_array().into_iter().flatten() {
        let entry = match order {
            Json::String(field) => (field.as_str().into(), false),
            pair => (pair[1].as_str().expect("a field").into(), pair[0] == "desc"),
        };
        relation.preload_order.push(entry);
    }
    relation
}

fn kind(json: &Json) -> Type {
    match json {
        Json::String(name) if name == "Ecto.UUID" => Type::Uuid,
        Json::Object(object) if object.contains_key("parameterized") => {
            let values = json["params"]["values"].as_array().expect("an enum has values");
            let member = |pair: &Json| (pair[0].as_str().expect("a name").to_owned(), text::value(&pair[1]));
            Type::Enum(Arc::new(Enum::with_stored(values.iter().map(member)).expect("an enum")))
        }
        Json::Object(object) if object.contains_key("array") => Type::Array(Box::new(kind(&json["array"]))),
        other => Type::from_notation(&text::value(other)).expect("a type"),
    }
}

/// The steps of children: all fields are cast; some are required, some constraints declared.
fn changeset(name: &str, json: &Json) -> Arc<[ectomorph::rules::Step]> {
    let fields = json["fields"].as_array().into_iter().flatten().filter_map(|field| field[0].as_str());
    let mut steps = vec![Value::List(vec![
        "cast".into(),
        Value::List(fields.filter(|field| *field != "id").map(Value::from).collect()),
    ])];
    let mut require = |field: &str| {
        steps.push(Value::List(vec!["validate_required".into(), [field].into()]));
    };
    match name {
        "Comment" => require("body"),
        "Tag" => {
            require("name");
            steps.push(["unique_constraint", "name"].into());
        }
        "Address" => require("city"),
        "LineItem" => {
            require("quantity");
            steps.push(Value::List(vec![
                "check_constraint".into(),
                "quantity".into(),
                Map::from([("name", "quantity_positive")]).into(),
            ]));
        }
        _ => {}
    }
    read_steps(&Value::List(steps), &NoValidators).expect("the steps of children are sound")
}
