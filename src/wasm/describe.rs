//! What the host must know of compiled rules: which params they read, and the fields of the schema.

use super::shape::Shape;
use crate::rules::{Rule, Step};
use crate::schema::{Cardinality, Field, FieldKind, Schema};
use crate::value::{Map, Str, Value};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// How deep shapes go; deeper params cross as plain maps.
const MAX_DEPTH: usize = 8;

impl Shape {
    /// The shape of the params that `steps` read.
    pub(crate) fn of(schema: &Schema, steps: &[Step]) -> Shape {
        let mut shape = Shape::default();
        shape.read(schema, steps, 0);
        shape
    }

    /// As a value: `[[name, shape or null], ...]`.
    pub(crate) fn to_value(&self) -> Value {
        let mut entries = Vec::with_capacity(self.entries.len());
        for (name, child) in &self.entries {
            let child = child.as_ref().map_or(Value::Null, Shape::to_value);
            entries.push(Value::List(alloc::vec![Value::String(name.clone()), child]));
        }
        Value::List(entries)
    }

    fn read(&mut self, schema: &Schema, steps: &[Step], depth: usize) {
        for step in steps {
            match step {
                Step::Cast(fields, _) => fields.iter().for_each(|field| self.add(field.clone(), None)),
                Step::Validate(field, Rule::Acceptance(_)) => self.add(field.clone(), None),
                Step::Validate(field, Rule::Confirmation(_)) => {
                    self.add(field.clone(), None);
                    self.add(Str::from([field.as_str(), "_confirmation"].concat()), None);
                }
                Step::Merge { steps, params: None, .. } | Step::When(_, steps) => {
                    self.read(schema, steps, depth)
                }
                Step::CastRelation { field, options, .. } => {
                    let Some(relation) = schema.relation(field) else { continue };
                    let related = relation.related.schema();
                    let steps = options.with.as_ref().or_else(|| related.changeset());
                    let child = steps.filter(|_| depth < MAX_DEPTH).map(|steps| {
                        let mut child = Shape::default();
                        for key in related.primary_key_names() {
                            child.add(Str::from(key), None);
                        }
                        child.read(&related, steps, depth + 1);
                        child
                    });
                    self.add(field.clone(), child);
                    for param in [&options.sort_param, &options.drop_param].into_iter().flatten() {
                        self.add(param.clone(), None);
                    }
                }
                _ => {}
            }
        }
    }

    fn add(&mut self, name: Str, child: Option<Shape>) {
        match self.entries.iter_mut().find(|(known, _)| *known == name) {
            None => self.entries.push((name, child)),
            Some((_, known)) => match (known.as_mut(), child) {
                (Some(known), Some(child)) => {
                    child.entries.into_iter().for_each(|(name, child)| known.add(name, child));
                }
                (None, child) => *known = child,
                (Some(_), None) => {}
            },
        }
    }
}

/// The schema for the host: its name, source and fields, with the schemas of relations inside. One that comes again is a number:
/// how many were described before it.
pub(crate) fn describe(schema: &Arc<Schema>) -> Value {
    describe_to(schema, &mut Vec::new())
}

fn describe_to(schema: &Arc<Schema>, known: &mut Vec<Arc<Schema>>) -> Value {
    known.push(schema.clone());
    let mut map = Map::new();
    map.set("name", Value::String(schema.name().clone()));
    map.set("source", schema.source().map_or(Value::Null, Value::from));
    map.set("embedded", Value::Bool(schema.is_embedded()));
    map.set("schemaless", Value::Bool(schema.is_schemaless()));
    let mut fields = Vec::with_capacity(schema.fields().len());
    for field in schema.fields() {
        fields.push(describe_field(field, known));
    }
    map.set("fields", Value::List(fields));
    Value::Map(map)
}

fn describe_field(field: &Field, known: &mut Vec<Arc<Schema>>) -> Value {
    let mut map = Map::new();
    map.set("name", Value::String(field.name.clone()));
    let cardinality = |cardinality| {
        Value::String(Str::Static(if cardinality == Cardinality::Many { "many" } else { "one" }))
    };
    match &field.kind {
        FieldKind::Value(kind) => {
            map.set("type", kind.to_notation());
        }
        FieldKind::Relation(relation) => {
            map.set("relation", Value::String(Str::Static(relation.kind_name())));
            map.set("cardinality", cardinality(relation.cardinality()));
            if !relation.defaults.is_empty() {
                map.set("defaults", Value::Map(relation.defaults.clone()));
            }
            let schema = relation.related.schema();
            let before = known.iter().position(|known| Arc::ptr_eq(known, &schema));
            map.set(
                "schema",
                match before {
                    Some(at) => Value::Integer(at as i64),
                    None => describe_to(&schema, known),
                },
            );
        }
        FieldKind::Through { path, cardinality: many } => {
            map.set("relation", Value::String(Str::Static("through")));
            map.set("cardinality", cardinality(*many));
            map.set("path", Value::List(path.iter().map(Value::from).collect()));
        }
    }
    if !field.default.is_null() {
        map.set("default", field.default.clone());
    }
    for (key, on) in
        [("virtual", field.is_virtual), ("redact", field.redact), ("primary_key", field.primary_key)]
    {
        if on {
            map.set(key, Value::Bool(true));
        }
    }
    Value::Map(map)
}
