//! Fields.

use super::relation::{Cardinality, Relation};
use crate::types::Type;
use crate::value::{Str, Value};
use alloc::boxed::Box;
use alloc::vec::Vec;

/// When a field's value reaches the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Writable {
    /// On insert and update.
    #[default]
    Always,
    /// On insert alone.
    Insert,
    /// Never.
    Never,
}

impl Writable {
    /// The word of documents.
    pub fn name(self) -> &'static str {
        match self {
            Writable::Always => "always",
            Writable::Insert => "insert",
            Writable::Never => "never",
        }
    }

    /// Every choice.
    pub const ALL: [Writable; 3] = [Writable::Always, Writable::Insert, Writable::Never];
}

/// How a value comes about when a record is written without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Autogenerate {
    /// By the database (integer keys) or by the adapter (binary ids), on insert.
    Id,
    /// A new UUID, on insert: random.
    Uuid,
    /// A new UUID, on insert: version 7, which sorts by time.
    UuidV7,
    /// The time of the write, on insert.
    InsertedAt,
    /// The time of the write, on insert and update.
    UpdatedAt,
}

impl Autogenerate {
    /// The word of documents.
    pub fn name(self) -> &'static str {
        match self {
            Autogenerate::Id => "id",
            Autogenerate::Uuid => "uuid",
            Autogenerate::UuidV7 => "uuid_v7",
            Autogenerate::InsertedAt => "inserted_at",
            Autogenerate::UpdatedAt => "updated_at",
        }
    }

    /// Every choice.
    pub const ALL: [Autogenerate; 5] = [
        Autogenerate::Id,
        Autogenerate::Uuid,
        Autogenerate::UuidV7,
        Autogenerate::InsertedAt,
        Autogenerate::UpdatedAt,
    ];
}

/// What a field holds.
#[derive(Clone, Debug)]
pub enum FieldKind {
    /// A value of a type.
    Value(Type),
    /// Records of another schema.
    Relation(Box<Relation>),
    /// Records reached through other associations; read only.
    Through {
        /// The associations to walk, ours first.
        path: Vec<Str>,
        /// One or many.
        cardinality: Cardinality,
    },
}

/// A field of a schema: a column, a virtual field or a relation.
#[derive(Clone, Debug)]
pub struct Field {
    /// The name, as the user wrote it.
    pub name: Str,
    /// What it holds.
    pub kind: FieldKind,
    /// The value of a new record.
    pub default: Value,
    /// The column, where it differs from the name.
    pub source: Option<Str>,
    /// Whether it has no column at all.
    pub is_virtual: bool,
    /// Whether it is hidden when a record or changeset is printed or logged.
    pub redact: bool,
    /// Whether it is (part of) the primary key.
    pub primary_key: bool,
    /// How it gets a value when none is given.
    pub autogenerate: Option<Autogenerate>,
    /// Whether queries that name no fields load it.
    pub load_in_query: bool,
    /// Whether it is read back after a write.
    pub read_after_writes: bool,
    /// When it is written.
    pub writable: Writable,
    /// Whether a cast value also fits the Rust type that holds it, an `i32` say; a cast refuses one that doesn't.
    pub fits: fn(&Value) -> bool,
    /// The `fits` that lets every text through, so that nobody need make a value of a text to ask as long as it is this one.
    #[cfg(feature = "std")]
    pub(crate) any_text: Option<fn(&Value) -> bool>,
}

impl Field {
    /// A plain column.
    pub fn new(name: impl Into<Str>, kind: Type) -> Self {
        Field::of(name.into(), FieldKind::Value(kind))
    }

    pub(crate) fn of(name: Str, kind: FieldKind) -> Self {
        let fits: fn(&Value) -> bool = |_| true;
        Field {
            name,
            kind,
            default: Value::Null,
            source: None,
            is_virtual: false,
            redact: false,
            primary_key: false,
            autogenerate: None,
            load_in_query: true,
            read_after_writes: false,
            writable: Writable::Always,
            fits,
            #[cfg(feature = "std")]
            any_text: Some(fits),
        }
    }

    /// The value of a new record.
    pub fn default(mut self, value: impl Into<Value>) -> Self {
        self.default = value.into();
        self
    }

    /// The column's name.
    pub fn source(mut self, source: impl Into<Str>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// A field without a column.
    pub fn virtual_field(mut self) -> Self {
        self.is_virtual = true;
        self
    }

    /// Hidden when printed or logged.
    pub fn redact(mut self) -> Self {
        self.redact = true;
        self
    }

    /// Part of the primary key.
    pub fn primary_key(mut self) -> Self {
        self.primary_key = true;
        self
    }

    /// How it gets a value when none is given.
    pub fn autogenerate(mut self, how: Autogenerate) -> Self {
        self.autogenerate = Some(how);
        self
    }

    /// When it is written.
    pub fn writable(mut self, when: Writable) -> Self {
        self.writable = when;
        self
    }

    /// Left out of queries that name no fields.
    pub fn not_in_query(mut self) -> Self {
        self.load_in_query = false;
        self
    }

    /// Read back after a write.
    pub fn read_after_writes(mut self) -> Self {
        self.read_after_writes = true;
        self
    }

    /// The type, unless the field is a relation.
    pub fn value_type(&self) -> Option<&Type> {
        match &self.kind {
            FieldKind::Value(kind) => Some(kind),
            _ => None,
        }
    }

    /// The relation, if it is one that can be written.
    pub fn relation(&self) -> Option<&Relation> {
        match &self.kind {
            FieldKind::Relation(relation) => Some(relation),
            _ => None,
        }
    }

    /// The column's name.
    pub fn column(&self) -> &Str {
        self.source.as_ref().unwrap_or(&self.name)
    }
}
