//! What a write reads back.

use crate::repo::{Options, Repo, RepoError, Returning};
use crate::schema::{Autogenerate, FieldKind, Schema};
use crate::value::Str;

/// Fields to read back, by position and by column.
#[derive(Default)]
pub(super) struct Columns {
    pub positions: Vec<usize>,
    pub columns: Vec<Str>,
}

impl Columns {
    fn push(&mut self, schema: &Schema, at: usize) {
        if !self.positions.contains(&at) {
            self.positions.push(at);
            self.columns.push(schema.fields()[at].column().clone());
        }
    }
}

impl Repo {
    /// The fields that a write of a record reads back. `inserted` are the positions an insert writes: a key that the
    /// database makes is read back.
    pub(super) fn returning_of(
        &self,
        schema: &Schema,
        options: &Options,
        inserted: Option<&[usize]>,
    ) -> Result<Columns, RepoError> {
        let mut columns = asked_for(schema, &options.returning)?;
        for (at, field) in schema.fields().iter().enumerate() {
            let made = field.autogenerate == Some(Autogenerate::Id)
                && inserted.is_some_and(|written| !written.contains(&at));
            if field.read_after_writes || made {
                columns.push(schema, at);
            }
        }
        Ok(columns)
    }
}

/// The fields that the option asks for.
pub(super) fn asked_for(schema: &Schema, returning: &Returning) -> Result<Columns, RepoError> {
    let mut columns = Columns::default();
    match returning {
        Returning::Default => {}
        Returning::All => {
            for (at, field) in schema.fields().iter().enumerate() {
                let stored = match &field.kind {
                    FieldKind::Value(_) => !field.is_virtual,
                    FieldKind::Relation(relation) => relation.is_embed(),
                    FieldKind::Through { .. } => false,
                };
                if stored {
                    columns.push(schema, at);
                }
            }
        }
        Returning::Fields(names) if names.is_empty() => {
            return Err(RepoError::mistake("`returning` expects at least one field, got none"));
        }
        Returning::Fields(names) => {
            for name in names {
                columns.push(schema, schema.expect_position(name)?);
            }
        }
    }
    Ok(columns)
}
