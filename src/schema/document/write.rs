//! Writing schemas.

use super::MAX_DEPTH;
use crate::mistake::Mistake;
use crate::rules::{Step, mentioned, write_steps};
use crate::schema::{
    Autogenerate, Cardinality, Field, FieldKind, OnDelete, OnReplace, Relation, RelationKind, Schema,
    Storage, Writable,
};
use crate::types::Type;
use crate::value::{Map, Str, Value};
use alloc::vec::Vec;

/// Writes a schema as [`read_schema`](super::read_schema) reads it, with the schemas of its relations inside: one that has
/// associations itself is written once, and named where it comes again, so that they may lead in a circle.
///
/// # Errors
///
/// A [`Mistake`] if two schemas have one name, of which a relation would have to say which is meant; if embeds lead in a
/// circle; or if a default changeset holds a closure.
pub fn write_schema(schema: &Schema) -> Result<Value, Mistake> {
    Writer::default().schema(schema, None)
}

/// The same, without the associations that neither `steps` nor the default changesets on the way to them speak of.
///
/// # Errors
///
/// As [`write_schema`].
pub(crate) fn write_schema_for(schema: &Schema, steps: &[Step]) -> Result<Value, Mistake> {
    let mut names = Vec::new();
    mentioned(steps, &mut names);
    Writer::default().schema(schema, Some(&names))
}

/// The same, without default changesets, which may hold closures.
#[cfg(all(target_arch = "wasm32", feature = "export"))]
pub(crate) fn write_bare_schema(schema: &Schema) -> Result<Value, Mistake> {
    Writer { bare: true, ..Writer::default() }.schema(schema, None)
}

#[derive(Default)]
struct Writer {
    depth: usize,
    /// Whether default changesets are left out.
    bare: bool,
    /// The schemas that are written, or being written: their names, and where they are.
    written: Vec<(Str, *const Schema)>,
}

impl Writer {
    /// Of associations, only those among `wanted`, if that is given.
    fn schema(&mut self, schema: &Schema, wanted: Option<&[Str]>) -> Result<Value, Mistake> {
        if self.depth > MAX_DEPTH {
            return Err(
                Mistake::new("its embeds lead in a circle, which a document can't hold").at(schema.name())
            );
        }
        self.written.push((schema.name().clone(), schema));
        let mut names: Vec<Str> = wanted.unwrap_or_default().to_vec();
        mentioned(schema.changeset().map_or(&[], |steps| steps), &mut names);
        let wanted = wanted.map(|_| names.as_slice());
        let is_wanted = |name: &Str| wanted.is_none_or(|wanted| wanted.contains(name));
        let mut document = Map::new();
        document.insert("name", schema.name());
        match schema.storage() {
            Storage::Table { source, prefix } => {
                document.insert("source", source);
                if let Some(prefix) = prefix {
                    document.insert("prefix", prefix);
                }
            }
            Storage::Embedded => {
                document.insert("embedded", true);
            }
            Storage::Schemaless => {
                document.insert("schemaless", true);
            }
        }
        let listed = write_primary_key(schema, &mut document);
        let foreign_keys: Vec<&Str> = schema
            .relations()
            .filter(|relation| matches!(relation.kind, RelationKind::BelongsTo) && is_wanted(&relation.field))
            .map(|relation| &relation.owner_key)
            .collect();
        for field in schema.fields() {
            let implied = foreign_keys.contains(&&field.name) && is_plain_key(field);
            match &field.kind {
                FieldKind::Value(kind) if !implied && (listed || !field.primary_key) => {
                    write_field(&mut document, field, kind);
                }
                FieldKind::Value(_) => {}
                FieldKind::Relation(relation) if !relation.is_embed() && !is_wanted(&field.name) => {}
                FieldKind::Through { .. } if !is_wanted(&field.name) => {}
                FieldKind::Relation(relation) => {
                    let written =
                        self.relation(relation, wanted).map_err(|mistake| mistake.at(schema.name()))?;
                    entry(&mut document, relation.kind_name(), &field.name, written);
                }
                FieldKind::Through { path, cardinality } => {
                    let mut through = Map::new();
                    through.insert("path", Value::List(path.iter().map(Value::from).collect()));
                    if *cardinality == Cardinality::One {
                        through.insert("cardinality", "one");
                    }
                    entry(&mut document, "through", &field.name, Value::Map(through));
                }
            }
        }
        if let Some(steps) = schema.changeset().filter(|_| !self.bare) {
            let steps = write_steps(steps).map_err(|mistake| mistake.at(schema.name()))?;
            document.insert("changeset", steps);
        }
        Ok(Value::Map(document))
    }

    fn relation(&mut self, relation: &Relation, wanted: Option<&[Str]>) -> Result<Value, Mistake> {
        let mut map = Map::new();
        map.set("schema", self.related(&relation.related.schema(), wanted)?);
        let (foreign_key, references) = match &relation.kind {
            RelationKind::HasOne | RelationKind::HasMany => {
                (Some(&relation.related_key), Some(&relation.owner_key))
            }
            RelationKind::BelongsTo => (Some(&relation.owner_key), Some(&relation.related_key)),
            _ => (None, None),
        };
        if let Some(key) = foreign_key {
            map.set("foreign_key", key);
        }
        if let Some(key) = references.filter(|key| **key != *"id") {
            map.set("references", key);
        }
        if relation.on_replace != OnReplace::Raise {
            map.set("on_replace", relation.on_replace.name());
        }
        if relation.on_delete != OnDelete::Nothing {
            map.set("on_delete", relation.on_delete.name());
        }
        for (key, values) in [("defaults", &relation.defaults), ("where", &relation.filters)] {
            if !values.is_empty() {
                map.insert(key, values.clone());
            }
        }
        if !relation.preload_order.is_empty() {
            let order = relation.preload_order.iter().map(|(field, descending)| {
                if *descending { Value::from(["desc", field.as_str()]) } else { Value::from(field) }
            });
            map.set("preload_order", Value::List(order.collect()));
        }
        match &relation.kind {
            RelationKind::EmbedsOne { defaults_to_struct: true } => {
                map.set("defaults_to_struct", true);
            }
            RelationKind::ManyToMany(join) => {
                map.set("join_through", &join.source);
                let pair = |(column, key): &(Str, Str)| Value::from([column, key]);
                map.set(
                    "join_keys",
                    Value::List(alloc::vec![pair(&join.owner_key), pair(&join.related_key)]),
                );
                if join.unique {
                    map.set("unique", true);
                }
                if !join.defaults.is_empty() {
                    map.insert("join_defaults", join.defaults.clone());
                }
            }
            _ => {}
        }
        Ok(Value::Map(map))
    }

    /// The schema of a relation, or its name.
    fn related(&mut self, schema: &Schema, wanted: Option<&[Str]>) -> Result<Value, Mistake> {
        if schema.relations().any(|relation| !relation.is_embed()) {
            let same = |known: &&(Str, *const Schema)| core::ptr::eq(known.1, schema);
            match self.written.iter().find(|(name, _)| name == schema.name()) {
                Some(first) if same(&first) => return Ok(Value::from(schema.name())),
                Some(_) if self.written.iter().any(|known| same(&known)) => {
                    return Err(Mistake::about(
                        "two schemas are named `%`; give one another name",
                        &[schema.name()],
                    ));
                }
                _ => {}
            }
        }
        self.depth += 1;
        let written = self.schema(schema, wanted);
        self.depth -= 1;
        written
    }
}

/// Writes the key, and says whether its fields are listed among the others.
fn write_primary_key(schema: &Schema, document: &mut Map) -> bool {
    let keys: Vec<&Field> = schema.primary_key().iter().map(|at| &schema.fields()[*at]).collect();
    match keys.as_slice() {
        [] => {
            if !schema.is_schemaless() {
                document.insert("primary_key", false);
            }
            true
        }
        [key] if is_default_key(schema, key) => false,
        [key] if key.default.is_null() && key.source.is_none() && !key.redact => {
            let mut map = Map::new();
            map.set("name", &key.name);
            if let FieldKind::Value(kind) = &key.kind {
                map.set("type", kind.to_notation());
            }
            if key.autogenerate.is_some() {
                map.set("autogenerate", true);
            }
            document.insert("primary_key", map);
            false
        }
        keys => {
            document
                .insert("primary_key", Value::List(keys.iter().map(|key| Value::from(&key.name)).collect()));
            true
        }
    }
}

fn is_default_key(schema: &Schema, key: &Field) -> bool {
    let expected = if schema.is_embedded() {
        (Type::BinaryId, Autogenerate::Uuid)
    } else {
        (Type::Id, Autogenerate::Id)
    };
    key.name == *"id"
        && key.value_type() == Some(&expected.0)
        && key.autogenerate == Some(expected.1)
        && key.default.is_null()
        && key.source.is_none()
        && !key.redact
}

fn is_plain_key(field: &Field) -> bool {
    field.value_type() == Some(&Type::Id)
        && field.default.is_null()
        && field.source.is_none()
        && !field.primary_key
}

fn write_field(document: &mut Map, field: &Field, kind: &Type) {
    entry(document, "fields", &field.name, kind.to_notation());
    if !field.default.is_null() {
        entry(document, "defaults", &field.name, field.default.clone());
    }
    if let Some(source) = &field.source {
        entry(document, "field_sources", &field.name, Value::from(source));
    }
    if let Some(how) = field.autogenerate {
        entry(document, "autogenerate", &field.name, Value::from(how.name()));
    }
    if field.writable != Writable::Always {
        entry(document, "writable", &field.name, Value::from(field.writable.name()));
    }
    if !field.load_in_query {
        entry(document, "load_in_query", &field.name, Value::Bool(false));
    }
    for (list, on) in [
        ("virtual", field.is_virtual),
        ("redact", field.redact),
        ("read_after_writes", field.read_after_writes),
    ] {
        if on {
            match document.get_mut(list) {
                Some(Value::List(names)) => names.push(Value::from(&field.name)),
                _ => {
                    document.insert(list, Value::from([&field.name]));
                }
            }
        }
    }
}

fn entry(document: &mut Map, key: &'static str, name: &Str, value: Value) {
    match document.get_mut(key) {
        Some(Value::Map(map)) => {
            map.insert(name, value);
        }
        _ => {
            document.insert(key, Map::from([(name.clone(), value)]));
        }
    }
}
