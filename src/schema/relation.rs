//! Relations: fields that hold records of another schema.

use super::Schema;
use crate::value::{Map, Str};
use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;
use core::fmt;

/// How many records a relation holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cardinality {
    /// One or none.
    One,
    /// A list.
    Many,
}

/// What happens to a child that the parent's new value leaves out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnReplace {
    /// It is a mistake of the program.
    #[default]
    Raise,
    /// The parent gets an error on the relation.
    MarkAsInvalid,
    /// The child is deleted.
    Delete,
    /// The child is deleted; that it is gone already is no error.
    DeleteIfExists,
    /// The child stays, its key to the parent is set to null.
    Nilify,
    /// The child is updated with what was given, whatever its key (one child only).
    Update,
}

impl OnReplace {
    /// The word of documents.
    pub fn name(self) -> &'static str {
        match self {
            OnReplace::Raise => "raise",
            OnReplace::MarkAsInvalid => "mark_as_invalid",
            OnReplace::Delete => "delete",
            OnReplace::DeleteIfExists => "delete_if_exists",
            OnReplace::Nilify => "nilify",
            OnReplace::Update => "update",
        }
    }

    /// Every choice.
    pub const ALL: [OnReplace; 6] = [
        OnReplace::Raise,
        OnReplace::MarkAsInvalid,
        OnReplace::Delete,
        OnReplace::DeleteIfExists,
        OnReplace::Nilify,
        OnReplace::Update,
    ];
}

/// What the database side does to children when their parent is deleted through a repo.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnDelete {
    /// Nothing.
    #[default]
    Nothing,
    /// Their key to the parent is set to null.
    NilifyAll,
    /// They are deleted; of a many-to-many, only the rows of the join table.
    DeleteAll,
}

impl OnDelete {
    /// The word of documents.
    pub fn name(self) -> &'static str {
        match self {
            OnDelete::Nothing => "nothing",
            OnDelete::NilifyAll => "nilify_all",
            OnDelete::DeleteAll => "delete_all",
        }
    }

    /// Every choice.
    pub const ALL: [OnDelete; 3] = [OnDelete::Nothing, OnDelete::NilifyAll, OnDelete::DeleteAll];
}

/// The schema on the other side: known now, or found when first asked for, since a post has comments and a
/// comment belongs to a post.
#[derive(Clone)]
pub enum Related {
    /// The schema itself.
    Schema(Arc<Schema>),
    /// A function that gives it.
    Lazy(fn() -> Arc<Schema>),
    /// A schema that this relation is inside of, as [`read_schema`](super::read_schema) makes it of a name: it is there as
    /// long as somebody has that schema, and has no fields afterwards.
    Around(Weak<Schema>),
}

impl Related {
    /// The schema.
    pub fn schema(&self) -> Arc<Schema> {
        match self {
            Related::Schema(schema) => schema.clone(),
            Related::Lazy(find) => find(),
            Related::Around(schema) => schema.upgrade().unwrap_or_else(|| Arc::new(Schema::gone())),
        }
    }
}

impl fmt::Debug for Related {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Related::Schema(schema) => f.write_str(schema.name()),
            Related::Lazy(_) | Related::Around(_) => f.write_str("a schema found later"),
        }
    }
}

/// The kind of a relation, with what belongs to that kind alone.
#[derive(Clone, Debug)]
pub enum RelationKind {
    /// One record kept inside the parent's row.
    EmbedsOne {
        /// Whether the default is an empty record instead of null.
        defaults_to_struct: bool,
    },
    /// A list of records kept inside the parent's row.
    EmbedsMany,
    /// At most one child row that holds our key.
    HasOne,
    /// Child rows that hold our key.
    HasMany,
    /// We hold the key of the parent row.
    BelongsTo,
    /// Rows on the other side of a join table.
    ManyToMany(JoinThrough),
}

/// The join table of a many-to-many association.
#[derive(Clone, Debug, PartialEq)]
pub struct JoinThrough {
    /// The table.
    pub source: Str,
    /// The join column that holds our key, and our key.
    pub owner_key: (Str, Str),
    /// The join column that holds their key, and their key.
    pub related_key: (Str, Str),
    /// Whether the same record twice is an error.
    pub unique: bool,
    /// Values of new join rows.
    pub defaults: Map,
}

/// A field that holds records of another schema: an embed or an association.
#[derive(Clone, Debug)]
pub struct Relation {
    /// The field's name.
    pub field: Str,
    /// The kind.
    pub kind: RelationKind,
    /// The other schema.
    pub related: Related,
    /// What happens to children that are left out.
    pub on_replace: OnReplace,
    /// What happens to children when the parent is deleted.
    pub on_delete: OnDelete,
    /// Our field of the key pair; empty for embeds.
    pub owner_key: Str,
    /// Their field of the key pair; empty for embeds.
    pub related_key: Str,
    /// Values set on children built through the relation.
    pub defaults: Map,
    /// Conditions, field to value, that the children must meet to be found.
    pub filters: Map,
    /// Field and whether descending: how a preload orders children.
    pub preload_order: Vec<(Str, bool)>,
}

impl Relation {
    /// One or many.
    pub fn cardinality(&self) -> Cardinality {
        match self.kind {
            RelationKind::EmbedsMany | RelationKind::HasMany | RelationKind::ManyToMany(_) => {
                Cardinality::Many
            }
            RelationKind::EmbedsOne { .. } | RelationKind::HasOne | RelationKind::BelongsTo => {
                Cardinality::One
            }
        }
    }

    /// Whether it is kept inside the parent's row.
    pub fn is_embed(&self) -> bool {
        matches!(self.kind, RelationKind::EmbedsOne { .. } | RelationKind::EmbedsMany)
    }

    /// "embed" or "assoc", as in `cast_embed` and `cast_assoc`.
    pub fn tag(&self) -> &'static str {
        if self.is_embed() { "embed" } else { "assoc" }
    }

    /// The word of documents: `has_many` and so on.
    pub fn kind_name(&self) -> &'static str {
        match self.kind {
            RelationKind::EmbedsOne { .. } => "embeds_one",
            RelationKind::EmbedsMany => "embeds_many",
            RelationKind::HasOne => "has_one",
            RelationKind::HasMany => "has_many",
            RelationKind::BelongsTo => "belongs_to",
            RelationKind::ManyToMany(_) => "many_to_many",
        }
    }

    /// Whether two children with the same key are an error.
    pub fn unique(&self) -> bool {
        match &self.kind {
            RelationKind::ManyToMany(join) => join.unique,
            _ => true,
        }
    }

    /// The choices of `on_replace` that this kind admits.
    pub fn admits(&self, on_replace: OnReplace) -> bool {
        match self.kind {
            RelationKind::EmbedsOne { .. } => {
                !matches!(on_replace, OnReplace::DeleteIfExists | OnReplace::Nilify)
            }
            RelationKind::EmbedsMany | RelationKind::ManyToMany(_) => {
                !matches!(on_replace, OnReplace::DeleteIfExists | OnReplace::Nilify | OnReplace::Update)
            }
            RelationKind::HasMany => on_replace != OnReplace::Update,
            RelationKind::HasOne | RelationKind::BelongsTo => true,
        }
    }
}

impl Relation {
    /// Whether a new parent holds an empty child instead of null.
    pub fn defaults_to_struct(&self) -> bool {
        matches!(self.kind, RelationKind::EmbedsOne { defaults_to_struct: true })
    }
}
