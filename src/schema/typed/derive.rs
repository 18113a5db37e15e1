//! What the code made by `#[derive(Schema)]` calls. Not for people: it may change with every release.

use super::many::Pool;
use super::{AssocMany, AssocOne, Children, EmbedMany, EmbedOne, FieldValue, Fields, HasSchema, Many};
use crate::mistake::Mistake;
use crate::schema::{
    Autogenerate, Cardinality, Field, JoinThrough, Record, RecordState, Related, Relation, RelationKind,
    Schema, SchemaBuilder, Slot,
};
use crate::types::{Enum, Type};
use crate::value::{Map, Str, Value};
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::any::Any;

pub use alloc::boxed::Box as Boxed;
pub use alloc::sync::Arc as Shared;
/// Where a type keeps its schema.
pub type Cell = std::sync::OnceLock<Arc<Schema>>;

/// Where an enum keeps its members.
pub type Members = std::sync::OnceLock<Arc<Enum>>;

/// The schema, made at the first call.
///
/// # Panics
///
/// If the schema can't be; the macro has refused before what this would.
pub fn schema(cell: &'static Cell, make: impl FnOnce() -> SchemaBuilder) -> &'static Arc<Schema> {
    cell.get_or_init(|| match make().finish() {
        Ok(schema) => schema,
        Err(mistake) => panic!("{mistake}"),
    })
}

/// The type of an enum, made at the first call.
///
/// # Panics
///
/// If two members are the same; the macro has refused that before.
pub fn members<const N: usize>(cell: &Members, make: impl FnOnce() -> [(&'static str, Value); N]) -> Type {
    let made = cell.get_or_init(|| match Enum::with_stored(make()) {
        Ok(members) => Arc::new(members),
        Err(error) => panic!("{error}"),
    });
    Type::Enum(made.clone())
}

/// A field of the type of a Rust field.
pub fn field<T: FieldValue>(name: &'static str) -> Field {
    field_of::<T>(name, T::field_type())
}

/// A field of a type that is given.
pub fn field_of<T: FieldValue>(name: &'static str, kind: Type) -> Field {
    let mut field = Field::new(Str::Static(name), kind);
    let fits: fn(&Value) -> bool = T::fits;
    field.fits = fits;
    field.any_text = T::ANY_TEXT.then_some(fits);
    field
}

/// The type of the only field of a primary key, and how it comes about if nobody gives it.
pub fn key(mut field: Field, embedded: bool) -> Field {
    field.primary_key = true;
    let (kind, how) = match field.value_type() {
        Some(Type::Integer | Type::Id) => (Type::Id, Autogenerate::Id),
        Some(Type::Uuid) => (Type::Uuid, Autogenerate::Uuid),
        Some(Type::BinaryId) => (Type::BinaryId, Autogenerate::Uuid),
        Some(Type::String) if embedded => (Type::BinaryId, Autogenerate::Uuid),
        _ => return field,
    };
    field.kind = crate::schema::FieldKind::Value(kind);
    field.autogenerate = Some(how);
    field
}

/// A foreign key of integers is an id.
pub fn foreign_key(mut field: Field) -> Field {
    if field.value_type() == Some(&Type::Integer) {
        field.kind = crate::schema::FieldKind::Value(Type::Id);
    }
    field
}

/// A field that only gets a value that is given.
pub fn not_generated(mut field: Field) -> Field {
    field.autogenerate = None;
    field
}

/// The relation of a `#[has_one]` or `#[belongs_to]`.
pub fn assoc_one<C: AssocOne>(name: &'static str, kind: RelationKind) -> Relation {
    relation::<C>(name, kind)
}

/// The relation of a `#[has_many]` or `#[many_to_many]`.
pub fn assoc_many<C: AssocMany>(name: &'static str, kind: RelationKind) -> Relation {
    relation::<C>(name, kind)
}

/// What a `#[has_one(through = ..)]` holds.
pub fn through_one<C: AssocOne>() -> Cardinality {
    Cardinality::One
}

/// What a `#[has_many(through = ..)]` holds.
pub fn through_many<C: AssocMany>() -> Cardinality {
    Cardinality::Many
}

/// The relation of an `#[embeds_one]`.
pub fn embed_one<C: EmbedOne>(name: &'static str, kind: RelationKind) -> Relation {
    relation::<C>(name, kind)
}

/// The relation of an `#[embeds_many]`.
pub fn embed_many<C: EmbedMany>(name: &'static str, kind: RelationKind) -> Relation {
    relation::<C>(name, kind)
}

/// Its schema is found when it is first asked for: a post has comments and a comment belongs to a post.
fn relation<C: Children>(name: &'static str, kind: RelationKind) -> Relation {
    Relation::new(Str::Static(name), kind, Related::Lazy(<C::Related as HasSchema>::schema))
}

/// The kind of an embed of one.
pub fn embeds_one<C: Children>() -> RelationKind {
    RelationKind::EmbedsOne { defaults_to_struct: C::ALWAYS }
}

/// Reads the fields of a struct.
pub struct Reader<'a> {
    fields: &'a mut dyn Fields,
}

impl<'a> Reader<'a> {
    /// Of what must be of `schema`.
    pub fn new(fields: &'a mut dyn Fields, schema: &Arc<Schema>) -> Result<Self, Mistake> {
        if Arc::ptr_eq(fields.schema(), schema) {
            return Ok(Reader { fields });
        }
        Err(Mistake::about("a record of `%` is no `%`", &[fields.schema().name(), schema.name()]))
    }

    /// The value of the field at a position.
    #[inline]
    pub fn value<T: FieldValue>(&mut self, position: usize, default: fn() -> T) -> Result<T, Mistake> {
        let value = self.fields.value(position)?;
        match T::from_value_ref(&value) {
            Some(value) => Ok(value),
            None if value.is_null() => Ok(default()),
            None => {
                let kind = value.kind();
                drop(value);
                Err(self.unfit(position, kind))
            }
        }
    }

    #[cold]
    fn unfit(&self, position: usize, kind: &str) -> Mistake {
        let schema = self.fields.schema();
        let name = &schema.fields()[position].name;
        Mistake::about("the value of `%` does not fit its Rust type, it is %", &[name, kind])
            .at(schema.name())
    }

    /// The children at a position.
    pub fn children<C: Children>(&mut self, position: usize) -> Result<C, Mistake> {
        let mut many = Vec::new();
        let is_read = self.fields.children(position, &mut |count, fields| {
            if many.is_empty() {
                many.reserve_exact(count);
            }
            many.push(C::Related::read(fields)?);
            Ok(())
        })?;
        if is_read { Ok(C::from_many(many)) } else { C::from_slot(&Slot::NotLoaded) }
    }
}

/// An empty list for the records of an association.
pub fn list<C: Children>() -> Option<Box<dyn Many>> {
    Some(Box::new(Vec::<C::Related>::new()))
}

/// What an association holds of the records of a pool.
pub fn pooled<C: Children>(pool: &mut dyn Any, of: &[usize]) -> Result<C, Mistake> {
    Pool::take_all(pool, of).map(C::from_many)
}

/// A record of these slots. It is taken for one that was read from the database if it has the key that only the
/// database gives.
pub fn record(schema: &Arc<Schema>, slots: impl IntoIterator<Item = (usize, Slot)>) -> Record {
    let mut record = Record::new(schema);
    for (position, slot) in slots {
        record.set_slot(position, slot);
    }
    let generated =
        schema.fields().iter().position(|field| field.primary_key && field.autogenerate.is_some());
    if !schema.is_embedded() && generated.is_some_and(|at| !record.slot(at).value().is_null()) {
        record.state = RecordState::Loaded;
    }
    record
}

/// The slot of a value.
pub fn slot<T: FieldValue>(value: &T) -> Slot {
    Slot::Value(value.to_value())
}

/// The value of a default.
pub fn default<T: FieldValue>(value: T) -> Value {
    value.to_value()
}

/// The join table of a many-to-many.
pub fn join_through(
    source: &'static str,
    ours: (&'static str, &'static str),
    theirs: (&'static str, &'static str),
    unique: bool,
    defaults: Map,
) -> RelationKind {
    RelationKind::ManyToMany(JoinThrough {
        source: Str::Static(source),
        owner_key: (Str::Static(ours.0), Str::Static(ours.1)),
        related_key: (Str::Static(theirs.0), Str::Static(theirs.1)),
        unique,
        defaults,
    })
}
