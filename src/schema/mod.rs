//! Schemas: fields, associations, embeds, and the records that have them.
//!
//! A [`Schema`] is data. `#[derive(Schema)]` makes one for a struct, a [rules document](crate::document) holds one,
//! and [`Schema::build`] makes one by hand:
//!
//! ```
//! use ectomorph::schema::{Field, Schema};
//! use ectomorph::types::Type;
//!
//! let user = Schema::build("User", "users")
//!     .field(Field::new("name", Type::String))
//!     .field(Field::new("age", Type::Integer).default(18))
//!     .timestamps()
//!     .finish()
//!     .unwrap();
//! assert_eq!(user.primary_key_names(), ["id"]);
//! ```

mod builder;
mod document;
mod field;
mod record;
mod relation;
mod typed;

pub use builder::{SchemaBuilder, Timestamps};
#[cfg(all(target_arch = "wasm32", feature = "export"))]
pub(crate) use document::write_bare_schema;
pub(crate) use document::write_schema_for;
pub use document::{read_schema, write_schema};
pub use field::{Autogenerate, Field, FieldKind, Writable};
pub use record::{Record, RecordState, Slot};
pub use relation::{Cardinality, JoinThrough, OnDelete, OnReplace, Related, Relation, RelationKind};
#[cfg(feature = "derive")]
#[doc(hidden)]
pub use typed::derive;
pub use typed::{
    Assoc, AssocMany, AssocOne, Associated, Children, EmbedMany, EmbedOne, FieldName, FieldValue, HasSchema,
    Named, Names,
};

use crate::mistake::Mistake;
use crate::rules::Step;
use crate::types::Type;
use crate::value::{Str, nearest};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// What stands behind a schema.
#[derive(Clone, Debug, PartialEq)]
pub enum Storage {
    /// A table.
    Table {
        /// Its name.
        source: Str,
        /// The prefix (PostgreSQL's schema, MySQL's database) it is in.
        prefix: Option<Str>,
    },
    /// Nothing: its records live inside others.
    Embedded,
    /// Nothing: plain data with types, Ecto's `{data, types}`.
    Schemaless,
}

/// The description of records: a name, fields in order, a primary key, and where they are stored.
#[derive(Debug)]
pub struct Schema {
    name: Str,
    storage: Storage,
    fields: Vec<Field>,
    primary_key: Vec<usize>,
    changeset: Option<Arc<[Step]>>,
}

impl Schema {
    /// Starts a schema with a table. It gets the primary key `id` unless told otherwise.
    pub fn build(name: impl Into<Str>, source: impl Into<Str>) -> SchemaBuilder {
        SchemaBuilder::new(name.into(), Storage::Table { source: source.into(), prefix: None })
    }

    /// Starts an embedded schema. It gets the primary key `id`, a binary id, unless told otherwise.
    pub fn embedded(name: impl Into<Str>) -> SchemaBuilder {
        SchemaBuilder::new(name.into(), Storage::Embedded)
    }

    /// Starts the types of plain data: no primary key, no defaults, and keys may be missing.
    pub fn schemaless() -> SchemaBuilder {
        SchemaBuilder::new(Str::Static("map"), Storage::Schemaless)
    }

    /// What is left of a schema that nobody has any more.
    pub(crate) fn gone() -> Schema {
        Schema {
            name: Str::Static("a schema that is gone"),
            storage: Storage::Embedded,
            fields: Vec::new(),
            primary_key: Vec::new(),
            changeset: None,
        }
    }

    /// The name, for people: `User`.
    pub fn name(&self) -> &Str {
        &self.name
    }

    /// What stands behind it.
    pub fn storage(&self) -> &Storage {
        &self.storage
    }

    /// The table, if there is one.
    pub fn source(&self) -> Option<&Str> {
        match &self.storage {
            Storage::Table { source, .. } => Some(source),
            _ => None,
        }
    }

    /// Whether its records live inside others.
    pub fn is_embedded(&self) -> bool {
        self.storage == Storage::Embedded
    }

    /// Whether it is plain data with types.
    pub fn is_schemaless(&self) -> bool {
        self.storage == Storage::Schemaless
    }

    /// All fields in the order of their definition: columns, virtual fields, relations.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The positions of the primary key's fields.
    pub fn primary_key(&self) -> &[usize] {
        &self.primary_key
    }

    /// The names of the primary key's fields.
    pub fn primary_key_names(&self) -> Vec<&str> {
        self.primary_key.iter().map(|at| self.fields[*at].name.as_str()).collect()
    }

    /// The steps that cast and validate a child of this schema where a relation names no others:
    /// Ecto's `Child.changeset/2`.
    pub fn changeset(&self) -> Option<&Arc<[Step]>> {
        self.changeset.as_ref()
    }

    /// The field named `name`.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.position(name).map(|at| &self.fields[at])
    }

    /// Where in [`Schema::fields`] the field named `name` stands.
    pub fn position(&self, name: &str) -> Option<usize> {
        // Names that come from this schema or its rules are the same allocation, found without comparing text.
        let same = |field: &Field| core::ptr::eq(field.name.as_str(), name);
        self.fields.iter().position(same).or_else(|| self.fields.iter().position(|field| field.name == *name))
    }

    /// Where the field named `name` stands, or a mistake that names the schema and the nearest field.
    pub fn expect_position(&self, name: &str) -> Result<usize, Mistake> {
        self.position(name).ok_or_else(|| self.unknown_field(name))
    }

    /// The mistake of naming a field that isn't there.
    pub fn unknown_field(&self, name: &str) -> Mistake {
        let known = self.fields.iter().map(|field| field.name.as_str());
        match nearest(name, known) {
            Some(hint) => {
                Mistake::about("unknown field `%` in %; did you mean `%`?", &[name, &self.name, hint])
            }
            None => Mistake::about("unknown field `%` in %", &[name, &self.name]),
        }
    }

    /// The type of the field named `name`, unless it is unknown or a relation.
    pub fn field_type(&self, name: &str) -> Option<&Type> {
        self.field(name).and_then(Field::value_type)
    }

    /// The relation named `name`, if there is one.
    pub fn relation(&self, name: &str) -> Option<&Relation> {
        self.field(name).and_then(Field::relation)
    }

    /// The relations, in order.
    pub fn relations(&self) -> impl Iterator<Item = &Relation> {
        self.fields.iter().filter_map(Field::relation)
    }
}
