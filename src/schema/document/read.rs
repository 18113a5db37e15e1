//! Reading schemas.

use super::{MAX_DEPTH, MAX_FIELDS};
use crate::mistake::Mistake;
use crate::rules::{Arguments, Validators, read_steps, unknown};
use crate::schema::{
    Autogenerate, Cardinality, Field, JoinThrough, OnDelete, OnReplace, Related, Relation, RelationKind,
    Schema, SchemaBuilder, Timestamps, Writable,
};
use crate::types::{Type, Types};
use crate::value::{Map, Str, Value};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// Reads a schema, with the schemas of its relations inside it. Where relations lead in a circle (a post belongs to a user
/// that has posts) the schema of a relation is a name: of a schema around it, or written before it.
///
/// # Errors
///
/// A [`Mistake`] that names the schema, the key and the mend: an unknown key, type or option, a default of a field that
/// isn't there, relations nested too deep.
pub fn read_schema(document: &Value, types: &Types, validators: &dyn Validators) -> Result<Arc<Schema>> {
    Reader { types, validators, depth: 0, scope: Vec::new() }.schema(document)
}

type Result<T> = core::result::Result<T, Mistake>;

const KEYS: [&str; 24] = [
    "name",
    "source",
    "prefix",
    "embedded",
    "schemaless",
    "primary_key",
    "fields",
    "defaults",
    "virtual",
    "redact",
    "field_sources",
    "autogenerate",
    "writable",
    "load_in_query",
    "read_after_writes",
    "timestamps",
    "embeds_one",
    "embeds_many",
    "has_one",
    "has_many",
    "belongs_to",
    "many_to_many",
    "through",
    "changeset",
];

const RELATION_KEYS: [&str; 13] = [
    "schema",
    "on_replace",
    "on_delete",
    "foreign_key",
    "references",
    "defaults",
    "where",
    "preload_order",
    "defaults_to_struct",
    "join_through",
    "join_keys",
    "join_defaults",
    "unique",
];

struct Reader<'a> {
    types: &'a Types,
    validators: &'a dyn Validators,
    depth: usize,
    /// The schemas that names may stand for: the first of each name.
    scope: Vec<(Str, Related)>,
}

impl Reader<'_> {
    fn schema(&mut self, document: &Value) -> Result<Arc<Schema>> {
        let Value::Map(document) = document else {
            return Err(Mistake::about("a schema must be an object, got %", &[document.kind()]));
        };
        let mut given = Arguments::of_object(document);
        let schemaless = given.flag("schemaless") == Some(true);
        let embedded = given.flag("embedded") == Some(true);
        let source = given.text_option("source");
        let name = match (given.text_option("name"), &source) {
            (Some(name), _) => name,
            (None, Some(source)) => source.clone(),
            (None, None) => Str::Static(if schemaless { "map" } else { "schema" }),
        };
        let place = name.clone();
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let rule = "schemas are nested too deep (32 levels); a schema can't hold itself";
            return Err(Mistake::new(rule).at(&place));
        }
        let mut builder = match source {
            _ if schemaless => Schema::schemaless(),
            _ if embedded => Schema::embedded(name),
            Some(source) => Schema::build(name, source),
            None => {
                return Err(
                    Mistake::new("a schema needs a source, or to be embedded or schemaless").at(&place)
                );
            }
        };
        let at = self.scope.len();
        let mut mistake = None;
        // Relations inside may refer to the schema that is not made yet.
        let schema = Arc::new_cyclic(|around| {
            self.scope.push((place.clone(), Related::Around(around.clone())));
            self.fill(&mut builder, &mut given);
            given.finish().and_then(|()| builder.finished()).unwrap_or_else(|made| {
                mistake = Some(if made.place().is_some() { made } else { made.at(&place) });
                Schema::gone()
            })
        });
        self.depth -= 1;
        if let Some((_, known)) = self.scope.get_mut(at) {
            *known = Related::Schema(schema.clone());
        }
        mistake.map_or(Ok(schema), Err)
    }

    /// The schema of a relation: itself, or a name that stands for it.
    fn related(&mut self, schema: &Value) -> Result<Related> {
        let Value::String(name) = schema else { return Ok(Related::Schema(self.schema(schema)?)) };
        let known = self.scope.iter().find(|(known, _)| known == name);
        known.map(|(_, related)| related.clone()).ok_or_else(|| {
            Mistake::about("no schema around it or before it is named `%`; write the schema itself", &[name])
        })
    }

    fn fill(&mut self, builder: &mut SchemaBuilder, given: &mut Arguments) {
        given.known_keys("key of a schema", &KEYS);
        if let Some(prefix) = given.text_option("prefix") {
            builder.set_prefix(prefix);
        }
        let keys = self.primary_key(builder, given);
        let fields = given.object("fields");
        if fields.len() > MAX_FIELDS {
            return given.refuse(Mistake::new("too many fields (1000)")).unwrap_or_default();
        }
        let [defaults, sources, autogenerate, writable] =
            ["defaults", "field_sources", "autogenerate", "writable"].map(|setting| {
                let of_fields = given.object(setting);
                of_fields.entries().iter().for_each(|(name, _)| known_field(given, setting, name, fields));
                of_fields
            });
        let [virtuals, redacted, read_after_writes] =
            ["virtual", "redact", "read_after_writes"].map(|setting| {
                let names = given.names_option(setting);
                names.iter().for_each(|name| known_field(given, setting, name, fields));
                names
            });
        let load_in_query = given.object("load_in_query");
        for (name, notation) in fields.entries() {
            let Some(kind) = self.field_type(given, name, notation) else { return };
            let mut field = Field::new(name, kind);
            field.primary_key = keys.contains(name);
            field.default = defaults.get(name).cloned().unwrap_or_default();
            field.source = text_of(sources.get(name));
            if let Some(word) = autogenerate.get(name).and_then(Value::as_str) {
                field.autogenerate =
                    given.one_of("autogenerate", word, Autogenerate::ALL, Autogenerate::name);
            }
            if let Some(word) = writable.get(name).and_then(Value::as_str) {
                let when = given.one_of("writable", word, Writable::ALL, Writable::name);
                field.writable = when.unwrap_or_default();
            }
            field.load_in_query = load_in_query.get(name).and_then(Value::as_bool) != Some(false);
            field.is_virtual = virtuals.contains(name);
            field.redact = redacted.contains(name);
            field.read_after_writes = read_after_writes.contains(name);
            builder.add_field(field);
        }
        self.timestamps(builder, given);
        self.relations(builder, given);
    }

    /// Adds a key that is described; the names of one made of fields.
    fn primary_key(&self, builder: &mut SchemaBuilder, given: &mut Arguments) -> Vec<Str> {
        let key = match given.option("primary_key") {
            None | Some(Value::Bool(true)) => return Vec::new(),
            Some(key) => key,
        };
        builder.default_key = false;
        match key {
            Value::Bool(_) | Value::Null => {}
            Value::List(_) => return given.names_option("primary_key"),
            Value::Map(key) => {
                builder.default_key = true;
                let mut key = Arguments::of_object(key);
                let name = key.text_option("name").unwrap_or(Str::Static("id"));
                let kind = match key.option("type") {
                    Some(kind) => self.field_type(given, &name, kind).unwrap_or(Type::Id),
                    None => Type::Id,
                };
                let how = match kind {
                    Type::Uuid | Type::BinaryId => Autogenerate::Uuid,
                    _ => Autogenerate::Id,
                };
                let mut field = Field::new(name, kind).primary_key();
                field.autogenerate = (key.flag("autogenerate") == Some(true)).then_some(how);
                given.keep(key.finish());
                builder.add_field(field);
            }
            other => {
                let wanted = "false, {name, type, autogenerate} or a list of fields";
                given.wrong_option("primary_key", wanted, other).unwrap_or_default()
            }
        }
        Vec::new()
    }

    fn timestamps(&self, builder: &mut SchemaBuilder, given: &mut Arguments) {
        let mut timestamps = Timestamps::default();
        match given.option("timestamps") {
            None | Some(Value::Bool(false)) => return,
            Some(Value::Bool(true)) => {}
            Some(Value::Map(options)) => {
                for (key, value) in options.entries() {
                    match key.as_str() {
                        "inserted_at" => timestamps.inserted_at = text_of(Some(value)),
                        "updated_at" => timestamps.updated_at = text_of(Some(value)),
                        "type" => {
                            let Some(kind) = self.field_type(given, "timestamps", value) else { return };
                            timestamps.kind = kind;
                        }
                        other => {
                            given.position(
                                "option of timestamps",
                                other,
                                &["inserted_at", "updated_at", "type"],
                            );
                        }
                    }
                }
            }
            Some(other) => {
                return given.wrong_option("timestamps", "true or an object", other).unwrap_or_default();
            }
        }
        builder.add_timestamps(timestamps);
    }

    fn field_type(&self, given: &mut Arguments, field: &str, notation: &Value) -> Option<Type> {
        match self.types.read(notation) {
            Ok(kind) => Some(kind),
            Err(error) => given.refuse(Mistake::new(error.message()).at(field)),
        }
    }

    fn relations(&mut self, builder: &mut SchemaBuilder, given: &mut Arguments) {
        for kind in ["embeds_one", "embeds_many", "belongs_to", "has_one", "has_many", "many_to_many"] {
            for (name, options) in given.object(kind).entries() {
                let relation = self.relation(kind, name, options).map_err(|mistake| mistake.at(name));
                let Some(relation) = given.keep(relation) else { return };
                builder.add_relation(relation);
            }
        }
        let through = given.object("through");
        for (name, _) in through.entries() {
            let mut options = Arguments::of_object(given.object_in(through, name));
            let many = options.option("cardinality").and_then(Value::as_str) != Some("one");
            let cardinality = if many { Cardinality::Many } else { Cardinality::One };
            builder.add_through(name.clone(), cardinality, options.names_option("path"));
            given.keep(options.finish());
        }
        if let Some(steps) = given.option("changeset") {
            let steps = read_steps(steps, self.validators).map_err(|mistake| mistake.at("changeset"));
            builder.changeset = given.keep(steps);
        }
    }

    fn relation(&mut self, kind: &str, name: &Str, options: &Value) -> Result<Relation> {
        let Value::Map(options) = options else {
            return Err(Mistake::about("% must be an object, got %", &[name, options.kind()]));
        };
        let mut given = Arguments::of_object(options);
        given.known_keys("option of a relation", &RELATION_KEYS);
        let schema =
            given.option("schema").ok_or_else(|| Mistake::new("a relation needs the schema it holds"))?;
        let related = self.related(schema)?;
        let references = given.text_option("references").unwrap_or(Str::Static("id"));
        let foreign_key = given.text_option("foreign_key");
        let (kind, ours, theirs) = match kind {
            "embeds_one" => {
                let defaults_to_struct = given.flag("defaults_to_struct") == Some(true);
                (RelationKind::EmbedsOne { defaults_to_struct }, Str::default(), Str::default())
            }
            "embeds_many" => (RelationKind::EmbedsMany, Str::default(), Str::default()),
            "belongs_to" => {
                let key = foreign_key.unwrap_or_else(|| Str::from([name.as_str(), "_id"].concat()));
                (RelationKind::BelongsTo, key, references)
            }
            "many_to_many" => {
                let join = join_through(&mut given)?;
                let (ours, theirs) = (join.owner_key.1.clone(), join.related_key.1.clone());
                (RelationKind::ManyToMany(join), ours, theirs)
            }
            _ => {
                let Some(foreign_key) = foreign_key else {
                    return Err(Mistake::about("a % needs its foreign_key", &[kind]));
                };
                let kind = if kind == "has_one" { RelationKind::HasOne } else { RelationKind::HasMany };
                (kind, references, foreign_key)
            }
        };
        let mut relation = Relation::new(name, kind, related).keys(ours, theirs);
        relation.on_replace = given.choice("on_replace", OnReplace::ALL, OnReplace::name).unwrap_or_default();
        relation.on_delete = given.choice("on_delete", OnDelete::ALL, OnDelete::name).unwrap_or_default();
        relation.defaults = given.object("defaults").clone();
        // A schema that is around is not made yet.
        if let Related::Schema(related) = &relation.related {
            for (name, _) in relation.defaults.entries() {
                given.keep(related.expect_position(name));
            }
        }
        relation.filters = given.object("where").clone();
        if let Some(Value::List(order)) = given.option("preload_order") {
            relation.preload_order = preload_order(&mut given, order);
        }
        given.finish()?;
        Ok(relation)
    }
}

fn text_of(value: Option<&Value>) -> Option<Str> {
    match value {
        Some(Value::String(text)) => Some(text.clone()),
        _ => None,
    }
}

fn known_field(given: &mut Arguments, setting: &str, name: &str, fields: &Map) {
    if !fields.contains_key(name) {
        let mistake = unknown("field", name, fields.keys().map(Str::as_str)).at(setting);
        given.refuse(mistake).unwrap_or_default()
    }
}

fn join_through(given: &mut Arguments) -> Result<JoinThrough> {
    let pair = |value: &Value| match value.as_list() {
        Some([Value::String(column), Value::String(key)]) => Some((column.clone(), key.clone())),
        _ => None,
    };
    let keys = match given.option("join_keys").and_then(Value::as_list) {
        Some([ours, theirs]) => pair(ours).zip(pair(theirs)),
        _ => None,
    };
    let (Some(source), Some((owner_key, related_key))) = (given.text_option("join_through"), keys) else {
        return Err(Mistake::new(
            "a many_to_many needs join_through and join_keys: [[column, our key], [column, their key]]",
        ));
    };
    let unique = given.flag("unique") == Some(true);
    let defaults = given.object("join_defaults").clone();
    Ok(JoinThrough { source, owner_key, related_key, unique, defaults })
}

fn preload_order(given: &mut Arguments, order: &[Value]) -> Vec<(Str, bool)> {
    let mut read = Vec::with_capacity(order.len());
    for entry in order {
        match (entry, entry.as_list()) {
            (Value::String(field), _) => read.push((field.clone(), false)),
            (_, Some([Value::String(direction), Value::String(field)])) => {
                read.push((field.clone(), direction == "desc"));
            }
            _ => {
                let mistake = Mistake::new("preload_order is a list of fields and [\"desc\", field]");
                given.refuse(mistake).unwrap_or_default()
            }
        }
    }
    read
}
