//! What an operation admits.

use super::planner::{Planner, Resolved};
use super::sources::Bound;
use super::tree::Operation;
use crate::query::error::{QueryError, QueryErrorKind};
use crate::query::expr::{Binding, Expr};
use crate::query::tree::{Parts, Query, SourceKind};
use alloc::format;
use alloc::string::String;

fn wrong(message: impl Into<String>) -> QueryError {
    QueryError::new(QueryErrorKind::Query, message)
}

/// The clauses that an operation admits. Ecto refuses `update` in a read; its `all` passes over one, and so do we.
pub(super) fn clauses(parts: &Parts, operation: Operation) -> Resolved<()> {
    let name = operation.name();
    match operation {
        Operation::All | Operation::InsertAll => Ok(()),
        Operation::UpdateAll => {
            if parts.updates.is_empty() {
                return Err(wrong(format!("`{name}` requires at least one field to be updated")));
            }
            let fields = || parts.updates.iter().map(|update| &update.field);
            if let Some((_, twice)) =
                fields().enumerate().find(|(at, field)| fields().take(*at).any(|other| other == *field))
            {
                return Err(wrong(format!("duplicate field `{twice}` for `{name}`")));
            }
            only_filters(parts, name, "`with_cte`, `where` and `join`")
        }
        Operation::DeleteAll => {
            if !parts.updates.is_empty() {
                return Err(wrong(format!("`{name}` does not allow `update` expressions")));
            }
            only_filters(parts, name, "`with_cte`, `where`, `select`, and `join`")
        }
    }
}

fn only_filters(parts: &Parts, operation: &str, allowed: &str) -> Resolved<()> {
    let others = [
        !parts.order_bys.is_empty(),
        parts.limit.is_some(),
        parts.offset.is_some(),
        !parts.group_bys.is_empty(),
        !parts.havings.is_empty(),
        !parts.preloads.is_empty(),
        !parts.assocs.is_empty(),
        parts.distinct.is_some(),
        parts.lock.is_some(),
        !parts.windows.is_empty(),
        !parts.combinations.is_empty(),
    ];
    if matches!(parts.from.kind, SourceKind::Subquery(_)) {
        return Err(wrong(format!("`{operation}` does not allow subqueries in `from`")));
    }
    if others.contains(&true) {
        return Err(wrong(format!(
            "`{operation}` allows only {allowed} expressions; take the others away with `exclude`"
        )));
    }
    Ok(())
}

/// Selects the whole first source where nothing is said.
pub(super) fn ensure_select(query: &mut Query) -> Resolved<()> {
    let parts = query.parts();
    if parts.select.is_some() {
        return Ok(());
    }
    if matches!(parts.from.kind, SourceKind::Table { schema: None, .. }) {
        return Err(wrong("queries that do not have a schema need to explicitly pass a :select clause"));
    }
    query.parts_mut().select = Some(Expr::Source(Binding::At(0)));
    Ok(())
}

pub(super) fn no_preloads(planner: &Planner, parts: &Parts) -> Resolved<()> {
    match parts.preloads.is_empty() && parts.assocs.is_empty() {
        true => Ok(()),
        false => Err(planner.wrong("cannot preload associations in subquery")),
    }
}

/// Whether the first source can have associations at all.
pub(super) fn preloads(planner: &Planner, parts: &Parts) -> Resolved<()> {
    if parts.preloads.is_empty() && parts.assocs.is_empty() {
        return Ok(());
    }
    match planner.level().sources.first() {
        Some(Bound::Fragment) => Err(planner.wrong("cannot preload associations with a fragment source")),
        Some(Bound::Values(_)) => Err(planner.wrong("cannot preload associations with a values source")),
        _ => Ok(()),
    }
}
