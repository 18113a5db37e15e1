//! Finding sources and columns.

use super::planner::{In, Planner, Resolved};
use super::sources::Bound;
use super::tree::Column;
use crate::query::QueryError;
use crate::query::expr::{Binding, Key};
use crate::schema::{Cardinality, FieldKind, RelationKind, Schema};
use crate::types::Type;
use crate::value::{Str, nearest};
use alloc::boxed::Box;
use alloc::format;

impl Planner<'_> {
    /// The place of a source, and how many queries up it is.
    pub(super) fn own_source(&self, binding: &Binding, place: In) -> Resolved<(usize, usize)> {
        let level = self.level();
        match binding {
            Binding::At(at) => match &level.inlined {
                Some((place, _)) if *at == 0 => Ok((*place, 0)),
                None if *at < level.written => Ok((*at, 0)),
                _ => Err(self.wrong(format!(
                    "invalid query has specified more bindings than bindings available in `{}` (look for \
                     `unknown_binding!` in the printed query below)",
                    place.name()
                ))),
            },
            Binding::Named(name) => {
                if let Some((place, Some(own))) = &level.inlined
                    && own == name
                {
                    return Ok((*place, 0));
                }
                match level.query.parts().named(name) {
                    Some(at) => Ok((at, 0)),
                    None => Err(self.wrong(format!("could not find named binding `as(:{name})`"))),
                }
            }
            Binding::Parent(name) => {
                for (up, level) in self.levels.iter().rev().enumerate().skip(1) {
                    if let Some(at) = level.query.parts().named(name) {
                        return Ok((at, up));
                    }
                }
                Err(self.wrong(format!("could not find named binding `parent_as(:{name})`")))
            }
        }
    }

    pub(super) fn column(
        &mut self,
        binding: &Binding,
        field: &Str,
        place: In,
        virtuals: bool,
    ) -> Resolved<Column> {
        let (source, level) = self.own_source(binding, place)?;
        self.column_of(source, level, field, place, virtuals)
    }

    pub(super) fn column_of(
        &self,
        source: usize,
        level: usize,
        field: &Str,
        place: In,
        virtuals: bool,
    ) -> Resolved<Column> {
        let column = |name: &Str, kind| Column { level, source, name: name.clone(), kind };
        let place = place.name();
        let at = self.levels.len() - 1 - level;
        match self.levels[at].sources.get(source) {
            None => Err(self
                .wrong(format!("the source at place {source} is joined later than `{place}` refers to it"))),
            Some(Bound::Schemaless { .. } | Bound::Fragment) => Ok(column(field, None)),
            Some(Bound::Values(types)) => match types.iter().find(|(name, _)| name == field) {
                Some((name, kind)) => Ok(column(name, Some(kind.clone()))),
                None => {
                    Err(self.wrong(format!("field `{field}` in `{place}` does not exist in values list")))
                }
            },
            Some(Bound::Subquery(output)) => match output.kind_of(field) {
                Some(kind) => Ok(column(field, kind)),
                None => Err(self.wrong(format!("field `{field}` does not exist in subquery"))),
            },
            Some(Bound::Schema { schema, .. }) => match schema.field(field) {
                Some(found) if !found.is_virtual || virtuals => match stored_type(&found.kind) {
                    Some(kind) => Ok(column(found.column(), Some(kind))),
                    None => Err(self.is_association(schema, field, place)),
                },
                Some(_) => Err(self.wrong(format!(
                    "field `{field}` in `{place}` is a virtual field in schema {}",
                    schema.name()
                ))),
                None => Err(self.unknown_field(schema, field, place)),
            },
        }
    }

    fn is_association(&self, schema: &Schema, field: &Str, place: &str) -> QueryError {
        let mut message =
            format!("field `{field}` in `{place}` is an association in schema {}", schema.name());
        if let Some(relation) = schema.relation(field)
            && matches!(relation.kind, RelationKind::BelongsTo)
        {
            message.push_str(&format!(". Did you mean to use `{}`?", relation.owner_key));
        }
        self.wrong(message)
    }

    pub(super) fn unknown_field(&self, schema: &Schema, field: &str, place: &str) -> QueryError {
        let known = schema.fields().iter().filter(|field| stored_type(&field.kind).is_some());
        let hint = match nearest(field, known.map(|field| field.name.as_str())) {
            Some(hint) => format!(". Did you mean `{hint}`?"),
            None => alloc::string::String::new(),
        };
        let name = schema.name();
        self.wrong(format!("field `{field}` in `{place}` does not exist in schema {name}{hint}"))
    }

    /// A path into an embed must follow its fields.
    pub(super) fn check_path(
        &mut self,
        binding: &Binding,
        name: &Str,
        path: &[Key],
        place: In,
    ) -> Resolved<()> {
        let (source, level) = self.own_source(binding, place)?;
        let at = self.levels.len() - 1 - level;
        let Some(Bound::Schema { schema, .. }) = self.levels[at].sources.get(source) else { return Ok(()) };
        let Some(mut kind) = schema.field(name).map(|field| field.kind.clone()) else { return Ok(()) };
        let mut path = path.iter();
        let mut at = name.clone();
        while let Some(key) = path.next() {
            kind = match (&kind, key) {
                (FieldKind::Relation(relation), key) if relation.is_embed() => {
                    let name = match (relation.cardinality(), key) {
                        (Cardinality::Many, Key::Index(_)) => match path.next() {
                            None => return Ok(()),
                            Some(key) => key,
                        },
                        (Cardinality::Many, Key::Name(name)) => {
                            let message = format!("cannot use `{name}` to refer to an item in `embeds_many`");
                            return Err(self.wrong(message));
                        }
                        (Cardinality::One, key) => key,
                    };
                    let related = relation.related.schema();
                    let name = match name {
                        Key::Name(name) => name.clone(),
                        Key::Index(index) => format!("{index}").into(),
                    };
                    match related.field(&name) {
                        Some(field) => {
                            at = name;
                            field.kind.clone()
                        }
                        None => {
                            let message = format!("field `{name}` does not exist in {}", related.name());
                            return Err(self.wrong(message));
                        }
                    }
                }
                (FieldKind::Value(kind), _) => {
                    return match kind.base() {
                        Type::Map | Type::MapOf(_) | Type::Any => Ok(()),
                        // An array column holds JSON where the database has no arrays.
                        Type::Array(_) => Ok(()),
                        kind => Err(self.wrong(format!(
                            "expected field `{at}` to be an embed or a map, got: `{}`",
                            crate::query::inspect::type_text(&kind)
                        ))),
                    };
                }
                _ => return Ok(()),
            };
        }
        Ok(())
    }
}

/// The type of a field's column; none for associations.
pub(super) fn stored_type(kind: &FieldKind) -> Option<Type> {
    match kind {
        FieldKind::Value(kind) => Some(kind.clone()),
        FieldKind::Relation(relation) if relation.is_embed() => Some(match relation.cardinality() {
            Cardinality::One => Type::Map,
            Cardinality::Many => Type::Array(Box::new(Type::Map)),
        }),
        _ => None,
    }
}
