//! Relations: children cast or put through their parent.

pub(crate) mod cast;
mod children;
mod input;
mod put;
mod reorder;

pub(super) use cast::cast_relation;
pub use input::{Input, ReadValue, read_record, read_slot, read_state, record_from_notation};
pub(super) use put::{put, put_relation};
pub(super) use reorder::reorder_assoc;

use super::parts::Parts;
use crate::mistake::Mistake;
use crate::schema::{Relation, Schema};

/// Whether a child counts: it is not on its way out.
pub(super) fn counts(child: &Parts) -> bool {
    !matches!(child.action.as_deref(), Some("replace" | "delete"))
}

/// The relation `field`, which must be an embed or an association as `embed` says.
pub(super) fn expect_relation<'a>(
    schema: &'a Schema,
    verb: &str,
    embed: bool,
    field: &str,
) -> Result<(usize, &'a Relation), Mistake> {
    let tag = if embed { "embed" } else { "assoc" };
    let position = schema.position(field).ok_or_else(|| {
        let mistake = schema.unknown_field(field);
        Mistake::about("%_%: %", &[verb, tag, mistake.message()])
    })?;
    let found = schema.fields()[position].relation();
    match found {
        Some(relation) if relation.is_embed() == embed => Ok((position, relation)),
        _ => Err(Mistake::about(
            "%_%: `%` in `%` is no %%",
            &[
                verb,
                tag,
                field,
                schema.name(),
                tag,
                match found {
                    Some(relation) if relation.is_embed() => "; it is an embed",
                    Some(_) => "; it is an assoc",
                    None => "; it is no relation that can be written",
                },
            ],
        )),
    }
}
