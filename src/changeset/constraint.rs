//! Constraints: what a database checks, told beforehand which field a violation is an error of.

use super::parts::Parts;
use crate::mistake::Mistake;
use crate::rules::{ConstraintKind, ConstraintName, ConstraintOptions, Match};
use crate::schema::{Cardinality, RelationKind};
use crate::value::Str;
use alloc::vec::Vec;

/// A declared constraint.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    /// Which function declared it.
    pub kind: ConstraintKind,
    /// The name in the database.
    pub name: ConstraintName,
    /// How the name is compared.
    pub matching: Match,
    /// The field that gets the error.
    pub field: Str,
    /// The message of the error.
    pub message: Str,
}

impl Constraint {
    /// What the database calls a violation: unique, foreign_key, check or exclusion.
    pub fn violation(&self) -> &'static str {
        match self.kind {
            ConstraintKind::Unique => "unique",
            ConstraintKind::Check => "check",
            ConstraintKind::Exclusion => "exclusion",
            ConstraintKind::ForeignKey | ConstraintKind::Assoc | ConstraintKind::NoAssoc => "foreign_key",
        }
    }

    /// What the error's metadata says in `constraint`.
    pub fn error_type(&self) -> &'static str {
        match self.kind {
            ConstraintKind::Unique => "unique",
            ConstraintKind::Check => "check",
            ConstraintKind::Exclusion => "exclusion",
            ConstraintKind::ForeignKey => "foreign",
            ConstraintKind::Assoc => "assoc",
            ConstraintKind::NoAssoc => "no_assoc",
        }
    }
}

/// Declares a constraint. Without a name of its own it has the name that migrations give.
pub(super) fn add_constraint(
    parts: &mut Parts,
    kind: ConstraintKind,
    fields: &[Str],
    options: &ConstraintOptions,
) -> Result<(), Mistake> {
    let Some(field) = fields.first() else {
        return Err(Mistake::about("% needs a field", &[kind.step_name()]));
    };
    let (default_name, default_message) = defaults(parts, kind, fields, options.name.is_none())?;
    let name = match &options.name {
        Some(name) => name.clone(),
        None => ConstraintName::Text(default_name),
    };
    let matching = options.matching.unwrap_or_default();
    if matches!(name, ConstraintName::Pattern(_)) && matching != Match::Exact {
        return Err(Mistake::about(
            "% on `%`: a pattern only goes with match `exact`, got `%`",
            &[kind.step_name(), field, matching.name()],
        ));
    }
    let field = options.error_key.as_ref().unwrap_or(field).clone();
    let message = options.message.clone().unwrap_or(Str::Static(default_message));
    parts.constraints.insert(0, Constraint { kind, name, matching, field, message });
    Ok(())
}

fn defaults(
    parts: &Parts,
    kind: ConstraintKind,
    fields: &[Str],
    name_needed: bool,
) -> Result<(Str, &'static str), Mistake> {
    let field = &fields[0];
    let name = |suffix: &str| -> Result<Str, Mistake> {
        if !name_needed {
            return Ok(Str::default());
        }
        let mut words = alloc::vec![source(parts)?.as_str()];
        words.extend(fields.iter().map(|field| column(parts, field)));
        words.push(suffix);
        Ok(Str::from(words.join("_")))
    };
    Ok(match kind {
        ConstraintKind::Unique => (name("index")?, "has already been taken"),
        ConstraintKind::ForeignKey => (name("fkey")?, "does not exist"),
        ConstraintKind::Exclusion => (name("exclusion")?, "violates an exclusion constraint"),
        ConstraintKind::Check if name_needed => {
            return Err(Mistake::about("check_constraint on `%` needs the name of the constraint", &[field]));
        }
        ConstraintKind::Check => (Str::default(), "is invalid"),
        ConstraintKind::Assoc if !name_needed => (Str::default(), "does not exist"),
        ConstraintKind::Assoc => {
            let relation = association(parts, field)?;
            if !matches!(relation.kind, RelationKind::BelongsTo) {
                return Err(wrong_association(field, "assoc_constraint", "a belongs_to"));
            }
            let name = [source(parts)?.as_str(), "_", &relation.owner_key, "_fkey"].concat();
            (Str::from(name), "does not exist")
        }
        ConstraintKind::NoAssoc => {
            let relation = association(parts, field)?;
            if !matches!(relation.kind, RelationKind::HasOne | RelationKind::HasMany) {
                return Err(wrong_association(field, "no_assoc_constraint", "a has_one or has_many"));
            }
            let related = relation.related.schema();
            let table = related.source().map_or("", |source| source.as_str());
            let name = [table, "_", &relation.related_key, "_fkey"].concat();
            let message = match relation.cardinality() {
                Cardinality::One => "is still associated with this entry",
                Cardinality::Many => "are still associated with this entry",
            };
            (Str::from(name), message)
        }
    })
}

fn source(parts: &Parts) -> Result<&Str, Mistake> {
    parts.schema().source().ok_or_else(|| {
        Mistake::about("cannot add a constraint to `%`: it has no source (table)", &[parts.schema().name()])
    })
}

fn column<'a>(parts: &'a Parts, field: &'a Str) -> &'a str {
    parts.schema().field(field).map_or(field, |field| field.column())
}

fn association<'a>(parts: &'a Parts, name: &str) -> Result<&'a crate::schema::Relation, Mistake> {
    let schema = parts.schema();
    schema.relation(name).filter(|relation| !relation.is_embed()).ok_or_else(|| {
        let known: Vec<&str> = schema
            .relations()
            .filter(|relation| !relation.is_embed())
            .map(|relation| relation.field.as_str())
            .collect();
        Mistake::about(
            "cannot add a constraint to `%`: there is no association `%`; its associations are: %",
            &[schema.name(), name, &known.join(", ")],
        )
    })
}

fn wrong_association(field: &str, function: &str, wanted: &str) -> Mistake {
    Mistake::about("% is for % association; `%` is another", &[function, wanted, field])
}
