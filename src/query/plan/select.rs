//! What becomes of a row.

use crate::query::expr::Taken;
use crate::schema::Schema;
use crate::value::{Str, Value};
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// How the repo makes of a row what the query selects.
///
/// First `from`, the record of the first source, with records of `assocs` in it, and preloads into it; then `build`,
/// which refers to it as [`Build::From`].
#[derive(Clone, Debug, PartialEq)]
pub struct Postprocess {
    /// The record or map of the first source, if it is selected.
    pub from: Option<Build>,
    /// Records of joins that go into it.
    pub assocs: Vec<AssocRow>,
    /// What a row becomes.
    pub build: Build,
    /// What is taken of the first source: what is preloaded obeys it too. Empty is everything.
    pub take: Vec<Taken>,
    /// Whether the record of the first source becomes a map of `take` after preloads: `select: map(u, ..)`.
    pub from_as_map: bool,
}

/// Records of a join that go into an association.
#[derive(Clone, Debug, PartialEq)]
pub struct AssocRow {
    /// The association.
    pub assoc: Str,
    /// The record, [`Build::Record`] or [`Build::Row`].
    pub build: Build,
    /// Records that go into it.
    pub nested: Vec<AssocRow>,
}

/// What is made of a row. Places are those of [`Plan::fields`](super::Plan::fields), which say how to load.
#[derive(Clone, Debug)]
pub enum Build {
    /// The value at a place.
    Field(usize),
    /// A value.
    Literal(Value),
    /// What [`Postprocess::from`] has become.
    From,
    /// A loaded record; null if all its fields are.
    Record {
        /// Its schema.
        schema: Arc<Schema>,
        /// Its table, where that is not the schema's.
        source: Option<Str>,
        /// Its prefix.
        prefix: Option<Str>,
        /// Positions in [`Schema::fields`], and places in the row.
        fields: Vec<(usize, usize)>,
    },
    /// A map; null if all its values are and it may be missing.
    Row {
        /// Keys, and places in the row.
        fields: Vec<(Str, usize)>,
        /// Whether it is null when all its values are.
        nullable: bool,
    },
    /// A tuple.
    Tuple(Vec<Build>),
    /// A list.
    List(Vec<Build>),
    /// A map; keys are text or other values.
    Map(Vec<(Build, Build)>),
    /// What is on the left with some keys, which it must have, set anew; null stays null.
    Update(Box<Build>, Vec<(Build, Build)>),
    /// A loaded record with values of its own; the rest are defaults.
    Struct(Arc<Schema>, Vec<(Str, Build)>),
    /// Two maps, or a record and a map whose keys it must have, in one. A null on the right changes nothing.
    Merge(Box<Build>, Box<Build>),
}

impl PartialEq for Build {
    fn eq(&self, other: &Build) -> bool {
        match (self, other) {
            (Build::Field(a), Build::Field(b)) => a == b,
            (Build::Literal(a), Build::Literal(b)) => a == b,
            (Build::From, Build::From) => true,
            (
                Build::Record { schema, source, prefix, fields },
                Build::Record {
                    schema: other_schema,
                    source: other_source,
                    prefix: other_prefix,
                    fields: other_fields,
                },
            ) => {
                Arc::ptr_eq(schema, other_schema)
                    && source == other_source
                    && prefix == other_prefix
                    && fields == other_fields
            }
            (
                Build::Row { fields, nullable },
                Build::Row { fields: other_fields, nullable: other_nullable },
            ) => fields == other_fields && nullable == other_nullable,
            (Build::Tuple(a), Build::Tuple(b)) | (Build::List(a), Build::List(b)) => a == b,
            (Build::Map(a), Build::Map(b)) => a == b,
            (Build::Update(a, values), Build::Update(b, other_values)) => a == b && values == other_values,
            (Build::Struct(a, values), Build::Struct(b, other_values)) => {
                Arc::ptr_eq(a, b) && values == other_values
            }
            (Build::Merge(a, b), Build::Merge(other_a, other_b)) => a == other_a && b == other_b,
            _ => false,
        }
    }
}

impl Build {
    /// Moves all places on by so many.
    pub(super) fn shift(&mut self, by: usize) {
        match self {
            Build::Field(at) => *at += by,
            Build::Literal(_) | Build::From => {}
            Build::Record { fields, .. } => fields.iter_mut().for_each(|(_, at)| *at += by),
            Build::Row { fields, .. } => fields.iter_mut().for_each(|(_, at)| *at += by),
            Build::Tuple(all) | Build::List(all) => all.iter_mut().for_each(|build| build.shift(by)),
            Build::Map(pairs) => shift_pairs(pairs, by),
            Build::Update(base, pairs) => {
                base.shift(by);
                shift_pairs(pairs, by);
            }
            Build::Struct(_, fields) => fields.iter_mut().for_each(|(_, build)| build.shift(by)),
            Build::Merge(left, right) => {
                left.shift(by);
                right.shift(by);
            }
        }
    }
}

fn shift_pairs(pairs: &mut [(Build, Build)], by: usize) {
    for (key, value) in pairs {
        key.shift(by);
        value.shift(by);
    }
}
