//! Reading schemas.

use super::{MAX_DEPTH, MAX_FIELDS};
use crate::mistake::Mistake;
use crate::rules::{Validators, read_steps, unknown};
use crate::schema::{
    Autogenerate, Cardinality, Field, JoinThrough, OnDelete, OnReplace, Related, Relation, RelationKind, Schema,
    SchemaBuilder, Timestamps, Writable,
};
use crate::types::{Type, Types};
use crate::value::{Map, Str, Value};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// Reads a schema, with the schemas of its relations inside it.
///
/// # Errors
///
/// A [`Mistake`] that names the schema, the key and the mend: an unknown key, type or option, a default of a field that
/// isn't there, relations nested too deep.
pub fn read_schema(document: &Value, types: &Types, validators: &dyn Validators) -> Result<Arc<Schema>> {
    Reader { types, validators, depth: 0 }.schema(document)
}

type Result<T> = core::result::Result<T, Mistake>;

const KEYS: [&str; 24] = [
    "name", "source", "prefix", "embedded", "schemaless", "primary_key", "fields", "defaults", "virtual", "redact",
    "field_sources", "autogenerate", "writable", "load_in_query", "read_after_writes", "timestamps", "embeds_one",
    "embeds_many", "has_one", "has_many", "belongs_to", "many_to_many", "through", "changeset",
];

const RELATION_KEYS: [&str; 12] = [
    "schema", "on_replace", "on_delete", "foreign_key", "references", "defaults", "where", "preload_order",
    "defaults_to_struct", "join_through", "join_keys", "unique",
];

struct Reader<'a> {
    types: &'a Types,
    validators: &'a dyn Validators,
    depth: usize,
}

impl Reader<'_> {
    fn schema(&mut self, document: &Value) -> Result<Arc<Schema>> {
        let document = map("a schema", document)?;
        let embedded = flag(document, "embedded")?;
        let schemaless = flag(document, "schemaless")?;
        let source = optional_text(document, "source")?;
        let fallback = source.clone().unwrap_or(Str::Static(if schemaless { "map" } else { "schema" }));
        let name = optional_text(document, "name")?.unwrap_or(fallback);
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Mistake::new("schemas are nested too deep (32 levels); a schema can't hold itself").at(&name));
        }
        let builder = match (schemaless, embedded, source) {
            (true, ..) => Schema::schemaless(),
            (_, true, _) => Schema::embedded(name.clone()),
            (_, _, Some(source)) => Schema::build(name.clone(), source),
            (_, _, None) => {
                return Err(Mistake::new("a schema needs a source, or to be embedded or schemaless").at(&name));
            }
        };
        let schema = self.fill(builder, document).and_then(SchemaBuilder::finish);
        self.depth -= 1;
        schema.map_err(|mistake| if mistake.place().is_some() { mistake } else { mistake.at(&name) })
    }

    fn fill(&mut self, mut builder: SchemaBuilder, document: &Map) -> Result<SchemaBuilder> {
        for key in document.keys() {
            if !KEYS.contains(&key.as_str()) {
                return Err(unknown("key of a schema", key, KEYS.into_iter()));
            }
        }
        if let Some(prefix) = optional_text(document, "prefix")? {
            builder = builder.prefix(prefix);
        }
        let key = document.get("primary_key");
        builder = self.primary_key(builder, key)?;
        let empty = Map::new();
        let fields = match document.get("fields") {
            Some(fields) => map("fields", fields)?,
            None => &empty,
        };
        if fields.len() > MAX_FIELDS {
            return Err(Mistake::new("too many fields (1000)"));
        }
        let keys = key_names(key)?;
        for (name, kind) in fields.iter() {
            let kind = self.field_type(name, kind)?;
            let mut field = field_options(Field::new(name, kind), document)?;
            if keys.contains(name) {
                field = field.primary_key();
            }
            builder = builder.field(field);
        }
        for setting in ["defaults", "field_sources", "autogenerate", "writable"] {
            known_fields(document.get(setting).and_then(Value::as_map).into_iter().flat_map(Map::keys), fields, setting)?;
        }
        for setting in ["virtual", "redact", "read_after_writes"] {
            let names = names(document, setting)?;
            known_fields(names.iter(), fields, setting)?;
        }
        if let Some(setting) = document.get("timestamps") {
            builder = self.timestamps(builder, setting)?;
        }
        self.relations(builder, document)
    }

    fn primary_key(&self, builder: SchemaBuilder, key: Option<&Value>) -> Result<SchemaBuilder> {
        Ok(match key {
            None | Some(Value::Bool(true)) => builder,
            Some(Value::Bool(false) | Value::Null) => builder.without_primary_key(),
            Some(Value::List(_)) => builder.without_primary_key(),
            Some(Value::Map(key)) => {
                let name = optional_text(key, "name")?.unwrap_or(Str::Static("id"));
                let kind = match key.get("type") {
                    Some(kind) => self.field_type(&name, kind)?,
                    None => Type::Id,
                };
                let how = match kind {
                    Type::Uuid | Type::BinaryId => Autogenerate::Uuid,
                    _ => Autogenerate::Id,
                };
                let mut field = Field::new(name, kind).primary_key();
                if flag(key, "autogenerate")? {
                    field = field.autogenerate(how);
                }
                builder.field(field)
            }
            Some(other) => {
                return Err(Mistake::join(&[
                    "primary_key must be false, {name, type, autogenerate} or a list of fields, got ",
                    other.kind(),
                ]));
            }
        })
    }

    fn timestamps(&self, builder: SchemaBuilder, setting: &Value) -> Result<SchemaBuilder> {
        let mut timestamps = Timestamps::default();
        match setting {
            Value::Bool(true) => {}
            Value::Bool(false) => return Ok(builder),
            Value::Map(options) => {
                for (key, value) in options.iter() {
                    let name = match value {
                        Value::String(name) => Some(name.clone()),
                        _ => None,
                    };
                    match key.as_str() {
                        "inserted_at" => timestamps.inserted_at = name,
                        "updated_at" => timestamps.updated_at = name,
                        "type" => timestamps.kind = self.field_type("timestamps", value)?,
                        other => {
                            let known = ["inserted_at", "updated_at", "type"];
                            return Err(unknown("option of timestamps", other, known.into_iter()));
                        }
                    }
                }
            }
            other => return Err(Mistake::join(&["timestamps must be true or an object, got ", other.kind()])),
        }
        Ok(builder.timestamps_with(timestamps))
    }

    fn field_type(&self, field: &str, notation: &Value) -> Result<Type> {
        self.types.read(notation).map_err(|error| Mistake::new(error.message()).at(field))
    }

    fn relations(&mut self, mut builder: SchemaBuilder, document: &Map) -> Result<SchemaBuilder> {
        let kinds = ["embeds_one", "embeds_many", "belongs_to", "has_one", "has_many", "many_to_many"];
        for kind in kinds {
            let Some(relations) = document.get(kind) else { continue };
            for (name, options) in map(kind, relations)?.iter() {
                let relation = self.relation(kind, name, map(name, options)?).map_err(|mistake| mistake.at(name))?;
                builder = builder.relation(relation);
            }
        }
        if let Some(through) = document.get("through") {
            for (name, options) in map("through", through)?.iter() {
                let options = map(name, options)?;
                let many = options.get("cardinality").and_then(Value::as_str) != Some("one");
                let cardinality = if many { Cardinality::Many } else { Cardinality::One };
                builder = builder.through(name, cardinality, names(options, "path")?);
            }
        }
        if let Some(steps) = document.get("changeset") {
            builder = builder.changeset(read_steps(steps, self.validators).map_err(|mistake| mistake.at("changeset"))?);
        }
        Ok(builder)
    }

    fn relation(&mut self, kind: &str, name: &Str, options: &Map) -> Result<Relation> {
        for key in options.keys() {
            if !RELATION_KEYS.contains(&key.as_str()) {
                return Err(unknown("option of a relation", key, RELATION_KEYS.into_iter()));
            }
        }
        let schema = options.get("schema").ok_or_else(|| Mistake::new("a relation needs the schema it holds"))?;
        let related = Related::Schema(self.schema(schema)?);
        let references = optional_text(options, "references")?.unwrap_or(Str::Static("id"));
        let foreign_key = optional_text(options, "foreign_key")?;
        let needed = || {
            foreign_key.clone().ok_or_else(|| Mistake::join(&["a ", kind, " needs its foreign_key"]))
        };
        let relation = match kind {
            "embeds_one" => {
                let defaults_to_struct = flag(options, "defaults_to_struct")?;
                Relation::new(name, RelationKind::EmbedsOne { defaults_to_struct }, related)
            }
            "embeds_many" => Relation::new(name, RelationKind::EmbedsMany, related),
            "has_one" => Relation::new(name, RelationKind::HasOne, related).keys(references, needed()?),
            "has_many" => Relation::new(name, RelationKind::HasMany, related).keys(references, needed()?),
            "belongs_to" => {
                let key = foreign_key.unwrap_or_else(|| Str::from([name.as_str(), "_id"].concat()));
                Relation::new(name, RelationKind::BelongsTo, related).keys(key, references)
            }
            _ => {
                let join = join_through(options)?;
                let (ours, theirs) = (join.owner_key.1.clone(), join.related_key.1.clone());
                Relation::new(name, RelationKind::ManyToMany(join), related).keys(ours, theirs)
            }
        };
        let mut relation = relation;
        if let Some(word) = optional_text(options, "on_replace")? {
            relation.on_replace = choice("on_replace", &word, &OnReplace::ALL, OnReplace::name)?;
        }
        if let Some(word) = optional_text(options, "on_delete")? {
            relation.on_delete = choice("on_delete", &word, &OnDelete::ALL, OnDelete::name)?;
        }
        if let Some(defaults) = options.get("defaults") {
            relation.defaults = map("defaults", defaults)?.clone();
            let related = relation.related.schema();
            if let Some(stranger) = relation.defaults.keys().find(|name| related.position(name).is_none()) {
                return Err(related.unknown_field(stranger));
            }
        }
        if let Some(filters) = options.get("where") {
            relation.filters = map("where", filters)?.clone();
        }
        if let Some(Value::List(order)) = options.get("preload_order") {
            relation.preload_order = preload_order(order)?;
        }
        Ok(relation)
    }
}

fn field_options(mut field: Field, document: &Map) -> Result<Field> {
    let name = field.name.clone();
    if let Some(default) = of_field(document, "defaults", &name)? {
        field.default = default.clone();
    }
    if let Some(Value::String(source)) = of_field(document, "field_sources", &name)? {
        field.source = Some(source.clone());
    }
    if let Some(Value::String(word)) = of_field(document, "autogenerate", &name)? {
        field.autogenerate = Some(choice("autogenerate", word, &Autogenerate::ALL, Autogenerate::name)?);
    }
    if let Some(Value::String(word)) = of_field(document, "writable", &name)? {
        field.writable = choice("writable", word, &Writable::ALL, Writable::name)?;
    }
    if let Some(Value::Bool(load)) = of_field(document, "load_in_query", &name)? {
        field.load_in_query = *load;
    }
    field.is_virtual = names(document, "virtual")?.contains(&name);
    field.redact = names(document, "redact")?.contains(&name);
    field.read_after_writes = names(document, "read_after_writes")?.contains(&name);
    Ok(field)
}

fn of_field<'a>(document: &'a Map, setting: &str, field: &str) -> Result<Option<&'a Value>> {
    match document.get(setting) {
        None => Ok(None),
        Some(settings) => Ok(map(setting, settings)?.get(field)),
    }
}

fn known_fields<'a>(names: impl Iterator<Item = &'a Str>, fields: &Map, setting: &str) -> Result<()> {
    for name in names {
        if !fields.contains_key(name) {
            let mistake = unknown("field", name, fields.keys().map(Str::as_str));
            return Err(mistake.at(setting));
        }
    }
    Ok(())
}

fn key_names(key: Option<&Value>) -> Result<Vec<Str>> {
    match key {
        Some(Value::List(list)) => list
            .iter()
            .map(|name| match name {
                Value::String(name) => Ok(name.clone()),
                other => Err(Mistake::join(&["primary_key must name fields, got ", other.kind()])),
            })
            .collect(),
        _ => Ok(Vec::new()),
    }
}

fn join_through(options: &Map) -> Result<JoinThrough> {
    let wrong = || {
        Mistake::new("a many_to_many needs join_through and join_keys: [[column, our key], [column, their key]]")
    };
    let pair = |value: &Value| match value.as_list() {
        Some([Value::String(column), Value::String(key)]) => Ok((column.clone(), key.clone())),
        _ => Err(wrong()),
    };
    let source = optional_text(options, "join_through")?.ok_or_else(wrong)?;
    let Some([ours, theirs]) = options.get("join_keys").and_then(Value::as_list) else { return Err(wrong()) };
    let (owner_key, related_key) = (pair(ours)?, pair(theirs)?);
    Ok(JoinThrough { source, owner_key, related_key, unique: flag(options, "unique")?, defaults: Map::new() })
}

fn preload_order(order: &[Value]) -> Result<Vec<(Str, bool)>> {
    order
        .iter()
        .map(|entry| match (entry, entry.as_list()) {
            (Value::String(field), _) => Ok((field.clone(), false)),
            (_, Some([Value::String(direction), Value::String(field)])) => Ok((field.clone(), direction == "desc")),
            _ => Err(Mistake::new("preload_order is a list of fields and [\"desc\", field]")),
        })
        .collect()
}

fn choice<T: Copy>(what: &str, word: &str, all: &[T], name: fn(T) -> &'static str) -> Result<T> {
    let found = all.iter().copied().find(|choice| name(*choice) == word);
    found.ok_or_else(|| unknown(what, word, all.iter().map(|choice| name(*choice))))
}

fn map<'a>(what: &str, value: &'a Value) -> Result<&'a Map> {
    value.as_map().ok_or_else(|| Mistake::join(&[what, " must be an object, got ", value.kind()]))
}

fn optional_text(document: &Map, key: &str) -> Result<Option<Str>> {
    match document.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(other) => Err(Mistake::join(&[key, " must be a string, got ", other.kind()])),
    }
}

fn flag(document: &Map, key: &str) -> Result<bool> {
    match document.get(key) {
        None => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(other) => Err(Mistake::join(&[key, " must be true or false, got ", other.kind()])),
    }
}

fn names(document: &Map, key: &str) -> Result<Vec<Str>> {
    let wrong = || Mistake::join(&[key, " must be a list of names"]);
    let Some(value) = document.get(key) else { return Ok(Vec::new()) };
    value
        .as_list()
        .ok_or_else(wrong)?
        .iter()
        .map(|name| match name {
            Value::String(name) => Ok(name.clone()),
            _ => Err(wrong()),
        })
        .collect()
}
